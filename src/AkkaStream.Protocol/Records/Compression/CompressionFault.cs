namespace AkkaStream.Protocol.Records.Compression;

/// <summary>Why compressed bytes could not be read, coarse enough to choose an answer by.</summary>
public enum CompressionFaultReason : byte
{
    None = 0,

    /// <summary>The bytes end before the stream does.</summary>
    Truncated,

    /// <summary>Not a stream of the codec that the batch names.</summary>
    BadMagic,

    /// <summary>A header that contradicts itself or the format.</summary>
    BadHeader,

    /// <summary>A checksum inside the stream does not match.</summary>
    BadChecksum,

    /// <summary>Compressed bytes that no compressor could have written.</summary>
    Corrupt,

    /// <summary>More plain bytes than the caller allows.</summary>
    OverLimit,

    /// <summary>Legal, but not read here: dictionaries, windows over 128 MiB, codec numbers without a codec.</summary>
    Unsupported,
}

/// <summary>
/// What was wrong with a compressed stream. The text names the codec and the part that is wrong, for error messages;
/// <paramref name="Position"/> is where in the compressed bytes it was noticed. A value, so that hostile input costs no
/// allocation.
/// </summary>
public readonly record struct CompressionFault(CompressionFaultReason Reason, string Text, int Position)
{
    public static readonly CompressionFault None = new(CompressionFaultReason.None, "", 0);

    public bool IsFault => Reason != CompressionFaultReason.None;

    public override string ToString() => IsFault ? $"{Text} (at compressed byte {Position})" : "none";
}

/// <summary>What this reader took although some reader out there refuses it or stops there: for a broker to judge.</summary>
[Flags]
public enum StreamOddities : byte
{
    None = 0,

    /// <summary>
    /// Bytes behind the end of a gzip, snappy or lz4 stream. Kafka's reader ignores them, so logs may hold such batches.
    /// </summary>
    BytesBehindTheEnd = 1,

    /// <summary>Lz4 blocks that refer to the block before. Kafka's reader refuses them.</summary>
    LinkedBlocks = 2,

    /// <summary>
    /// An lz4 header checksum that covers the magic number too, as the first Kafka clients wrote it. Right in message
    /// formats 0 and 1 only.
    /// </summary>
    OldLz4HeaderChecksum = 4,
}
