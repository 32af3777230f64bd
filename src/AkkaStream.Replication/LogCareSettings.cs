namespace AkkaStream.Replication;

/// <summary>
/// What is done to logs in the background, and how often; Kafka's property names stand beside them. One ticker for all partitions, no timer
/// for any single one.
/// </summary>
public sealed record LogCareSettings
{
    /// <summary>log.initial.task.delay.ms: from the start to the first look at old segments.</summary>
    public TimeSpan InitialDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>log.retention.check.interval.ms</summary>
    public TimeSpan RetentionInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>replica.high.watermark.checkpoint.interval.ms</summary>
    public TimeSpan HighWatermarkInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>log.flush.offset.checkpoint.interval.ms; log starts are written with the recovery points.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>producer.id.expiration.check.interval.ms</summary>
    public TimeSpan ProducerInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How often a directory or a partition that went offline because of its disk is tried again.</summary>
    public TimeSpan RetryInterval { get; init; } = TimeSpan.FromSeconds(30);
}
