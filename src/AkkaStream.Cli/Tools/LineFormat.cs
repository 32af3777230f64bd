using System.Text;
using AkkaStream.Client;
using AkkaStream.Cli.Options;

namespace AkkaStream.Cli.Tools;

/// <summary>How the console producer takes a line apart: Kafka's LineMessageReader with its reader properties, on bytes.</summary>
sealed class LineFormat
{
    readonly bool _parsesKey, _parsesHeaders, _ignoresErrors;
    readonly byte[] _keySeparator, _headersDelimiter, _headersSeparator, _headersKeySeparator;
    readonly byte[]? _nullMarker;

    public LineFormat(IReadOnlyDictionary<string, string> properties)
    {
        _parsesKey = Bool("parse.key");
        _parsesHeaders = Bool("parse.headers");
        _ignoresErrors = Bool("ignore.error");
        _keySeparator = Bytes("key.separator", "\t");
        _headersDelimiter = Bytes("headers.delimiter", "\t");
        _headersSeparator = Bytes("headers.separator", ",");
        _headersKeySeparator = Bytes("headers.key.separator", ":");
        _nullMarker = properties.TryGetValue("null.marker", out var marker) ? Encoding.UTF8.GetBytes(marker) : null;
        if (_parsesHeaders) CheckSeparators();

        bool Bool(string name) => properties.TryGetValue(name, out var value) && value.Trim().Equals("true", StringComparison.OrdinalIgnoreCase);

        byte[] Bytes(string name, string otherwise)
        {
            string text = properties.GetValueOrDefault(name, otherwise);
            return text.Length > 0 ? Encoding.UTF8.GetBytes(text) : throw new UsageException($"{name} must not be empty");
        }
    }

    void CheckSeparators()
    {
        if (_headersDelimiter.AsSpan().SequenceEqual(_headersSeparator)) throw new UsageException(
            "headers.delimiter and headers.separator may not be equal");
        if (_headersDelimiter.AsSpan().SequenceEqual(_headersKeySeparator))
            throw new UsageException("headers.delimiter and headers.key.separator may not be equal");
        if (_headersSeparator.AsSpan().SequenceEqual(_headersKeySeparator))
            throw new UsageException("headers.separator and headers.key.separator may not be equal");
    }

    /// <exception cref="ToolFailedException">The line has not the parts that it should have.</exception>
    public ProducerRecord Parse(string topic, ReadOnlyMemory<byte> line, long number)
    {
        var rest = line;
        IReadOnlyList<RecordHeader>? headers = null;
        RecordBytes key = default;
        if (_parsesHeaders && Cut(ref rest, _headersDelimiter, "headers delimiter", line, number) is { } text) headers = Headers(text, number);
        if (_parsesKey && Cut(ref rest, _keySeparator, "key separator", line, number) is { } found) key = Field(found);
        return new ProducerRecord(topic, key, Field(rest)) { Headers = headers };
    }

    // Without the separator the whole rest is the value, where errors are ignored.
    ReadOnlyMemory<byte>? Cut(ref ReadOnlyMemory<byte> rest, byte[] separator, string name, ReadOnlyMemory<byte> line, long number)
    {
        int at = rest.Span.IndexOf(separator);
        if (at < 0)
        {
            return _ignoresErrors ? null : throw new ToolFailedException(
                $"No {name} found on line number {number}: '{Encoding.UTF8.GetString(line.Span)}'");
        }
        var part = rest[..at];
        rest = rest[(at + separator.Length)..];
        return part;
    }

    bool IsNull(ReadOnlySpan<byte> bytes) => _nullMarker is not null && bytes.SequenceEqual(_nullMarker);

    RecordBytes Field(ReadOnlyMemory<byte> bytes) => IsNull(bytes.Span) ? default : new RecordBytes(bytes);

    List<RecordHeader>? Headers(ReadOnlyMemory<byte> text, long number)
    {
        if (IsNull(text.Span)) return null;
        var headers = new List<RecordHeader>();
        var rest = text;
        while (true)
        {
            int end = rest.Span.IndexOf(_headersSeparator);
            var pair = end < 0 ? rest : rest[..end];
            int at = pair.Span.IndexOf(_headersKeySeparator);
            if (at < 0 && !_ignoresErrors)
                throw new ToolFailedException(
                    $"No header key separator found in pair '{Encoding.UTF8.GetString(pair.Span)}' on line number {number}");
            headers.Add(at < 0
                ? new RecordHeader(HeaderKey(pair.Span), default)
                : new RecordHeader(HeaderKey(pair.Span[..at]), Field(pair[(at + _headersKeySeparator.Length)..])));
            if (end < 0) return headers;
            rest = rest[(end + _headersSeparator.Length)..];
        }
    }

    string HeaderKey(ReadOnlySpan<byte> key) => IsNull(key)
        ? throw new ToolFailedException($"Header keys should not be equal to the null marker '{Encoding.UTF8.GetString(key)}' as they can't be null")
        : Encoding.UTF8.GetString(key);
}
