namespace AkkaStream.Log.Cleaning;

/// <summary>What a compaction may use; Kafka's property names stand beside them.</summary>
public sealed record CleaningLimits
{
    /// <summary>log.cleaner.dedupe.buffer.size: for the keys of one round. With more of them it takes several rounds.</summary>
    public long DedupeBufferBytes { get; init; } = 128L * 1024 * 1024;

    /// <summary>log.cleaner.io.buffer.load.factor: how full the buffer may get.</summary>
    public double LoadFactor { get; init; } = 0.9;

    /// <summary>log.cleaner.io.buffer.size</summary>
    public int IoBufferBytes { get; init; } = 512 * 1024;

    /// <summary>The same for the life of a process, and known to nobody.</summary>
    public required KeyHash Hash { get; init; }
}

/// <summary>What a round of compaction came to.</summary>
public sealed record CleaningReport(
    Offset From, Offset UpTo, long BytesRead, long BytesWritten, long RecordsRead, long RecordsKept, int SegmentsBefore, int SegmentsAfter,
    long MapBytes);

public enum CleaningStage
{
    /// <summary>Call <see cref="LogCompaction.Step"/> again.</summary>
    Working,

    /// <summary>New segments are on the disk: <see cref="PartitionLog.SwapIn"/> is due, in the replica's turn.</summary>
    SwapDue,
    Done,

    /// <summary>The log changed in a way that makes the work worthless; nothing is lost, the next round begins anew.</summary>
    Abandoned,
}
