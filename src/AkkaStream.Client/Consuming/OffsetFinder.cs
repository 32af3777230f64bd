using AkkaStream.Client.Settings;
using AkkaStream.Net.Links;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Client.Consuming;

/// <summary>What a partition said about an offset: -1 where it has none for the question.</summary>
readonly record struct FoundOffset(long Offset, long Timestamp, int LeaderEpoch);

/// <summary>
/// Asks leaders for offsets by time, or for the first, last and other special ones. Repeats what failed for a passing reason until the
/// time is over. Used by consumers and by the admin.
/// </summary>
static class OffsetFinder
{
    public const long Latest = -1, Earliest = -2, MaxTimestamp = -3, EarliestLocal = -4, LatestTiered = -5, EarliestPendingUpload = -6;

    /// <summary>The first version that knows the question.</summary>
    static short VersionFor(long timestamp) => timestamp switch
    {
        MaxTimestamp => 7,
        EarliestLocal => 8,
        LatestTiered => 9,
        EarliestPendingUpload => 11,
        _ => 1,
    };

    /// <summary>One answer or one error for each partition that was asked.</summary>
    public static async ValueTask<Dictionary<TopicPartition, (FoundOffset Found, KafkaException? Error)>> FindAsync(
        ClusterView cluster, IReadOnlyDictionary<TopicPartition, long> questions, IsolationLevel isolation, TimeSpan patience,
        CancellationToken cancel)
    {
        var answers = new Dictionary<TopicPartition, (FoundOffset, KafkaException?)>();
        var open = new Dictionary<TopicPartition, long>(questions);
        var late = new Dictionary<TopicPartition, KafkaException>();
        long deadline = cluster.Deadline(patience);
        for (int failures = 0; open.Count > 0; failures++)
        {
            if (failures > 0) await Pause(cluster, failures, cancel).ConfigureAwait(false);
            foreach (var topic in open.Keys.Select(p => p.Topic).Distinct().ToList()) cluster.Want(topic);
            var attempts = ByLeader(cluster, open, late).Select(group => AskAsync(cluster, group.Key, group.Value, isolation, cancel)).ToList();
            foreach (var attempt in attempts) Take(await attempt.ConfigureAwait(false), open, answers, late);
            if (open.Count == 0) break;
            cluster.RefreshSoon();
            if (cluster.Settings.Time.GetTimestamp() >= deadline) break;
        }
        foreach (var partition in open.Keys)
        {
            answers[partition] = (default, late.GetValueOrDefault(partition)
                ?? new KafkaException(ErrorCode.RequestTimedOut, $"{cluster.WhyAbsent(partition.Topic, patience)}."));
        }
        return answers;
    }

    static Task Pause(ClusterView cluster, int failures, CancellationToken cancel) =>
        Task.Delay(cluster.Settings.Retry.After(failures, cluster.Chance.NextDouble()), cluster.Settings.Time, cancel);

    static Dictionary<int, List<(TopicPartition Partition, long Timestamp)>> ByLeader(
        ClusterView cluster, Dictionary<TopicPartition, long> open, Dictionary<TopicPartition, KafkaException> late)
    {
        var groups = new Dictionary<int, List<(TopicPartition, long)>>();
        var snapshot = cluster.Snapshot;
        foreach (var (partition, timestamp) in open)
        {
            int leader = snapshot.PartitionOf(partition.Topic, partition.Partition)?.Leader ?? -1;
            if (leader < 0 || snapshot.BrokerOf(leader) is null)
            {
                var topic = snapshot.Topics.GetValueOrDefault(partition.Topic);
                var error = topic is null or { Error: ErrorCode.None } ? ErrorCode.LeaderNotAvailable : topic.Error;
                if (topic is { Error: ErrorCode.None } && partition.Partition >= topic.Partitions.Count) error = ErrorCode.UnknownTopicOrPartition;
                late[partition] = KafkaException.Of(error, $"No offset of {partition}");
                continue;
            }
            if (!groups.TryGetValue(leader, out var group)) groups[leader] = group = [];
            group.Add((partition, timestamp));
        }
        return groups;
    }

    sealed record Outcome(List<(TopicPartition Partition, long Timestamp)> Asked, ListOffsetsResponse? Response, LinkFailure? Failure);

    static async Task<Outcome> AskAsync(
        ClusterView cluster, int leader, List<(TopicPartition Partition, long Timestamp)> asked, IsolationLevel isolation, CancellationToken cancel)
    {
        if (cluster.LinkTo(leader) is not { } link) return new Outcome(asked, null, null);
        short least = asked.Max(a => VersionFor(a.Timestamp));
        if (isolation == IsolationLevel.ReadCommitted) least = Math.Max(least, (short)2);
        try
        {
            var versions = new VersionRange(least, ApiTable.Advertised(ApiKey.ListOffsets).Highest);
            var response = await link.Ask(ApiKey.ListOffsets, versions, v => RequestFor(cluster, asked, isolation, v), null, cancel)
                .ConfigureAwait(false);
            return new Outcome(asked, response, null);
        }
        catch (LinkException e)
        {
            return new Outcome(asked, null, e.Failure);
        }
    }

    static ListOffsetsRequest RequestFor(
        ClusterView cluster, List<(TopicPartition Partition, long Timestamp)> asked, IsolationLevel isolation, short version) => new()
        {
            ReplicaId = -1,
            IsolationLevel = version >= 2 ? (sbyte)isolation : (sbyte)0,
            TimeoutMs = (int)cluster.Settings.RequestTimeout.TotalMilliseconds,
            Topics = [.. asked.GroupBy(a => a.Partition.Topic).Select(topic => new ListOffsetsRequestTopic
            {
                Name = topic.Key,
                Partitions = [.. topic.Select(a =>
                    new ListOffsetsRequestPartition { PartitionIndex = a.Partition.Partition, Timestamp = a.Timestamp })],
            })],
        };

    static void Take(
        Outcome outcome, Dictionary<TopicPartition, long> open, Dictionary<TopicPartition, (FoundOffset, KafkaException?)> answers,
        Dictionary<TopicPartition, KafkaException> late)
    {
        if (outcome.Failure is { } failure)
        {
            foreach (var (partition, _) in outcome.Asked)
            {
                var error = new KafkaException(
                    failure.IsTransient ? ErrorCode.NetworkException : ErrorCode.UnsupportedVersion, $"No offset of {partition}: {failure.Text}.");
                if (failure.IsTransient) late[partition] = error;
                else Close(partition, (default, error));
            }
        }
        foreach (var topic in outcome.Response?.Topics ?? [])
        {
            foreach (var p in topic.Partitions)
            {
                var partition = new TopicPartition(topic.Name, p.PartitionIndex);
                if (p.ErrorCode == ErrorCode.None) Close(partition, (new FoundOffset(p.Offset, p.Timestamp, p.LeaderEpoch), null));
                else if (ErrorCodes.IsRetriable(p.ErrorCode)) late[partition] = KafkaException.Of(p.ErrorCode, $"No offset of {partition}");
                else Close(partition, (default, KafkaException.Of(p.ErrorCode, $"No offset of {partition}")));
            }
        }

        void Close(TopicPartition partition, (FoundOffset, KafkaException?) answer)
        {
            if (open.Remove(partition)) answers[partition] = answer;
        }
    }
}
