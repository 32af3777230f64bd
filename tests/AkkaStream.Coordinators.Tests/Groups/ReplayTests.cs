using static AkkaStream.Coordinators.Tests.Support.Requests;

namespace AkkaStream.Coordinators.Tests.Groups;

public sealed class ReplayTests
{
    readonly TestShard _shard = new();

    [Fact]
    public void A_stable_group_comes_back_with_its_members_and_their_sessions_start_in_full()
    {
        var (leader, follower, generation) = _shard.Two("g");
        _shard.Advance(Session - 1);
        _shard.Ask(Heartbeat("g", leader, generation), 4);
        var after = _shard.Restarted();
        after.Advance(Session - 1);
        Assert.Equal(ErrorCode.None, after.Ask(Heartbeat("g", follower, generation), 4).ErrorCode);
        Assert.Equal("one", Text(after.Ask(Sync("g", leader, generation), 5).Assignment));
        Assert.Equal(ErrorCode.None, after.Ask(Join("g", follower), 9).ErrorCode);
        Assert.Equal(generation, after.Classic("g").Generation);
    }

    [Fact]
    public void Static_members_keep_their_instances()
    {
        var join = _shard.Ask(Join("g", instance: "i"), 9);
        _shard.Ask(Sync("g", join.MemberId, 1, "i", assignments: (join.MemberId, "a")), 5);
        var after = _shard.Restarted();
        Assert.Equal(ErrorCode.FencedInstanceId, after.Ask(Heartbeat("g", "x", 1, "i"), 4).ErrorCode);
        Assert.Equal(ErrorCode.None, after.Ask(Heartbeat("g", join.MemberId, 1, "i"), 4).ErrorCode);
    }

    [Fact]
    public void A_rebalance_that_was_under_way_is_forgotten_and_the_members_join_again()
    {
        var (leader, follower, generation) = _shard.Two("g");
        _shard.Send(Join("g", leader), 9);
        var after = _shard.Restarted();
        Assert.Equal(ClassicState.Stable, after.Classic("g").State);
        var waits = after.Send(Join("g", leader), 9);
        Assert.True(waits.Waits);
        after.Send(Join("g", follower), 9);
        Assert.Equal(generation + 1, waits.Answer<JoinGroupResponse>().GenerationId);
    }

    [Fact]
    public void An_emptied_group_comes_back_empty_with_its_generation()
    {
        var (id, generation) = _shard.Alone("g");
        _shard.Ask(Leave("g", (id, null)), 5);
        var after = _shard.Restarted().Classic("g");
        Assert.Equal((ClassicState.Empty, generation + 1, "consumer"), (after.State, after.Generation, after.ProtocolType));
    }

    [Fact]
    public void A_group_above_the_limit_is_rebalanced_after_loading()
    {
        _shard.Two("g");
        _shard.Shard.Settings = TestShard.Quick(("group.max.size", "1"));
        Assert.Equal(ClassicState.PreparingRebalance, _shard.Restarted().Classic("g").State);
    }

    [Fact]
    public void A_record_of_an_old_Kafka_is_understood()
    {
        var value = new GroupMetadataValue
        {
            ProtocolType = "consumer", Generation = 3, Protocol = "range", Leader = "m",
            Members = [new GroupMetadataValueMember { MemberId = "m", SessionTimeout = 9_000, Subscription = Bytes(Subscription("t")) }],
        };
        _shard.Replay(StoredTable.ToBytes(new GroupMetadataKey { Group = "g" }, 0), StoredTable.ToBytes(value, 0), ProducerId.None);
        var group = _shard.Classic("g");
        Assert.Equal((ClassicState.Stable, 3, -1L), (group.State, group.Generation, group.StateSinceMs));
        Assert.Equal(9_000, group.Members["m"].RebalanceTimeoutMs);
        _shard.Replay(
            StoredTable.ToBytes(new LegacyOffsetCommitKey { Group = "g", Topic = "t", Partition = 1 }, 0),
            StoredTable.ToBytes(new LegacyOffsetCommitValue { Offset = 5, Metadata = "m", CommitTimestamp = 1 }, 0), ProducerId.None);
        Assert.Equal(5, _shard.Offset("g", "t", 1)?.Offset);
    }

    [Fact]
    public void Describe_shows_metadata_only_when_the_group_is_stable()
    {
        var (leader, follower, _) = _shard.Two("g");
        var stable = _shard.Shard.DescribeClassic("g", 5);
        Assert.Equal(("Stable", "consumer", "range"), (stable.GroupState, stable.ProtocolType, stable.ProtocolData));
        Assert.Equal(["one", "other"], stable.Members.Select(m => Text(m.MemberAssignment)));
        Assert.Equal("/127.0.0.1", stable.Members[0].ClientHost);
        _shard.Send(Join("g", leader), 9);
        var preparing = _shard.Shard.DescribeClassic("g", 5);
        Assert.Equal(("PreparingRebalance", ""), (preparing.GroupState, preparing.ProtocolData));
        Assert.All(preparing.Members, m => Assert.True(m.MemberMetadata.IsEmpty));
        Assert.Equal(["one", "other"], preparing.Members.Select(m => Text(m.MemberAssignment)));
        _shard.Send(Join("g", follower), 9);
        Assert.Equal("CompletingRebalance", _shard.Shard.DescribeClassic("g", 5).GroupState);
        Assert.Equal((ErrorCode.None, "Dead"), (_shard.Shard.DescribeClassic("x", 5).ErrorCode, _shard.Shard.DescribeClassic("x", 5).GroupState));
        Assert.Equal(ErrorCode.GroupIdNotFound, _shard.Shard.DescribeClassic("x", 6).ErrorCode);
    }
}
