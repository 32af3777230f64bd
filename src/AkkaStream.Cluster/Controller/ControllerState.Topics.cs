using AkkaStream.Metadata;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Stored;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Cluster.Controller;

/// <summary>Creating topics. Texts are Kafka's, because tools show them and tests of clients compare them.</summary>
public sealed partial class ControllerState
{
    Decision CreateTopics(CreateTopicsRequest request)
    {
        if (CountPartitions(request) > MaxPartitionsPerRequest)
            return Decision.Of(RefusedResponse.Of(request, ErrorCode.PolicyViolation,
                "Excessively large number of partitions per request."));
        var twice = request.Topics.GroupBy(t => t.Name).Where(g => g.Count() > 1).Select(g => g.Key).ToHashSet();
        var newNames = new Dictionary<string, string>(StringComparer.Ordinal);
        var records = new List<IStoredMessage>();
        var results = new List<CreateTopicsResponseTopic>(request.Topics.Length);
        int placed = Image.Topics.PartitionCount;
        foreach (CreateTopicsRequestTopic topic in request.Topics.DistinctBy(t => t.Name))
        {
            ApiError error = twice.Contains(topic.Name)
                ? new ApiError(ErrorCode.InvalidRequest, "Duplicate topic name.")
                : CheckNewName(topic.Name, newNames);
            if (error.IsNone) error = CheckCreationConfigs(topic);
            (ReplicaList[] replicas, error) = error.IsNone ? Assign(topic, placed) : ([], error);
            if (!error.IsNone)
            {
                results.Add(new CreateTopicsResponseTopic { Name = topic.Name, ErrorCode = error.Code, ErrorMessage = error.Message });
                continue;
            }

            placed += replicas.Length;
            results.Add(Create(topic, replicas, records));
        }

        var response = new CreateTopicsResponse { Topics = [.. results] };
        return request.ValidateOnly ? Decision.Of(response) : new Decision(response, records);
    }

    long CountPartitions(CreateTopicsRequest request) => request.Topics.Sum(t =>
        t.Assignments.Length > 0 ? t.Assignments.Length : t.NumPartitions == -1 ? _settings.DefaultPartitions : Math.Max(0L, t.NumPartitions));

    /// <param name="newNames">Names of this request that may collide, by their folded form: two new ones collide as well.</param>
    ApiError CheckNewName(string name, Dictionary<string, string> newNames)
    {
        if (name == TopicName.ClusterMetadata)
            return new ApiError(ErrorCode.InvalidRequest, $"Creation of internal topic {name} is prohibited.");
        if (TopicName.FindProblem(name) is { } problem) return new ApiError(ErrorCode.InvalidTopicException, problem);
        if (Image.Topics.Find(name) is not null) return new ApiError(ErrorCode.TopicAlreadyExists, $"Topic '{name}' already exists.");
        string? other = Image.Topics.FindCollision(name);
        string folded = name.Replace('_', '.');
        if (other is null && newNames.TryAdd(folded, name)) return ApiError.None;
        return new ApiError(ErrorCode.InvalidTopicException,
            $"Topic '{name}' collides with existing topic: {other ?? newNames[folded]}");
    }

    (ReplicaList[] Replicas, ApiError Error) Assign(CreateTopicsRequestTopic topic, int placed)
    {
        if (topic.Assignments.Length > 0) return AssignAsTold(topic);
        if (topic.ReplicationFactor is < -1 or 0)
            return ([], new ApiError(ErrorCode.InvalidReplicationFactor,
                "Replication factor must be larger than 0, or -1 to use the default value."));
        if (topic.NumPartitions is < -1 or 0)
            return ([], new ApiError(ErrorCode.InvalidPartitions, "Number of partitions was set to an invalid non-positive value."));
        int partitions = topic.NumPartitions == -1 ? _settings.DefaultPartitions : topic.NumPartitions;
        int factor = topic.ReplicationFactor == -1 ? _settings.DefaultReplicationFactor : topic.ReplicationFactor;
        return Place(placed, partitions, factor);
    }

    (ReplicaList[] Replicas, ApiError Error) Place(int start, int partitions, int factor)
    {
        (ReplicaList[] replicas, string? problem) = Placement.Place(Candidates(), start, partitions, factor);
        return problem is null
            ? (replicas, ApiError.None)
            : ([], new ApiError(ErrorCode.InvalidReplicationFactor, $"Unable to replicate the partition {factor} time(s): {problem}"));
    }

    List<Placement.Candidate> Candidates() => [.. Image.Brokers.All
        .Where(b => b.LogDirs.Count == 0 || b.CordonedLogDirs.Count < b.LogDirs.Count)
        .Select(b => new Placement.Candidate(b.Id, b.Rack, b.MayLead))];

