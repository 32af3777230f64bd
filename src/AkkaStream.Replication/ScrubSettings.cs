namespace AkkaStream.Replication;

/// <summary>How stored data are checked in the background.</summary>
public sealed record ScrubSettings
{
    /// <summary>log.scrub.interval: from the end of one round to the beginning of the next; zero for never.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromDays(1);

    /// <summary>log.scrub.max.bytes.per.second</summary>
    public long MostBytesPerSecond { get; init; } = 4 * 1024 * 1024;

    /// <summary>The first round does not wait as long, or a broker that is restarted every day would never be checked.</summary>
    public TimeSpan FirstAfter => Interval < LongestToFirst ? Interval : LongestToFirst;

    static readonly TimeSpan LongestToFirst = TimeSpan.FromHours(1);
}
