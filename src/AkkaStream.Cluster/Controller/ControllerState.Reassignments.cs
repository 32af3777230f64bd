using AkkaStream.Metadata;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Stored;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Cluster.Controller;

/// <summary>Moving partitions to other brokers (KIP-455, KIP-860).</summary>
public sealed partial class ControllerState
{
    Decision AlterReassignments(AlterPartitionReassignmentsRequest request)
    {
        var records = new List<IStoredMessage>();
        var response = new AlterPartitionReassignmentsResponse
        {
            AllowReplicationFactorChange = request.AllowReplicationFactorChange,
            Responses = [.. request.Topics.Select(t => AlterReassignments(t, request.AllowReplicationFactorChange, records))],
        };
        if (request.Topics.Length > 0) response.ErrorMessage = null;
        return new Decision(response, records);
    }

    AlterPartitionReassignmentsResponseTopic AlterReassignments(
        AlterPartitionReassignmentsRequestTopic told, bool allowFactorChange, List<IStoredMessage> records)
    {
        var seen = new HashSet<int>();
        return new AlterPartitionReassignmentsResponseTopic
        {
            Name = told.Name,
            Partitions = [.. told.Partitions.Select(p =>
            {
                ApiError error = seen.Add(p.PartitionIndex)
                    ? Reassign(told.Name, p, allowFactorChange, records)
                    : new ApiError(ErrorCode.InvalidRequest, "Each partition must appear at most once.");
                return new AlterPartitionReassignmentsResponsePartition
                {
                    PartitionIndex = p.PartitionIndex,
                    ErrorCode = error.Code,
                    ErrorMessage = error.Message,
                };
            })],
        };
    }

    ApiError Reassign(string name, AlterPartitionReassignmentsRequestPartition told, bool allowFactorChange, List<IStoredMessage> records)
    {
        if (Image.Topics.Find(name) is not { } topic)
            return new ApiError(ErrorCode.UnknownTopicOrPartition, $"Unable to find a topic named {name}.");
        if (topic.Find(new PartitionId(told.PartitionIndex)) is not { } before)
            return new ApiError(ErrorCode.UnknownTopicOrPartition, $"Unable to find partition {name}:{told.PartitionIndex}.");
        PartitionChange change = Change(topic, told.PartitionIndex);
        ApiError error = told.Replicas is { } target
            ? Begin(change, before, new ReplicaList(target), allowFactorChange)
            : Cancel(change, before, name, told.PartitionIndex);
        if (error.IsNone && change.ToRecord() is { } record) records.Add(record);
        return error;
    }

    ApiError Begin(PartitionChange change, PartitionImage before, ReplicaList target, bool allowFactorChange)
    {
        ApiError error = CheckAssignment(target, factor: null);
        if (!error.IsNone) return error;
        int factor = before.Replicas.Count - before.Adding.Count;
        if (!allowFactorChange && target.Count != factor)
            return new ApiError(ErrorCode.InvalidReplicationFactor, $"The replication factor is changed from {factor} to {target.Count}");
        change.To(members => Reassignment.Begin(members, target));
        return ApiError.None;
    }

    ApiError Cancel(PartitionChange change, PartitionImage before, string topic, int partition)
    {
        if (!before.IsReassigning) return new ApiError(ErrorCode.NoReassignmentInProgress);
        (PartitionMembers members, bool isClean) = Reassignment.Cancel(PartitionMembers.Of(before));
        if (!isClean && !AllowsUncleanElection(topic))
            return new ApiError(ErrorCode.InvalidReplicaAssignment, $"Unable to revert partition assignment for {topic}:{partition} " +
                "because it would require an unclean leader election.");
        change.To(_ => members);
        return ApiError.None;
    }

    /// <summary>A plain look at what is decided; no record comes of it.</summary>
    ListPartitionReassignmentsResponse ListReassignments(ListPartitionReassignmentsRequest request)
    {
        IEnumerable<(TopicImage Topic, IEnumerable<int> Partitions)> asked = request.Topics is { } told
            ? told.Select(t => (Topic: Image.Topics.Find(t.Name), Partitions: (IEnumerable<int>)t.PartitionIndexes))
                .Where(t => t.Topic is not null)
                .Select(t => (t.Topic ?? throw new InvalidOperationException(), t.Partitions))
            : Image.Topics.All.Select(t => (t, Enumerable.Range(0, t.Partitions.Length)));
        return new ListPartitionReassignmentsResponse
        {
            ErrorMessage = null,
            Topics = [.. asked.Select(a => Ongoing(a.Topic, a.Partitions)).Where(t => t.Partitions.Length > 0)],
        };
    }

    static ListPartitionReassignmentsResponseTopic Ongoing(TopicImage topic, IEnumerable<int> partitions)
    {
        var ongoing = new List<ListPartitionReassignmentsResponsePartition>();
        foreach (int number in partitions)
            if (topic.Find(new PartitionId(number)) is { IsReassigning: true } partition)
                ongoing.Add(new ListPartitionReassignmentsResponsePartition
                {
                    PartitionIndex = number,
                    Replicas = partition.Replicas.Wire,
                    AddingReplicas = partition.Adding.Wire,
                    RemovingReplicas = partition.Removing.Wire,
                });
        return new ListPartitionReassignmentsResponseTopic { Name = topic.Name, Partitions = [.. ongoing] };
    }
}
