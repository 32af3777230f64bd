using AkkaStream.Broker.Coordinators;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Broker.Handlers;

// OffsetFetch, versions 1-10. Up to 7 one group, then many, each with its own error; from 10 on topics are told by id. Version 1 has no place for
// an error but the partitions. Topics need not exist: whoever committed for one may see it.
static class OffsetFetchHandler
{
    const short FirstVersionWithGroups = 8, FirstVersionById = 10, FirstVersionWithError = 2;

    public static async ValueTask<IMessage> Handle(RequestContext context, IRequest request)
    {
        var asked = (OffsetFetchRequest)request;
        if (context.Version < FirstVersionWithGroups) return await FetchOneAsync(context, asked).ConfigureAwait(false);
        var answers = new OffsetFetchResponseGroup[asked.Groups.Length];
        var indexed = asked.Groups.Select((group, index) => (Group: group, Index: index));
        foreach (var together in GroupRequests.ByCoordinator(context, indexed, g => g.Group.GroupId))
        {
            var groups = together.ToArray();
            var found = await FetchAsync(context, Array.ConvertAll(groups, g => g.Group), asked.RequireStable).ConfigureAwait(false);
            for (int i = 0; i < groups.Length; i++) answers[groups[i].Index] = found[i];
        }
        return new OffsetFetchResponse { Groups = answers };
    }

    /// <summary>Groups of one coordinator.</summary>
    static async ValueTask<OffsetFetchResponseGroup[]> FetchAsync(RequestContext context, OffsetFetchRequestGroup[] groups, bool requireStable)
    {
        bool byId = context.Version >= FirstVersionById;
        var named = byId ? Array.ConvertAll(groups, g => WithNames(context, g)) : groups;
        var told = await GroupRequests
            .AskAsync<OffsetFetchResponseGroup>(context, groups[0].GroupId, new GetOffsets(named, requireStable)).ConfigureAwait(false);
        if (told.Error != ErrorCode.None)
            return Array.ConvertAll(groups, g => new OffsetFetchResponseGroup { GroupId = g.GroupId, ErrorCode = told.Error });
        if (byId)
        {
            for (int i = 0; i < groups.Length; i++) PutIds(context, groups[i], told.Value[i]);
        }
        return told.Value;
    }

    /// <summary>The coordinator knows names. What has none here is left out, and refused in the answer.</summary>
    static OffsetFetchRequestGroup WithNames(RequestContext context, OffsetFetchRequestGroup group)
    {
        if (group.Topics is null) return group;
        var topics = context.Node.Image.Topics;
        return new OffsetFetchRequestGroup
        {
            GroupId = group.GroupId,
            MemberId = group.MemberId,
            MemberEpoch = group.MemberEpoch,
            Topics =
            [
                .. group.Topics.Where(t => topics.Find(t.TopicId) is not null).Select(t => new OffsetFetchRequestGroupTopic
                {
                    Name = topics.Find(t.TopicId)?.Name ?? "",
                    TopicId = t.TopicId,
                    PartitionIndexes = t.PartitionIndexes,
                }),
            ],
        };
    }

    static void PutIds(RequestContext context, OffsetFetchRequestGroup asked, OffsetFetchResponseGroup answer)
    {
        if (answer.ErrorCode != ErrorCode.None) return;
        var topics = context.Node.Image.Topics;
        if (asked.Topics is null)
        {
            // Offsets of topics that are gone cannot be told by id.
            answer.Topics = Array.FindAll(answer.Topics, t => topics.Find(t.Name) is not null);
            foreach (var topic in answer.Topics) topic.TopicId = topics.Find(topic.Name)?.Id ?? TopicId.Zero;
            return;
        }
        var unknown = asked.Topics.Where(t => topics.Find(t.TopicId) is null).Select(t => new OffsetFetchResponseGroupTopic
        {
            TopicId = t.TopicId,
            Partitions = Array.ConvertAll(
                t.PartitionIndexes,
                p => new OffsetFetchResponseGroupPartition { PartitionIndex = p, CommittedOffset = -1, ErrorCode = ErrorCode.UnknownTopicId }),
        });
        answer.Topics = [.. answer.Topics, .. unknown];
    }

    static async ValueTask<OffsetFetchResponse> FetchOneAsync(RequestContext context, OffsetFetchRequest asked)
    {
        var group = new OffsetFetchRequestGroup
        {
            GroupId = asked.GroupId,
            Topics = asked.Topics is null
                ? null
                : Array.ConvertAll(asked.Topics, t => new OffsetFetchRequestGroupTopic { Name = t.Name, PartitionIndexes = t.PartitionIndexes }),
        };
        var found = (await FetchAsync(context, [group], asked.RequireStable).ConfigureAwait(false))[0];
        if (found.ErrorCode != ErrorCode.None && context.Version < FirstVersionWithError) return InEachPartition(asked, found.ErrorCode);
        return new OffsetFetchResponse
        {
            ErrorCode = found.ErrorCode,
            Topics = Array.ConvertAll(found.Topics, t => new OffsetFetchResponseTopic
            {
                Name = t.Name,
                Partitions = Array.ConvertAll(t.Partitions, p => new OffsetFetchResponsePartition
                {
                    PartitionIndex = p.PartitionIndex,
                    CommittedOffset = p.CommittedOffset,
                    CommittedLeaderEpoch = p.CommittedLeaderEpoch,
                    Metadata = p.Metadata,
                    ErrorCode = p.ErrorCode,
                }),
            }),
        };
    }

    static OffsetFetchResponse InEachPartition(OffsetFetchRequest asked, ErrorCode error) => new()
    {
        Topics = Array.ConvertAll(asked.Topics ?? [], t => new OffsetFetchResponseTopic
        {
            Name = t.Name,
            Partitions = Array.ConvertAll(
                t.PartitionIndexes, p => new OffsetFetchResponsePartition { PartitionIndex = p, CommittedOffset = -1, ErrorCode = error }),
        }),
    };
}
