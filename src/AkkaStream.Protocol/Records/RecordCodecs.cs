using System.Buffers;
using AkkaStream.Protocol.Records.Compression;

namespace AkkaStream.Protocol.Records;

/// <summary>
/// The one place where records meet the codecs: the validating walk, <see cref="PlainRecords"/> and the <see cref="RecordBatchBuilder"/>
/// ask here and nowhere else.
/// </summary>
public static class RecordCodecs
{
    public static bool IsKnown(CompressionCodec codec) => codec <= CompressionCodec.Zstd;

    /// <summary>Can batches of this codec be read and written here?</summary>
    public static bool IsHere(CompressionCodec codec) => IsKnown(codec);

    /// <summary>False when this codec cannot be written here. Level 0 is the codec's default.</summary>
    public static bool TryCompress(CompressionCodec codec, int level, ReadOnlySpan<byte> plain, IBufferWriter<byte> target)
    {
        if (!IsKnown(codec)) return false;
        BatchCompressor.Compress(codec, level == 0 ? CompressionLevels.DefaultFor(codec) : level, plain, target);
        return true;
    }
}

/// <summary>
/// Compressed records as a stream of plain bytes through the caller's window. On the stack of one thread; Dispose exactly once.
/// </summary>
public ref struct RecordsDecompressor : IDisposable
{
    BatchDecompressor _source;

    /// <summary>What is wrong, once <see cref="Read"/> has returned 0; null when that was the end.</summary>
    public readonly string? Fault => _source.Fault.IsFault ? _source.Fault.ToString() : null;

    /// <summary>More plain bytes than <paramref name="maxBytes"/> are a fault.</summary>
    public static RecordsDecompressor Start(CompressionCodec codec, ReadOnlySpan<byte> compressed, long maxBytes) =>
        new() { _source = BatchDecompressor.Start(codec, compressed, maxBytes) };

    /// <summary>Puts the next plain bytes at the front of the window. 0 means the end, or a fault.</summary>
    public readonly int Read(Span<byte> window) => _source.Read(window);

    /// <summary>Instead of the first <see cref="Read"/>: all plain bytes at once, where that is cheaper. They lie there until Dispose.</summary>
    public readonly bool TryReadAll(out ReadOnlySpan<byte> plain) => _source.TryReadAll(out plain);

    public void Dispose() => _source.Dispose();
}
