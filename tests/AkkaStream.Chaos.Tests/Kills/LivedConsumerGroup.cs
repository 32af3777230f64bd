using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Chaos.Tests.Kills;

/// <summary>The consumer protocol: the broker shares out, and the members follow.</summary>
sealed class LivedConsumerGroup(string id) : LivedGroup(id)
{
    const short Version = 1, DescribeVersion = 1;
    const int MostBeats = 50;

    int _names;

    public override async Task AddAsync()
    {
        Members.Add(new LivedMember($"member-{++_names}"));
        await FollowAsync(Members.Count - 1, new ConsumerGroupHeartbeatRequest
        {
            GroupId = Id, MemberId = Members[^1].Id, MemberEpoch = 0, RebalanceTimeoutMs = 300_000, SubscribedTopicNames = [Topic], TopicPartitions = [],
        });
        await ConvergeAsync();
    }

    public override async Task LeaveAsync(int member)
    {
        var left = await Connections[member].AskAsync(
            new ConsumerGroupHeartbeatRequest { GroupId = Id, MemberId = Members[member].Id, MemberEpoch = -1 }, Version);
        Assert.Equal(ErrorCode.None, left.ErrorCode);
        Members.RemoveAt(member);
        await ConvergeAsync();
    }

    async Task ConvergeAsync()
    {
        for (int beats = 0; !await IsSharedAsync(); beats++)
        {
            Assert.True(beats < MostBeats, $"{Id} is not shared out after {beats} heartbeats of each member: {await DescribeAsync()}");
            for (int i = 0; i < Members.Count; i++) await FollowAsync(i, BeatOf(Members[i]));
        }
    }

    /// <summary>The members read all of it, and the group does not mean to change that.</summary>
    async Task<bool> IsSharedAsync() => Members.Count == 0
        || (Members.Sum(m => m.Owned.Sum(o => o.Partitions.Length)) == Partitions && Members.Select(m => m.Epoch).Distinct().Count() == 1
            && (await DescribeAsync()).Contains("\"groupState\":\"Stable\"", StringComparison.Ordinal));

    async Task FollowAsync(int member, ConsumerGroupHeartbeatRequest beat)
    {
        var answer = await Connections[member].AskAsync(beat, Version);
        Assert.True(answer.ErrorCode == ErrorCode.None, $"{Id}: {answer.ErrorCode} {answer.ErrorMessage}");
        Members[member].Epoch = answer.MemberEpoch;
        if (answer.Assignment is not { } given) return;
        Members[member].Owned =
        [
            .. given.TopicPartitions.Select(t => new ConsumerGroupHeartbeatRequestTopicPartitions { TopicId = t.TopicId, Partitions = t.Partitions }),
        ];
    }

    ConsumerGroupHeartbeatRequest BeatOf(LivedMember member) =>
        new() { GroupId = Id, MemberId = member.Id, MemberEpoch = member.Epoch, TopicPartitions = member.Owned };

    public override async Task AllAreStillMembersAsync()
    {
        for (int i = 0; i < Members.Count; i++)
        {
            int epoch = Members[i].Epoch;
            await FollowAsync(i, BeatOf(Members[i]));
            Assert.Equal(epoch, Members[i].Epoch);
        }
    }

    public override async Task<string> DescribeAsync() =>
        Text(await Connections[0].AskAsync(new ConsumerGroupDescribeRequest { GroupIds = [Id] }, DescribeVersion), DescribeVersion);
}
