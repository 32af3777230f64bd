using AkkaStream.Log;
using AkkaStream.Protocol;

namespace AkkaStream.Replication;

/// <summary>
/// Logs that nobody has needed since the start grow old all the same. Whether one has something to let go is found out without opening it, and
/// remembered until it can change: by its listing and the end of its oldest time index. Used by one round at a time, on the disk lane.
/// </summary>
sealed class UnopenedLogs(ReplicaEnvironment environment)
{
    readonly Dictionary<LocalReplica, (LogConfig Config, long NotBeforeMs)> _known = [];

    /// <summary>True when it is to be opened for that; a log that must be checked first is opened by the supervisor anyway.</summary>
    public bool IsRetentionDue(LocalReplica replica, long nowMs)
    {
        var standing = replica.Standing;
        if (standing.Refusal is not (ErrorCode.None or ErrorCode.NotLeaderOrFollower)) return false;
        if (environment.Directories.HomeOf(replica.Name) is not { WasCleanStop: true } home) return false;
        if (_known.TryGetValue(replica, out var known) && ReferenceEquals(known.Config, standing.Config) && nowMs < known.NotBeforeMs) return false;
        long notBefore = NotBefore(home, replica.Name, standing.Config, nowMs);
        _known[replica] = (standing.Config, notBefore);
        return nowMs >= notBefore;
    }

    /// <summary>Those that are open by now, and those of deleted topics, leave nothing behind.</summary>
    public void Prune()
    {
        foreach (var replica in _known.Keys)
        {
            if (replica.IsLogOpen || replica.Standing.Refusal == ErrorCode.UnknownTopicOrPartition) _known.Remove(replica);
        }
    }

    long NotBefore(LogDirectory home, PartitionName name, LogConfig config, long nowMs)
    {
        try
        {
            return new LogDescriptor(home, name).RetentionNotBefore(config, nowMs);
        }
        catch (IOException failure)
        {
            ReplicationTrace.NotLookedAt(environment.Log, name.DirectoryName, failure.Message);
            return long.MaxValue;
        }
    }
}
