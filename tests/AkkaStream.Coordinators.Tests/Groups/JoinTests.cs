using static AkkaStream.Coordinators.Tests.Support.Requests;

namespace AkkaStream.Coordinators.Tests.Groups;

public sealed class JoinTests
{
    readonly TestShard _shard = new();

    [Fact]
    public void A_new_member_is_given_an_id_and_has_to_come_back_with_it()
    {
        var answer = _shard.Ask(Join("g"), 4);
        Assert.Equal(ErrorCode.MemberIdRequired, answer.ErrorCode);
        Assert.Equal("c-id1", answer.MemberId);
        Assert.Equal(ErrorCode.None, _shard.Ask(Join("g", answer.MemberId), 4).ErrorCode);
    }

    [Fact]
    public void Below_version_4_a_new_member_is_in_at_once()
    {
        var answer = _shard.Ask(Join("g"), 3);
        Assert.Equal((ErrorCode.None, 1, answer.MemberId), (answer.ErrorCode, answer.GenerationId, answer.Leader));
    }

    [Theory]
    [InlineData(5_999, ErrorCode.InvalidSessionTimeout)]
    [InlineData(6_000, ErrorCode.MemberIdRequired)]
    [InlineData(1_800_000, ErrorCode.MemberIdRequired)]
    [InlineData(1_800_001, ErrorCode.InvalidSessionTimeout)]
    public void The_session_time_out_has_bounds(int session, ErrorCode expected) =>
        Assert.Equal(expected, _shard.Ask(Join("g", session: session), 9).ErrorCode);

    [Fact]
    public void Version_0_has_one_time_out_for_both()
    {
        _shard.Ask(Join("g", session: 7_000, rebalance: -1), 0);
        Assert.Equal(7_000, _shard.Classic("g").Members.Values.Single().RebalanceTimeoutMs);
    }

    [Fact]
    public void The_first_rebalance_waits_for_more_members_and_longer_while_they_come()
    {
        var shard = new TestShard(TestShard.Quick(("group.initial.rebalance.delay.ms", "3000")));
        var (_, first) = shard.Come("g");
        shard.Advance(2_000);
        var (_, second) = shard.Come("g");
        shard.Advance(1_000);
        Assert.True(first.Waits, "the second one prolongs the wait");
        shard.Advance(2_999);
        Assert.True(second.Waits);
        shard.Advance(1);
        Assert.Equal(2, first.Answer<JoinGroupResponse>().Members.Length);
        Assert.True(second.IsAnswered);
    }

    [Fact]
    public void The_first_rebalance_waits_no_longer_than_the_rebalance_time_out()
    {
        var shard = new TestShard(TestShard.Quick(("group.initial.rebalance.delay.ms", "3000")));
        var first = shard.Send(Join("g", rebalance: 7_000), 3);
        for (int i = 0; i < 6; i++)
        {
            shard.Advance(1_000);
            shard.Send(Join("g", rebalance: 7_000), 3);
            Assert.True(first.Waits, $"after {i + 1} s");
        }
        shard.Advance(1_000);
        Assert.True(first.IsAnswered);
    }

    [Fact]
    public void Only_the_leader_sees_the_members()
    {
        var (leader, follower, _) = _shard.Two("g");
        var leads = _shard.Send(Join("g", leader), 9);
        var follows = _shard.Send(Join("g", follower), 9);
        Assert.Equal([leader, follower], leads.Answer<JoinGroupResponse>().Members.Select(m => m.MemberId));
        Assert.Empty(follows.Answer<JoinGroupResponse>().Members);
        Assert.Equal(leader, follows.Answer<JoinGroupResponse>().Leader);
    }

    [Fact]
    public void A_follower_that_joins_again_unchanged_keeps_the_generation()
    {
        var (_, follower, generation) = _shard.Two("g");
        var answer = _shard.Ask(Join("g", follower), 9);
        Assert.Equal((ErrorCode.None, generation), (answer.ErrorCode, answer.GenerationId));
        Assert.Equal(ClassicState.Stable, _shard.Classic("g").State);
    }

    [Fact]
    public void A_follower_with_another_subscription_sets_off_a_rebalance()
    {
        var (leader, follower, generation) = _shard.Two("g");
        var changed = _shard.Send(Join("g", follower, metadata: "other"), 9);
        Assert.True(changed.Waits);
        Assert.Equal(ErrorCode.RebalanceInProgress, _shard.Ask(Heartbeat("g", leader, generation), 4).ErrorCode);
        _shard.Send(Join("g", leader), 9);
        Assert.Equal(generation + 1, changed.Answer<JoinGroupResponse>().GenerationId);
    }

    [Fact]
    public void A_lost_answer_is_given_again_while_the_group_completes()
    {
        var (id, join) = _shard.Come("g");
        var again = _shard.Ask(Join("g", id), 9);
        Assert.Equal(join.Answer<JoinGroupResponse>().GenerationId, again.GenerationId);
        Assert.Single(again.Members);
    }

