using AkkaStream.Actors;
using AkkaStream.Actors.Dispatch;
using AkkaStream.Broker.Configs;
using AkkaStream.Coordinators;
using AkkaStream.Coordinators.Groups;
using AkkaStream.Metadata;
using AkkaStream.Metadata.Configs;
using AkkaStream.Protocol;
using AkkaStream.Replication;
using Microsoft.Extensions.Logging;

namespace AkkaStream.Broker.Coordinators;

/// <summary>
/// The group coordinators of this broker: one actor for each partition of __consumer_offsets that it has led. Follows the metadata, after the
/// replicas do; tells handlers whom to ask. Looked up on any thread.
/// </summary>
public sealed class GroupCoordinators : IMetadataListener
{
    /// <summary>Turns run on the bringing thread if they can, as those of replicas.</summary>
    public const string Dispatcher = "groups";

    readonly ActorSystem _system;
    readonly BrokerId _self;
    readonly ReplicaTable _replicas;
    readonly LiveConfigs _configs;
    readonly Func<string> _newId;
    readonly long _origin;
    volatile IActorRef?[] _actors = [];
    volatile SettingsOf _settings;
    volatile MetadataImage _image = MetadataImage.Empty;

    /// <param name="newId">Random member ids, as Java prints a UUID.</param>
    public GroupCoordinators(
        ActorSystem system, BrokerId self, ReplicaTable replicas, LiveConfigs configs, Dispatcher diskLane, Func<string> newId, ILogger log)
    {
        _system = system;
        _self = self;
        _replicas = replicas;
        _configs = configs;
        _newId = newId;
        DiskLane = diskLane;
        Log = log;
        _origin = system.Time.GetTimestamp();
        _settings = new SettingsOf(configs.Layers, GroupSettings.Of(configs.Layers));
    }

    internal Dispatcher DiskLane { get; }
    internal ILogger Log { get; }
    internal Actors.Timers.TimerWheel Timers => _system.Timers;

    /// <summary>As in force now.</summary>
    internal GroupSettings Settings
    {
        get
        {
            var layers = _configs.Layers;
            var known = _settings;
            if (!ReferenceEquals(known.Layers, layers)) _settings = known = new SettingsOf(layers, GroupSettings.Of(layers));
            return known.Settings;
        }
    }

    internal Moment Now() => new(
        (long)_system.Time.GetElapsedTime(_origin).TotalMilliseconds, _system.Time.GetUtcNow().ToUnixTimeMilliseconds());

    internal GroupShard NewShard() => new(_newId);

    /// <summary>Before each step: settings and topics may be others than at the last one.</summary>
    internal void Refresh(GroupShard shard)
    {
        shard.Settings = Settings;
        shard.Image = _image;
    }

    /// <summary>Whether groups of the consumer protocol are finalised in this cluster and offered by this broker.</summary>
    internal bool OffersConsumerProtocol => Settings.OffersConsumerProtocol && _image.Features.LevelOf(FeatureLevels.GroupVersion) >= 1;

    internal int LoadBufferBytes => (int)_configs.Layers.NumberOf("offsets.load.buffer.size");
    internal int CompressionCodec => (int)_configs.Layers.NumberOf("offsets.topic.compression.codec");

    /// <summary>All partitions that have been coordinated here, for questions about all groups.</summary>
    internal IEnumerable<IActorRef> All => _actors.OfType<IActorRef>();

    /// <summary>Whom to ask about the group; null when its coordinator cannot be here.</summary>
    internal IActorRef? Find(string groupId)
    {
        var actors = _actors;
        return actors.Length == 0 ? null : actors[CoordinatorKeys.PartitionOf(groupId, actors.Length)];
    }

    /// <summary>The broker stops: members that wait for others are told to look for another coordinator, and nothing is kept waiting.</summary>
    public void ResignAll()
    {
        foreach (var actor in All) actor.Tell(Resign.Instance, null);
    }

    public ValueTask OnMetadata(MetadataImage image, MetadataDelta delta)
    {
        _image = image;
        if (delta.Topics.Any(t => (t.After ?? t.Before)?.Name == TopicName.ConsumerOffsets)) Follow(image.Topics.Find(TopicName.ConsumerOffsets));
        string[] deleted = [.. delta.Topics.Where(t => t.After is null).Select(t => t.Before?.Name ?? "")];
        if (deleted.Length > 0)
        {
            foreach (var actor in All) actor.Tell(new TopicsDeleted(deleted), null);
        }
        return ValueTask.CompletedTask;
    }

    void Follow(TopicImage? topic)
    {
        var actors = _actors;
        if (topic is null || !_replicas.TryFind(topic.Id, out var replicas))
        {
            ResignAll();
            return;
        }
        if (topic.Partitions.Length > actors.Length) Array.Resize(ref actors, topic.Partitions.Length);
        for (int i = 0; i < topic.Partitions.Length; i++)
        {
            var partition = topic.Partitions[i];
            if (partition.Leader == _self && replicas.Replica(i) is { } replica)
            {
                actors[i] ??= Create(i);
                actors[i]?.Tell(new TakeOver(replica, partition.LeaderEpoch), null);
            }
            else actors[i]?.Tell(Resign.Instance, null);
        }
        _actors = actors;
    }

    IActorRef Create(int partition)
    {
        var post = new CoordinatorPost();
        return _system.ActorOf(
            Props.Create(() => new CoordinatorActor(this, partition, post)).WithDispatcher(Dispatcher), $"groups-{partition}");
    }

    sealed record SettingsOf(BrokerLayers Layers, GroupSettings Settings);
}

/// <summary>What a coordinator must still know after it broke and was made anew.</summary>
sealed class CoordinatorPost
{
    public TakeOver? Leads { get; set; }
}
