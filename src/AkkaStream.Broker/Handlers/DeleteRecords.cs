using AkkaStream.Actors;
using AkkaStream.Metadata;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;
using AkkaStream.Replication;

namespace AkkaStream.Broker.Handlers;

// DeleteRecords, versions 0-2. Durable when it is answered. Up to the high watermark at most; -1 asks for all up to it.
// Not of internal topics, and not of topics that are compacted only: there a record goes by its key.
static class DeleteRecordsHandler
{
    public static async ValueTask<IMessage> Handle(RequestContext context, IRequest request)
    {
        var asked = (DeleteRecordsRequest)request;
        var timeout = TimeSpan.FromMilliseconds(Math.Max(1, asked.TimeoutMs));
        var topics = new List<DeleteRecordsResponseTopic>(asked.Topics.Length);
        foreach (var topic in asked.Topics)
        {
            var partitions = new List<DeleteRecordsResponsePartition>(topic.Partitions.Length);
            foreach (var partition in topic.Partitions.DistinctBy(p => p.PartitionIndex))
            {
                var trimmed = await TrimAsync(context, topic.Name, partition, timeout).ConfigureAwait(false);
                partitions.Add(new DeleteRecordsResponsePartition
                {
                    PartitionIndex = partition.PartitionIndex,
                    LowWatermark = trimmed.LogStart.Value,
                    ErrorCode = trimmed.Error,
                });
            }
            topics.Add(new DeleteRecordsResponseTopic { Name = topic.Name, Partitions = [.. partitions] });
        }
        return new DeleteRecordsResponse { Topics = [.. topics] };
    }

    static async ValueTask<LogTrimmed> TrimAsync(RequestContext context, string topic, DeleteRecordsRequestPartition partition, TimeSpan timeout)
    {
        static LogTrimmed Refused(ErrorCode error) => new(error, Offset.Unknown);

        if (TopicName.IsInternal(topic)) return Refused(ErrorCode.InvalidTopicException);
        var error = context.Node.Replicas.Find(topic, partition.PartitionIndex, out var replica);
        if (error == ErrorCode.None) error = replica.Standing.Refusal;
        if (error != ErrorCode.None) return Refused(error);
        if (replica.Standing.Config.Cleanup == CleanupPolicy.Compact) return Refused(ErrorCode.PolicyViolation);
        if (partition.Offset < -1) return Refused(ErrorCode.OffsetOutOfRange);
        try
        {
            return await replica.Actor.Ask<LogTrimmed>(new TrimLog(new Offset(partition.Offset)), timeout).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            return Refused(ErrorCode.RequestTimedOut);
        }
        catch (AskFailedException)
        {
            return Refused(ErrorCode.NotLeaderOrFollower);
        }
    }
}
