using System.Buffers;

namespace AkkaStream.Protocol.Records.Compression;

/// <summary>
/// Pulls the plain bytes of one compressed batch through a window that the caller owns, so that a broker can look at
/// every record without holding the batch as a whole, unless it is small enough to be decoded at once. Bad input ends
/// in a <see cref="Fault"/>, never in an exception; memory follows what has really been decoded, never what a header
/// says, and nothing is allocated in the steady state. On one thread, on the stack; Dispose exactly once.
/// </summary>
/// <remarks>
/// A window of 64 KiB or more is filled without a copy in between for lz4 and snappy. The decoders come from a pool for
/// each codec that holds as many as the machine runs threads, all of them without buffers while idle.
/// </remarks>
public ref struct BatchDecompressor
{
    readonly ReadOnlySpan<byte> _compressed;
    BatchDecoder? _decoder;
    CompressionFault _fault;

    BatchDecompressor(ReadOnlySpan<byte> compressed) => _compressed = compressed;

    /// <summary>What went wrong, once <see cref="Read"/> has returned 0.</summary>
    public readonly CompressionFault Fault => _decoder?.Fault ?? _fault;

    /// <summary>What was tolerated; complete at the end of the stream.</summary>
    public readonly StreamOddities Oddities => _decoder?.Oddities ?? StreamOddities.None;

    /// <summary>
    /// <paramref name="maxBytes"/> is a promise that no more than that many plain bytes come out; a batch that holds more
    /// ends in a fault.
    /// </summary>
    public static BatchDecompressor Start(CompressionCodec codec, ReadOnlySpan<byte> compressed, long maxBytes)
    {
        var decompressor = new BatchDecompressor(compressed);
        BatchDecoder? decoder = DecoderPool.Take(codec, compressed.Length);
        if (decoder is null)
        {
            decompressor._fault = new CompressionFault(
                CompressionFaultReason.Unsupported, "the batch names a codec that does not exist", 0);
            return decompressor;
        }
        decoder.Begin(maxBytes);
        decompressor._decoder = decoder;
        return decompressor;
    }

    /// <summary>Puts the next plain bytes at the front of the window. 0 means the end, or a fault.</summary>
    public readonly int Read(Span<byte> window) => _decoder?.Read(_compressed, window) ?? 0;

    /// <summary>
    /// Instead of the first <see cref="Read"/>: everything at once, if it is of a size that is as well held as streamed. The bytes lie in the
    /// decoder's memory until Dispose.
    /// </summary>
    public readonly bool TryReadAll(out ReadOnlySpan<byte> plain)
    {
        plain = default;
        return _decoder?.TryReadAll(_compressed, out plain) ?? false;
    }

    public void Dispose()
    {
        if (_decoder is not { } decoder) return;
        _fault = decoder.Fault;
        _decoder = null;
        DecoderPool.Return(decoder);
    }

    /// <summary>For clients, who want the whole: false when there is a fault, with what was decoded before it written.</summary>
    public static bool TryDecompress(
        CompressionCodec codec,
        ReadOnlySpan<byte> compressed,
        long maxBytes,
        IBufferWriter<byte> target,
        out CompressionFault fault)
    {
        using BatchDecompressor decompressor = Start(codec, compressed, maxBytes);
        int length;
        while ((length = decompressor.Read(target.GetSpan(64 << 10))) > 0) target.Advance(length);
        fault = decompressor.Fault;
        return !fault.IsFault;
    }
}
