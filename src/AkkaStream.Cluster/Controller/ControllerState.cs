using AkkaStream.Metadata;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Stored;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Cluster.Controller;

/// <summary>
/// What decides on cluster metadata. Pure: commands in, records and an answer out; no clock, no I/O, no await. Its whole
/// state is an image, the newest that was decided, committed or not: deciding n+1 sees n, and undoing is going back to an
/// older image. Used by the controller actor in its turns, one partial for each subject.
/// </summary>
public sealed partial class ControllerState
{
    /// <summary>What one request may add to the metadata at most; Kafka's limit, so that one request cannot take all memory.</summary>
    const int MaxPartitionsPerRequest = 10_000;

    readonly ControllerSettings _settings;
    readonly Func<Uuid> _newId;

    /// <param name="newId">Random ids; chance is the caller's.</param>
    public ControllerState(MetadataImage image, ControllerSettings settings, Func<Uuid> newId)
    {
        Image = image;
        _settings = settings;
        _newId = newId;
    }

    public MetadataImage Image { get; private set; }

    /// <summary>Where the next record will stand in the store. The controller is its only writer, so it knows.</summary>
    MetadataRevision NextRevision => Image.Revision + 1;

    /// <summary>Null for a request that is none of the controller's.</summary>
    public Decision? Decide(ControllerRequest request) => request.Message switch
    {
        CreateTopicsRequest r => CreateTopics(r),
        DeleteTopicsRequest r => DeleteTopics(r, request.Version),
        CreatePartitionsRequest r => CreatePartitions(r),
        IncrementalAlterConfigsRequest r => IncrementalAlterConfigs(r),
        AlterConfigsRequest r => ReplaceConfigs(r),
        AllocateProducerIdsRequest r => AllocateProducerIds(r),
        ElectLeadersRequest r => ElectLeaders(r),
        AlterPartitionReassignmentsRequest r => AlterReassignments(r),
        ListPartitionReassignmentsRequest r => Decision.Of(ListReassignments(r)),
        AlterPartitionRequest r => AlterPartition(r),
        UpdateFeaturesRequest r => UpdateFeatures(r, request.Version),
        BrokerRegistrationRequest r => RegisterBroker(r),
        BrokerHeartbeatRequest r => Heartbeat(r),
        UnregisterBrokerRequest r => UnregisterBroker(r),
        _ => null,
    };

    /// <summary>At append: the records count from here on for every later decision.</summary>
    public MetadataDelta Apply(IReadOnlyList<IStoredMessage> records)
    {
        var draft = new MetadataDraft(Image);
        foreach (IStoredMessage record in records) draft.Apply(record);
        (Image, MetadataDelta delta) = draft.Build(Image.Revision + records.Count);
        return delta;
    }

    /// <summary>Back to what is committed, after an append failed: whatever was decided since then never was.</summary>
    public void UndoTo(MetadataImage committed) => Image = committed;

    bool EligibleLeadersEnabled => Image.Features.LevelOf(FeatureLevels.EligibleLeaderReplicasVersion) > 0;

    bool MayLead(BrokerId broker) => Image.Brokers.MayLead(broker);

    /// <summary>A broker with one log directory has no choice; with several it chooses itself and tells later.</summary>
    DirectoryId DirectoryFor(BrokerId broker) =>
        Image.Brokers.Find(broker) is { LogDirs.Count: 1 } image ? image.LogDirs[0] : DirectoryId.Unassigned;

    PartitionChange Change(TopicImage topic, int partition, ElectionKind election = ElectionKind.Online,
        Func<BrokerId, bool>? mayLead = null, BrokerId? stoppedUncleanly = null) =>
        new(topic.Id, partition, topic.Partitions[partition])
        {
            MayLead = mayLead ?? MayLead,
            DirectoryFor = DirectoryFor,
            Election = election == ElectionKind.Online && AllowsUncleanElection(topic.Name) ? ElectionKind.Unclean : election,
            MinInSyncReplicas = MinInSyncReplicas(topic.Name, topic.Partitions[partition].Replicas.Count),
            EligibleLeadersEnabled = EligibleLeadersEnabled,
            StoppedUncleanly = stoppedUncleanly ?? BrokerId.None,
        };
}
