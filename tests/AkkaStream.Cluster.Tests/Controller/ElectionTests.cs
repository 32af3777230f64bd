using AkkaStream.Cluster.Controller;
using AkkaStream.Metadata;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Cluster.Tests.Controller;

public sealed class ElectionTests
{
    readonly TestController _controller = new TestController().WithBrokers(1, 2, 3);

    PartitionImage Partition => _controller.Partition("t");

    void SetMinimum(int minimum) => _controller.State.Apply([new Protocol.Stored.ConfigRecord
    {
        ResourceType = 2, ResourceName = "t", Name = "min.insync.replicas", Value = $"{minimum}",
    }]);

    ErrorCode Elect(sbyte type) => _controller.Ask<ElectLeadersResponse>(new ElectLeadersRequest
    {
        ElectionType = type,
        TopicPartitions = [new ElectLeadersRequestTopicPartitions { Topic = "t", Partitions = [0] }],
    }).ReplicaElectionResults[0].PartitionResult[0].ErrorCode;

    [Fact]
    public void A_fenced_leader_is_followed_by_the_next_in_sync_replica_under_a_higher_epoch()
    {
        _controller.Create("t", assignments: [1, 2, 3]);
        _controller.Fence(1);
        Assert.Equal((2, 1), (Partition.Leader.Value, Partition.LeaderEpoch.Value));
        Assert.Equal("[2, 3]", Partition.Isr.ToString());
    }

    [Fact]
    public void Fencing_a_follower_shrinks_the_set_and_leaves_the_leader_epoch_alone()
    {
        _controller.Create("t", assignments: [1, 2, 3]);
        _controller.Fence(3);
        Assert.Equal((1, 0, 1), (Partition.Leader.Value, Partition.LeaderEpoch.Value, Partition.PartitionEpoch.Value));
        Assert.Equal("[1, 2]", Partition.Isr.ToString());
    }

    [Fact]
    public void Fencing_never_empties_the_in_sync_set()
    {
        _controller.Create("t", assignments: [1, 2, 3]);
        foreach (int broker in (int[])[1, 2, 3]) _controller.Fence(broker);
        Assert.False(Partition.HasLeader);
        Assert.Equal("[3]", Partition.Isr.ToString());
        _controller.Heartbeat(1);
        Assert.False(Partition.HasLeader);
        _controller.Heartbeat(3);
        Assert.Equal(3, Partition.Leader.Value);
    }

    [Fact]
    public void Who_left_the_set_below_its_minimum_may_lead_because_nothing_was_acknowledged_since()
    {
        _controller.Create("t", assignments: [1, 2, 3]);
        SetMinimum(2);
        foreach (int broker in (int[])[1, 2, 3]) _controller.Fence(broker);
        Assert.Equal("[2]", Partition.EligibleLeaders.ToString());
        _controller.Heartbeat(2);
        Assert.Equal(2, Partition.Leader.Value);
        Assert.Equal("[2]", Partition.Isr.ToString());
        Assert.Equal("[3]", Partition.EligibleLeaders.ToString());
        Assert.Equal(LeaderRecoveryState.Recovered, Partition.RecoveryState);
    }

    [Fact]
    public void A_preferred_election_gives_the_first_replica_its_leadership_back()
    {
        _controller.Create("t", assignments: [1, 2]);
        _controller.Fence(1);
        Assert.Equal(ErrorCode.PreferredLeaderNotAvailable, Elect(0));
        _controller.Heartbeat(1);
        Assert.Equal(ErrorCode.PreferredLeaderNotAvailable, Elect(0));
        AlterIsr(leader: 2, [2, 1]);
        Assert.Equal(ErrorCode.None, Elect(0));
        Assert.Equal(1, Partition.Leader.Value);
        Assert.Equal(ErrorCode.ElectionNotNeeded, Elect(0));
    }

    [Fact]
    public void An_unclean_election_takes_a_living_replica_and_marks_what_that_means()
    {
        _controller.Create("t", assignments: [1, 2]);
        _controller.Fence(2);
        _controller.Fence(1);
        _controller.Heartbeat(2);
        Assert.False(Partition.HasLeader);
        Assert.Equal(ErrorCode.None, Elect(1));
        Assert.Equal((2, LeaderRecoveryState.Recovering), (Partition.Leader.Value, Partition.RecoveryState));
        Assert.Equal("[2]", Partition.Isr.ToString());
    }

    [Fact]
    public void Nobody_alive_leaves_even_an_unclean_election_without_a_leader()
    {
        _controller.Create("t", assignments: [1]);
        _controller.Fence(1);
        Assert.Equal(ErrorCode.EligibleLeadersNotAvailable, Elect(1));
    }

    [Fact]
    public void A_broker_that_stops_gives_its_leaderships_away_and_may_go_when_they_are_gone()
    {
        _controller.Create("t", assignments: [1, 2]);
        Assert.False(_controller.Heartbeat(1, wantShutDown: true).ShouldShutDown);
        Assert.Equal(2, Partition.Leader.Value);
        Assert.Equal("[2]", Partition.Isr.ToString());
        Assert.True(_controller.Heartbeat(1, wantShutDown: true).ShouldShutDown);
    }

    [Fact]
    public void The_last_broker_alive_may_stop_at_once_and_nothing_is_written()
    {
        TestController alone = new TestController().WithBrokers(1);
        alone.Create("t");
        alone.Records.Clear();
        Assert.True(alone.Heartbeat(1, wantShutDown: true).ShouldShutDown);
        Assert.Empty(alone.Records);
    }

