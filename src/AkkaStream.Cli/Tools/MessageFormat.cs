using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using AkkaStream.Client;
using AkkaStream.Cli.Options;

namespace AkkaStream.Cli.Tools;

/// <summary>How the console consumer writes a record: Kafka's DefaultMessageFormatter with its formatter properties, on bytes.</summary>
sealed class MessageFormat
{
    delegate void WriteBytes(Stream to, ReadOnlySpan<byte> bytes);

    readonly bool _timestamp, _partition, _offset, _epoch, _headers, _key, _value;
    readonly byte[] _keySeparator, _lineSeparator, _headersSeparator, _nullLiteral;
    readonly WriteBytes _writeKey, _writeValue, _writeHeader;

    public MessageFormat(IReadOnlyDictionary<string, string> properties, string? keyDeserializer, string? valueDeserializer)
    {
        _timestamp = Bool("print.timestamp", false);
        _partition = Bool("print.partition", false);
        _offset = Bool("print.offset", false);
        _epoch = Bool("print.epoch", false);
        _headers = Bool("print.headers", false);
        _key = Bool("print.key", false);
        _value = Bool("print.value", true);
        _keySeparator = Bytes("key.separator", "\t");
        _lineSeparator = Bytes("line.separator", "\n");
        _headersSeparator = Bytes("headers.separator", ",");
        _nullLiteral = Bytes("null.literal", "null");
        _writeKey = Deserializer(keyDeserializer ?? properties.GetValueOrDefault("key.deserializer"));
        _writeValue = Deserializer(valueDeserializer ?? properties.GetValueOrDefault("value.deserializer"));
        _writeHeader = Deserializer(properties.GetValueOrDefault("headers.deserializer") ?? properties.GetValueOrDefault("header.deserializer"));

        bool Bool(string name, bool otherwise) =>
            properties.TryGetValue(name, out var text) ? text.Trim().Equals("true", StringComparison.OrdinalIgnoreCase) : otherwise;

        byte[] Bytes(string name, string otherwise) => Encoding.UTF8.GetBytes(properties.GetValueOrDefault(name, otherwise));
    }

    public void Write(Stream to, in ConsumerRecord record)
    {
        bool any = false;
        if (_timestamp)
        {
            string kind = record.Timestamp < 0 ? "NO_TIMESTAMP" : $"{(record.IsAppendTime ? "LogAppendTime" : "CreateTime")}:{record.Timestamp}";
            Column(to, ref any, Encoding.UTF8.GetBytes(kind));
        }
        if (_partition) Column(to, ref any, Encoding.UTF8.GetBytes($"Partition:{record.Partition}"));
        if (_offset) Column(to, ref any, Encoding.UTF8.GetBytes($"Offset:{record.Offset}"));
        if (_epoch) Column(to, ref any, Encoding.UTF8.GetBytes($"Epoch:{record.LeaderEpoch}"));
        if (_headers) WriteHeaders(to, ref any, record);
        if (_key) WriteField(to, ref any, record.Key, _writeKey);
        if (_value) WriteField(to, ref any, record.Value, _writeValue);
        to.Write(_lineSeparator);
    }

    void Column(Stream to, ref bool any, ReadOnlySpan<byte> bytes)
    {
        if (any) to.Write(_keySeparator);
        any = true;
        to.Write(bytes);
    }

    void WriteField(Stream to, ref bool any, RecordBytes field, WriteBytes write)
    {
        Column(to, ref any, default);
        if (field.HasValue) write(to, field.Span);
        else to.Write(_nullLiteral);
    }

    void WriteHeaders(Stream to, ref bool any, in ConsumerRecord record)
    {
        Column(to, ref any, record.HeaderCount == 0 ? "NO_HEADERS"u8 : default);
        if (record.HeaderCount == 0) return;
        bool first = true;
        foreach (var header in record.ReadHeaders())
        {
            if (!first) to.Write(_headersSeparator);
            first = false;
            to.Write(Encoding.UTF8.GetBytes(header.Key));
            to.WriteByte((byte)':');
            if (header.Value.HasValue) _writeHeader(to, header.Value.Span);
            else to.Write(_nullLiteral);
        }
    }

    /// <summary>Kafka's own deserializers by the end of their names; bytes go out as they are otherwise.</summary>
    static WriteBytes Deserializer(string? name)
    {
        if (name is null) return Raw;
        string kind = name[(name.LastIndexOf('.') + 1)..];
        return kind switch
        {
            "StringDeserializer" or "ByteArrayDeserializer" or "BytesDeserializer" or "ByteBufferDeserializer" => Raw,
            "LongDeserializer" => (to, b) => Number(to, Sized(b, 8, kind), s => BinaryPrimitives.ReadInt64BigEndian(s)),
            "IntegerDeserializer" => (to, b) => Number(to, Sized(b, 4, kind), s => BinaryPrimitives.ReadInt32BigEndian(s)),
            "ShortDeserializer" => (to, b) => Number(to, Sized(b, 2, kind), s => BinaryPrimitives.ReadInt16BigEndian(s)),
            "DoubleDeserializer" => (to, b) => Number(to, Sized(b, 8, kind), s => BinaryPrimitives.ReadDoubleBigEndian(s)),
            "FloatDeserializer" => (to, b) => Number(to, Sized(b, 4, kind), s => BinaryPrimitives.ReadSingleBigEndian(s)),
            "BooleanDeserializer" => (to, b) => to.Write(Sized(b, 1, kind)[0] == 0 ? "false"u8 : "true"u8),
            "UUIDDeserializer" or "VoidDeserializer" => Raw,
            _ => throw new UsageException($"{name}: classes of Java cannot be loaded here; the deserializers of Kafka itself are known"),
        };
    }

    static void Raw(Stream to, ReadOnlySpan<byte> bytes) => to.Write(bytes);

    static ReadOnlySpan<byte> Sized(ReadOnlySpan<byte> bytes, int size, string kind) =>
        bytes.Length == size ? bytes : throw new ToolFailedException($"Size of data received by {kind} is not {size}");

    delegate T Read<T>(ReadOnlySpan<byte> bytes);

    static void Number<T>(Stream to, ReadOnlySpan<byte> bytes, Read<T> read)
        where T : IFormattable => to.Write(Encoding.UTF8.GetBytes(read(bytes).ToString(null, CultureInfo.InvariantCulture)));
}
