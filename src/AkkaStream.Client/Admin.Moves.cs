using AkkaStream.Client.Administration;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Client;

public sealed partial class Admin
{
    /// <summary>The partitions that move at the moment; of all topics if none is named.</summary>
    public async ValueTask<IReadOnlyDictionary<TopicPartition, PartitionMove>> ListReassignmentsAsync(
        IReadOnlyCollection<TopicPartition>? partitions = null, CancellationToken cancel = default)
    {
        var response = await AskAny(
            ApiKey.ListPartitionReassignments, _ => new ListPartitionReassignmentsRequest
            {
                TimeoutMs = TimeoutMs,
                Topics = partitions is null ? null : [.. partitions.GroupBy(p => p.Topic).Select(t => new ListPartitionReassignmentsRequestTopic
                {
                    Name = t.Key, PartitionIndexes = [.. t.Select(p => p.Partition)],
                })],
            },
            r => r.ErrorCode, cancel).ConfigureAwait(false);
        if (response.ErrorCode != ErrorCode.None) throw KafkaException.Of(response.ErrorCode, "Reassignments cannot be listed",
            response.ErrorMessage);
        return response.Topics
            .SelectMany(t => t.Partitions.Select(p => (Partition: new TopicPartition(t.Name, p.PartitionIndex), Of: p)))
            .ToDictionary(p => p.Partition, p => new PartitionMove(p.Of.Replicas, p.Of.AddingReplicas, p.Of.RemovingReplicas));
    }

    /// <summary>Moves partitions to the replicas that are named; null stops a move that is under way.</summary>
    public async ValueTask<IReadOnlyDictionary<TopicPartition, Outcome<Done>>> ReassignAsync(
        IReadOnlyDictionary<TopicPartition, IReadOnlyList<int>?> targets, bool mayChangeReplicationFactor = true, CancellationToken cancel = default)
    {
        var response = await AskAny(
            ApiKey.AlterPartitionReassignments, v => new AlterPartitionReassignmentsRequest
            {
                TimeoutMs = TimeoutMs,
                AllowReplicationFactorChange = v < 1 || mayChangeReplicationFactor,
                Topics = [.. targets.GroupBy(t => t.Key.Topic).Select(topic => new AlterPartitionReassignmentsRequestTopic
                {
                    Name = topic.Key,
                    Partitions = [.. topic.Select(p => new AlterPartitionReassignmentsRequestPartition
                    {
                        PartitionIndex = p.Key.Partition, Replicas = p.Value is null ? null : [.. p.Value],
                    })],
                })],
            },
            r => r.ErrorCode, cancel).ConfigureAwait(false);
        if (response.ErrorCode != ErrorCode.None) throw KafkaException.Of(response.ErrorCode, "Nothing was reassigned", response.ErrorMessage);
        return response.Responses
            .SelectMany(t => t.Partitions.Select(p => (Partition: new TopicPartition(t.Name, p.PartitionIndex), Of: p)))
            .ToDictionary(p => p.Partition, p => Outcome.Of(
                p.Of.ErrorCode, $"{p.Partition} was not reassigned", p.Of.ErrorMessage, () => default(Done)));
    }

    /// <summary>Elects leaders anew; of all partitions if none is named. Who needed no election is not in the answer then.</summary>
    public async ValueTask<IReadOnlyDictionary<TopicPartition, Outcome<Done>>> ElectLeadersAsync(
        ElectionType type, IReadOnlyCollection<TopicPartition>? partitions, CancellationToken cancel = default)
    {
        var response = await AskAny(
            ApiKey.ElectLeaders, v => new ElectLeadersRequest
            {
                ElectionType = v >= 1 ? (sbyte)type : (sbyte)0,
                TopicPartitions = partitions is null ? null : [.. partitions.GroupBy(p => p.Topic).Select(t => new ElectLeadersRequestTopicPartitions
                {
                    Topic = t.Key, Partitions = [.. t.Select(p => p.Partition)],
                })],
                TimeoutMs = TimeoutMs,
            },
            r => r.ErrorCode, cancel).ConfigureAwait(false);
        if (response.ErrorCode != ErrorCode.None) throw KafkaException.Of(response.ErrorCode, "No leaders were elected");
        return response.ReplicaElectionResults
            .SelectMany(t => t.PartitionResult.Select(p => (Partition: new TopicPartition(t.Topic, p.PartitionId), Of: p)))
            .ToDictionary(p => p.Partition, p => Outcome.Of(
                p.Of.ErrorCode, $"{p.Partition} has no new leader", p.Of.ErrorMessage, () => default(Done)));
    }
}
