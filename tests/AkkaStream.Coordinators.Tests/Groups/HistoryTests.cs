using static AkkaStream.Coordinators.Tests.Support.Requests;

namespace AkkaStream.Coordinators.Tests.Groups;

public sealed class HistoryTests
{
    readonly TestShard _shard = new();

    [Fact]
    public void A_rebalance_tells_who_set_it_off_why_and_how_long_it_took()
    {
        var (leader, follower, _) = _shard.Two("g");
        _shard.Events.Clear();
        _shard.Advance(1_000);
        _shard.Send(new LeaveGroupRequest
        {
            GroupId = "g", Members = [new LeaveGroupRequestMember { MemberId = follower, Reason = "the consumer is being closed" }],
        }, 5);
        _shard.Advance(700);
        var joined = _shard.Ask(Join("g", leader), 9);
        _shard.Advance(300);
        _shard.Ask(Sync("g", leader, joined.GenerationId, assignments: (leader, "a")), 5);
        var (began, ended) = (_shard.Events[0], _shard.Events[1]);
        Assert.Equal((GroupEventKind.RebalanceBegan, follower), (began.Kind, began.MemberId));
        Assert.Equal(
            (GroupEventKind.Rebalanced, follower, "c", 1_000L, 1, joined.GenerationId),
            (ended.Kind, ended.MemberId, ended.ClientId, ended.DurationMs, ended.Members, ended.Generation));
        Assert.Contains("the consumer is being closed", ended.Reason);
    }

    [Fact]
    public void A_silent_member_is_named_with_its_time_out()
    {
        var (id, _) = _shard.Alone("g");
        _shard.Events.Clear();
        _shard.Advance(Session);
        Assert.Contains(_shard.Events, e => e.Kind == GroupEventKind.Emptied && e.MemberId == id && e.Reason.Contains("10000 ms"));
    }

    [Fact]
    public void Many_rebalances_in_a_short_time_are_called_a_storm_once()
    {
        var (id, _) = _shard.Alone("g");
        for (int i = 0; i < 20; i++)
        {
            int generation = _shard.Ask(Join("g", id), 9).GenerationId;
            _shard.Ask(Sync("g", id, generation, assignments: (id, "a")), 5);
            _shard.Advance(1_000);
        }
        var storm = Assert.Single(_shard.Events, e => e.Kind == GroupEventKind.Storm);
        Assert.Equal(id, storm.MemberId);
        Assert.True(storm.Count >= 6);
    }

    [Fact]
    public void One_that_comes_and_goes_alone_is_counted_once_each_time()
    {
        for (int i = 0; i < 20; i++)
        {
            var (id, _) = _shard.Alone("g");
            _shard.Ask(Leave("g", (id, null)), 5);
            _shard.Advance(15_000);
        }
        Assert.DoesNotContain(_shard.Events, e => e.Kind == GroupEventKind.Storm);
    }

    [Fact]
    public void The_last_hundred_events_are_kept()
    {
        var (id, _) = _shard.Alone("g");
        for (int i = 0; i < 120; i++)
        {
            int generation = _shard.Ask(Join("g", id), 9).GenerationId;
            _shard.Ask(Sync("g", id, generation, assignments: (id, "a")), 5);
        }
        var events = _shard.Classic("g").History.Events.ToList();
        Assert.Equal(GroupHistory.Capacity, events.Count);
        Assert.Equal(121, events[^1].Generation);
        Assert.Equal(events.OrderBy(e => e.Generation), events);
    }

    [Fact]
    public void Offsets_that_somebody_sets_from_outside_are_remembered()
    {
        var (id, generation) = _shard.Alone("g");
        _shard.Ask(Commit("g", "t", 0, 100, id, generation), 8);
        _shard.Ask(Leave("g", (id, null)), 5);
        _shard.Ask(Commit("g", "t", 0, 3), 8);
        Assert.Contains(_shard.Classic("g").History.Events, e => e.Kind == GroupEventKind.OffsetsReset && e.Count == 1);
    }

    [Fact]
    public void The_last_reset_can_be_undone_and_that_again()
    {
        var (id, generation) = _shard.Alone("g");
        _shard.Ask(Commit("g", "t", 0, 100, id, generation, metadata: "note"), 8);
        Assert.Equal(ErrorCode.NonEmptyGroup, _shard.Shard.UndoReset("g", false, _shard.Now).Error.Code);
        _shard.Ask(Leave("g", (id, null)), 5);
        Assert.Equal(ErrorCode.ResourceNotFound, _shard.Shard.UndoReset("g", false, _shard.Now).Error.Code);
        _shard.Ask(Commit("g", "t", 0, 3), 8);
        _shard.Ask(Commit("g", "t", 1, 4), 8);
        Assert.Equal((null, 4L), Undo(dryRun: true));
        Assert.Equal(4, _shard.Offset("g", "t", 1)?.Offset);
        Assert.Equal((4L, null), Undo());
        Assert.Null(_shard.Offset("g", "t", 1));
        Assert.Equal((null, 4L), Undo());
        Assert.Equal(4, _shard.Restarted().Offset("g", "t", 1)?.Offset);

        (long?, long?) Undo(bool dryRun = false)
        {
            var (decision, error, changes) = _shard.Shard.UndoReset("g", dryRun, _shard.Now);
            Assert.True(error.IsNone);
            _shard.Carry(decision);
            var change = Assert.Single(changes);
            return dryRun ? (change.After?.Offset, change.Before?.Offset) : (change.Before?.Offset, change.After?.Offset);
        }
    }

    [Fact]
    public void Offsets_that_expired_can_be_put_back()
    {
        _shard.Ask(Commit("g", "old", 0, 42, metadata: "note"), 8);
        _shard.Advance(4 * 86_400_000L);
        _shard.Ask(Commit("g", "new", 0, 1), 8);
        _shard.Advance(4 * 86_400_000L);
        Assert.Null(_shard.Offset("g", "old", 0));
        var (decision, error, _) = _shard.Shard.UndoReset("g", dryRun: false, _shard.Now);
        Assert.True(error.IsNone);
        _shard.Carry(decision);
        Assert.Equal((42, "note"), (_shard.Offset("g", "old", 0)?.Offset, _shard.Offset("g", "old", 0)?.Metadata));
        _shard.Advance(6 * 86_400_000L);
        Assert.NotNull(_shard.Offset("g", "old", 0));
    }

    [Fact]
    public void A_client_without_a_group_is_noticed_only_when_it_goes_back()
    {
        for (int i = 1; i < 5; i++) _shard.Ask(Commit("g", "t", 0, i), 8);
        Assert.Empty(_shard.Classic("g").History.Events);
        _shard.Ask(Commit("g", "t", 0, 2), 8);
        var reset = Assert.Single(_shard.Classic("g").History.Events);
        Assert.Equal((4, 2), (reset.Offsets[0].Before?.Offset, reset.Offsets[0].After?.Offset));
    }

    [Fact]
    public void Of_very_many_offsets_only_the_newest_are_kept()
    {
        var history = new GroupHistory();
        var changes = Enumerable.Range(0, 4_000).Select(i => new OffsetChange("t", i, null, null)).ToArray();
        for (int i = 0; i < 5; i++) history.Add(new GroupEvent("g", GroupEventKind.OffsetsReset, i) { Offsets = changes });
        Assert.Equal([0, 0, 0, 4_000, 4_000], history.Events.Select(e => e.Offsets.Count));
    }
}
