using AkkaStream.Protocol;
using AkkaStream.Protocol.Stored;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Metadata;

/// <summary>
/// What one record of the metadata log does to an image. The records are Kafka's own, so a Kafka directory is replayed by
/// the same code as our own store, and both by the code that the controller decides on.
/// </summary>
public static class MetadataApply
{
    public static void Apply(MetadataDraft draft, IStoredMessage record)
    {
        switch (record)
        {
            case PartitionRecord r:
                draft.SetPartition(r.TopicId, r.PartitionId, CheckDirectories(r));
                break;
            case PartitionChangeRecord r:
                draft.ChangePartition(r.TopicId, r.PartitionId, p => p.Apply(r));
                break;
            case TopicRecord r:
                draft.CreateTopic(r.Name, r.TopicId);
                break;
            case RemoveTopicRecord r:
                draft.RemoveTopic(r.TopicId);
                break;
            case ConfigRecord r:
                draft.SetConfig(new ConfigResource((ConfigResourceType)r.ResourceType, r.ResourceName), r.Name, r.Value);
                break;
            case FeatureLevelRecord r:
                draft.SetFeature(r.Name, r.FeatureLevel);
                break;
            case ProducerIdsRecord r:
                draft.NextProducerId = new ProducerId(r.NextProducerId);
                break;
            case ClearElrRecord r:
                ClearEligibleLeaders(draft, r);
                break;
            case NoOpRecord or BeginTransactionRecord or EndTransactionRecord or AbortTransactionRecord:
                // Whoever reads a log has sorted out its transactions before records come here.
                break;
            default:
                if (!ApplyToBroker(draft, record)) ApplyToKept(draft, record);
                break;
        }
    }

    static bool ApplyToBroker(MetadataDraft draft, IStoredMessage record)
    {
        switch (record)
        {
            case RegisterBrokerRecord r:
                Register(draft, r);
                return true;
            case UnregisterBrokerRecord r:
                Registered(draft, r.BrokerId, r.BrokerEpoch);
                draft.RemoveBroker(new BrokerId(r.BrokerId));
                return true;
            case FenceBrokerRecord r:
                draft.SetBroker(Registered(draft, r.Id, r.Epoch).With(fenced: true));
                return true;
            case UnfenceBrokerRecord r:
                draft.SetBroker(Registered(draft, r.Id, r.Epoch).With(fenced: false));
                return true;
            case BrokerRegistrationChangeRecord r:
                Change(draft, r);
                return true;
            default:
                return false;
        }
    }

    /// <summary>
    /// A registration that comes unfenced, under another incarnation than the one before, says in one record what Kafka
    /// says in one for every partition: the broker was away and is back. All partitions that it leads get the epochs that
    /// they would have got step by step. Kafka's own logs never hold such a record: there a new incarnation is fenced
    /// at first, and a snapshot has no registration before it.
    /// </summary>
    static void Register(MetadataDraft draft, RegisterBrokerRecord record)
    {
        BrokerImage broker = BrokerImage.Of(record);
        BrokerImage? before = draft.FindBroker(broker.Id);
        draft.SetBroker(broker);
        if (before is not null && before.IncarnationId != broker.IncarnationId && !broker.Fenced)
            draft.ChangePartitions(p => p.Leader == broker.Id, p => p.AfterLeaderRestart());
    }

    static void Change(MetadataDraft draft, BrokerRegistrationChangeRecord record) =>
        draft.SetBroker(Registered(draft, record.BrokerId, record.BrokerEpoch).With(
            fenced: Told(record.Fenced),
            inControlledShutdown: Told(record.InControlledShutdown),
            logDirs: record.LogDirs.Length == 0 ? null : new DirectoryList(record.LogDirs),
            cordonedLogDirs: record.CordonedLogDirs is { } cordoned ? new DirectoryList(cordoned) : null));

    /// <summary>1 sets, -1 takes back, 0 leaves alone.</summary>
    static bool? Told(sbyte change) => change switch { > 0 => true, < 0 => false, _ => null };

    static BrokerImage Registered(MetadataDraft draft, int id, long epoch)
    {
        BrokerImage broker = draft.FindBroker(new BrokerId(id))
            ?? throw new MetadataRecordException($"a change of broker {id}, which is not registered");
        if (broker.Epoch.Value != epoch)
            throw new MetadataRecordException($"a change of broker {id} in epoch {epoch}, but it is registered in epoch {broker.Epoch}");
        return broker;
    }

    static void ClearEligibleLeaders(MetadataDraft draft, ClearElrRecord record)
    {
        static bool HasAny(PartitionImage p) => !p.EligibleLeaders.IsEmpty || !p.LastKnownLeaders.IsEmpty;
        static PartitionImage Cleared(PartitionImage p) =>
            p with { EligibleLeaders = ReplicaList.Empty, LastKnownLeaders = ReplicaList.Empty };

        if (record.TopicName.Length == 0) draft.ChangePartitions(HasAny, Cleared);
        else if (draft.TopicIdOf(record.TopicName) is { } id) draft.ChangePartitionsOf(id, HasAny, Cleared);
        else throw new MetadataRecordException($"eligible leaders of topic '{record.TopicName}', which is not there, are cleared");
    }

    static PartitionImage CheckDirectories(PartitionRecord record)
    {
        if (record.Directories.Length > 0 && record.Directories.Length != record.Replicas.Length)
            throw new MetadataRecordException($"partition {record.PartitionId} of topic {record.TopicId} has " +
                $"{record.Replicas.Length} replicas but {record.Directories.Length} directories");
        return PartitionImage.Of(record);
    }

    static void ApplyToKept(MetadataDraft draft, IStoredMessage record) =>
        draft.Kept = draft.Kept.Apply(record)
            ?? throw new MetadataRecordException($"a record of type {record.Id} ({record.GetType().Name}), which belongs into no metadata log");
}
