namespace AkkaStream.Protocol.Records.Compression.Snappy;

/// <summary>
/// The framing that snappy-java puts around raw blocks, and with it Kafka's Java clients: a magic word, two big-endian
/// version numbers, then each block behind its big-endian length. Other clients send one raw block without it.
/// </summary>
static class SnappyStream
{
    public const int MagicLength = 8;
    public const int HeaderLength = 16;

    /// <summary>Magic, version 1, oldest compatible version 1.</summary>
    public static ReadOnlySpan<byte> Header =>
        [0x82, (byte)'S', (byte)'N', (byte)'A', (byte)'P', (byte)'P', (byte)'Y', 0, 0, 0, 0, 1, 0, 0, 0, 1];

    public static ReadOnlySpan<byte> Magic => Header[..MagicLength];
}
