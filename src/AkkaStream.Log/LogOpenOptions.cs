namespace AkkaStream.Log;

/// <summary>How the last run ended, as far as it concerns one log.</summary>
public sealed record LogOpenOptions
{
    /// <summary>Sizes are believed; only the end of the last segment is looked at.</summary>
    public bool CleanStop { get; init; }

    /// <summary>Only the process ended: everything written is there, so the check begins at the last index entry.</summary>
    public bool PageCacheSurvived { get; init; }

    /// <summary>Everything below was synced, and must be there. Null when unknown: then all is checked.</summary>
    public Offset? RecoveryPoint { get; init; }

    /// <summary>
    /// Nothing is compacted before it is synced, as this broker does it (Kafka's checkpoint may lag behind its cleaner): a gap between unsynced
    /// segments is a loss then, in compacted topics too.
    /// </summary>
    public bool GapsAreLosses { get; init; }

    /// <summary>Null: where the first segment begins.</summary>
    public Offset? LogStart { get; init; }
    public Offset? HighWatermark { get; init; }
    public long NowMs { get; init; }

    /// <summary>An operator's decision after a <see cref="LogDamagedException"/>: what cannot be read is given up, from there to the end.</summary>
    public bool GiveUpDamage { get; init; }

    public static LogOpenOptions After(LogDirectory directory, PartitionName partition, long nowMs) => new()
    {
        CleanStop = directory.WasCleanStop && !directory.IsUnchecked(partition),
        PageCacheSurvived = directory.PageCacheSurvived,
        RecoveryPoint = directory.RecoveryPointOf(partition),
        GapsAreLosses = directory.IsOurs,
        LogStart = directory.LogStartOf(partition),
        HighWatermark = directory.HighWatermarkOf(partition),
        NowMs = nowMs,
    };
}
