using AkkaStream.Client.Administration;
using AkkaStream.Client.Consuming;
using AkkaStream.Client.Settings;
using AkkaStream.Net.Links;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Client;

public sealed partial class Admin
{
    /// <summary>First, last or other offsets of partitions.</summary>
    public async ValueTask<IReadOnlyDictionary<TopicPartition, Outcome<OffsetAnswer>>> ListOffsetsAsync(
        IReadOnlyDictionary<TopicPartition, OffsetQuestion> questions, IsolationLevel isolation = IsolationLevel.ReadUncommitted,
        CancellationToken cancel = default)
    {
        var found = await OffsetFinder.FindAsync(
            Cluster, questions.ToDictionary(q => q.Key, q => q.Value.Timestamp), isolation, Settings.Client.ApiTimeout, cancel).ConfigureAwait(false);
        return found.ToDictionary(f => f.Key, f => f.Value.Error is { } error
            ? Outcome.Failed<OffsetAnswer>(error)
            : Outcome.Ok(new OffsetAnswer(f.Value.Found.Offset, f.Value.Found.Timestamp, f.Value.Found.LeaderEpoch)));
    }

    /// <summary>
    /// Deletes the records before an offset (-1: all that were read by the replicas). The value is the offset that the partition begins at.
    /// </summary>
    public async ValueTask<IReadOnlyDictionary<TopicPartition, Outcome<long>>> DeleteRecordsAsync(
        IReadOnlyDictionary<TopicPartition, long> before, CancellationToken cancel = default)
    {
        var result = new Dictionary<TopicPartition, Outcome<long>>();
        var open = new Dictionary<TopicPartition, long>(before);
        long deadline = Cluster.Deadline(Settings.Client.ApiTimeout);
        for (int failures = 1; open.Count > 0; failures++)
        {
            foreach (var topic in open.Keys.Select(p => p.Topic).Distinct().ToList()) Cluster.Want(topic);
            foreach (var group in open.GroupBy(p => LeaderOf(p.Key)).ToList())
            {
                if (group.Key < 0 || Cluster.LinkTo(group.Key) is not { } link) continue;
                try
                {
                    Take(await link.Ask(RequestFor(group), null, cancel).ConfigureAwait(false));
                }
                catch (LinkException e)
                {
                    foreach (var (p, _) in group)
                        result[p] = Outcome.Failed<long>(new KafkaException(ErrorCode.NetworkException, $"Records of {p}: {e.Failure.Text}."));
                }
            }
            if (open.Count == 0 || Settings.Client.Time.GetTimestamp() >= deadline) break;
            Cluster.RefreshSoon();
            await Task.Delay(Settings.Client.Retry.After(failures, Cluster.Chance.NextDouble()), Settings.Client.Time, cancel).ConfigureAwait(false);
            if (Cluster.Snapshot.Topics is { } topics)
            {
                foreach (var p in open.Keys.Where(p =>
                    topics.TryGetValue(p.Topic, out var t) && (t.Error != ErrorCode.None || p.Partition >= t.Partitions.Count)).ToList())
                {
                    open.Remove(p);
                    result[p] = Outcome.Failed<long>(KafkaException.Of(ErrorCode.UnknownTopicOrPartition, $"Records of {p} were not deleted"));
                }
            }
        }
        foreach (var p in open.Keys)
            result.TryAdd(p, Outcome.Failed<long>(new KafkaException(
                ErrorCode.RequestTimedOut, $"Records of {p} were not deleted: {Cluster.WhyAbsent(p.Topic, Settings.Client.ApiTimeout)}.")));
        return result;

        void Take(DeleteRecordsResponse response)
        {
            foreach (var topic in response.Topics)
            {
                foreach (var p in topic.Partitions)
                {
                    var partition = new TopicPartition(topic.Name, p.PartitionIndex);
                    result[partition] = Outcome.Of(p.ErrorCode, $"Records of {partition} were not deleted", null, () => p.LowWatermark);
                    if (p.ErrorCode == ErrorCode.None || !ErrorCodes.IsRetriable(p.ErrorCode)) open.Remove(partition);
                }
            }
        }
    }

    int LeaderOf(TopicPartition partition) => Cluster.Snapshot.PartitionOf(partition.Topic, partition.Partition)?.Leader ?? -1;

    DeleteRecordsRequest RequestFor(IEnumerable<KeyValuePair<TopicPartition, long>> partitions) => new()
    {
        TimeoutMs = TimeoutMs,
        Topics = [.. partitions.GroupBy(p => p.Key.Topic).Select(topic => new DeleteRecordsRequestTopic
        {
            Name = topic.Key,
            Partitions = [.. topic.Select(p => new DeleteRecordsRequestPartition { PartitionIndex = p.Key.Partition, Offset = p.Value })],
        })],
    };

    /// <summary>The log directories of brokers and what lies in them.</summary>
    public async ValueTask<IReadOnlyDictionary<int, Outcome<IReadOnlyList<LogDirDescription>>>> DescribeLogDirsAsync(
        IReadOnlyCollection<int> brokers, CancellationToken cancel = default)
    {
        var result = new Dictionary<int, Outcome<IReadOnlyList<LogDirDescription>>>();
        if (brokers.Any(b => Cluster.Snapshot.BrokerOf(b) is null)) await Cluster.RefreshAsync(cancel).ConfigureAwait(false);
        foreach (int broker in brokers.Distinct())
        {
            var response = await AskBroker(broker, ApiKey.DescribeLogDirs, _ => new DescribeLogDirsRequest { Topics = null },
                r => r.ErrorCode, cancel).ConfigureAwait(false);
            result[broker] = Outcome.Of<IReadOnlyList<LogDirDescription>>(
                response.ErrorCode, $"Log directories of broker {broker}", null, () => [.. response.Results.Select(DirOf)]);
        }
        return result;
    }

    static LogDirDescription DirOf(DescribeLogDirsResponseDir dir) => new(
        dir.LogDir, dir.ErrorCode == ErrorCode.None ? null : KafkaException.Of(dir.ErrorCode, dir.LogDir),
        dir.TotalBytes, dir.UsableBytes, dir.IsCordoned,
        dir.Topics.SelectMany(t => t.Partitions.Select(p => (Partition: new TopicPartition(t.Name, p.PartitionIndex), Of: p)))
            .ToDictionary(p => p.Partition, p => new ReplicaDescription(p.Of.PartitionSize, p.Of.OffsetLag, p.Of.IsFutureKey)));
}
