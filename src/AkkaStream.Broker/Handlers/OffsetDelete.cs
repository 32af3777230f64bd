using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Broker.Handlers;

// OffsetDelete, version 0. Partitions that do not exist are refused here, the coordinator sees the rest.
static class OffsetDeleteHandler
{
    public static async ValueTask<IMessage> Handle(RequestContext context, IRequest request)
    {
        var asked = (OffsetDeleteRequest)request;
        var delete = new OffsetDeleteRequest
        {
            GroupId = asked.GroupId,
            Topics =
            [
                .. asked.Topics.Select(t => new OffsetDeleteRequestTopic
                {
                    Name = t.Name,
                    Partitions = Array.FindAll(t.Partitions, p => Exists(context, t.Name, p.PartitionIndex)),
                }).Where(t => t.Partitions.Length > 0),
            ],
        };
        var answer = (OffsetDeleteResponse)await GroupRequests.CallNamed(context, delete, asked.GroupId).ConfigureAwait(false);
        if (answer.ErrorCode == ErrorCode.None) answer.Topics = [.. asked.Topics.Select(t => InOrder(context, t, answer))];
        return answer;
    }

    static bool Exists(RequestContext context, string topic, int partition) =>
        context.Node.Image.Topics.Find(topic) is { } known && (uint)partition < (uint)known.Partitions.Length;

    static OffsetDeleteResponseTopic InOrder(RequestContext context, OffsetDeleteRequestTopic asked, OffsetDeleteResponse answer)
    {
        var answered = Array.Find(answer.Topics, t => t.Name == asked.Name);
        return new OffsetDeleteResponseTopic
        {
            Name = asked.Name,
            Partitions = Array.ConvertAll(asked.Partitions, p => new OffsetDeleteResponsePartition
            {
                PartitionIndex = p.PartitionIndex,
                ErrorCode = Exists(context, asked.Name, p.PartitionIndex)
                    ? Array.Find(answered?.Partitions ?? [], a => a.PartitionIndex == p.PartitionIndex)?.ErrorCode ?? ErrorCode.None
                    : ErrorCode.UnknownTopicOrPartition,
            }),
        };
    }
}
