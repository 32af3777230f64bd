using AkkaStream.Actors;
using AkkaStream.Broker.Coordinators;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Broker.Tests.Coordinators;

/// <summary>The shell around groups: loading, appending, answering at commit, and what happens when that fails.</summary>
public sealed class CoordinatorActorTests : IDisposable
{
    readonly TestCoordinator _coordinator = new();

    public void Dispose() => _coordinator.Dispose();

    [Fact]
    public void While_it_loads_clients_are_told_to_wait_and_nobody_is_called_dead()
    {
        _coordinator.Stub.HoldsOpening = true;
        _coordinator.Lead();
        Assert.Equal(ErrorCode.CoordinatorLoadInProgress, _coordinator.Commit("g", 1));
        Assert.Equal(ErrorCode.None, _coordinator.Ask(new HeartbeatRequest { GroupId = "g", MemberId = "m", GenerationId = 1 }, 4).ErrorCode);
        Assert.Equal(ErrorCode.CoordinatorLoadInProgress, _coordinator.Actors.Await(_coordinator.Fetching("g")).Error);
        _coordinator.Stub.Open();
        _coordinator.Actors.RunUntilIdle();
        Assert.Equal(ErrorCode.None, _coordinator.Commit("g", 1));
    }

    [Fact]
    public void What_is_committed_is_there_after_the_next_take_over()
    {
        _coordinator.Lead();
        _coordinator.Commit("g", 7);
        _coordinator.Lead(epoch: 1);
        Assert.Equal(7, _coordinator.Fetch("g"));
    }

    [Fact]
    public void An_answer_waits_for_the_commit_and_the_connection_does_not_wait_for_the_answer()
    {
        _coordinator.Lead();
        _coordinator.Stub.HoldsCommits = true;
        var commit = _coordinator.Send(TestCoordinator.CommitOf("g", 7), 8);
        Assert.False(commit.IsDone);
        Assert.Equal(1, _coordinator.OrderFixed);
        var fetch = _coordinator.Fetching("g").AsTask();
        _coordinator.Actors.RunUntilIdle();
        Assert.False(fetch.IsCompleted, "nobody may see an offset that could still be lost");
        _coordinator.Stub.Commit();
        var fetched = _coordinator.Actors.Await(new ValueTask<Told<OffsetFetchResponseGroup[]>>(fetch)).Value;
        Assert.Equal(7, fetched[0].Topics[0].Partitions[0].CommittedOffset);
        Assert.Equal(ErrorCode.None, TestCoordinator.CodeOf(commit));
    }

    [Fact]
    public void A_commit_that_takes_more_than_five_seconds_is_given_up_but_not_undone()
    {
        _coordinator.Lead();
        _coordinator.Stub.HoldsCommits = true;
        var commit = _coordinator.Send(TestCoordinator.CommitOf("g", 7), 8);
        _coordinator.Actors.Advance(TimeSpan.FromMilliseconds(4_999));
        Assert.False(commit.IsDone);
        _coordinator.Actors.Advance(TimeSpan.FromMilliseconds(2));
        Assert.Equal(ErrorCode.CoordinatorNotAvailable, TestCoordinator.CodeOf(commit));
        _coordinator.Stub.HoldsCommits = false;
        _coordinator.Stub.Commit();
        _coordinator.Actors.RunUntilIdle();
        Assert.Equal(7, _coordinator.Fetch("g"));
    }

    [Fact]
    public void What_is_known_to_fail_is_refused_before_anything_happens()
    {
        _coordinator.Lead();
        string member = _coordinator.Ask(Join(), 3).MemberId;
        _coordinator.Ask(Sync(member), 3);
        _coordinator.Stand(0, inSync: 0);
        Assert.Equal(ErrorCode.CoordinatorNotAvailable, _coordinator.Commit("h", 7));
        _coordinator.Stand(0, inSync: 1);
        Assert.Equal(-1, _coordinator.Fetch("h"));
        Assert.Equal(ErrorCode.None, _coordinator.Ask(new HeartbeatRequest { GroupId = "g", MemberId = member, GenerationId = 1 }, 4).ErrorCode);
    }

