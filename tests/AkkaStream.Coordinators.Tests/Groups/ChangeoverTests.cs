using static AkkaStream.Coordinators.Tests.Support.Requests;

namespace AkkaStream.Coordinators.Tests.Groups;

/// <summary>Groups that change between the two protocols while their members work.</summary>
public sealed class ChangeoverTests
{
    readonly TestShard _shard = new();

    public ChangeoverTests() => _shard.SetTopics(("t", 4));

    [Fact]
    public void The_first_member_of_the_new_protocol_turns_a_group_over_and_the_last_one_turns_it_back()
    {
        var (classic, generation) = Classic();
        _shard.Ask(Commit("g", "t", 0, 5, classic, generation), 8);
        var a = new Consumer(_shard, "g", "a");
        Assert.Equal(ErrorCode.None, a.Join().ErrorCode);
        Assert.Equal(2, _shard.Consumers("g").MemberCount);
        Assert.Equal(5, _shard.Offset("g", "t", 0)?.Offset);

        // The classic one hears of it, joins again, gives up half, and joins once more.
        Assert.Equal(ErrorCode.RebalanceInProgress, _shard.Ask(Heartbeat("g", classic, generation), 4).ErrorCode);
        int epoch = Rejoin(classic, [0, 1, 2, 3]);
        Assert.Equal([0, 1], Fetch(classic, epoch));
        Assert.Equal(ErrorCode.RebalanceInProgress, _shard.Ask(Heartbeat("g", classic, epoch), 4).ErrorCode);
        epoch = Rejoin(classic, [0, 1]);
        Assert.Equal([0, 1], Fetch(classic, epoch));
        Assert.Equal(ErrorCode.None, _shard.Ask(Heartbeat("g", classic, epoch), 4).ErrorCode);
        a.Beat();
        Assert.Equal([2, 3], a.Given);
        Assert.Equal(ErrorCode.None, CodeOf(_shard.Ask(Commit("g", "t", 0, 6, classic, epoch), 8)));

        a.Leave();
        var back = _shard.Classic("g");
        Assert.Equal((ClassicState.PreparingRebalance, classic), (back.State, back.Leader));
        Assert.Equal(6, _shard.Offset("g", "t", 0)?.Offset);
        Assert.Equal(ErrorCode.RebalanceInProgress, _shard.Ask(Heartbeat("g", classic, back.Generation), 4).ErrorCode);
        var joined = _shard.Ask(ConsumersJoin(classic, []), 9);
        Assert.Equal((ErrorCode.None, 1), (joined.ErrorCode, joined.Members.Length));
        Assert.Equal(ClassicState.Stable, _shard.Restarted().Classic("g").State);
    }

    [Fact]
    public void Whoever_waits_in_a_group_that_changes_over_is_sent_back_to_join()
    {
        Classic();
        var (_, waits) = Come();
        Assert.True(waits.Waits);
        new Consumer(_shard, "g", "a").Join();
        Assert.Equal(ErrorCode.RebalanceInProgress, waits.Answer<JoinGroupResponse>().ErrorCode);
    }

    [Fact]
    public void An_empty_group_changes_in_either_direction_and_keeps_its_offsets()
    {
        var (classic, generation) = Classic();
        _shard.Ask(Commit("g", "t", 0, 5, classic, generation), 8);
        _shard.Ask(Leave("g", (classic, null)), 5);
        var a = new Consumer(_shard, "g", "a");
        a.Join();
        Assert.Equal(2, a.Epoch);
        Assert.Equal(5, _shard.Offset("g", "t", 0)?.Offset);
        a.Leave();
        Classic();
        Assert.Equal(5, _shard.Restarted().Offset("g", "t", 0)?.Offset);
        Assert.Equal(ClassicState.Stable, _shard.Restarted().Classic("g").State);
    }

    [Fact]
    public void Where_changing_over_is_not_allowed_the_newcomer_is_refused()
    {
        _shard.Shard.Settings = TestShard.Quick(("group.consumer.migration.policy", "disabled"));
        Classic();
        Assert.Equal(ErrorCode.GroupIdNotFound, new Consumer(_shard, "g", "a").Join().ErrorCode);
        Assert.Equal(ClassicState.Stable, _shard.Classic("g").State);
    }

