using AkkaStream.Metadata;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Cluster.Controller;

/// <summary>A leader's proposals as AlterPartition requests to the controller, in the name of one life of its broker.</summary>
sealed class IsrProposals(ControllerClient controller, RequestOrigin origin, BrokerEpoch epoch) : IIsrProposer
{
    static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    public async ValueTask<IsrDecision> ProposeIsr(IsrProposal proposal)
    {
        var request = new AlterPartitionRequest
        {
            BrokerId = origin.Receiver.Value,
            BrokerEpoch = epoch.Value,
            Topics = [new AlterPartitionRequestTopic
            {
                TopicId = proposal.Topic,
                Partitions = [new AlterPartitionRequestPartition
                {
                    PartitionIndex = proposal.Partition.Value,
                    LeaderEpoch = proposal.LeaderEpoch.Value,
                    PartitionEpoch = proposal.PartitionEpoch.Value,
                    LeaderRecoveryState = (sbyte)proposal.RecoveryState,
                    NewIsrWithEpochs = [.. proposal.Isr.Select(m => new AlterPartitionRequestIsrMember
                    {
                        BrokerId = m.Broker.Value,
                        BrokerEpoch = m.Epoch.Value,
                    })],
                }],
            }],
        };
        AlterPartitionResponse answer = await controller.Ask(request, 3, origin, Timeout).ConfigureAwait(false);
        if (answer.ErrorCode != ErrorCode.None) return new IsrDecision(answer.ErrorCode, null);
        AlterPartitionResponsePartition partition = answer.Topics[0].Partitions[0];
        return partition.ErrorCode != ErrorCode.None
            ? new IsrDecision(partition.ErrorCode, null)
            : new IsrDecision(ErrorCode.None, new AcceptedIsr(
                new BrokerId(partition.LeaderId), new LeaderEpoch(partition.LeaderEpoch), new PartitionEpoch(partition.PartitionEpoch),
                new ReplicaList(partition.Isr), (LeaderRecoveryState)partition.LeaderRecoveryState));
    }
}
