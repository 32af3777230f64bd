using AkkaStream.Metadata;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Stored;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Cluster.Controller;

/// <summary>Elections that somebody asks for (KIP-460).</summary>
public sealed partial class ControllerState
{
    const int PreferredElection = 0;
    const int UncleanElection = 1;

    Decision ElectLeaders(ElectLeadersRequest request)
    {
        if (request.TopicPartitions is { Length: 0 }) return Decision.Of(new ElectLeadersResponse());
        if (request.ElectionType is not (PreferredElection or UncleanElection))
            return Decision.Of(RefusedResponse.Of(request, ErrorCode.InvalidRequest, $"Unknown election type {request.ElectionType}"));
        ElectionKind kind = request.ElectionType == PreferredElection ? ElectionKind.Preferred : ElectionKind.Unclean;
        var records = new List<IStoredMessage>();
        ElectLeadersResponseTopic[] results = request.TopicPartitions is { } told
            ? [.. told.Select(t => ElectTold(t, kind, records))]
            : [.. Image.Topics.SortedNames.Select(n => Image.Topics.Find(n)).OfType<TopicImage>().Select(t => ElectAll(t, kind, records))];
        return new Decision(new ElectLeadersResponse { ReplicaElectionResults = results }, records);
    }

    ElectLeadersResponseTopic ElectTold(ElectLeadersRequestTopicPartitions told, ElectionKind kind, List<IStoredMessage> records)
    {
        TopicImage? topic = Image.Topics.Find(told.Topic);
        return new ElectLeadersResponseTopic
        {
            Topic = told.Topic,
            PartitionResult = [.. told.Partitions.Select(p => Elected(p, Elect(told.Topic, topic, p, kind, records)))],
        };
    }

    /// <summary>Of a whole topic only those partitions are told whose leader had to change.</summary>
    ElectLeadersResponseTopic ElectAll(TopicImage topic, ElectionKind kind, List<IStoredMessage> records) => new()
    {
        Topic = topic.Name,
        PartitionResult = [.. Enumerable.Range(0, topic.Partitions.Length)
            .Select(p => Elected(p, Elect(topic.Name, topic, p, kind, records)))
            .Where(r => r.ErrorCode != ErrorCode.ElectionNotNeeded)],
    };

    static ElectLeadersResponsePartition Elected(int partition, ApiError error) =>
        new() { PartitionId = partition, ErrorCode = error.Code, ErrorMessage = error.Message };

    ApiError Elect(string name, TopicImage? topic, int partition, ElectionKind kind, List<IStoredMessage> records)
    {
        if (topic is null) return new ApiError(ErrorCode.UnknownTopicOrPartition, $"No such topic as {name}");
        if (topic.Find(new PartitionId(partition)) is not { } before)
            return new ApiError(ErrorCode.UnknownTopicOrPartition, $"No such partition as {name}-{partition}");
        if (kind == ElectionKind.Preferred ? before.Leader == before.PreferredLeader : before.HasLeader)
            return new ApiError(ErrorCode.ElectionNotNeeded, "Leader election not needed for topic partition.");
        PartitionChangeRecord? record = Change(topic, partition, kind).ToRecord();
        if (record is null || record.Leader == PartitionImage.NoLeaderChange)
            return kind == ElectionKind.Preferred
                ? new ApiError(ErrorCode.PreferredLeaderNotAvailable, "The preferred leader was not available.")
                : new ApiError(ErrorCode.EligibleLeadersNotAvailable, "Eligible topic partition leaders are not available.");
        records.Add(record);
        return ApiError.None;
    }
}
