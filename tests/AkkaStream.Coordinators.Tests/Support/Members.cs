using static AkkaStream.Coordinators.Tests.Support.Requests;

namespace AkkaStream.Coordinators.Tests.Support;

/// <summary>Brings groups into the state that a test begins with.</summary>
static class Members
{
    /// <summary>A new member that has done what MEMBER_ID_REQUIRED asks of it, and waits or is in.</summary>
    public static (string Id, TestCall Join) Come(this TestShard shard, string group, string metadata = "m", string[]? protocols = null, short version = 9)
    {
        var first = shard.Ask(Join(group, metadata: metadata, protocols: protocols), version);
        Assert.Equal(ErrorCode.MemberIdRequired, first.ErrorCode);
        return (first.MemberId, shard.Send(Join(group, first.MemberId, metadata: metadata, protocols: protocols), version));
    }

    /// <summary>A stable group of one: its member's id and generation.</summary>
    public static (string Id, int Generation) Alone(this TestShard shard, string group, string metadata = "m", string assignment = "all")
    {
        var (id, join) = shard.Come(group, metadata);
        int generation = join.Answer<JoinGroupResponse>().GenerationId;
        var sync = shard.Ask(Sync(group, id, generation, assignments: (id, assignment)), 5);
        Assert.Equal(ErrorCode.None, sync.ErrorCode);
        return (id, generation);
    }

    /// <summary>A stable group of two; the first leads.</summary>
    public static (string Leader, string Follower, int Generation) Two(this TestShard shard, string group)
    {
        var (leader, _) = shard.Alone(group);
        var (follower, joined) = shard.Come(group);
        var again = shard.Send(Join(group, leader), 9);
        int generation = again.Answer<JoinGroupResponse>().GenerationId;
        Assert.True(joined.IsAnswered);
        shard.Ask(Sync(group, leader, generation, assignments: [(leader, "one"), (follower, "other")]), 5);
        Assert.Equal("other", Text(shard.Ask(Sync(group, follower, generation), 5).Assignment));
        return (leader, follower, generation);
    }
}
