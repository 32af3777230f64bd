using Microsoft.Extensions.Logging;

namespace AkkaStream.Server;

/// <summary>All log texts of this room; ids 9000 to 9099.</summary>
static partial class ServerTrace
{
    [LoggerMessage(9000, LogLevel.Warning, "{Text}")]
    public static partial void Setting(ILogger log, string text);

    [LoggerMessage(9001, LogLevel.Information, "Stopping: answering what is under way, then closing the logs")]
    public static partial void Stopping(ILogger log);

    [LoggerMessage(9002, LogLevel.Information, "Stopped cleanly")]
    public static partial void Stopped(ILogger log);

    [LoggerMessage(9003, LogLevel.Error,
        "The data directory {Directory} cannot be used: {Cause}. Partitions that lie in it are offline, all others are served; mend it and restart")]
    public static partial void DirectoryLost(ILogger log, string directory, string cause);
}
