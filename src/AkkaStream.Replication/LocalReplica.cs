using AkkaStream.Actors;
using AkkaStream.Log;
using AkkaStream.Protocol;

namespace AkkaStream.Replication;

/// <summary>
/// What other threads may see of one replica on this broker: who leads, how far readers may read, who waits for news. Written by
/// the replica's own turns only, read by all without locks. The actor behind it decides; this is its public face.
/// </summary>
public sealed class LocalReplica(TopicReplicas topic, int partition)
{
    volatile ReplicaStanding _standing = ReplicaStanding.Starting;
    volatile LogReadView? _view;
    volatile bool _isLogOpen;

    /// <summary>Made while this broker runs: it has no files yet.</summary>
    internal bool IsNew { get; init; }

    public TopicReplicas Topic => topic;
    public int Partition => partition;
    public PartitionName Name { get; } = new(topic.Name, partition);

    /// <summary>Set once, before the replica is in the table.</summary>
    public IActorRef Actor { get; internal set; } = null!;

    public ReplicaStanding Standing => _standing;

    /// <summary>Null until somebody needed the log; see <see cref="OpenReplica"/>.</summary>
    public LogReadView? View => _view;

    /// <summary>Its files are in use, by readers and writers or by the background alone.</summary>
    internal bool IsLogOpen { get => _isLogOpen; set => _isLogOpen = value; }

    // What the actor must not forget when it begins anew after a failure of its own.

    /// <summary>What the metadata say, whatever the disk does.</summary>
    internal ReplicaStanding Told { get; set; } = ReplicaStanding.Starting;

    /// <summary>It was told to end, and by whom.</summary>
    internal (bool Delete, Actors.IActorRef Sender)? Closing { get; set; }

    /// <summary>So many damaged stretches of its log are in the metric.</summary>
    internal int DamageCounted { get; set; }

    public FetchWaiters Waiters { get; } = new();

    /// <summary>Whether a request that believes in this leader epoch (-1: in none) may be served, or why not.</summary>
    public ErrorCode Check(int currentLeaderEpoch)
    {
        var standing = _standing;
        if (standing.Refusal != ErrorCode.None) return standing.Refusal;
        if (currentLeaderEpoch < 0 || currentLeaderEpoch == standing.Epoch.Value) return ErrorCode.None;
        return currentLeaderEpoch < standing.Epoch.Value ? ErrorCode.FencedLeaderEpoch : ErrorCode.UnknownLeaderEpoch;
    }

    internal void Stand(ReplicaStanding standing)
    {
        _standing = standing;
        Waiters.Signal();
    }

    internal void Publish(LogReadView? view)
    {
        Show(view);
        Waiters.Signal();
    }

    /// <summary>Readers see it; who waits is told by a signal that follows.</summary>
    internal void Show(LogReadView? view) => _view = view;

    public override string ToString() => Name.ToString();
}

/// <summary>A replica's part in its partition, as of the newest metadata.</summary>
public sealed record ReplicaStanding(LeaderEpoch Epoch, BrokerId Leader, ErrorCode Refusal, LogConfig Config)
{
    /// <summary>Before its first metadata; nobody is told an offset that may be wrong.</summary>
    public static readonly ReplicaStanding Starting =
        new(LeaderEpoch.Unknown, BrokerId.None, ErrorCode.NotLeaderOrFollower, LogConfig.Default);

    /// <summary>In-sync replicas as committed, and how many acks=all needs: the minimum, but never more than there are replicas.</summary>
    public int InSync { get; init; } = 1;
    public int NeededInSync { get; init; } = 1;

    public bool IsLeader => Refusal == ErrorCode.None;
    public bool HasEnoughInSync => InSync >= NeededInSync;
}
