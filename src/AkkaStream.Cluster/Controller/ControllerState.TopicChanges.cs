using AkkaStream.Metadata;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Stored;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Cluster.Controller;

/// <summary>Deleting topics, and adding partitions to them.</summary>
public sealed partial class ControllerState
{
    Decision DeleteTopics(DeleteTopicsRequest request, short version)
    {
        if (!_settings.DeleteTopicEnable)
            return Decision.Of(version < 3
                ? RefusedResponse.Of(request, ErrorCode.InvalidRequest, "Topic deletion is disabled.")
                : RefusedResponse.Of(request, ErrorCode.TopicDeletionDisabled, "Topic deletion is disabled."));
        var results = new List<DeleteTopicsResponseTopic>();
        var chosen = new Dictionary<TopicId, string>();
        DeleteTopicsRequestTopic[] told = [.. request.TopicNames.Select(n => new DeleteTopicsRequestTopic { Name = n }), .. request.Topics];
        foreach (DeleteTopicsRequestTopic bad in told.Where(t => t.Name is null == t.TopicId.IsZero))
            results.Add(Deleted(bad.Name, bad.TopicId, new ApiError(ErrorCode.InvalidRequest, bad.Name is null
                ? "Neither topic name nor id were specified."
                : "You may not specify both topic name and topic id.")));
        DeleteTopicsRequestTopic[] good = [.. told.Where(t => t.Name is null != t.TopicId.IsZero)];
        ChooseById(good.Where(t => t.Name is null).Select(t => t.TopicId), chosen, results);
        ChooseByName(good.Select(t => t.Name).OfType<string>(), chosen, results);

        var records = new List<IStoredMessage>();
        foreach ((TopicId id, string name) in chosen)
        {
            records.Add(new RemoveTopicRecord { TopicId = id });
            results.Add(Deleted(name, id, ApiError.None));
        }

        return new Decision(new DeleteTopicsResponse { Responses = [.. results] }, records);
    }

    void ChooseById(IEnumerable<TopicId> ids, Dictionary<TopicId, string> chosen, List<DeleteTopicsResponseTopic> results)
    {
        foreach (IGrouping<TopicId, TopicId> id in ids.GroupBy(i => i))
        {
            if (id.Count() > 1) results.Add(Deleted(null, id.Key, new ApiError(ErrorCode.InvalidRequest, "Duplicate topic id.")));
            else if (Image.Topics.Find(id.Key) is { } topic) chosen.Add(id.Key, topic.Name);
            else results.Add(Deleted(null, id.Key, ApiError.UnknownTopicId));
        }
    }

    /// <summary>A topic that was chosen by its id already and is named here too is not deleted at all.</summary>
    void ChooseByName(IEnumerable<string> names, Dictionary<TopicId, string> chosen, List<DeleteTopicsResponseTopic> results)
    {
        foreach (IGrouping<string, string> name in names.GroupBy(n => n))
        {
            if (name.Count() > 1)
                results.Add(Deleted(name.Key, TopicId.Zero, new ApiError(ErrorCode.InvalidRequest, "Duplicate topic name.")));
            else if (Image.Topics.Find(name.Key) is not { } topic)
                results.Add(Deleted(name.Key, TopicId.Zero, ApiError.UnknownTopic));
            else if (!chosen.TryAdd(topic.Id, name.Key))
            {
                chosen.Remove(topic.Id);
                results.Add(Deleted(name.Key, topic.Id,
                    new ApiError(ErrorCode.InvalidRequest, "The provided topic name maps to an ID that was already supplied.")));
            }
        }
    }

    static DeleteTopicsResponseTopic Deleted(string? name, TopicId id, ApiError error) =>
        new() { Name = name, TopicId = id, ErrorCode = error.Code, ErrorMessage = error.Message };

    Decision CreatePartitions(CreatePartitionsRequest request)
    {
        var twice = request.Topics.GroupBy(t => t.Name).Where(g => g.Count() > 1).Select(g => g.Key).ToHashSet();
        var records = new List<IStoredMessage>();
        var results = new List<CreatePartitionsResponseTopic>();
        foreach (CreatePartitionsRequestTopic topic in request.Topics.DistinctBy(t => t.Name))
        {
            ApiError error = twice.Contains(topic.Name)
                ? new ApiError(ErrorCode.InvalidRequest, "Duplicate topic name.")
                : AddPartitions(topic, records);
            results.Add(new CreatePartitionsResponseTopic { Name = topic.Name, ErrorCode = error.Code, ErrorMessage = error.Message });
        }

        var response = new CreatePartitionsResponse { Results = [.. results] };
        return request.ValidateOnly ? Decision.Of(response) : new Decision(response, records);
    }

    ApiError AddPartitions(CreatePartitionsRequestTopic told, List<IStoredMessage> records)
    {
        if (Image.Topics.Find(told.Name) is not { } topic) return new ApiError(ErrorCode.UnknownTopicOrPartition);
        int present = topic.Partitions.Length;
        if (told.Count == present) return new ApiError(ErrorCode.InvalidPartitions, $"Topic already has {present} partition(s).");
        if (told.Count < present)
            return new ApiError(ErrorCode.InvalidPartitions, $"The topic {told.Name} currently has {present} partition(s); " +
                $"{told.Count} would not be an increase.");
        int additional = told.Count - present;
        if (additional + records.Count > MaxPartitionsPerRequest)
            return new ApiError(ErrorCode.PolicyViolation, "Excessively large number of partitions per request.");

        (ReplicaList[] replicas, ApiError error) = told.Assignments is null
            ? Place(StartOf(topic) + present, additional, topic.Partitions[0].Replicas.Count)
            : AssignAsTold(topic, told.Assignments, additional);
        for (int i = 0; i < replicas.Length; i++) records.Add(NewPartition(topic.Id, present + i, replicas[i]));
        return error;
    }

    /// <summary>So that the new partitions go on in the row where the topic's own first ones began.</summary>
    int StartOf(TopicImage topic)
    {
        ReplicaList first = topic.Partitions[0].Replicas;
        List<Placement.Candidate> candidates = Candidates();
        for (int start = 0; start < candidates.Count; start++)
        {
            (ReplicaList[] replicas, _) = Placement.Place(candidates, start, 1, 1);
            if (replicas.Length > 0 && replicas[0][0] == first[0]) return start;
        }

        return 0;
    }

    (ReplicaList[] Replicas, ApiError Error) AssignAsTold(
        TopicImage topic, CreatePartitionsRequestAssignment[] assignments, int additional)
    {
        if (assignments.Length != additional)
            return ([], new ApiError(ErrorCode.InvalidReplicaAssignment, $"Attempted to add {additional} additional partition(s), " +
                $"but only {assignments.Length} assignment(s) were specified."));
        var replicas = new ReplicaList[additional];
        for (int i = 0; i < additional; i++)
        {
            replicas[i] = new ReplicaList(assignments[i].BrokerIds);
            ApiError error = CheckAssignment(replicas[i], topic.Partitions[0].Replicas.Count);
            if (error.IsNone) error = CheckSomeoneLives(replicas[i], topic.Partitions.Length + i);
            if (!error.IsNone) return ([], error);
        }

        return (replicas, ApiError.None);
    }
}
