namespace AkkaStream.Protocol.Stored;

// The file *.snapshot of a log directory, behind its version as int16: what the log knows of its producers at one
// offset. Its checksum covers what follows it.

[KafkaStored(StoredKind.Versioned, versions: "1", flexible: "none")]
public sealed partial class ProducerSnapshot
{
    public uint Crc { get; init; }
    public ProducerSnapshotEntry[] ProducerEntries { get; init; } = [];
}

public sealed partial class ProducerSnapshotEntry
{
    public long ProducerId { get; init; }
    public short Epoch { get; init; }
    public int LastSequence { get; init; }
    public long LastOffset { get; init; }
    public int OffsetDelta { get; init; }
    public long Timestamp { get; init; }
    public int CoordinatorEpoch { get; init; }
    public long CurrentTxnFirstOffset { get; init; }
}
