using AkkaStream.Log.Files;

namespace AkkaStream.Log;

/// <summary>What a look-up for reading came to.</summary>
public enum LocateOutcome : byte
{
    Found,

    /// <summary>Nothing to read there yet: wait for more.</summary>
    AtEnd,

    /// <summary>Before the log's start or behind its end.</summary>
    OutOfRange,

    /// <summary>The first batch does not fit, and the caller did not ask for one at any size.</summary>
    FirstBatchTooLarge,

    /// <summary>The answer is not in memory: ask again where waiting for the disk is allowed.</summary>
    WouldWait,

    /// <summary>The log has moved on (retention, truncation): take its newest view.</summary>
    Stale,

    /// <summary>What is stored there is no batch; the slice says where. The answer is CORRUPT_MESSAGE, never a skip.</summary>
    Damaged,
}

/// <summary>
/// A stretch of one segment file to send. Begins with a whole batch and may end in the midst of one, as readers of Kafka expect. Take a
/// lease before touching the file, and hold it until the bytes are out.
/// </summary>
public readonly record struct LogSlice(SegmentFile File, int Position, int Length, Offset SegmentBase)
{
    /// <summary>False when retention or truncation took the file meanwhile: locate again in the newest view.</summary>
    public bool TryLease(out FileLease lease) => File.TryLease(out lease);
}
