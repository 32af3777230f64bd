using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Broker.Handlers;

// OffsetForLeaderEpoch, versions 2-4: where an epoch ended, so that a consumer or a follower finds out what was truncated (KIP-320).
static class OffsetForLeaderEpochHandler
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async ValueTask<IMessage> Handle(RequestContext context, IRequest request)
    {
        var asked = (OffsetForLeaderEpochRequest)request;
        foreach (var topic in asked.Topics)
            foreach (var partition in topic.Partitions) context.Node.Replicas.OpenAhead(topic.Topic, partition.Partition);
        var topics = new List<OffsetForLeaderEpochResponseTopic>(asked.Topics.Length);
        foreach (var topic in asked.Topics)
        {
            var partitions = new List<OffsetForLeaderEpochResponsePartition>(topic.Partitions.Length);
            foreach (var partition in topic.Partitions) partitions.Add(await AnswerAsync(context, topic.Topic, partition).ConfigureAwait(false));
            topics.Add(new OffsetForLeaderEpochResponseTopic { Topic = topic.Topic, Partitions = [.. partitions] });
        }
        return new OffsetForLeaderEpochResponse { Topics = [.. topics] };
    }

    static async ValueTask<OffsetForLeaderEpochResponsePartition> AnswerAsync(
        RequestContext context, string topic, OffsetForLeaderEpochRequestPartition asked)
    {
        var told = new OffsetForLeaderEpochResponsePartition { Partition = asked.Partition };
        told.ErrorCode = context.Node.Replicas.Find(topic, asked.Partition, out var replica);
        if (told.ErrorCode == ErrorCode.None) told.ErrorCode = replica.Check(asked.CurrentLeaderEpoch);
        if (told.ErrorCode != ErrorCode.None) return told;
        var opened = await replica.OpenAsync(Patience).ConfigureAwait(false);
        if (opened.View is not { } view)
        {
            told.ErrorCode = opened.Error;
            return told;
        }
        var end = view.Epochs.EndOf(new LeaderEpoch(asked.LeaderEpoch), view.EndOffset);
        told.LeaderEpoch = end.Epoch.Value;
        told.EndOffset = end.End.Value;
        return told;
    }
}