    (ReplicaList[] Replicas, ApiError Error) AssignAsTold(CreateTopicsRequestTopic topic)
    {
        static ApiError Invalid(string message) => new(ErrorCode.InvalidRequest, message);
        static ApiError Assignment(string message) => new(ErrorCode.InvalidReplicaAssignment, message);

        if (topic.ReplicationFactor != -1)
            return ([], Invalid("A manual partition assignment was specified, but replication factor was not set to -1."));
        if (topic.NumPartitions != -1)
            return ([], Invalid("A manual partition assignment was specified, but numPartitions was not set to -1."));
        var byPartition = new Dictionary<int, ReplicaList>();
        int? factor = null;
        foreach (CreateTopicsRequestAssignment told in topic.Assignments)
        {
            var replicas = new ReplicaList(told.BrokerIds);
            if (byPartition.ContainsKey(told.PartitionIndex))
                return ([], Assignment($"Found multiple manual partition assignments for partition {told.PartitionIndex}"));
            ApiError error = CheckAssignment(replicas, factor);
            if (error.IsNone) error = CheckSomeoneLives(replicas, told.PartitionIndex);
            if (!error.IsNone) return ([], error);
            factor = replicas.Count;
            byPartition.Add(told.PartitionIndex, replicas);
        }

        var inOrder = new ReplicaList[byPartition.Count];
        for (int i = 0; i < inOrder.Length; i++)
            if (!byPartition.TryGetValue(i, out inOrder[i]))
                return ([], Assignment("partitions should be a consecutive 0-based integer sequence"));
        return (inOrder, ApiError.None);
    }

    /// <param name="factor">How many replicas the topic's other partitions have, if it has any.</param>
    ApiError CheckAssignment(ReplicaList replicas, int? factor)
    {
        static ApiError Assignment(string message) => new(ErrorCode.InvalidReplicaAssignment, $"The manual partition assignment includes {message}");

        if (replicas.IsEmpty) return Assignment("an empty replica list.");
        int[] sorted = [.. replicas.Wire.Order()];
        for (int i = 0; i < sorted.Length; i++)
        {
            if (Image.Brokers.Find(new BrokerId(sorted[i])) is null)
                return Assignment($"broker {sorted[i]}, but no such broker is registered.");
            if (i > 0 && sorted[i] == sorted[i - 1]) return Assignment($"the broker {sorted[i]} more than once.");
        }

        return factor is { } expected && expected != replicas.Count
            ? Assignment($"a partition with {replicas.Count} replica(s), but this is not consistent with previous partitions, " +
                $"which have {expected} replica(s).")
            : ApiError.None;
    }

    ApiError CheckSomeoneLives(ReplicaList replicas, int partition) => replicas.Wire.Any(b => MayLead(new BrokerId(b)))
        ? ApiError.None
        : new ApiError(ErrorCode.InvalidReplicaAssignment, "All brokers specified in the manual partition assignment for partition " +
            $"{partition} are fenced or in controlled shutdown.");

    CreateTopicsResponseTopic Create(CreateTopicsRequestTopic topic, ReplicaList[] replicas, List<IStoredMessage> records)
    {
        TopicId id = NewTopicId();
        records.Add(new TopicRecord { Name = topic.Name, TopicId = id });
        records.AddRange(topic.Configs.DistinctBy(c => c.Name).Select(c => new ConfigRecord
        {
            ResourceType = (sbyte)ConfigResourceType.Topic,
            ResourceName = topic.Name,
            Name = c.Name,
            Value = c.Value,
        }));
        for (int i = 0; i < replicas.Length; i++) records.Add(NewPartition(id, i, replicas[i]));
        return new CreateTopicsResponseTopic
        {
            Name = topic.Name,
            TopicId = id,
            ErrorMessage = null,
            NumPartitions = replicas.Length,
            ReplicationFactor = (short)replicas[0].Count,
            Configs = CreationConfigs(topic),
        };
    }

    PartitionRecord NewPartition(TopicId topic, int partition, ReplicaList replicas)
    {
        int[] isr = Array.FindAll(replicas.Wire, b => MayLead(new BrokerId(b)));
        return new PartitionRecord
        {
            TopicId = topic,
            PartitionId = partition,
            Replicas = replicas.Wire,
            Isr = isr,
            Leader = isr[0],
            LeaderEpoch = 0,
            PartitionEpoch = 0,
            Directories = Array.ConvertAll(replicas.Wire, b => DirectoryFor(new BrokerId(b)).Value),
        };
    }

    TopicId NewTopicId()
    {
        while (true)
        {
            var id = new TopicId(_newId());
            if (!id.IsZero && id != TopicId.ClusterMetadata && Image.Topics.Find(id) is null) return id;
        }
    }
}