    AlterPartitionResponsePartition AlterIsr(int leader, int[] isr, int? leaderEpoch = null, int? partitionEpoch = null, long? memberEpoch = null) =>
        _controller.Ask<AlterPartitionResponse>(new AlterPartitionRequest
        {
            BrokerId = leader,
            BrokerEpoch = _controller.Image.Brokers.Find(new BrokerId(leader))!.Epoch.Value,
            Topics = [new AlterPartitionRequestTopic
            {
                TopicId = _controller.Image.Topics.Find("t")!.Id,
                Partitions = [new AlterPartitionRequestPartition
                {
                    LeaderEpoch = leaderEpoch ?? Partition.LeaderEpoch.Value,
                    PartitionEpoch = partitionEpoch ?? Partition.PartitionEpoch.Value,
                    NewIsrWithEpochs = [.. isr.Select(b => new AlterPartitionRequestIsrMember { BrokerId = b, BrokerEpoch = memberEpoch ?? -1 })],
                }],
            }],
        }).Topics[0].Partitions[0];

    [Fact]
    public void A_leader_changes_its_in_sync_set_from_the_state_it_knows_and_from_no_other()
    {
        _controller.Create("t", assignments: [1, 2, 3]);
        AlterPartitionResponsePartition shrunk = AlterIsr(1, [1, 2]);
        Assert.Equal((ErrorCode.None, 1), (shrunk.ErrorCode, shrunk.PartitionEpoch));
        Assert.Equal(ErrorCode.InvalidUpdateVersion, AlterIsr(1, [1], partitionEpoch: 0).ErrorCode);
        Assert.Equal(ErrorCode.NotController, AlterIsr(1, [1], partitionEpoch: 9).ErrorCode);
        Assert.Equal(ErrorCode.NotController, AlterIsr(1, [1], leaderEpoch: 9).ErrorCode);
        Assert.Equal(ErrorCode.InvalidRequest, AlterIsr(2, [2]).ErrorCode);
        Assert.Equal(ErrorCode.InvalidRequest, AlterIsr(1, [2]).ErrorCode);
        Assert.Equal(ErrorCode.InvalidRequest, AlterIsr(1, [1, 7]).ErrorCode);
        Assert.Equal(ErrorCode.IneligibleReplica, AlterIsr(1, [1, 3], memberEpoch: 4711).ErrorCode);
        Assert.Equal(ErrorCode.None, AlterIsr(1, [1, 2, 3]).ErrorCode);
        _controller.Fence(3);
        Assert.Equal(ErrorCode.IneligibleReplica, AlterIsr(1, [1, 2, 3]).ErrorCode);
        _controller.Fence(1);
        Assert.Equal(ErrorCode.FencedLeaderEpoch, AlterIsr(1, [1], leaderEpoch: 0, partitionEpoch: 0).ErrorCode);
    }

    ErrorCode Reassign(int[]? to) => _controller.Ask<AlterPartitionReassignmentsResponse>(new AlterPartitionReassignmentsRequest
    {
        Topics = [new AlterPartitionReassignmentsRequestTopic
        {
            Name = "t",
            Partitions = [new AlterPartitionReassignmentsRequestPartition { Replicas = to }],
        }],
    }).Responses[0].Partitions[0].ErrorCode;

    [Fact]
    public void A_reassignment_ends_when_the_new_replicas_are_in_sync_and_raises_the_epoch_as_it_drops_the_old()
    {
        _controller.Create("t", assignments: [1, 2]);
        Assert.Equal(ErrorCode.None, Reassign([1, 3]));
        Assert.Equal(("[1, 3, 2]", "[3]", "[2]"), ($"{Partition.Replicas}", $"{Partition.Adding}", $"{Partition.Removing}"));
        Assert.Equal(0, Partition.LeaderEpoch.Value);
        Assert.Single(_controller.Ask<ListPartitionReassignmentsResponse>(new ListPartitionReassignmentsRequest()).Topics);
        AlterIsr(1, [1, 2, 3]);
        Assert.Equal(("[1, 3]", "[1, 3]", 1), ($"{Partition.Replicas}", $"{Partition.Isr}", Partition.LeaderEpoch.Value));
        Assert.False(Partition.IsReassigning);
        Assert.Empty(_controller.Ask<ListPartitionReassignmentsResponse>(new ListPartitionReassignmentsRequest()).Topics);
    }

    [Fact]
    public void A_reassignment_that_takes_the_leader_away_elects_another_and_tells_the_old_one()
    {
        _controller.Create("t", assignments: [1, 2]);
        Assert.Equal(ErrorCode.None, Reassign([3, 2]));
        Assert.Equal(ErrorCode.NewLeaderElected, AlterIsr(1, [1, 2, 3]).ErrorCode);
        Assert.Equal(("[3, 2]", 3), ($"{Partition.Replicas}", Partition.Leader.Value));
    }

    [Fact]
    public void A_cancelled_reassignment_leaves_the_replicas_as_they_were()
    {
        _controller.Create("t", assignments: [1, 2]);
        Reassign([1, 3]);
        Assert.Equal(ErrorCode.None, Reassign(null));
        Assert.Equal("[1, 2]", Partition.Replicas.ToString());
        Assert.Equal(ErrorCode.NoReassignmentInProgress, Reassign(null));
    }

    [Fact]
    public void Another_order_of_the_same_replicas_needs_no_copying_and_holds_at_once()
    {
        _controller.Create("t", assignments: [1, 2]);
        Assert.Equal(ErrorCode.None, Reassign([2, 1]));
        Assert.Equal(("[2, 1]", 1), ($"{Partition.Replicas}", Partition.Leader.Value));
        Assert.False(Partition.IsReassigning);
    }
}
