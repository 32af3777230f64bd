using AkkaStream.Metadata;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Broker.Handlers;

// OffsetCommit, versions 2-10. What names no partition of this cluster is refused here; the coordinator sees the rest, by name and id.
// From 10 on topics are told by id. An empty group id is allowed, as it always was.
static class OffsetCommitHandler
{
    const short FirstVersionById = 10;

    public static async ValueTask<IMessage> Handle(RequestContext context, IRequest request)
    {
        var asked = (OffsetCommitRequest)request;
        var kept = new List<OffsetCommitRequestTopic>(asked.Topics.Length);
        var refused = new List<OffsetCommitResponseTopic>();
        foreach (var topic in asked.Topics) Sort(context, topic, kept, refused);
        if (kept.Count == 0) return new OffsetCommitResponse { Topics = [.. refused] };

        var commit = new OffsetCommitRequest
        {
            GroupId = asked.GroupId,
            MemberId = asked.MemberId,
            GroupInstanceId = asked.GroupInstanceId,
            GenerationIdOrMemberEpoch = asked.GenerationIdOrMemberEpoch,
            RetentionTimeMs = asked.RetentionTimeMs,
            Topics = [.. kept],
        };
        var answer = (OffsetCommitResponse)await GroupRequests.Call(context, commit, asked.GroupId).ConfigureAwait(false);
        if (refused.Count > 0) answer.Topics = Merge(answer.Topics, refused);
        return answer;
    }

    static void Sort(
        RequestContext context, OffsetCommitRequestTopic topic, List<OffsetCommitRequestTopic> kept, List<OffsetCommitResponseTopic> refused)
    {
        bool byId = context.Version >= FirstVersionById;
        var topics = context.Node.Image.Topics;
        var known = byId ? topics.Find(topic.TopicId) : topics.Find(topic.Name);
        if (known is null)
        {
            refused.Add(Refused(topic, topic.Partitions, byId ? ErrorCode.UnknownTopicId : ErrorCode.UnknownTopicOrPartition));
            return;
        }
        var there = Array.FindAll(topic.Partitions, p => (uint)p.PartitionIndex < (uint)known.Partitions.Length);
        if (there.Length > 0) kept.Add(new OffsetCommitRequestTopic { Name = known.Name, TopicId = known.Id, Partitions = there });
        if (there.Length == topic.Partitions.Length) return;
        var missing = Array.FindAll(topic.Partitions, p => (uint)p.PartitionIndex >= (uint)known.Partitions.Length);
        refused.Add(Refused(topic, missing, ErrorCode.UnknownTopicOrPartition));
    }

    static OffsetCommitResponseTopic Refused(OffsetCommitRequestTopic topic, OffsetCommitRequestPartition[] partitions, ErrorCode error) => new()
    {
        Name = topic.Name,
        TopicId = topic.TopicId,
        Partitions = Array.ConvertAll(partitions, p => new OffsetCommitResponsePartition { PartitionIndex = p.PartitionIndex, ErrorCode = error }),
    };

    /// <summary>A topic of which some partitions were refused stands in the answer once.</summary>
    static OffsetCommitResponseTopic[] Merge(OffsetCommitResponseTopic[] answered, List<OffsetCommitResponseTopic> refused)
    {
        var all = new List<OffsetCommitResponseTopic>(answered);
        foreach (var topic in refused)
        {
            var same = all.Find(t => topic.TopicId.IsZero ? t.Name == topic.Name : t.TopicId == topic.TopicId);
            if (same is null) all.Add(topic);
            else same.Partitions = [.. same.Partitions, .. topic.Partitions];
        }
        return [.. all];
    }
}
