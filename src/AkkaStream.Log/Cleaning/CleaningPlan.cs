namespace AkkaStream.Log.Cleaning;

/// <summary>What the decision needs to know of a segment. Timestamps are looked up only where a lag is asked for.</summary>
public readonly record struct CleaningSegment(Offset BaseOffset, int Size, long LargestTimestamp, long FirstTimestamp);

/// <summary>Where the parts of a log begin that matter to compaction.</summary>
/// <param name="Start">The first record there is.</param>
/// <param name="End">Behind the last one.</param>
/// <param name="Stable">No transaction is open below, and everything is replicated.</param>
/// <param name="Synced">Everything below is on the disk.</param>
/// <param name="Cleaned">Up to here it was compacted before; null when never.</param>
public readonly record struct CleaningBounds(Offset Start, Offset End, Offset Stable, Offset Synced, Offset? Cleaned);

/// <summary>
/// How dirty a log is, and which part of it can be compacted now: from the first offset that never was up to the first that may not be, as it
/// is in the active segment, not stable, not synced, or too young for min.compaction.lag.ms. Pure.
/// </summary>
public readonly record struct CleaningPlan(Offset FirstDirty, Offset FirstUncleanable, long CleanBytes, long CleanableBytes, long OverdueMs)
{
    public double DirtyRatio => CleanBytes + CleanableBytes == 0 ? 0 : (double)CleanableBytes / (CleanBytes + CleanableBytes);

    /// <summary>Dirty enough, or waiting for longer than max.compaction.lag.ms.</summary>
    public bool IsDue(LogConfig config) =>
        CleanableBytes > 0 && FirstUncleanable > FirstDirty && (OverdueMs > 0 || DirtyRatio > config.MinCleanableDirtyRatio);

    /// <summary>The last segment given is the active one.</summary>
    public static CleaningPlan For(ReadOnlySpan<CleaningSegment> segments, in CleaningBounds bounds, LogConfig config, long nowMs)
    {
        var dirty = bounds.Cleaned is { } cleaned && cleaned >= bounds.Start && cleaned <= bounds.End ? cleaned : bounds.Start;
        var limit = Min(Min(bounds.Stable, bounds.Synced), segments[^1].BaseOffset);
        int first = Floor(segments, dirty);
        if (config.MinCompactionLagMs > 0)
        {
            for (int i = first; i < segments.Length - 1; i++)
            {
                if (segments[i].LargestTimestamp <= nowMs - config.MinCompactionLagMs) continue;
                limit = Min(limit, segments[i].BaseOffset);
                break;
            }
        }
        int last = Floor(segments, limit);
        long clean = 0, cleanable = 0, earliest = long.MaxValue;
        for (int i = 0; i < segments.Length && segments[i].BaseOffset < dirty; i++) clean += segments[i].Size;
        for (int i = first; i < last; i++)
        {
            cleanable += segments[i].Size;
            if (segments[i].FirstTimestamp > 0) earliest = Math.Min(earliest, segments[i].FirstTimestamp);
        }
        long overdue = config.MaxCompactionLagMs == long.MaxValue || earliest == long.MaxValue
            ? 0
            : Math.Max(0, nowMs - config.MaxCompactionLagMs - earliest);
        return new CleaningPlan(dirty, segments[last].BaseOffset, clean, cleanable, overdue);
    }

    /// <summary>The index of the one to compact first, -1 when none is due: the dirtiest.</summary>
    public static int Dirtiest(ReadOnlySpan<CleaningPlan> plans, ReadOnlySpan<LogConfig> configs)
    {
        int found = -1;
        for (int i = 0; i < plans.Length; i++)
            if (plans[i].IsDue(configs[i]) && (found < 0 || plans[i].DirtyRatio > plans[found].DirtyRatio)) found = i;
        return found;
    }

    static int Floor(ReadOnlySpan<CleaningSegment> segments, Offset offset)
    {
        int at = segments.Length - 1;
        while (at > 0 && segments[at].BaseOffset > offset) at--;
        return at;
    }

    static Offset Min(Offset a, Offset b) => a < b ? a : b;
}
