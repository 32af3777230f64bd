namespace AkkaStream.Protocol.Records;

/// <summary>The low three bits of a batch's attributes. Frozen: these numbers are on every disk.</summary>
public enum CompressionCodec : byte
{
    None = 0,
    Gzip = 1,
    Snappy = 2,
    Lz4 = 3,
    Zstd = 4,
}
