using static AkkaStream.Coordinators.Tests.Support.Requests;

namespace AkkaStream.Coordinators.Tests.Groups;

public sealed class SyncTests
{
    readonly TestShard _shard = new();

    [Fact]
    public void Followers_wait_for_the_leader_and_get_what_it_gave_them()
    {
        var (leader, follower, _) = _shard.Two("g");
        _shard.Send(Join("g", leader), 9);
        _shard.Send(Join("g", follower), 9);
        int generation = _shard.Classic("g").Generation;
        var follows = _shard.Send(Sync("g", follower, generation), 5);
        Assert.True(follows.Waits);
        var leads = _shard.Ask(Sync("g", leader, generation, assignments: (follower, "all of it")), 5);
        Assert.Equal("all of it", Text(follows.Answer<SyncGroupResponse>().Assignment));
        Assert.Equal("", Text(leads.Assignment));
        Assert.Equal(("consumer", "range"), (leads.ProtocolType, leads.ProtocolName));
    }

    [Fact]
    public void A_wrong_member_generation_type_or_strategy_is_refused()
    {
        var (id, generation) = _shard.Alone("g");
        Assert.Equal(ErrorCode.UnknownMemberId, Code(Sync("none", id, generation)));
        Assert.Equal(ErrorCode.UnknownMemberId, Code(Sync("g", "x", generation)));
        Assert.Equal(ErrorCode.IllegalGeneration, Code(Sync("g", id, generation + 1)));
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, Code(Sync("g", id, generation, type: "connect")));
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, Code(Sync("g", id, generation, protocol: "sticky")));
        Assert.Equal(ErrorCode.None, Code(Sync("g", id, generation, type: "consumer", protocol: "range")));
    }

    [Fact]
    public void During_a_rebalance_the_old_generation_is_told_so()
    {
        var (leader, follower, generation) = _shard.Two("g");
        _shard.Send(Join("g", leader), 9);
        Assert.Equal(ErrorCode.RebalanceInProgress, Code(Sync("g", follower, generation)));
    }

    [Fact]
    public void A_new_rebalance_sends_those_away_who_wait_for_an_assignment()
    {
        var (leader, follower, _) = _shard.Two("g");
        _shard.Send(Join("g", leader), 9);
        _shard.Send(Join("g", follower), 9);
        var waits = _shard.Send(Sync("g", follower, _shard.Classic("g").Generation), 5);
        _shard.Come("g");
        Assert.Equal(ErrorCode.RebalanceInProgress, waits.Answer<SyncGroupResponse>().ErrorCode);
    }

    [Fact]
    public void Who_does_not_fetch_its_assignment_in_time_is_thrown_out()
    {
        var (leader, follower, _) = _shard.Two("g");
        _shard.Send(Join("g", leader), 9);
        _shard.Send(Join("g", follower), 9);
        int generation = _shard.Classic("g").Generation;
        _shard.Ask(Sync("g", leader, generation, assignments: (leader, "a")), 5);
        for (int i = 0; i < 12; i++)
        {
            _shard.Advance(5_000);
            _shard.Ask(Heartbeat("g", leader, generation), 4);
            _shard.Ask(Heartbeat("g", follower, generation), 4);
        }
        Assert.Equal([leader], _shard.Classic("g").Members.Keys);
        Assert.Equal(ClassicState.PreparingRebalance, _shard.Classic("g").State);
    }

    [Fact]
    public void A_waiting_follower_does_not_expire()
    {
        var (leader, follower, _) = _shard.Two("g");
        _shard.Send(Join("g", leader), 9);
        _shard.Send(Join("g", follower), 9);
        int generation = _shard.Classic("g").Generation;
        var waits = _shard.Send(Sync("g", follower, generation), 5);
        for (int i = 0; i < 10; i++)
        {
            _shard.Advance(5_000);
            _shard.Ask(Heartbeat("g", leader, generation), 4);
        }
        Assert.True(waits.Waits);
        _shard.Ask(Sync("g", leader, generation, assignments: (follower, "b")), 5);
        Assert.Equal("b", Text(waits.Answer<SyncGroupResponse>().Assignment));
        _shard.Advance(Session - 1);
        Assert.Contains(follower, _shard.Classic("g").Members.Keys);
        _shard.Advance(1);
        Assert.DoesNotContain(follower, _shard.Classic("g").Members.Keys);
    }

    [Fact]
    public void Nobody_gets_an_assignment_that_is_not_committed()
    {
        var (id, join) = _shard.Come("g");
        _shard.HoldsCommits = true;
        var sync = _shard.Send(Sync("g", id, join.Answer<JoinGroupResponse>().GenerationId, assignments: (id, "a")), 5);
        var again = _shard.Send(Sync("g", id, 1), 5);
        Assert.True(sync.Waits && again.Waits);
        _shard.Commit();
        Assert.Equal("a", Text(sync.Answer<SyncGroupResponse>().Assignment));
        Assert.Equal("a", Text(again.Answer<SyncGroupResponse>().Assignment));
    }

    [Theory]
    [InlineData(ErrorCode.NotEnoughReplicas, ErrorCode.CoordinatorNotAvailable)]
    [InlineData(ErrorCode.RequestTimedOut, ErrorCode.CoordinatorNotAvailable)]
    [InlineData(ErrorCode.NotLeaderOrFollower, ErrorCode.NotCoordinator)]
    [InlineData(ErrorCode.KafkaStorageError, ErrorCode.NotCoordinator)]
    [InlineData(ErrorCode.MessageTooLarge, ErrorCode.UnknownServerError)]
    public void An_assignment_that_cannot_be_written_is_given_to_nobody_and_the_group_starts_over(ErrorCode failure, ErrorCode told)
    {
        var (id, join) = _shard.Come("g");
        int generation = join.Answer<JoinGroupResponse>().GenerationId;
        _shard.AppendError = failure;
        Assert.Equal(told, Code(Sync("g", id, generation, assignments: (id, "a"))));
        _shard.AppendError = ErrorCode.None;
        Assert.Equal(ErrorCode.RebalanceInProgress, _shard.Ask(Heartbeat("g", id, generation), 4).ErrorCode);
        var again = _shard.Ask(Join("g", id), 9);
        Assert.Equal(generation + 1, again.GenerationId);
        Assert.Equal(ErrorCode.None, Code(Sync("g", id, generation + 1, assignments: (id, "a"))));
    }

    ErrorCode Code(SyncGroupRequest request) => _shard.Ask(request, 5).ErrorCode;
}
