using AkkaStream.Net;
using AkkaStream.Protocol;
using Microsoft.Extensions.Logging;

namespace AkkaStream.Broker;

/// <summary>All log texts of this room; ids 1200 to 1399.</summary>
static partial class BrokerTrace
{
    [LoggerMessage(1200, LogLevel.Warning, "Connection {Remote} closed: a request of {Length} bytes has no header that can be read")]
    public static partial void NoHeader(ILogger log, string remote, int length);

    [LoggerMessage(1201, LogLevel.Warning, "Connection {Remote} closed: API key {Key} is not served here (client id '{ClientId}')")]
    public static partial void UnknownApi(ILogger log, string remote, short key, string clientId);

    [LoggerMessage(1202, LogLevel.Warning,
        "Connection {Remote} closed: {Key} version {Version} is not served, {Served} are (client id '{ClientId}'); "
        + "the client should ask with ApiVersions first")]
    public static partial void UnservedVersion(ILogger log, string remote, ApiKey key, short version, VersionRange served, string clientId);

    [LoggerMessage(1203, LogLevel.Warning, "Connection {Remote} closed: a {Key} request (client id '{ClientId}') is malformed: {Cause}")]
    public static partial void Malformed(ILogger log, string remote, ApiKey key, string clientId, string cause);

    [LoggerMessage(1204, LogLevel.Error, "{Key} version {Version} of client '{ClientId}' at {Remote} failed; the connection is closed")]
    public static partial void HandlerFailed(ILogger log, ApiKey key, short version, string clientId, string remote, Exception error);

    [LoggerMessage(1205, LogLevel.Error, "Reading for a fetch failed: {Cause}")]
    public static partial void DiskReadFailed(ILogger log, string cause);

    [LoggerMessage(1207, LogLevel.Error, "{Partition}: a batch could not be packed in the topic's codec")]
    public static partial void NotRepacked(ILogger log, string partition, Exception error);

    [LoggerMessage(1206, LogLevel.Warning, "Topic {Topic} could not be created for client '{ClientId}': {Error}: {Reason}")]
    public static partial void TopicNotCreated(ILogger log, string topic, string error, string reason, string clientId);

    [LoggerMessage(1250, LogLevel.Information,
        "Groups of partition {Partition} are coordinated here in epoch {Epoch}: {Groups} groups from {Records} records ({Bytes} bytes)")]
    public static partial void GroupsLoaded(ILogger log, int partition, int epoch, int groups, long records, long bytes);

    [LoggerMessage(1251, LogLevel.Information,
        "Groups of partition {Partition} are coordinated elsewhere from now on: {Groups} groups are forgotten")]
    public static partial void GroupsResigned(ILogger log, int partition, int groups);

    [LoggerMessage(1252, LogLevel.Error, "Groups of partition {Partition} cannot be loaded, trying again soon: {Cause}")]
    public static partial void GroupsNotLoaded(ILogger log, int partition, string cause);

    [LoggerMessage(1253, LogLevel.Error, "Groups of partition {Partition}: the record at offset {Offset} cannot be read and is passed over: {Cause}")]
    public static partial void GroupRecordUnreadable(ILogger log, int partition, long offset, string cause);

    [LoggerMessage(1254, LogLevel.Warning, "Groups of partition {Partition}: {Count} records were not written: {Error}")]
    public static partial void GroupRecordsRefused(ILogger log, int partition, int count, string error);

    [LoggerMessage(1255, LogLevel.Error, "Groups of partition {Partition}: an append failed ({Error}); its groups are loaded again")]
    public static partial void GroupAppendFailed(ILogger log, int partition, string error);

    [LoggerMessage(1260, LogLevel.Information,
        "Group '{Group}' is stable in generation {Generation} with {Members} members after {DurationMs} ms; "
        + "set off by {MemberId} (client id '{ClientId}'): {Reason}")]
    public static partial void GroupRebalanced(
        ILogger log, string group, int generation, int members, long durationMs, string memberId, string clientId, string reason);

    [LoggerMessage(1261, LogLevel.Information,
        "Group '{Group}' is empty in generation {Generation} after {DurationMs} ms; the last one was {MemberId} (client id '{ClientId}'): {Reason}")]
    public static partial void GroupEmptied(
        ILogger log, string group, int generation, long durationMs, string memberId, string clientId, string reason);

    [LoggerMessage(1262, LogLevel.Warning,
        "Rebalance storm: group '{Group}' rebalanced {Count} times within {Seconds} s and gets no work done; most recently because of {MemberId} "
        + "(client id '{ClientId}'): {Reason}. Look at that client; if it needs longer between polls, raise max.poll.interval.ms")]
    public static partial void GroupStorm(ILogger log, string group, int count, long seconds, string memberId, string clientId, string reason);

    [LoggerMessage(1263, LogLevel.Information, "Group '{Group}': {Count} committed offsets {What}: {Reason}")]
    public static partial void GroupOffsetsGone(ILogger log, string group, int count, string what, string reason);

    [LoggerMessage(1264, LogLevel.Information, "Group '{Group}' was deleted: {Reason}")]
    public static partial void GroupDeleted(ILogger log, string group, string reason);
}
