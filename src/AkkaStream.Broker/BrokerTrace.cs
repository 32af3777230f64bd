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
}
