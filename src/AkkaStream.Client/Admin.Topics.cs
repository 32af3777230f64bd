using AkkaStream.Client.Administration;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Client;

public sealed partial class Admin
{
    static readonly VersionRange TopicMetadata = new(4, ApiTable.Advertised(ApiKey.Metadata).Highest);

    /// <summary>All topics that may be seen.</summary>
    public async ValueTask<IReadOnlyList<TopicListing>> ListTopicsAsync(bool includeInternal = false, CancellationToken cancel = default)
    {
        var response = await AskAny(
            ApiKey.Metadata, _ => new MetadataRequest { Topics = null, AllowAutoTopicCreation = false }, r => r.ErrorCode, cancel, TopicMetadata)
                .ConfigureAwait(false);
        return
        [
            .. response.Topics.Where(t => t.Name is not null && (includeInternal || !t.IsInternal))
                .Select(t => new TopicListing(t.Name ?? "", t.TopicId, t.IsInternal)).OrderBy(t => t.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>Partitions, leaders and replicas of topics.</summary>
    public async ValueTask<IReadOnlyDictionary<string, Outcome<TopicDescription>>> DescribeTopicsAsync(
        IReadOnlyCollection<string> topics, CancellationToken cancel = default)
    {
        var result = new Dictionary<string, Outcome<TopicDescription>>();
        if (topics.Count == 0) return result;
        var apis = await DescribeApisAsync(cancel).ConfigureAwait(false);
        bool paged = Array.Exists(apis.ApiKeys, a => a.ApiKey == (short)ApiKey.DescribeTopicPartitions);
        if (paged) await DescribeInPages(topics, result, cancel).ConfigureAwait(false);
        else await DescribeByMetadata(topics, result, cancel).ConfigureAwait(false);
        return result;
    }

    async ValueTask DescribeInPages(
        IReadOnlyCollection<string> topics, Dictionary<string, Outcome<TopicDescription>> result, CancellationToken cancel)
    {
        string[] sorted = [.. topics.Distinct().Order(StringComparer.Ordinal)];
        var partitions = new Dictionary<string, List<PartitionDescription>>();
        DescribeTopicPartitionsRequestCursor? cursor = null;
        do
        {
            var from = cursor;
            var response = await AskAny(
                ApiKey.DescribeTopicPartitions, _ => new DescribeTopicPartitionsRequest
                {
                    Topics = [.. sorted.Where(t => from is null || string.CompareOrdinal(t, from.TopicName) >= 0)
                        .Select(t => new DescribeTopicPartitionsRequestTopic { Name = t })],
                    Cursor = from,
                },
                _ => ErrorCode.None, cancel).ConfigureAwait(false);
            foreach (var topic in response.Topics)
            {
                string name = topic.Name ?? "";
                if (!partitions.TryGetValue(name, out var list)) partitions[name] = list = [];
                list.AddRange(topic.Partitions.Select(p => new PartitionDescription(
                    p.PartitionIndex, p.LeaderId, p.ReplicaNodes, p.IsrNodes, p.EligibleLeaderReplicas ?? [], p.LastKnownElr ?? [])));
                result[name] = Outcome.Of(topic.ErrorCode, $"Topic {name}", null, () =>
                    new TopicDescription(name, topic.TopicId, topic.IsInternal, list));
            }
            cursor = response.NextCursor is { } next
                ? new DescribeTopicPartitionsRequestCursor { TopicName = next.TopicName, PartitionIndex = next.PartitionIndex } : null;
        }
        while (cursor is not null);
    }

    async ValueTask DescribeByMetadata(
        IReadOnlyCollection<string> topics, Dictionary<string, Outcome<TopicDescription>> result, CancellationToken cancel)
    {
        var response = await AskAny(
            ApiKey.Metadata, _ => new MetadataRequest
            {
                Topics = [.. topics.Select(t => new MetadataRequestTopic { Name = t })],
                AllowAutoTopicCreation = false,
            },
            r => r.ErrorCode, cancel, TopicMetadata).ConfigureAwait(false);
        foreach (var topic in response.Topics)
        {
            string name = topic.Name ?? "";
            result[name] = Outcome.Of(topic.ErrorCode, $"Topic {name}", null, () => new TopicDescription(
                name, topic.TopicId, topic.IsInternal,
                [.. topic.Partitions.OrderBy(p => p.PartitionIndex).Select(p => new PartitionDescription(
                    p.PartitionIndex, p.LeaderId, p.ReplicaNodes, p.IsrNodes, null, null))]));
        }
    }

    /// <summary>Creates topics, or only checks whether they could be created.</summary>
    public async ValueTask<IReadOnlyDictionary<string, Outcome<CreatedTopic>>> CreateTopicsAsync(
        IReadOnlyCollection<NewTopic> topics, bool validateOnly = false, CancellationToken cancel = default)
    {
        var response = await AskAny(
            ApiKey.CreateTopics, _ => new CreateTopicsRequest
            {
                Topics = [.. topics.Select(ToRequest)],
                TimeoutMs = TimeoutMs,
                ValidateOnly = validateOnly,
            },
            r => Passing(r.Topics.Select(t => t.ErrorCode)), cancel).ConfigureAwait(false);
        return response.Topics.ToDictionary(t => t.Name, t => Outcome.Of(
            t.ErrorCode, $"Topic {t.Name} was not created", t.ErrorMessage, () => new CreatedTopic(t.TopicId, t.NumPartitions, t.ReplicationFactor)));
    }

    static CreateTopicsRequestTopic ToRequest(NewTopic topic) => new()
    {
        Name = topic.Name,
        NumPartitions = topic.Assignments is null ? topic.Partitions : -1,
        ReplicationFactor = topic.Assignments is null ? topic.ReplicationFactor : (short)-1,
        Assignments = [.. (topic.Assignments ?? new Dictionary<int, IReadOnlyList<int>>()).Select(a => new CreateTopicsRequestAssignment
        {
            PartitionIndex = a.Key, BrokerIds = [.. a.Value],
        })],
        Configs = [.. topic.Configs.Select(c => new CreateTopicsRequestConfig { Name = c.Key, Value = c.Value })],
    };

    /// <summary>Deletes topics and all that is in them.</summary>
    public async ValueTask<IReadOnlyDictionary<string, Outcome<Done>>> DeleteTopicsAsync(
        IReadOnlyCollection<string> topics, CancellationToken cancel = default)
    {
        var response = await AskAny(
            ApiKey.DeleteTopics, v => new DeleteTopicsRequest
            {
                Topics = v >= 6 ? [.. topics.Select(t => new DeleteTopicsRequestTopic { Name = t })] : [],
                TopicNames = v >= 6 ? [] : [.. topics],
                TimeoutMs = TimeoutMs,
            },
            r => Passing(r.Responses.Select(t => t.ErrorCode)), cancel).ConfigureAwait(false);
        return response.Responses.ToDictionary(t => t.Name ?? "", t =>
            Outcome.Of(t.ErrorCode, $"Topic {t.Name} was not deleted", t.ErrorMessage, () => default(Done)));
    }

    /// <summary>Gives topics more partitions: as many as told in all. New ones may be placed, else the cluster chooses.</summary>
    public async ValueTask<IReadOnlyDictionary<string, Outcome<Done>>> CreatePartitionsAsync(
        IReadOnlyDictionary<string, (int Total, IReadOnlyList<IReadOnlyList<int>>? Assignments)> topics, bool validateOnly = false,
        CancellationToken cancel = default)
    {
        var response = await AskAny(
            ApiKey.CreatePartitions, _ => new CreatePartitionsRequest
            {
                Topics = [.. topics.Select(t => new CreatePartitionsRequestTopic
                {
                    Name = t.Key,
                    Count = t.Value.Total,
                    Assignments = t.Value.Assignments is null ? null
                        : [.. t.Value.Assignments.Select(a => new CreatePartitionsRequestAssignment { BrokerIds = [.. a] })],
                })],
                TimeoutMs = TimeoutMs,
                ValidateOnly = validateOnly,
            },
            r => Passing(r.Results.Select(t => t.ErrorCode)), cancel).ConfigureAwait(false);
        return response.Results.ToDictionary(t => t.Name, t =>
            Outcome.Of(t.ErrorCode, $"Topic {t.Name} got no more partitions", t.ErrorMessage, () => default(Done)));
    }
}
