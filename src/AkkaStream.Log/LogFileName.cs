using System.Globalization;

namespace AkkaStream.Log;

/// <summary>What a file in a partition's directory is, by its name. Frozen: Kafka's own names.</summary>
public enum LogFileKind
{
    Other,
    Log,
    OffsetIndex,
    TimeIndex,
    TransactionIndex,
    ProducerSnapshot,

    /// <summary>Renamed by retention, unlinked later; at start at once.</summary>
    Deleted,

    /// <summary>Half a compaction: never valid.</summary>
    Cleaned,

    /// <summary>A finished compaction whose last renames are missing: valid, to be completed.</summary>
    Swap,

    /// <summary>An atomic write that did not happen.</summary>
    Temporary,
}

/// <summary>The first offset in twenty digits, then the kind.</summary>
public static class LogFileName
{
    public const string Log = ".log";
    public const string OffsetIndex = ".index";
    public const string TimeIndex = ".timeindex";
    public const string TransactionIndex = ".txnindex";
    public const string ProducerSnapshot = ".snapshot";
    public const string Deleted = ".deleted";
    public const string Cleaned = ".cleaned";
    public const string Swap = ".swap";
    public const string Temporary = ".tmp";
    public const string LeaderEpochs = "leader-epoch-checkpoint";
    public const string PartitionMetadata = "partition.metadata";

    const int Digits = 20;

    public static string Of(long baseOffset, string suffix) =>
        string.Create(CultureInfo.InvariantCulture, $"{baseOffset:D20}{suffix}");

    /// <summary>The offset is that of the name also for swap, cleaned and deleted files, -1 where there is none.</summary>
    public static LogFileKind Parse(string name, out long baseOffset)
    {
        baseOffset = -1;
        if (name.EndsWith(Temporary, StringComparison.Ordinal)) return LogFileKind.Temporary;
        int dot = name.IndexOf('.');
        bool numbered = dot == Digits
            && long.TryParse(name.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out baseOffset);
        if (!numbered) baseOffset = -1;
        if (name.EndsWith(Deleted, StringComparison.Ordinal)) return LogFileKind.Deleted;
        if (name.EndsWith(Cleaned, StringComparison.Ordinal)) return LogFileKind.Cleaned;
        if (!numbered) return LogFileKind.Other;
        if (name.EndsWith(Swap, StringComparison.Ordinal)) return LogFileKind.Swap;
        return KindOf(name.AsSpan(dot));
    }

    static LogFileKind KindOf(ReadOnlySpan<char> suffix) => suffix switch
    {
        Log => LogFileKind.Log,
        OffsetIndex => LogFileKind.OffsetIndex,
        TimeIndex => LogFileKind.TimeIndex,
        TransactionIndex => LogFileKind.TransactionIndex,
        ProducerSnapshot => LogFileKind.ProducerSnapshot,
        _ => LogFileKind.Other,
    };
}
