using AkkaStream.Client.Settings;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Client.Groups;

/// <summary>The committed offsets of one group: reads and writes them at its coordinator. Any thread.</summary>
sealed class OffsetStore(ClusterView cluster, Coordinator coordinator, string group)
{
    // From version 10 on topics go by ids, which would have to be known of every topic.
    static readonly VersionRange CommitVersions = new(2, 9);
    static readonly VersionRange FetchVersions = new(1, 9);

    /// <summary>What the group has committed of these partitions, of all if null; absent where it has nothing.</summary>
    public async ValueTask<Dictionary<TopicPartition, OffsetAndMetadata>> FetchAsync(
        IReadOnlyCollection<TopicPartition>? partitions, bool stable, TimeSpan patience, CancellationToken cancel)
    {
        var response = await coordinator.AskAsync(
            ApiKey.OffsetFetch, stable ? FetchVersions with { Lowest = 7 } : FetchVersions, v => RequestFor(partitions, stable, v),
            ErrorOf, null, cluster.Deadline(patience), cancel).ConfigureAwait(false);
        var result = new Dictionary<TopicPartition, OffsetAndMetadata>();
        if (ErrorOf(response) is var error && error != ErrorCode.None) throw KafkaException.Of(error, $"Offsets of group {group}");
        foreach (var (partition, offset, epoch, metadata, code) in Read(response))
        {
            if (code != ErrorCode.None) throw KafkaException.Of(code, $"The offset of group {group} in {partition}");
            if (offset >= 0) result[partition] = new OffsetAndMetadata(offset, metadata ?? "", epoch);
        }
        return result;
    }

    OffsetFetchRequest RequestFor(IReadOnlyCollection<TopicPartition>? partitions, bool stable, short version)
    {
        var topics = partitions?.GroupBy(p => p.Topic).Select(t => (Name: t.Key, Partitions: t.Select(p => p.Partition).ToArray())).ToList();
        return version >= 8
            ? new OffsetFetchRequest
            {
                RequireStable = stable,
                Groups =
                [
                    new OffsetFetchRequestGroup
                    {
                        GroupId = group,
                        Topics = topics is null ? null
                            : [.. topics.Select(t => new OffsetFetchRequestGroupTopic { Name = t.Name, PartitionIndexes = t.Partitions })],
                    },
                ],
            }
            : new OffsetFetchRequest
            {
                GroupId = group,
                RequireStable = version >= 7 && stable,
                Topics = topics is null ? null
                    : [.. topics.Select(t => new OffsetFetchRequestTopic { Name = t.Name, PartitionIndexes = t.Partitions })],
            };
    }

    static ErrorCode ErrorOf(OffsetFetchResponse response)
    {
        if (response.Groups is [var g, ..])
            return g.ErrorCode != ErrorCode.None ? g.ErrorCode : Unstable(g.Topics.SelectMany(t => t.Partitions).Select(p => p.ErrorCode));
        return response.ErrorCode != ErrorCode.None
            ? response.ErrorCode : Unstable(response.Topics.SelectMany(t => t.Partitions).Select(p => p.ErrorCode));
    }

    static ErrorCode Unstable(IEnumerable<ErrorCode> errors) =>
        errors.Contains(ErrorCode.UnstableOffsetCommit) ? ErrorCode.UnstableOffsetCommit : ErrorCode.None;

    static IEnumerable<(TopicPartition Partition, long Offset, int Epoch, string? Metadata, ErrorCode Code)> Read(OffsetFetchResponse response)
    {
        foreach (var g in response.Groups)
            foreach (var t in g.Topics)
                foreach (var p in t.Partitions)
                    yield return (new TopicPartition(t.Name, p.PartitionIndex), p.CommittedOffset, p.CommittedLeaderEpoch, p.Metadata, p.ErrorCode);
        foreach (var t in response.Topics)
            foreach (var p in t.Partitions)
                yield return (new TopicPartition(t.Name, p.PartitionIndex), p.CommittedOffset, p.CommittedLeaderEpoch, p.Metadata, p.ErrorCode);
    }

    /// <summary>Writes offsets under an identity; the errors by partition, or none.</summary>
    public async ValueTask<Dictionary<TopicPartition, ErrorCode>> CommitAsync(
        IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets, GroupIdentity identity, TimeSpan patience, CancellationToken cancel)
    {
        if (offsets.Count == 0) return [];
        var response = await coordinator.AskAsync(
            ApiKey.OffsetCommit, CommitVersions, v => new OffsetCommitRequest
            {
                GroupId = group,
                GenerationIdOrMemberEpoch = identity.Generation,
                MemberId = identity.MemberId,
                GroupInstanceId = v >= 7 ? identity.InstanceId : null,
                Topics = [.. offsets.GroupBy(o => o.Key.Topic).Select(t => new OffsetCommitRequestTopic
                {
                    Name = t.Key,
                    Partitions = [.. t.Select(o => new OffsetCommitRequestPartition
                    {
                        PartitionIndex = o.Key.Partition,
                        CommittedOffset = o.Value.Offset,
                        CommittedLeaderEpoch = o.Value.LeaderEpoch,
                        CommittedMetadata = o.Value.Metadata,
                    })],
                })],
            },
            ErrorOf, null, cluster.Deadline(patience), cancel).ConfigureAwait(false);
        return response.Topics
            .SelectMany(t => t.Partitions.Select(p => (Partition: new TopicPartition(t.Name, p.PartitionIndex), p.ErrorCode)))
            .Where(p => p.ErrorCode != ErrorCode.None).ToDictionary(p => p.Partition, p => p.ErrorCode);
    }

    static ErrorCode ErrorOf(OffsetCommitResponse response)
    {
        foreach (var t in response.Topics)
            foreach (var p in t.Partitions)
            {
                bool wrong = p.ErrorCode is ErrorCode.NotCoordinator or ErrorCode.CoordinatorNotAvailable or ErrorCode.CoordinatorLoadInProgress;
                if (wrong) return p.ErrorCode;
            }
        return ErrorCode.None;
    }
}
