using AkkaStream.Metadata;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Stored;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Cluster.Controller;

/// <summary>Leaders that ask for another in-sync set (KIP-497, KIP-903): compare-and-set on leader epoch and partition epoch.</summary>
public sealed partial class ControllerState
{
    Decision AlterPartition(AlterPartitionRequest request)
    {
        var leader = new BrokerId(request.BrokerId);
        ErrorCode error = CheckEpoch(leader, request.BrokerEpoch);
        if (error != ErrorCode.None) return Decision.Of(new AlterPartitionResponse { ErrorCode = error });
        var records = new List<IStoredMessage>();
        AlterPartitionResponseTopic[] topics = Array.ConvertAll(request.Topics, t => new AlterPartitionResponseTopic
        {
            TopicId = t.TopicId,
            Partitions = Array.ConvertAll(t.Partitions, p => AlterPartition(leader, t.TopicId, p, records)),
        });
        return new Decision(new AlterPartitionResponse { Topics = topics }, records);
    }

    AlterPartitionResponsePartition AlterPartition(
        BrokerId leader, TopicId topicId, AlterPartitionRequestPartition proposal, List<IStoredMessage> records)
    {
        AlterPartitionResponsePartition Refused(ErrorCode code) => new() { PartitionIndex = proposal.PartitionIndex, ErrorCode = code };

        if (Image.Topics.Find(topicId) is not { } topic) return Refused(ErrorCode.UnknownTopicId);
        if (topic.Find(new PartitionId(proposal.PartitionIndex)) is not { } before) return Refused(ErrorCode.UnknownTopicOrPartition);
        AlterPartitionRequestIsrMember[] members = proposal.NewIsrWithEpochs.Length > 0
            ? proposal.NewIsrWithEpochs
            : Array.ConvertAll(proposal.NewIsr, b => new AlterPartitionRequestIsrMember { BrokerId = b });
        var isr = new ReplicaList(Array.ConvertAll(members, m => m.BrokerId));
        ErrorCode error = CheckProposal(leader, before, proposal, isr);
        if (error == ErrorCode.None && !members.All(IsEligible)) error = ErrorCode.IneligibleReplica;
        if (error != ErrorCode.None) return Refused(error);

        PartitionImage after = before;
        PartitionChangeRecord? record = Change(topic, proposal.PartitionIndex)
            .To(m => m with { Isr = isr })
            .To((LeaderRecoveryState)proposal.LeaderRecoveryState)
            .ToRecord();
        if (record is not null)
        {
            records.Add(record);
            after = before.Apply(record);
        }

        // The set that the leader asked for ended a reassignment that takes it away: the change holds, the leadership does not.
        if (after.Leader != leader) return Refused(ErrorCode.NewLeaderElected);
        return new AlterPartitionResponsePartition
        {
            PartitionIndex = proposal.PartitionIndex,
            LeaderId = after.Leader.Value,
            LeaderEpoch = after.LeaderEpoch.Value,
            Isr = after.Isr.Wire,
            LeaderRecoveryState = (sbyte)after.RecoveryState,
            PartitionEpoch = after.PartitionEpoch.Value,
        };
    }

    static ErrorCode CheckProposal(BrokerId leader, PartitionImage before, AlterPartitionRequestPartition proposal, ReplicaList isr)
    {
        // A leader that knows more than we do has heard of a newer controller.
        if (proposal.LeaderEpoch > before.LeaderEpoch.Value || proposal.PartitionEpoch > before.PartitionEpoch.Value)
            return ErrorCode.NotController;
        if (proposal.LeaderEpoch < before.LeaderEpoch.Value) return ErrorCode.FencedLeaderEpoch;
        if (leader != before.Leader) return ErrorCode.InvalidRequest;
        if (proposal.PartitionEpoch < before.PartitionEpoch.Value) return ErrorCode.InvalidUpdateVersion;
        bool isSound = isr.Contains(leader) && before.Replicas.ContainsAll(isr) && isr.Wire.Distinct().Count() == isr.Count;
        bool isRecovering = proposal.LeaderRecoveryState == (sbyte)LeaderRecoveryState.Recovering;
        if (!isSound || (isRecovering && isr.Count > 1)) return ErrorCode.InvalidRequest;
        return isRecovering && before.RecoveryState == LeaderRecoveryState.Recovered ? ErrorCode.InvalidRequest : ErrorCode.None;
    }

    /// <summary>A member whose progress was seen in an earlier life of it must catch up again first.</summary>
    bool IsEligible(AlterPartitionRequestIsrMember member) =>
        Image.Brokers.Find(new BrokerId(member.BrokerId)) is { MayLead: true } broker
        && (member.BrokerEpoch == BrokerEpoch.Unknown.Value || member.BrokerEpoch == broker.Epoch.Value);
}
