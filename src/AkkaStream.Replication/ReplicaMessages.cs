using AkkaStream.Log;
using AkkaStream.Protocol;

namespace AkkaStream.Replication;

/// <summary>From the supervisor: what the newest metadata makes of this replica.</summary>
public sealed record TakeStanding(ReplicaStanding Standing);

/// <summary>To the supervisor: whoever asks the replica from now on is answered by its newest standing.</summary>
public sealed record StandingTaken
{
    public static readonly StandingTaken Instance = new();
}

/// <summary>From whoever needs the log of a replica that nobody has touched yet. Answered with <see cref="ReplicaOpened"/>.</summary>
public sealed record OpenReplica
{
    public static readonly OpenReplica Instance = new();
}

/// <summary>From the checks after an unclean stop: open the log if nobody has. Answered with <see cref="ReplicaChecked"/>.</summary>
sealed record CheckLog
{
    public static readonly CheckLog Instance = new();
}

sealed record ReplicaChecked(LocalReplica Replica, bool IsOffline);

/// <summary>From a fetch that found the log closed; the answer is the news of its opening.</summary>
public sealed record NeedLog
{
    public static readonly NeedLog Instance = new();
}

/// <summary>The view to read from, or why there is none.</summary>
public sealed record ReplicaOpened(LogReadView? View, ErrorCode Error);

/// <summary>DeleteRecords: nothing below the offset is to be read any more; -1 stands for the high watermark.</summary>
public sealed record TrimLog(Offset UpTo);

/// <summary>Where the log begins now; durable when this is told.</summary>
public sealed record LogTrimmed(ErrorCode Error, Offset LogStart);

/// <summary>The producers that the partition knows of.</summary>
public sealed record GetProducers
{
    public static readonly GetProducers Instance = new();
}

/// <summary>From the supervisor: the log is closed and the replica ends. Answered when the files are left alone.</summary>
public sealed record CloseReplica(bool Delete)
{
    public static readonly CloseReplica Keep = new(false);
}

public sealed record ReplicaClosed(LocalReplica Replica);

/// <summary>A timer of the replica: its log is still not open.</summary>
sealed record OpeningTooLong
{
    public static readonly OpeningTooLong Instance = new();
}

// The disk lane's answers to the replica itself.
sealed record LogOpened(PartitionLog Log);

sealed record LogStartPersisted(PartitionLog Log, string? Problem);

sealed record LogNotOpened(Exception Cause);

sealed record StillDamaged
{
    public static readonly StillDamaged Instance = new();
}

sealed record LogSynced(PartitionLog Log, LogFlush Flush);

sealed record LogRested(string? Problem);

sealed record LogClosed(string? Problem);

/// <summary>What the lane does for a replica should never fail like this: the replica begins anew.</summary>
sealed record LaneFailed(Exception Cause);

/// <summary>From whoever reads the replica's log: the disk could not.</summary>
public sealed record ReadFailed(string Cause);

/// <summary>To a replica, from the keeper: nothing on the disk of its log can be relied on.</summary>
sealed record DirectoryFailed
{
    public static readonly DirectoryFailed Instance = new();
}

/// <summary>To a replica, from the keeper: the disk may be well again.</summary>
sealed record TryAgain
{
    public static readonly TryAgain Instance = new();
}