    [Fact]
    public void When_an_append_fails_all_the_same_the_groups_are_loaded_again()
    {
        _coordinator.Lead();
        _coordinator.Commit("g", 7);
        _coordinator.Stub.Refuses = ErrorCode.NotEnoughReplicas;
        var commit = _coordinator.Send(TestCoordinator.CommitOf("g", 8), 8);
        Assert.Equal(ErrorCode.CoordinatorNotAvailable, TestCoordinator.CodeOf(commit));
        _coordinator.Stub.Refuses = ErrorCode.None;
        Assert.Equal(7, _coordinator.Fetch("g"));
        Assert.Equal(ErrorCode.None, _coordinator.Commit("g", 9));
    }

    [Fact]
    public void Whoever_waits_is_told_when_the_coordinator_moves()
    {
        _coordinator.Lead();
        _coordinator.Ask(Join(), 3);
        var waits = _coordinator.Send(Join(), 3);
        Assert.False(waits.IsDone);
        _coordinator.Stub.HoldsCommits = true;
        var commit = _coordinator.Send(TestCoordinator.CommitOf("h", 8), 8);
        _coordinator.LoseLeadership(epoch: 1);
        Assert.Equal(ErrorCode.NotCoordinator, TestCoordinator.Answer<JoinGroupResponse>(waits).ErrorCode);
        Assert.Equal(ErrorCode.NotCoordinator, TestCoordinator.CodeOf(commit));
        Assert.Equal(ErrorCode.NotCoordinator, _coordinator.Commit("g", 1));
        _coordinator.Stub.Commit();
        _coordinator.Actors.RunUntilIdle();
    }

    [Fact]
    public void Records_that_come_together_make_one_batch()
    {
        _coordinator.Lead();
        int before = _coordinator.Stub.Batches;
        var calls = Enumerable.Range(0, 50).Select(i => new GroupCall(TestCoordinator.CommitOf($"g{i}", i), 8, "c", "/", null)).ToArray();
        foreach (var call in calls) _coordinator.Groups.Find("g")!.Tell(call, null);
        _coordinator.Actors.RunUntilIdle();
        Assert.All(calls, call => Assert.Equal(ErrorCode.None, TestCoordinator.CodeOf(call)));
        Assert.Equal(1, _coordinator.Stub.Batches - before);
    }

    [Fact]
    public void What_is_too_large_for_a_batch_is_refused_and_hurts_nobody()
    {
        using var coordinator = new TestCoordinator(("offset.metadata.max.bytes", "2000000"));
        coordinator.Lead();
        var large = new OffsetCommitRequest
        {
            GroupId = "g",
            Topics =
            [
                new OffsetCommitRequestTopic
                {
                    Name = "t",
                    Partitions = [new OffsetCommitRequestPartition { CommittedOffset = 1, CommittedMetadata = new string('x', 1_100_000) }],
                },
            ],
        };
        Assert.Equal(ErrorCode.InvalidCommitOffsetSize, TestCoordinator.CodeOf(coordinator.Send(large, 8)));
        Assert.Equal(ErrorCode.None, coordinator.Commit("g", 2));
        Assert.Equal(2, coordinator.Fetch("g"));
    }

    [Fact]
    public void Sessions_end_in_their_time_with_one_timer_for_all()
    {
        _coordinator.Lead();
        for (int i = 0; i < 20; i++) _coordinator.Send(Join($"g{i}"), 3);
        Assert.True(_coordinator.Actors.System.Timers.Count <= 2, $"{_coordinator.Actors.System.Timers.Count} timers");
        _coordinator.Actors.Advance(TimeSpan.FromMilliseconds(10_000));
        var heartbeat = new HeartbeatRequest { GroupId = "g0", MemberId = "c-id1", GenerationId = 1 };
        Assert.Equal(ErrorCode.UnknownMemberId, _coordinator.Ask(heartbeat, 4).ErrorCode);
    }

    static JoinGroupRequest Join(string group = "g") => new()
    {
        GroupId = group, SessionTimeoutMs = 10_000, RebalanceTimeoutMs = 60_000, ProtocolType = "consumer",
        Protocols = [new JoinGroupRequestProtocol { Name = "range", Metadata = new byte[] { 1 } }],
    };

    static SyncGroupRequest Sync(string member) => new() { GroupId = "g", MemberId = member, GenerationId = 1 };
}
