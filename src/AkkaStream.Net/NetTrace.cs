using Microsoft.Extensions.Logging;

namespace AkkaStream.Net;

/// <summary>All log texts of this room; ids 1000 to 1099.</summary>
static partial class NetTrace
{
    [LoggerMessage(1000, LogLevel.Critical, "The network loop {Loop} ended with an error of our own")]
    public static partial void LoopDied(ILogger log, string loop, Exception error);

    [LoggerMessage(1001, LogLevel.Error, "Work posted to a network loop failed: {Work}")]
    public static partial void WorkFailed(ILogger log, string work, Exception error);

    [LoggerMessage(1002, LogLevel.Error, "Connection {Remote} on {Listener}: handling a request failed, the connection is closed")]
    public static partial void FrameFailed(ILogger log, string remote, string listener, Exception error);

    [LoggerMessage(1003, LogLevel.Warning, "Connection {Remote} on {Listener} closed: {Cause}")]
    public static partial void Refused(ILogger log, string remote, string listener, string cause);

    [LoggerMessage(1004, LogLevel.Debug, "Connection {Remote} on {Listener} ended: {Reason}")]
    public static partial void Ended(ILogger log, string remote, string listener, EndReason reason);

    [LoggerMessage(1005, LogLevel.Debug, "Listening on {Address} as {Listener}")]
    public static partial void Listening(ILogger log, string address, string listener);

    [LoggerMessage(1006, LogLevel.Warning, "Accepting on {Listener} failed: {Cause}; trying again")]
    public static partial void AcceptFailed(ILogger log, string listener, string cause);

    [LoggerMessage(1050, LogLevel.Debug, "Connected to {Peer}")]
    public static partial void LinkConnected(ILogger log, string peer);

    [LoggerMessage(1051, LogLevel.Information, "No connection: {Cause} ({Peer})")]
    public static partial void LinkNotConnected(ILogger log, string peer, string cause);

    [LoggerMessage(1052, LogLevel.Information, "The connection to {Peer} ended: {Cause}")]
    public static partial void LinkEnded(ILogger log, string peer, string cause);
}