    [Fact]
    public void A_group_that_is_not_consumers_does_not_change_over()
    {
        var join = _shard.Ask(Join("g", type: "connect", protocols: ["d"]), 3);
        _shard.Ask(Sync("g", join.MemberId, 1, assignments: (join.MemberId, "")), 3);
        Assert.Equal(ErrorCode.GroupIdNotFound, new Consumer(_shard, "g", "a").Join().ErrorCode);
    }

    [Fact]
    public void A_classic_member_must_speak_as_consumers_do()
    {
        new Consumer(_shard, "g", "a").Join();
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, _shard.Ask(Join("g", type: "connect"), 9).ErrorCode);
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, _shard.Ask(Join("g", metadata: "x"), 3).ErrorCode);
        Assert.Equal(ErrorCode.MemberIdRequired, _shard.Ask(ConsumersJoin("", []), 9).ErrorCode);
    }

    [Fact]
    public void A_classic_member_that_does_not_join_again_in_time_is_thrown_out()
    {
        var (classic, generation) = Classic();
        var a = new Consumer(_shard, "g", "a");
        a.Join();
        for (int i = 0; i < Rebalance / 5_000; i++)
        {
            var code = _shard.Ask(Heartbeat("g", classic, generation), 4).ErrorCode;
            Assert.Equal(ErrorCode.RebalanceInProgress, code);
            _shard.Advance(5_000);
            a.Beat();
        }
        Assert.Equal(ErrorCode.UnknownMemberId, _shard.Ask(Heartbeat("g", classic, generation), 4).ErrorCode);
    }

    [Fact]
    public void A_restart_in_between_changes_nothing()
    {
        var (classic, generation) = Classic();
        new Consumer(_shard, "g", "a").Join();
        var after = _shard.Restarted();
        Assert.Equal(2, after.Consumers("g").MemberCount);
        Assert.Equal(ErrorCode.RebalanceInProgress, after.Ask(Heartbeat("g", classic, generation), 4).ErrorCode);
    }

    (string Id, int Generation) Classic()
    {
        var (id, join) = Come();
        int generation = join.Answer<JoinGroupResponse>().GenerationId;
        var assignment = StoredTable.ToBytes(new ConsumerProtocolAssignment
        {
            AssignedPartitions = [new ConsumerProtocolAssignmentTopicPartitions { Topic = "t", Partitions = [0, 1, 2, 3] }],
        }, 1);
        var sync = new SyncGroupRequest
        {
            GroupId = "g", MemberId = id, GenerationId = generation,
            Assignments = [new SyncGroupRequestAssignment { MemberId = id, Assignment = assignment }],
        };
        Assert.Equal(ErrorCode.None, _shard.Ask(sync, 3).ErrorCode);
        return (id, generation);
    }

    (string Id, TestCall Join) Come()
    {
        string id = _shard.Ask(ConsumersJoin("", []), 9).MemberId;
        return (id, _shard.Send(ConsumersJoin(id, []), 9));
    }

    int Rejoin(string member, int[] owned)
    {
        var joined = _shard.Ask(ConsumersJoin(member, owned), 9);
        Assert.Equal(ErrorCode.None, joined.ErrorCode);
        return joined.GenerationId;
    }

    int[] Fetch(string member, int epoch)
    {
        var synced = _shard.Ask(Sync("g", member, epoch), 3);
        Assert.Equal(ErrorCode.None, synced.ErrorCode);
        return [.. StoredTable.ReadAssignment(synced.Assignment).AssignedPartitions.SelectMany(t => t.Partitions)];
    }

    JoinGroupRequest ConsumersJoin(string member, int[] owned) => new()
    {
        GroupId = "g", MemberId = member, ProtocolType = "consumer", SessionTimeoutMs = Session, RebalanceTimeoutMs = Rebalance,
        Protocols =
        [
            new JoinGroupRequestProtocol
            {
                Name = "range",
                Metadata = StoredTable.ToBytes(new ConsumerProtocolSubscription
                {
                    Topics = ["t"],
                    OwnedPartitions = owned.Length == 0 ? [] : [new ConsumerProtocolSubscriptionTopicPartitions { Topic = "t", Partitions = owned }],
                }, 1),
            },
        ],
    };
}
