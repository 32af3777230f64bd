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

    [LoggerMessage(1405, LogLevel.Information,
        "{Count} logs in {Directories} directories are checked in the background, because the last stop was not a clean one")]
    public static partial void Checking(ILogger log, int count, int directories);

    [LoggerMessage(1420, LogLevel.Information, "{Done} of {Count} logs are checked; at work on {Partitions}")]
    public static partial void CheckProgress(ILogger log, int done, int count, string partitions);

    [LoggerMessage(1421, LogLevel.Information, "All {Count} logs are checked, after {Milliseconds} ms; {Offline} of them are offline")]
    public static partial void Checked(ILogger log, int count, long milliseconds, int offline);

    [LoggerMessage(1408, LogLevel.Error, "{Partition}: records below {Offset} could not be deleted: {Cause}")]
    public static partial void NotTrimmed(ILogger log, LocalReplica partition, long offset, string cause);

    [LoggerMessage(1407, LogLevel.Error, "{Directory}: deleting failed: {Cause}")]
    public static partial void NotRetired(ILogger log, string directory, string cause);

    [LoggerMessage(1409, LogLevel.Warning, "{Directory}: the checkpoints could not be written: {Cause}; tried again at the next time")]
    public static partial void CheckpointNotWritten(ILogger log, string directory, string cause);

    [LoggerMessage(1410, LogLevel.Warning, "{Partition}: its files could not be looked at: {Cause}")]
    public static partial void NotLookedAt(ILogger log, string partition, string cause);

    [LoggerMessage(1411, LogLevel.Warning, "{Partition}: old segments could not be let go: {Cause}; tried again at the next look")]
    public static partial void NotRetained(ILogger log, LocalReplica partition, string cause);

    [LoggerMessage(1412, LogLevel.Information, "{Partition}: {Count} producers were silent for too long and are forgotten")]
    public static partial void ProducersForgotten(ILogger log, LocalReplica partition, int count);

    [LoggerMessage(1413, LogLevel.Information, "{Partition} is back: its log in {Directory} was verified, it ends at {End}")]
    public static partial void Back(ILogger log, LocalReplica partition, string directory, long end);

    [LoggerMessage(1414, LogLevel.Error,
        "{Directory} failed: {Cause}. Its {Count} partitions are offline, all others are served; when it can be written again they come back " +
        "without a restart")]
    public static partial void DirectoryFailed(ILogger log, string directory, string cause, int count);

    [LoggerMessage(1415, LogLevel.Information, "{Directory} can be written again: its partitions are verified and come back")]
    public static partial void DirectoryBack(ILogger log, string directory);

    [LoggerMessage(1416, LogLevel.Error, "{Partition}: reading failed: {Cause}")]
    public static partial void ReadFailed(ILogger log, LocalReplica partition, string cause);

    [LoggerMessage(1417, LogLevel.Error,
        "{Directory}: the end of the run could not be written down, so its logs are checked at the next start: {Cause}")]
    public static partial void NotClosedClean(ILogger log, string directory, string cause);

    [LoggerMessage(1418, LogLevel.Error, "{Topic}: the newest metadata could not be followed, its replicas stay as they were")]
    public static partial void NotFollowed(ILogger log, string topic, Exception cause);

    [LoggerMessage(1419, LogLevel.Error, "Looking after the logs met an error of its own in {Duty}; tried again at its next time")]
    public static partial void CareFailed(ILogger log, LogDuty duty, Exception cause);

    [LoggerMessage(1420, LogLevel.Debug, "{Partition}: compaction begins at offset {From}, up to {UpTo}; {Ratio:P0} of it is dirty")]
    public static partial void CleaningBegins(ILogger log, LocalReplica partition, long from, long upTo, double ratio);

    [LoggerMessage(1421, LogLevel.Information,
        "{Partition}: compacted from offset {From} to {UpTo}: {Records} records became {Kept}, {Read} bytes read, {Written} written, "
        + "{Before} segments became {After}, in {Ms} ms")]
    public static partial void Cleaned(
        ILogger log, LocalReplica partition, long from, long upTo, long records, long kept, long read, long written, int before, int after,
        long ms);

    [LoggerMessage(1422, LogLevel.Debug, "{Partition}: the log changed while it was compacted; the work begins anew later")]
    public static partial void CleaningAbandoned(ILogger log, LocalReplica partition);

    [LoggerMessage(1423, LogLevel.Warning, "{Partition}: not compacted, the disk is full ({Cause}); tried again later")]
    public static partial void NotCleanedNow(ILogger log, LocalReplica partition, string cause);

    [LoggerMessage(1424, LogLevel.Error,
        "{Partition} cannot be compacted and is left as it is, until the broker starts again or its topic's settings change: {Cause}")]
    public static partial void Uncleanable(ILogger log, LocalReplica partition, string cause);

    [LoggerMessage(1430, LogLevel.Information, "checking the checksums of all that is stored: {Count} partitions")]
    public static partial void ScrubBegins(ILogger log, int count);

    [LoggerMessage(1431, LogLevel.Information,
        "checking: {Done} of {Count} partitions, {Bytes} bytes so far, {Damaged} stretches are damaged")]
    public static partial void ScrubGoesOn(ILogger log, int done, int count, long bytes, int damaged);

    [LoggerMessage(1432, LogLevel.Information,
        "checked the checksums of {Count} partitions, {Bytes} bytes; {Damaged} stretches are damaged")]
    public static partial void Scrubbed(ILogger log, int count, long bytes, int damaged);

    [LoggerMessage(1433, LogLevel.Error,
        "{Partition} is damaged: {File}, byte {Position}: {Problem} The offsets {First} to {Last} cannot be read, fetches of them get "
        + "CORRUPT_MESSAGE. Copy the partition from another replica or a backup, or let readers go on at offset {Next}")]
    public static partial void Damaged(
        ILogger log, LocalReplica partition, string file, long position, string problem, long first, long last, long next);

    [LoggerMessage(1435, LogLevel.Warning, "{Partition}: what cannot be read of it could not be written down: {Cause}; a restart will not know it")]
    public static partial void DamageNotKept(ILogger log, string partition, string cause);

    [LoggerMessage(1436, LogLevel.Warning,
        "{Directory}: names of partitions could not be made durable: {Cause}; a loss of power may undo their making or deletion")]
    public static partial void NamesNotSynced(ILogger log, string directory, string cause);

    [LoggerMessage(1434, LogLevel.Warning, "{Partition}: could not be checked to its end: {Cause}")]
    public static partial void NotScrubbed(ILogger log, LocalReplica partition, string cause);

    [LoggerMessage(1406, LogLevel.Error, "{Partition} is offline: {Cause}")]
    public static partial void WentOffline(ILogger log, LocalReplica partition, string cause);
}
