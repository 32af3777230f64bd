using static AkkaStream.Coordinators.Tests.Support.Requests;

namespace AkkaStream.Coordinators.Tests.Groups;

/// <summary>Heartbeats, silence, and goodbyes.</summary>
public sealed class SessionTests
{
    readonly TestShard _shard = new();

    [Fact]
    public void A_member_lives_as_long_as_it_is_heard_from()
    {
        var (id, generation) = _shard.Alone("g");
        for (int i = 0; i < 20; i++)
        {
            _shard.Advance(Session - 1);
            Assert.Equal(ErrorCode.None, _shard.Ask(Heartbeat("g", id, generation), 4).ErrorCode);
        }
        _shard.Advance(Session);
        Assert.Equal(ClassicState.Empty, _shard.Classic("g").State);
        Assert.Equal(ErrorCode.UnknownMemberId, _shard.Ask(Heartbeat("g", id, generation), 4).ErrorCode);
    }

    [Fact]
    public void A_commit_counts_as_a_sign_of_life()
    {
        var (id, generation) = _shard.Alone("g");
        for (int i = 0; i < 5; i++)
        {
            _shard.Advance(Session - 1);
            Assert.Equal(ErrorCode.None, CodeOf(_shard.Ask(Commit("g", "t", 0, i, id, generation), 8)));
        }
        Assert.Equal(ClassicState.Stable, _shard.Classic("g").State);
    }

    [Fact]
    public void A_silent_member_makes_the_others_rebalance()
    {
        var (leader, follower, generation) = _shard.Two("g");
        _shard.Advance(Session / 2);
        _shard.Ask(Heartbeat("g", follower, generation), 4);
        _shard.Advance(Session / 2);
        Assert.Equal(ErrorCode.RebalanceInProgress, _shard.Ask(Heartbeat("g", follower, generation), 4).ErrorCode);
        var joined = _shard.Ask(Join("g", follower), 9);
        Assert.Equal((follower, generation + 1), (joined.Leader, joined.GenerationId));
        Assert.DoesNotContain(leader, _shard.Classic("g").Members.Keys);
    }

    [Fact]
    public void A_parked_joiner_does_not_expire()
    {
        var (leader, follower, generation) = _shard.Two("g");
        var parked = _shard.Send(Join("g", leader), 9);
        for (int i = 0; i < 5; i++)
        {
            _shard.Advance(Session);
            if (i == 0) Assert.Equal(ErrorCode.UnknownMemberId, _shard.Ask(Heartbeat("g", follower, generation), 4).ErrorCode);
        }
        Assert.Equal(ErrorCode.None, parked.Answer<JoinGroupResponse>().ErrorCode);
    }

    [Fact]
    public void A_newcomer_has_five_minutes_for_its_first_rebalance()
    {
        const int Long = 1_800_000;
        var first = _shard.Ask(Join("g", session: Long, rebalance: Long), 3);
        _shard.Ask(Sync("g", first.MemberId, 1, assignments: (first.MemberId, "")), 3);
        var newcomer = _shard.Send(Join("g", session: Long, rebalance: Long), 3);
        _shard.Advance(5 * 60_000 - 1);
        Assert.True(newcomer.Waits);
        _shard.Advance(1);
        var told = newcomer.Answer<JoinGroupResponse>();
        Assert.Equal((ErrorCode.UnknownMemberId, ""), (told.ErrorCode, told.MemberId));
    }

    [Fact]
    public void A_member_that_leaves_is_gone_at_once()
    {
        var (leader, follower, generation) = _shard.Two("g");
        var left = _shard.Ask(Leave("g", (leader, null), ("x", null)), 5);
        Assert.Equal([ErrorCode.None, ErrorCode.UnknownMemberId], left.Members.Select(m => m.ErrorCode));
        Assert.Equal(ErrorCode.RebalanceInProgress, _shard.Ask(Heartbeat("g", follower, generation), 4).ErrorCode);
    }

    [Fact]
    public void Old_versions_leave_one_at_a_time_and_are_told_so_at_the_top()
    {
        var (id, _) = _shard.Alone("g");
        Assert.Equal(ErrorCode.UnknownMemberId, _shard.Ask(new LeaveGroupRequest { GroupId = "g", MemberId = "x" }, 2).ErrorCode);
        Assert.Equal(ErrorCode.UnknownMemberId, _shard.Ask(new LeaveGroupRequest { GroupId = "none", MemberId = "x" }, 2).ErrorCode);
        Assert.Equal(ErrorCode.None, _shard.Ask(new LeaveGroupRequest { GroupId = "g", MemberId = id }, 2).ErrorCode);
        Assert.Equal(ClassicState.Empty, _shard.Classic("g").State);
    }

    [Fact]
    public void A_member_that_is_thrown_out_while_it_waits_is_told_so()
    {
        var (leader, follower, _) = _shard.Two("g");
        var waits = _shard.Send(Join("g", follower, metadata: "x"), 9);
        _shard.Ask(Leave("g", (follower, null)), 5);
        Assert.Equal(ErrorCode.UnknownMemberId, waits.Answer<JoinGroupResponse>().ErrorCode);
        _shard.Send(Join("g", leader), 9);
        int generation = _shard.Classic("g").Generation;
        var (third, _) = _shard.Come("g");
        _shard.Send(Join("g", leader), 9);
        var syncs = _shard.Send(Sync("g", third, generation + 1), 5);
        Assert.True(syncs.Waits);
        _shard.Ask(Leave("g", (third, null)), 5);
        Assert.Equal(ErrorCode.UnknownMemberId, syncs.Answer<SyncGroupResponse>().ErrorCode);
    }

    [Fact]
    public void An_id_that_was_given_out_can_be_given_back()
    {
        var (leader, _) = _shard.Alone("g");
        var pending = _shard.Ask(Join("g"), 9);
        var waits = _shard.Send(Join("g", leader), 9);
        Assert.Equal(ErrorCode.None, _shard.Ask(Leave("g", (pending.MemberId, null)), 5).Members[0].ErrorCode);
        Assert.True(waits.IsAnswered);
    }

    [Fact]
    public void A_jump_of_the_wall_clock_throws_nobody_out()
    {
        var (id, generation) = _shard.Alone("g");
        var jumped = new Moment(_shard.NowMs, _shard.Now.WallMs + 86_400_000);
        Assert.Null(_shard.Shard.OnTime(jumped));
        Assert.Equal(ErrorCode.None, _shard.Ask(Heartbeat("g", id, generation), 4).ErrorCode);
    }
}