    [Fact]
    public void The_strategy_with_most_votes_wins_among_those_that_all_know()
    {
        var (first, a) = _shard.Come("g", protocols: ["range", "sticky", "mine"]);
        _shard.Ask(Sync("g", first, 1, assignments: (first, "")), 5);
        var (_, b) = _shard.Come("g", protocols: ["sticky", "range"]);
        var (_, c) = _shard.Come("g", protocols: ["sticky", "range"]);
        a = _shard.Send(Join("g", first, protocols: ["mine", "range", "sticky"]), 9);
        foreach (var call in (TestCall[])[a, b, c]) Assert.Equal("sticky", call.Answer<JoinGroupResponse>().ProtocolName);
    }

    [Theory]
    [InlineData("connect", "range")]
    [InlineData("consumer", "sticky")]
    public void Who_has_nothing_in_common_with_the_group_stays_outside(string type, string protocol)
    {
        _shard.Alone("g");
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, _shard.Ask(Join("g", type: type, protocols: [protocol]), 9).ErrorCode);
    }

    [Fact]
    public void An_empty_group_takes_any_protocol_type_but_no_empty_one()
    {
        var (id, _) = _shard.Alone("g");
        _shard.Ask(Leave("g", (id, null)), 5);
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, _shard.Ask(Join("g", type: ""), 9).ErrorCode);
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, _shard.Ask(Join("g", protocols: []), 9).ErrorCode);
        var other = _shard.Ask(Join("g", type: "connect", protocols: ["default"]), 3);
        Assert.Equal((ErrorCode.None, "default"), (other.ErrorCode, other.ProtocolName));
        Assert.Equal("connect", _shard.Classic("g").ProtocolType);
    }

    [Fact]
    public void An_id_that_nobody_gave_is_unknown()
    {
        Assert.Equal(ErrorCode.UnknownMemberId, _shard.Ask(Join("none", "x"), 9).ErrorCode);
        _shard.Alone("g");
        Assert.Equal(ErrorCode.UnknownMemberId, _shard.Ask(Join("g", "x"), 9).ErrorCode);
        Assert.Null(_shard.Shard.Find("none"));
    }

    [Fact]
    public void A_full_group_lets_nobody_in()
    {
        var shard = new TestShard(TestShard.Quick(("group.max.size", "2")));
        var (leader, follower, _) = shard.Two("g");
        Assert.Equal(ErrorCode.GroupMaxSizeReached, shard.Ask(Join("g"), 9).ErrorCode);
        Assert.Equal(ErrorCode.None, shard.Ask(Join("g", follower), 9).ErrorCode);
        Assert.Contains(leader, shard.Classic("g").Members.Keys);
    }

    [Fact]
    public void When_the_limit_was_lowered_whoever_comes_back_last_has_to_go()
    {
        var (leader, follower, _) = _shard.Two("g");
        _shard.Shard.Settings = TestShard.Quick(("group.max.size", "1"));
        var stays = _shard.Send(Join("g", leader), 9);
        var goes = _shard.Ask(Join("g", follower), 9);
        Assert.Equal(ErrorCode.GroupMaxSizeReached, goes.ErrorCode);
        Assert.Single(stays.Answer<JoinGroupResponse>().Members);
    }

    [Fact]
    public void A_call_that_waits_is_answered_when_its_member_asks_again()
    {
        var (leader, follower, _) = _shard.Two("g");
        var first = _shard.Send(Join("g", follower, metadata: "x"), 9);
        var second = _shard.Send(Join("g", follower, metadata: "x"), 9);
        Assert.Equal(ErrorCode.RebalanceInProgress, first.Answer<JoinGroupResponse>().ErrorCode);
        Assert.True(second.Waits);
        _shard.Send(Join("g", leader), 9);
        Assert.Equal(ErrorCode.None, second.Answer<JoinGroupResponse>().ErrorCode);
    }

    [Fact]
    public void Those_who_do_not_come_back_in_time_are_left_behind()
    {
        var (leader, follower, generation) = _shard.Two("g");
        var waits = _shard.Send(Join("g", leader), 9);
        // Heartbeats keep the session, not the place in the rebalance.
        for (int i = 0; i < 11; i++)
        {
            _shard.Advance(5_000);
            _shard.Ask(Heartbeat("g", follower, generation), 4);
        }
        Assert.True(waits.Waits);
        _shard.Advance(5_000);
        Assert.Equal([leader], waits.Answer<JoinGroupResponse>().Members.Select(m => m.MemberId));
        Assert.Equal(ErrorCode.UnknownMemberId, _shard.Ask(Heartbeat("g", follower, generation), 4).ErrorCode);
    }

    [Fact]
    public void A_rebalance_waits_for_ids_that_were_given_out_until_they_expire()
    {
        var (leader, _) = _shard.Alone("g");
        var pending = _shard.Ask(Join("g"), 9);
        var waits = _shard.Send(Join("g", leader), 9);
        Assert.True(waits.Waits);
        _shard.Advance(Session);
        Assert.Single(waits.Answer<JoinGroupResponse>().Members);
        Assert.Equal(ErrorCode.UnknownMemberId, _shard.Ask(Join("g", pending.MemberId), 9).ErrorCode);
    }
}
