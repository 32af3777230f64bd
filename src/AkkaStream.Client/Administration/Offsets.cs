namespace AkkaStream.Client.Administration;

/// <summary>Which offset of a partition is meant.</summary>
public readonly record struct OffsetQuestion
{
    OffsetQuestion(long timestamp) => Timestamp = timestamp;

    internal long Timestamp { get; }

    /// <summary>Behind the newest record that may be read.</summary>
    public static OffsetQuestion Latest { get; } = new(-1);

    /// <summary>Of the oldest record.</summary>
    public static OffsetQuestion Earliest { get; } = new(-2);

    /// <summary>Of the record with the largest timestamp.</summary>
    public static OffsetQuestion MaxTimestamp { get; } = new(-3);

    /// <summary>Of the oldest record on the broker's own disk (tiered storage).</summary>
    public static OffsetQuestion EarliestLocal { get; } = new(-4);

    /// <summary>Of the newest record in remote storage.</summary>
    public static OffsetQuestion LatestTiered { get; } = new(-5);

    /// <summary>Of the oldest record that remote storage does not have yet.</summary>
    public static OffsetQuestion EarliestPendingUpload { get; } = new(-6);

    /// <summary>Of the first record that is not older (milliseconds since 1970).</summary>
    public static OffsetQuestion At(long timestamp) => new(Math.Max(0, timestamp));

    internal static OffsetQuestion Raw(long timestamp) => new(timestamp);
}

/// <summary>An offset that was asked for; -1 where the partition has none for the question.</summary>
public readonly record struct OffsetAnswer(long Offset, long Timestamp, int LeaderEpoch);

/// <summary>A log directory of a broker, and the replicas in it.</summary>
public sealed record LogDirDescription(
    string Path, KafkaException? Error, long TotalBytes, long UsableBytes, bool IsCordoned,
    IReadOnlyDictionary<TopicPartition, ReplicaDescription> Replicas);

/// <summary>A replica on a broker's disk.</summary>
public sealed record ReplicaDescription(long Size, long OffsetLag, bool IsFuture);
