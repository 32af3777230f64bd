using System.Buffers;
using System.IO.Compression;

namespace AkkaStream.Protocol.Records;

/// <summary>
/// The one place where records meet the codecs: the validating walk, <see cref="PlainRecords"/> and the <see cref="RecordBatchBuilder"/>
/// ask here and nowhere else. Gzip comes from the class library; the other codecs are not here yet.
/// </summary>
public static class RecordCodecs
{
    public static bool IsKnown(CompressionCodec codec) => codec <= CompressionCodec.Zstd;

    /// <summary>Can batches of this codec be read and written here?</summary>
    public static bool IsHere(CompressionCodec codec) => codec is CompressionCodec.None or CompressionCodec.Gzip;

    /// <summary>False when this codec cannot be written here.</summary>
    public static bool TryCompress(CompressionCodec codec, int level, ReadOnlySpan<byte> plain, IBufferWriter<byte> target)
    {
        if (codec != CompressionCodec.Gzip) return false;
        using var packed = new MemoryStream();
        var effort = level is >= 1 and <= 3 ? CompressionLevel.Fastest : CompressionLevel.Optimal;
        using (var gzip = new GZipStream(packed, effort, leaveOpen: true)) gzip.Write(plain);
        target.Write(packed.GetBuffer().AsSpan(0, (int)packed.Length));
        return true;
    }
}

/// <summary>
/// Compressed records as a stream of plain bytes through the caller's window. On the stack of one thread; Dispose exactly once.
/// </summary>
public ref struct RecordsDecompressor : IDisposable
{
    GZipStream? _stream;
    long _left;

    /// <summary>What is wrong, once <see cref="Read"/> has returned 0; null when that was the end.</summary>
    public string? Fault { get; private set; }

    /// <summary>More plain bytes than <paramref name="maxBytes"/> are a fault.</summary>
    public static RecordsDecompressor Start(CompressionCodec codec, ReadOnlySpan<byte> compressed, long maxBytes)
    {
        var started = new RecordsDecompressor { _left = maxBytes };
        if (codec == CompressionCodec.Gzip)
            started._stream = new GZipStream(new MemoryStream(compressed.ToArray()), CompressionMode.Decompress);
        else
            started.Fault = $"{codec} cannot be read here";
        return started;
    }

    /// <summary>Puts the next plain bytes at the front of the window. 0 means the end, or a fault.</summary>
    public int Read(Span<byte> window)
    {
        if (_stream == null || Fault != null) return 0;
        try
        {
            int read = _stream.Read(window);
            _left -= read;
            if (_left >= 0) return read;
            Fault = "decompressed, the records are larger than allowed";
        }
        catch (InvalidDataException bad)
        {
            Fault = bad.Message;
        }
        return 0;
    }

    public void Dispose()
    {
        _stream?.Dispose();
        _stream = null;
    }
}
