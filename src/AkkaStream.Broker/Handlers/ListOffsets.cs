using AkkaStream.Log;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Broker.Handlers;

// ListOffsets, versions 1-11. Each of the special times came with a version of its own; a time that the request's version does not know is
// UNSUPPORTED_VERSION for its partition. A partition that is named twice is INVALID_REQUEST, and told once.
// Consumers (-1) read up to the high watermark, or to the last stable offset; replicas and tools up to the end, as on Kafka.
static class ListOffsetsHandler
{
    const int Consumer = -1;
    const sbyte ReadCommitted = 1;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async ValueTask<IMessage> Handle(RequestContext context, IRequest request)
    {
        var asked = (ListOffsetsRequest)request;
        foreach (var topic in asked.Topics)
            foreach (var partition in topic.Partitions) context.Node.Replicas.OpenAhead(topic.Name, partition.PartitionIndex);
        var twice = NamedTwice(asked);
        var told = new HashSet<(string, int)>();
        var topics = new List<ListOffsetsResponseTopic>(asked.Topics.Length);
        foreach (var topic in asked.Topics)
        {
            var partitions = new List<ListOffsetsResponsePartition>(topic.Partitions.Length);
            foreach (var partition in topic.Partitions)
            {
                if (!twice.Contains((topic.Name, partition.PartitionIndex)))
                    partitions.Add(await AnswerAsync(context, asked, topic.Name, partition).ConfigureAwait(false));
                else if (told.Add((topic.Name, partition.PartitionIndex)))
                    partitions.Add(Refused(partition, ErrorCode.InvalidRequest));
            }
            if (partitions.Count > 0 || topic.Partitions.Length == 0)
                topics.Add(new ListOffsetsResponseTopic { Name = topic.Name, Partitions = [.. partitions] });
        }
        return new ListOffsetsResponse { Topics = [.. topics] };
    }

    static HashSet<(string, int)> NamedTwice(ListOffsetsRequest asked)
    {
        var twice = new HashSet<(string, int)>();
        if (IsInOrder(asked)) return twice;
        var seen = new HashSet<(string, int)>();
        foreach (var topic in asked.Topics)
            foreach (var partition in topic.Partitions)
                if (!seen.Add((topic.Name, partition.PartitionIndex))) twice.Add((topic.Name, partition.PartitionIndex));
        return twice;
    }

    /// <summary>Each topic once, its partitions rising, as clients ask: a set of 10,000 names would be made to find nothing in it.</summary>
    static bool IsInOrder(ListOffsetsRequest asked)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var topic in asked.Topics)
        {
            if (!names.Add(topic.Name)) return false;
            for (int i = 1; i < topic.Partitions.Length; i++)
                if (topic.Partitions[i].PartitionIndex <= topic.Partitions[i - 1].PartitionIndex) return false;
        }
        return true;
    }

    static async ValueTask<ListOffsetsResponsePartition> AnswerAsync(
        RequestContext context, ListOffsetsRequest asked, string topic, ListOffsetsRequestPartition partition)
    {
        if (!IsKnownTime(partition.Timestamp, context.Version)) return Refused(partition, ErrorCode.UnsupportedVersion);
        var error = context.Node.Replicas.Find(topic, partition.PartitionIndex, out var replica);
        if (error == ErrorCode.None) error = replica.Check(partition.CurrentLeaderEpoch);
        if (error != ErrorCode.None) return Refused(partition, error);
        var opened = await replica.OpenAsync(Patience).ConfigureAwait(false);
        if (opened.View is not { } view) return Refused(partition, opened.Error);
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return Found(partition, view.OffsetForTime(partition.Timestamp, BoundOf(asked, view)), context.Version);
            }
            catch (FileNotFoundException) when (attempt < 3)
            {
                // Retention took the segment away: the newest view does not have it.
                view = replica.View ?? view;
            }
            catch (IOException e)
            {
                BrokerTrace.DiskReadFailed(context.Node.Log, e.Message);
                return Refused(partition, e is LogDamagedException ? ErrorCode.CorruptMessage : ErrorCode.KafkaStorageError);
            }
        }
    }

    static Offset BoundOf(ListOffsetsRequest asked, LogReadView view)
    {
        if (asked.ReplicaId != Consumer) return view.EndOffset;
        return asked.IsolationLevel == ReadCommitted ? view.LastStableOffset : view.HighWatermark;
    }

    static bool IsKnownTime(long timestamp, short version) => timestamp switch
    {
        >= ListOffsetsTime.Earliest => true,
        ListOffsetsTime.MaxTimestamp => version >= 7,
        ListOffsetsTime.EarliestLocal => version >= 8,
        ListOffsetsTime.LatestTiered => version >= 9,
        ListOffsetsTime.EarliestPendingUpload => version >= 11,
        _ => false,
    };

    static ListOffsetsResponsePartition Found(ListOffsetsRequestPartition partition, TimestampLookup found, short version) => new()
    {
        PartitionIndex = partition.PartitionIndex,
        Timestamp = found.Timestamp,
        Offset = found.Offset.Value,
        LeaderEpoch = version >= 4 ? found.Epoch.Value : -1,
    };

    static ListOffsetsResponsePartition Refused(ListOffsetsRequestPartition partition, ErrorCode error) =>
        new() { PartitionIndex = partition.PartitionIndex, ErrorCode = error };
}
