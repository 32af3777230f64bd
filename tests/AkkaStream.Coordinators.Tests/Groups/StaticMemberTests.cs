using static AkkaStream.Coordinators.Tests.Support.Requests;

namespace AkkaStream.Coordinators.Tests.Groups;

public sealed class StaticMemberTests
{
    readonly TestShard _shard = new();

    [Fact]
    public void A_static_member_that_comes_back_keeps_its_assignment_and_disturbs_nobody()
    {
        var (old, generation) = Static("i");
        var back = _shard.Ask(Join("g", instance: "i"), 9);
        Assert.Equal((ErrorCode.None, generation, true), (back.ErrorCode, back.GenerationId, back.SkipAssignment));
        Assert.NotEqual(old, back.MemberId);
        Assert.Equal(back.MemberId, back.Leader);
        Assert.Equal("a", Text(_shard.Ask(Sync("g", back.MemberId, generation, instance: "i"), 5).Assignment));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(8)]
    public void Before_version_9_it_is_told_that_its_former_self_leads_so_that_it_does_not_assign(short version)
    {
        var (old, _) = Static("i");
        var back = _shard.Ask(Join("g", instance: "i"), version);
        Assert.Equal(old, back.Leader);
        Assert.Empty(back.Members);
    }

    [Fact]
    public void The_former_self_is_fenced()
    {
        var (old, generation) = Static("i");
        string id = _shard.Ask(Join("g", instance: "i"), 9).MemberId;
        Assert.Equal(ErrorCode.FencedInstanceId, _shard.Ask(Heartbeat("g", old, generation, "i"), 4).ErrorCode);
        Assert.Equal(ErrorCode.FencedInstanceId, _shard.Ask(Sync("g", old, generation, "i"), 5).ErrorCode);
        Assert.Equal(ErrorCode.FencedInstanceId, _shard.Ask(Join("g", old, "i"), 9).ErrorCode);
        Assert.Equal(ErrorCode.FencedInstanceId, _shard.Ask(Leave("g", (old, "i")), 5).Members[0].ErrorCode);
        Assert.Equal(ErrorCode.UnknownMemberId, _shard.Ask(Heartbeat("g", id, generation, "other"), 4).ErrorCode);
        Assert.Equal(ErrorCode.None, _shard.Ask(Heartbeat("g", id, generation, "i"), 4).ErrorCode);
    }

    [Fact]
    public void A_former_self_that_waits_learns_it_at_once()
    {
        Static("i");
        _shard.Come("g");
        var member = _shard.Classic("g").Members.Values.First(m => m.IsStatic);
        var waits = _shard.Send(Join("g", member.Id, "i"), 9);
        // It would be answered at once if the pending one were not there.
        _shard.Ask(Join("g"), 9);
        int generation = _shard.Classic("g").Generation;
        var syncs = _shard.Send(Sync("g", _shard.Classic("g").Members.Keys.Last(), generation), 5);
        _shard.Send(Join("g", instance: "i"), 9);
        Assert.True(waits.IsAnswered);
        Assert.True(syncs.IsAnswered);
    }

    [Fact]
    public void With_other_strategies_it_sets_off_a_rebalance()
    {
        var join = _shard.Ask(Join("g", instance: "i", protocols: ["range"]), 9);
        _shard.Ask(Sync("g", join.MemberId, 1, "i", assignments: (join.MemberId, "a")), 5);
        // Only a strategy that the group can use lets it in, so it brings both.
        var back = _shard.Ask(Join("g", instance: "i", protocols: ["sticky", "range"]), 9);
        Assert.Equal((2, "sticky"), (back.GenerationId, back.ProtocolName));
    }

    [Fact]
    public void It_may_be_away_for_a_whole_rebalance_and_keep_its_place()
    {
        var (old, _) = Static("i");
        var (dynamic, joined) = _shard.Come("g");
        _shard.Send(Join("g", old, "i"), 9);
        int generation = joined.Answer<JoinGroupResponse>().GenerationId;
        _shard.Ask(Sync("g", old, generation, "i", assignments: [(old, "a"), (dynamic, "b")]), 5);
        _shard.Ask(Sync("g", dynamic, generation), 5);
        _shard.Shard.Settings = TestShard.Quick(("group.max.session.timeout.ms", "3600000"));
        _shard.Send(Join("g", old, "i", session: 3_600_000), 9);
        _shard.Send(Join("g", dynamic), 9);
        generation = _shard.Classic("g").Generation;
        _shard.Ask(Sync("g", old, generation, "i", assignments: [(old, "a")]), 5);
        _shard.Ask(Sync("g", dynamic, generation), 5);
        // The dynamic one asks for a rebalance; the static one is away.
        var waits = _shard.Send(Join("g", dynamic, metadata: "new"), 9);
        _shard.Advance(Rebalance);
        Assert.Equal(2, _shard.Classic("g").Members.Count);
        Assert.True(waits.IsAnswered);
    }

    [Fact]
    public void An_operator_removes_it_by_its_instance()
    {
        Static("i");
        var left = _shard.Ask(Leave("g", ("", "none"), ("", "i")), 5);
        Assert.Equal([ErrorCode.UnknownMemberId, ErrorCode.None], left.Members.Select(m => m.ErrorCode));
        Assert.Equal(ClassicState.Empty, _shard.Classic("g").State);
    }

    [Fact]
    public void If_its_return_cannot_be_written_the_former_self_stays()
    {
        var (old, generation) = Static("i");
        _shard.AppendError = ErrorCode.NotEnoughReplicas;
        var refused = _shard.Ask(Join("g", instance: "i"), 9);
        Assert.Equal((ErrorCode.CoordinatorNotAvailable, ""), (refused.ErrorCode, refused.MemberId));
        _shard.AppendError = ErrorCode.None;
        Assert.Equal(ErrorCode.None, _shard.Ask(Heartbeat("g", old, generation, "i"), 4).ErrorCode);
        Assert.Equal(old, _shard.Classic("g").Leader);
    }

    (string Id, int Generation) Static(string instance)
    {
        var join = _shard.Ask(Join("g", instance: instance), 9);
        _shard.Ask(Sync("g", join.MemberId, join.GenerationId, instance, assignments: (join.MemberId, "a")), 5);
        return (join.MemberId, join.GenerationId);
    }
}
