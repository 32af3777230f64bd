using AkkaStream.Log.Cleaning;

namespace AkkaStream.Replication;

/// <summary>Timer of the cleaner: time to look for the dirtiest log.</summary>
sealed record CleaningDue
{
    public static readonly CleaningDue Instance = new();
}

/// <summary>To the cleaner, from the disk lane. Null when no log is dirty enough.</summary>
sealed record DirtiestFound(LocalReplica? Replica);

/// <summary>To a replica, from the cleaner, brought by the disk lane as all that follow; answered with <see cref="CleaningBegun"/>.</summary>
sealed record BeginCleaning(CleaningLimits Limits, long NowMs);

/// <summary>To the cleaner, from a replica. Null when there is nothing to do after all.</summary>
sealed record CleaningBegun(LocalReplica Replica, LogCompaction? Cleaning);

/// <summary>To the cleaner, from the disk lane: a step is over, and what went wrong in it.</summary>
sealed record CleaningStepped(CleaningRun Run, long Bytes, Exception? Failure);

/// <summary>Timer of the cleaner: the pace allows the next step.</summary>
sealed record NextCleaningStep(CleaningRun Run);

/// <summary>To a replica: what is written takes its place. Answered with <see cref="CleaningSwapped"/>.</summary>
sealed record SwapCleaned(CleaningRun Run, long NowMs);

sealed record CleaningSwapped(CleaningRun Run);

/// <summary>To a replica: done, or given up. Answered with <see cref="CleaningEnded"/>.</summary>
sealed record EndCleaning(CleaningRun Run);

sealed record CleaningEnded(CleaningRun Run);

/// <summary>One compaction under way.</summary>
sealed class CleaningRun(LocalReplica replica, LogCompaction cleaning, long beganMs)
{
    public LocalReplica Replica => replica;
    public LogCompaction Cleaning => cleaning;
    public long BeganMs => beganMs;

    /// <summary>A thread of the lane works on it.</summary>
    public bool IsStepping { get; set; }
    public Exception? Failure { get; set; }
}
