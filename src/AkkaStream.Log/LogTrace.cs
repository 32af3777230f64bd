using Microsoft.Extensions.Logging;

namespace AkkaStream.Log;

/// <summary>All log texts of this room. Event ids 3000 to 3099; append only.</summary>
static partial class LogTrace
{
    [LoggerMessage(3000, LogLevel.Warning, "{Path}: {Problem}; {Consequence}")]
    public static partial void CheckpointUnusable(ILogger log, string path, string? problem, string consequence);

    [LoggerMessage(EventId = 3001, Message = "{Partition}: checked {Bytes} bytes from offset {From}; the log ends at {End}")]
    public static partial void Recovered(ILogger log, LogLevel level, string partition, long bytes, long from, long end);

    [LoggerMessage(3002, LogLevel.Warning, "{Path}: cut at byte {Position} (offset {Offset}), {Bytes} bytes dropped: {Problem}")]
    public static partial void TailCut(ILogger log, string path, long position, long offset, long bytes, string problem);

    [LoggerMessage(3003, LogLevel.Warning, "{Path}: index rebuilt, {Problem}")]
    public static partial void IndexRebuilt(ILogger log, string path, string problem);

    [LoggerMessage(3004, LogLevel.Warning, "{Path}: producer snapshot not used, {Problem}; the state is rebuilt from the records")]
    public static partial void SnapshotUnusable(ILogger log, string path, string problem);

    [LoggerMessage(3005, LogLevel.Error, "{Partition}: offline, {Reason}")]
    public static partial void WentOffline(ILogger log, string partition, string reason);

    [LoggerMessage(3006, LogLevel.Warning, "{Partition}: the disk is full ({Reason}); appends are refused, the log stays readable")]
    public static partial void DiskIsFull(ILogger log, string partition, string reason);

    [LoggerMessage(3007, LogLevel.Debug, "{Partition}: rolled a new segment at offset {Offset}")]
    public static partial void Rolled(ILogger log, string partition, long offset);

    [LoggerMessage(3008, LogLevel.Information, "{Partition}: truncated from offset {From} to {To}")]
    public static partial void Truncated(ILogger log, string partition, long from, long to);

    [LoggerMessage(3009, LogLevel.Information, "{Partition}: {Count} segments below offset {Offset} go, {Reason}")]
    public static partial void SegmentsDeleted(ILogger log, string partition, int count, long offset, string reason);

    [LoggerMessage(3010, LogLevel.Debug, "{Partition}: leader epoch {Epoch} begins at offset {Offset}")]
    public static partial void EpochBegins(ILogger log, string partition, int epoch, long offset);

    [LoggerMessage(3011, LogLevel.Warning,
        "{Path}: the last run left it in doubt ({Doubt}); everything from offset {Offset} on is made durable and checked")]
    public static partial void SettlesDoubt(ILogger log, string path, string doubt, long offset);

    [LoggerMessage(3012, LogLevel.Warning,
        "{Partition}: records below offset {Start} were deleted, and the log ends at {End} after a loss of power; it begins anew at {Start}")]
    public static partial void BeginsBehindEnd(ILogger log, string partition, long start, long end);

    [LoggerMessage(3013, LogLevel.Warning, "{Path}: could not be taken out of the log: {Problem}; tried again at the next look")]
    public static partial void NotDeleted(ILogger log, string path, string problem);

    [LoggerMessage(3015, LogLevel.Error,
        "{Partition}: the offsets {First} to {Last} cannot be read, as an earlier check found: {File}, byte {Position}: {Problem}")]
    public static partial void StillUnreadable(
        ILogger log, string partition, long first, long last, string file, long position, string problem);

    [LoggerMessage(3014, LogLevel.Information, "{Partition}: there is room on the disk again; appends are taken")]
    public static partial void HasRoomAgain(ILogger log, string partition);
}
