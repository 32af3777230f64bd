using AkkaStream.Log;

namespace AkkaStream.Replication;

/// <summary>What is done to logs in the background; also the keys of the keeper's timers.</summary>
enum LogDuty
{
    Retention,
    HighWatermarks,
    Checkpoints,
    Producers,

    /// <summary>Files that were retired long enough ago really go.</summary>
    Unlink,

    /// <summary>flush.ms has passed since the first unsynced append.</summary>
    Sync,

    /// <summary>What went offline because of its disk is tried again.</summary>
    Retry,
}

/// <summary>To a replica, from the keeper, brought by a thread of the disk lane.</summary>
sealed record TendLog(LogDuty Duty, long NowMs);

/// <summary>To the keeper, from a replica: tend me at that time.</summary>
sealed record TendAt(LogDuty Duty, LocalReplica Replica, long DueMs);

/// <summary>To the keeper, from a replica that went offline for a reason that may go away.</summary>
sealed record ReplicaOffline(LocalReplica Replica);

/// <summary>To the keeper, from a replica whose disk behaved badly: is it the file or the disk?</summary>
sealed record Suspect(LocalReplica Replica);

/// <summary>To the keeper, from the disk lane.</summary>
sealed record DirectoryProbed(LogDirectory Directory);

/// <summary>To the keeper, from the disk lane: a directory failed.</summary>
sealed record RetryLater
{
    public static readonly RetryLater Instance = new();
}

/// <summary>To the keeper, from the disk lane: the directories that failed were tried once more.</summary>
sealed record FailedOnesProbed
{
    public static readonly FailedOnesProbed Instance = new();
}

/// <summary>To the keeper, from the disk lane.</summary>
sealed record DutyDone(LogDuty Duty);

/// <summary>A piece of work for a lane.</summary>
sealed class LaneWork(Action work) : IThreadPoolWorkItem
{
    public void Execute() => work();
}
