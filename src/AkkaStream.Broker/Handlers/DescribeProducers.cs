using AkkaStream.Actors;
using AkkaStream.Log;
using AkkaStream.Metadata;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;
using AkkaStream.Replication;

namespace AkkaStream.Broker.Handlers;

// DescribeProducers, version 0: the idempotent and transactional producers that partitions remember (KIP-664).
static class DescribeProducersHandler
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async ValueTask<IMessage> Handle(RequestContext context, IRequest request)
    {
        var asked = (DescribeProducersRequest)request;
        var topics = new List<DescribeProducersResponseTopic>(asked.Topics.Length);
        foreach (var topic in asked.Topics)
        {
            var partitions = new List<DescribeProducersResponsePartition>(topic.PartitionIndexes.Length);
            foreach (int partition in topic.PartitionIndexes)
                partitions.Add(await DescribeAsync(context, topic.Name, partition).ConfigureAwait(false));
            topics.Add(new DescribeProducersResponseTopic { Name = topic.Name, Partitions = [.. partitions] });
        }
        return new DescribeProducersResponse { Topics = [.. topics] };
    }

    static async ValueTask<DescribeProducersResponsePartition> DescribeAsync(RequestContext context, string topic, int partition)
    {
        DescribeProducersResponsePartition Refused(ErrorCode error, string? message = null) =>
            new() { PartitionIndex = partition, ErrorCode = error, ErrorMessage = message ?? ErrorCodes.Describe(error).Message };

        if (TopicName.FindProblem(topic) is { } problem) return Refused(ErrorCode.InvalidTopicException, problem);
        var error = context.Node.Replicas.Find(topic, partition, out var replica);
        if (error == ErrorCode.None) error = replica.Standing.Refusal;
        if (error != ErrorCode.None) return Refused(error);
        try
        {
            var producers = await replica.Actor.Ask<IReadOnlyList<ProducerDescription>>(GetProducers.Instance, Patience).ConfigureAwait(false);
            return new DescribeProducersResponsePartition { PartitionIndex = partition, ActiveProducers = [.. producers.Select(Describe)] };
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

    static DescribeProducersResponseProducer Describe(ProducerDescription producer) => new()
    {
        ProducerId = producer.ProducerId,
        ProducerEpoch = producer.ProducerEpoch,
        LastSequence = producer.LastSequence,
        LastTimestamp = producer.LastTimestamp,
        CoordinatorEpoch = producer.CoordinatorEpoch,
        CurrentTxnStartOffset = producer.TransactionStart.Value,
    };
}
