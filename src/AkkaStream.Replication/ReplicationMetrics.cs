using System.Diagnostics.Metrics;

namespace AkkaStream.Replication;

/// <summary>
/// The room's instruments, of the meter "AkkaStream.Log", for whatever listens in the process: dotnet-counters, OpenTelemetry. Kafka's names
/// for the same stand beside them.
/// </summary>
static class ReplicationMetrics
{
    static readonly Meter Meter = new("AkkaStream.Log");

    public static readonly UpDownCounter<int> ChecksLeft = Meter.CreateUpDownCounter<int>(
        "akkastream.log.checks.left", description: "Logs that still have to be checked after an unclean stop");

    /// <summary>LogCleanerManager max-dirty-percent, as a ratio.</summary>
    public static readonly Gauge<double> MaxDirtyRatio = Meter.CreateGauge<double>(
        "akkastream.log.cleaner.max.dirty.ratio", description: "Of the dirtiest log that is due, at the last look; 0 when none is");

    /// <summary>LogCleanerManager uncleanable-partitions-count</summary>
    public static readonly Gauge<int> Uncleanable = Meter.CreateGauge<int>(
        "akkastream.log.cleaner.uncleanable.partitions", description: "Logs that failed to be compacted and are left alone");

    /// <summary>LogCleanerManager time-since-last-run-ms, as the moment itself, so that a cleaner that hangs is seen.</summary>
    public static readonly Gauge<long> CleanerLookedAt = Meter.CreateGauge<long>(
        "akkastream.log.cleaner.last.look", unit: "ms", description: "When the cleaner last looked for work, in milliseconds since 1970");

    public static readonly Counter<long> CleanedLogs = Meter.CreateCounter<long>(
        "akkastream.log.cleaner.runs", description: "Compactions that came to their end");

    public static readonly Counter<long> CleanedBytesRead = Meter.CreateCounter<long>(
        "akkastream.log.cleaner.read", unit: "By", description: "Bytes that compactions read");

    /// <summary>With the one above LogCleaner cleaner-recopy-percent.</summary>
    public static readonly Counter<long> CleanedBytesWritten = Meter.CreateCounter<long>(
        "akkastream.log.cleaner.written", unit: "By", description: "Bytes that compactions wrote of them");

    public static readonly Counter<long> ScrubbedBytes = Meter.CreateCounter<long>(
        "akkastream.log.scrub.read", unit: "By", description: "Stored bytes whose checksums were checked");

    public static readonly Gauge<double> ScrubProgress = Meter.CreateGauge<double>(
        "akkastream.log.scrub.progress", description: "Part of the partitions that this round has checked; 1 between the rounds");

    public static readonly UpDownCounter<int> Damaged = Meter.CreateUpDownCounter<int>(
        "akkastream.log.damaged.ranges", description: "Known stretches of logs that cannot be read");
}
