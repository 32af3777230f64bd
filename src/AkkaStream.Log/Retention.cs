namespace AkkaStream.Log;

/// <summary>What retention needs to know of one segment.</summary>
/// <param name="BaseOffset">Where it begins.</param>
/// <param name="Size">Bytes of records.</param>
/// <param name="LargestTimestamp">Of its records; where they have none, when it was last written.</param>
public readonly record struct SegmentFacts(Offset BaseOffset, long Size, long LargestTimestamp);

public enum RetentionReason
{
    Nothing,

    /// <summary>Below the log's start: DeleteRecords asked for it.</summary>
    BelowStart,
    OverSize,
    Expired,
}

/// <summary>The oldest segments that go. With RollsFirst they are all there are, and a new one begins before.</summary>
public readonly record struct RetentionPlan(int DeleteCount, bool RollsFirst, RetentionReason Reason)
{
    public static readonly RetentionPlan Nothing = default;
}

/// <summary>
/// Which segments may be deleted: by start offset for every topic, by size and age where cleanup.policy says delete. Oldest first, stops at
/// the first that stays, never above the high watermark. Pure.
/// </summary>
public static class Retention
{
    public static RetentionPlan Plan(
        ReadOnlySpan<SegmentFacts> segments, Offset start, Offset highWatermark, Offset end, LogConfig config, long nowMs)
    {
        bool deletes = (config.Cleanup & CleanupPolicy.Delete) != 0;
        bool bySize = deletes && config.RetentionBytes >= 0;
        long excess = bySize ? -config.RetentionBytes : 0;
        foreach (var segment in segments) excess += segment.Size;
        var plan = RetentionPlan.Nothing;
        for (int i = 0; i < segments.Length; i++)
        {
            bool isLast = i == segments.Length - 1;
            var segment = segments[i];
            var behind = isLast ? end : segments[i + 1].BaseOffset;
            if (behind > highWatermark || (isLast && segment.Size == 0)) break;
            var reason = !isLast && behind <= start ? RetentionReason.BelowStart
                : bySize && excess - segment.Size >= 0 ? RetentionReason.OverSize
                : deletes && config.RetentionMs >= 0 && nowMs - segment.LargestTimestamp > config.RetentionMs ? RetentionReason.Expired
                : RetentionReason.Nothing;
            if (reason == RetentionReason.Nothing) break;
            excess -= segment.Size;
            plan = new RetentionPlan(i + 1, isLast, reason);
        }
        return plan;
    }
}
