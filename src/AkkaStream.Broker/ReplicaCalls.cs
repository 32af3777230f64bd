using AkkaStream.Actors;
using AkkaStream.Log;
using AkkaStream.Protocol;
using AkkaStream.Replication;

namespace AkkaStream.Broker;

/// <summary>
/// How handlers of the slower requests reach a replica of this broker: found by name, its log opened if nobody needed it before, asked
/// what its turn must answer. What cannot be served is an error code, as the client gets it.
/// </summary>
static class ReplicaCalls
{
    public static ErrorCode Find(this ReplicaTable table, string topic, int partition, out LocalReplica replica)
    {
        replica = null!;
        if (!table.TryFind(topic, out var replicas) || !replicas.HasPartition(partition)) return ErrorCode.UnknownTopicOrPartition;
        if (replicas.Replica(partition) is not { } found) return ErrorCode.NotLeaderOrFollower;
        replica = found;
        return ErrorCode.None;
    }

    /// <summary>Has a log opened that is going to be asked for, so that many are opened at a time.</summary>
    public static void OpenAhead(this ReplicaTable table, string topic, int partition)
    {
        if (table.Find(topic, partition, out var replica) == ErrorCode.None && replica.View is null) replica.Actor.Tell(NeedLog.Instance, null);
    }

    /// <summary>The newest view; waits while the log is opened.</summary>
    public static ValueTask<ReplicaOpened> OpenAsync(this LocalReplica replica, TimeSpan timeout) =>
        replica.View is { } view
            ? ValueTask.FromResult(new ReplicaOpened(view, ErrorCode.None))
            : OpenSlowlyAsync(replica, timeout);

    static async ValueTask<ReplicaOpened> OpenSlowlyAsync(LocalReplica replica, TimeSpan timeout)
    {
        try
        {
            return await replica.Actor.Ask<ReplicaOpened>(OpenReplica.Instance, timeout).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            // Still being checked after a crash: clients ask for metadata and come back.
            return new ReplicaOpened(null, ErrorCode.NotLeaderOrFollower);
        }
        catch (AskFailedException)
        {
            return new ReplicaOpened(null, ErrorCode.NotLeaderOrFollower);
        }
    }
}
