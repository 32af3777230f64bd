namespace AkkaStream.Log;

/// <summary>message.timestamp.before.max.ms and .after.max.ms, without overflow at their ends.</summary>
static class TimestampRange
{
    public static bool IsTooOld(long timestamp, LogConfig config, long nowMs) =>
        (Int128)nowMs - timestamp > config.TimestampBeforeMaxMs;

    public static bool IsTooNew(long timestamp, LogConfig config, long nowMs) =>
        (Int128)timestamp - nowMs > config.TimestampAfterMaxMs;

    public static long Oldest(LogConfig config, long nowMs) =>
        (long)Int128.Max(long.MinValue, (Int128)nowMs - config.TimestampBeforeMaxMs);

    public static long Newest(LogConfig config, long nowMs) =>
        (long)Int128.Min(long.MaxValue, (Int128)nowMs + config.TimestampAfterMaxMs);
}
