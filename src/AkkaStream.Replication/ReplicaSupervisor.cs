using AkkaStream.Actors;
using AkkaStream.Actors.Dispatch;
using AkkaStream.Log;
using AkkaStream.Metadata;
using AkkaStream.Protocol;

namespace AkkaStream.Replication;

/// <summary>What the settings make of a topic: how its logs behave, and how many in-sync replicas acks=all wants.</summary>
public sealed record ReplicaConfig(LogConfig Log, int MinInSyncReplicas);

/// <summary>From the publisher: the newest picture. Answered with <see cref="MetadataTaken"/> when replicas and directories are as it says.</summary>
public sealed record TakeMetadata(MetadataImage Image, MetadataDelta Delta);

public sealed record MetadataTaken
{
    public static readonly MetadataTaken Instance = new();
}

/// <summary>From the host, at the end: every log is closed, cleanly if it can be. Answered with <see cref="AllReplicasClosed"/>.</summary>
public sealed record CloseAllReplicas
{
    public static readonly CloseAllReplicas Instance = new();
}

public sealed record AllReplicasClosed
{
    public static readonly AllReplicasClosed Instance = new();
}

/// <summary>
/// Parent of all replicas of this broker: creates, closes and re-aims them as the metadata says, one picture after the other. The only
/// writer of the <see cref="ReplicaTable"/>. A change is answered when every replica that it concerns acts by it, the directories are
/// there and deleted ones are out of the way: a new topic takes writes at once, and another of the same name can follow at once.
/// </summary>
sealed class ReplicaSupervisor(
    BrokerId self, ReplicaTable table, ReplicaEnvironment environment, Func<MetadataImage, string, ReplicaConfig> configOf) : UntypedActor
{
    readonly HashSet<LocalReplica> _closing = [];
    readonly List<LocalReplica> _created = [];
    readonly List<PartitionName> _deleted = [];
    IActorRef? _waiting;
    object _answer = MetadataTaken.Instance;
    bool _first = true, _stopping, _directoriesDone;
    int _turning;

    // As a child it ends before the replicas' parent does; they end before it only one by one.
    protected override void PreStart()
    {
        environment.Keeper = Context.ActorOf(Props.Create(() => new LogKeeper(table, environment)), "keeper");
        Context.ActorOf(Props.Create(() => new LogCleaner(table, environment)), "cleaner");
        Context.ActorOf(Props.Create(() => new LogScrubber(table, environment)), "scrubber");
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case TakeMetadata take: OnMetadata(take); break;
            case StandingTaken:
                _turning--;
                AnswerWhenDone();
                break;
            case ReplicaClosed closed: OnClosed(closed.Replica); break;
            case DirectoriesDone:
                _directoriesDone = true;
                AnswerWhenDone();
                break;
            case RetireDue due: environment.DiskLane.Schedule(new LaneWork(due.Delete)); break;
            case CloseAllReplicas: OnCloseAll(); break;
            default: Unhandled(message); break;
        }
    }

    void OnMetadata(TakeMetadata take)
    {
        _waiting = Sender;
        _answer = MetadataTaken.Instance;
        _directoriesDone = false;
        foreach (var delta in take.Delta.Topics)
        {
            Follow(delta.Topic.Name, () =>
            {
                if (delta.After is null) Delete(delta.Topic);
                else Update(take.Image, delta);
            });
        }
        foreach (var resource in take.Delta.Configs) Follow(resource.Name, () => Reconfigure(take.Image, resource));
        if (_first) OnFirst();
        if (_closing.Count == 0) WorkOnDirectories();
    }

    /// <summary>What cannot be followed for one topic must not keep the others, nor whoever waits for the answer, nor end the replicas.</summary>
    void Follow(string topic, Action change)
    {
        try
        {
            change();
        }
        catch (Exception failure)
        {
            ReplicationTrace.NotFollowed(environment.Log, topic, failure);
        }
    }

    void Update(MetadataImage image, TopicDelta delta)
    {
        var after = delta.After!;
        bool isNew = !table.TryFind(after.Id, out var topic);
        topic ??= new TopicReplicas(after.Name, after.Id);
        var config = configOf(image, after.Name);
        var replicas = new LocalReplica?[after.Partitions.Length];
        for (int i = 0; i < replicas.Length; i++)
        {
            var partition = after.Partitions[i];
            bool here = partition.Replicas.Contains(self);
            replicas[i] = topic.Replica(i) ?? (here ? Create(topic, i) : null);
            if (replicas[i] is { } replica) Turn(replica, Standing(partition, config));
        }
        topic.Replace(replicas);
        if (isNew) table.Add(topic);
    }

    LocalReplica Create(TopicReplicas topic, int partition)
    {
        var replica = new LocalReplica(topic, partition) { IsNew = !_first };
        replica.Actor = Context.ActorOf(Props.Create(() => new PartitionReplica(replica, environment)).WithDispatcher(ReplicaEnvironment.Dispatcher));
        if (!_first) _created.Add(replica);
        return replica;
    }

    ReplicaStanding Standing(PartitionImage partition, ReplicaConfig config)
    {
        var refusal = partition.Leader == self ? ErrorCode.None : ErrorCode.NotLeaderOrFollower;
        return new ReplicaStanding(partition.LeaderEpoch, partition.Leader, refusal, config.Log)
        {
            InSync = partition.Isr.Count,
            NeededInSync = Math.Min(config.MinInSyncReplicas, partition.Replicas.Count),
        };
    }

    void Delete(TopicImage gone)
    {
        if (!table.TryFind(gone.Id, out var topic)) return;
        table.Remove(topic);
        foreach (var replica in topic.All)
        {
            if (replica is null) continue;
            _closing.Add(replica);
            _deleted.Add(replica.Name);
            replica.Actor.Tell(new CloseReplica(Delete: true));
        }
    }

    void Reconfigure(MetadataImage image, ConfigResource resource)
    {
        IEnumerable<TopicImage> touched = resource.Type switch
        {
            ConfigResourceType.Topic when image.Topics.Find(resource.Name) is { } topic => [topic],
            ConfigResourceType.Broker when resource == ConfigResource.BrokerDefault || resource == ConfigResource.Broker(self) => image.Topics.All,
            _ => [],
        };
        foreach (var topic in touched)
        {
            if (!table.TryFind(topic.Id, out var replicas)) continue;
            var config = configOf(image, topic.Name);
            for (int i = 0; i < topic.Partitions.Length; i++)
            {
                if (replicas.Replica(i) is { } replica) Turn(replica, Standing(topic.Partitions[i], config));
            }
        }
    }

    void Turn(LocalReplica replica, ReplicaStanding standing)
    {
        _turning++;
        replica.Actor.Tell(new TakeStanding(standing), Self);
    }

    void OnClosed(LocalReplica replica)
    {
        if (!_closing.Remove(replica) || _closing.Count > 0) return;
        if (_stopping) Answer();
        else WorkOnDirectories();
    }

    /// <summary>Directories of deleted partitions are renamed before those of new ones are made: the name may be the same.</summary>
    void WorkOnDirectories()
    {
        if (_created.Count == 0 && _deleted.Count == 0)
        {
            _directoriesDone = true;
            AnswerWhenDone();
            return;
        }
        LocalReplica[] created = [.. _created];
        PartitionName[] deleted = [.. _deleted];
        _created.Clear();
        _deleted.Clear();
        var me = Self;
        environment.DiskLane.Schedule(new LaneWork(() =>
        {
            try
            {
                var retired = environment.RetireAll(deleted);
                environment.EnsureAll(created);
                if (retired.Count > 0) environment.DeleteLater(retired, work => me.Tell(new RetireDue(work)));
            }
            catch (Exception failure)
            {
                ReplicationTrace.NotFollowed(environment.Log, "directories", failure);
            }
            me.Tell(DirectoriesDone.Instance);
        }));
    }

    void AnswerWhenDone()
    {
        if (_directoriesDone && _turning == 0 && !_stopping) Answer();
    }

    void Answer()
    {
        _waiting?.Tell(_answer);
        _waiting = null;
    }

    void OnFirst()
    {
        _first = false;
        var known = table.Replicas.ToDictionary(r => r.Name);
        var unchecked_ = new List<LocalReplica>();
        foreach (var partition in environment.Directories.Partitions)
        {
            if (!known.TryGetValue(partition, out var replica))
            {
                // Also what Kafka's quorum left; it would be checked for ever.
                environment.Directories.HomeOf(partition)?.Disregard(partition);
                if (partition.Topic != TopicName.ClusterMetadata) ReplicationTrace.Stray(environment.Log, partition.DirectoryName);
            }
            else if (environment.Directories.HomeOf(partition) is { WasCleanStop: false }) unchecked_.Add(replica);
        }
        if (unchecked_.Count > 0) Context.ActorOf(Props.Create(() => new StartChecks(unchecked_, environment)), "checks");
    }

    void OnCloseAll()
    {
        _stopping = true;
        _waiting = Sender;
        _answer = AllReplicasClosed.Instance;
        foreach (var replica in table.Replicas)
        {
            _closing.Add(replica);
            replica.Actor.Tell(CloseReplica.Keep);
        }
        if (_closing.Count == 0) Answer();
    }

    sealed record DirectoriesDone
    {
        public static readonly DirectoriesDone Instance = new();
    }

    sealed record RetireDue(Action Delete);
}
