using Microsoft.Extensions.Logging;

namespace AkkaStream.Replication;

/// <summary>All log texts of this room; ids 1400 to 1499.</summary>
static partial class ReplicationTrace
{
    [LoggerMessage(1400, LogLevel.Error, "{Partition} is offline: its log in {Directory} could not be opened: {Cause}")]
    public static partial void NotOpened(ILogger log, LocalReplica partition, string directory, string cause);

    [LoggerMessage(1401, LogLevel.Debug, "{Partition} is led here in epoch {Epoch}")]
    public static partial void Leads(ILogger log, LocalReplica partition, int epoch);

    [LoggerMessage(1402, LogLevel.Error, "{Partition}: closing the log failed: {Cause}")]
    public static partial void NotClosed(ILogger log, LocalReplica partition, string cause);

    [LoggerMessage(1403, LogLevel.Warning, "{Directory} belongs to no partition of this broker and is left alone")]
    public static partial void Stray(ILogger log, string directory);

    [LoggerMessage(1404, LogLevel.Warning,
        "{Directory} belongs to another topic of the same name (id {Found}, the topic's is {Known}); it is moved aside to {To}")]
    public static partial void OtherTopic(ILogger log, string directory, string found, string known, string to);

    [LoggerMessage(1405, LogLevel.Information, "{Count} logs are checked in the background, because the last stop was not a clean one")]
    public static partial void Checking(ILogger log, int count);

    [LoggerMessage(1408, LogLevel.Error, "{Partition}: records below {Offset} could not be deleted: {Cause}")]
    public static partial void NotTrimmed(ILogger log, LocalReplica partition, long offset, string cause);

    [LoggerMessage(1407, LogLevel.Error, "{Directory}: deleting failed: {Cause}")]
    public static partial void NotRetired(ILogger log, string directory, string cause);

    [LoggerMessage(1406, LogLevel.Error, "{Partition} is offline: {Cause}")]
    public static partial void WentOffline(ILogger log, LocalReplica partition, string cause);
}
