using System.Net.Sockets;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Messages.Private;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Broker.Tests;

/// <summary>Groups on a whole broker: what the scripts of recorded answers do not ask.</summary>
public sealed class GroupTests
{
    static readonly (string, string) NoDelay = ("group.initial.rebalance.delay.ms", "0");

    [Fact]
    public async Task A_join_that_waits_lets_later_requests_of_its_connection_do_their_work()
    {
        await using var broker = await TestBroker.StartAsync(("group.initial.rebalance.delay.ms", "600000"));
        broker.Create("t");
        await FindAsync(broker, "g");
        using var other = broker.Connect();
        other.Send(Frames.ToBytes(Join("g", rebalance: 1_800_000), 3, 1, "waits"));
        other.Send(Frames.ToBytes(Commit("h", "t", 7), 8, 2, "waits"));
        Assert.Equal(7, await CommittedAsync(broker, "h", "t", 7));
        Assert.Equal(0, other.Available);
    }

    [Fact]
    public async Task Groups_come_back_with_offsets_and_members_after_a_restart()
    {
        string directory = Directory.CreateTempSubdirectory("akkastream-").FullName;
        try
        {
            string member;
            await using (var broker = await TestBroker.StartAsync(directory, NoDelay))
            {
                broker.Create("t");
                await FindAsync(broker, "g");
                member = broker.Ask(Join("g"), 3).MemberId;
                var sync = new SyncGroupRequest
                {
                    GroupId = "g", GenerationId = 1, MemberId = member,
                    Assignments = [new SyncGroupRequestAssignment { MemberId = member, Assignment = new byte[] { 1, 2 } }],
                };
                Assert.Equal(ErrorCode.None, broker.Ask(sync, 3).ErrorCode);
                Assert.Equal(ErrorCode.None, broker.Ask(Commit("g", "t", 42, member, 1), 8).Topics[0].Partitions[0].ErrorCode);
            }

            await using (var broker = await TestBroker.StartAsync(directory, NoDelay))
            {
                Assert.Equal(42, await CommittedAsync(broker, "g", "t", 42));
                Assert.Equal(ErrorCode.None, broker.Ask(new HeartbeatRequest { GroupId = "g", GenerationId = 1, MemberId = member }).ErrorCode);
                var group = broker.Ask(new DescribeGroupsRequest { Groups = ["g"] }).Groups[0];
                Assert.Equal("Stable", group.GroupState);
                Assert.Equal([1, 2], group.Members[0].MemberAssignment.ToArray());
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task What_was_deleted_stays_deleted_after_a_restart()
    {
        string directory = Directory.CreateTempSubdirectory("akkastream-").FullName;
        try
        {
            await using (var broker = await TestBroker.StartAsync(directory, NoDelay))
            {
                broker.Create("t", 2);
                await FindAsync(broker, "g");
                await FindAsync(broker, "h");
                foreach (string group in (string[])["g", "h"])
                    Assert.Equal(ErrorCode.None, broker.Ask(Commit(group, "t", 42), 8).Topics[0].Partitions[0].ErrorCode);
                Assert.Equal(ErrorCode.None, broker.Ask(new DeleteGroupsRequest { GroupsNames = ["g"] }).Results[0].ErrorCode);
            }

            await using (var broker = await TestBroker.StartAsync(directory, NoDelay))
            {
                Assert.Equal(42, await CommittedAsync(broker, "h", "t", 42));
                Assert.Equal(-1, await CommittedAsync(broker, "g", "t", -1));
                Assert.DoesNotContain("g", broker.Ask(new ListGroupsRequest()).Groups.Select(g => g.GroupId));
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task Before_the_internal_topic_is_there_nobody_coordinates()
    {
        await using var broker = await TestBroker.StartAsync();
        Assert.Equal(ErrorCode.NotCoordinator, broker.Ask(Join("g"), 9).ErrorCode);
        Assert.Equal(ErrorCode.NotCoordinator, broker.Ask(new OffsetFetchRequest { GroupId = "g", Topics = null }, 7).ErrorCode);
        var old = broker.Ask(new OffsetFetchRequest { GroupId = "g", Topics = [new OffsetFetchRequestTopic { Name = "t", PartitionIndexes = [0] }] }, 1);
        Assert.Equal(ErrorCode.NotCoordinator, old.Topics[0].Partitions[0].ErrorCode);
        Assert.Equal(ErrorCode.NotCoordinator, broker.Ask(new DeleteGroupsRequest { GroupsNames = ["g"] }).Results[0].ErrorCode);
        Assert.Empty(broker.Ask(new ListGroupsRequest()).Groups);
    }

    [Fact]
    public async Task A_setting_that_is_changed_while_the_broker_runs_counts_for_the_next_member()
    {
        await using var broker = await TestBroker.StartAsync(NoDelay, ("group.max.session.timeout.ms", "20000"));
        await FindAsync(broker, "g");
        Assert.Equal(ErrorCode.InvalidSessionTimeout, broker.Ask(Join("g", session: 20_001), 9).ErrorCode);
        Assert.Equal(ErrorCode.MemberIdRequired, broker.Ask(Join("g", session: 20_000), 9).ErrorCode);
    }

    [Fact]
    public async Task Commits_of_a_connection_that_closed_meanwhile_hurt_nobody()
    {
        await using var broker = await TestBroker.StartAsync(NoDelay);
        broker.Create("t");
        await FindAsync(broker, "g");
        for (int i = 0; i < 20; i++)
        {
            using var hasty = broker.Connect();
            hasty.Send(Frames.ToBytes(Join("g"), 3, 1, "hasty"));
            hasty.Send(Frames.ToBytes(Commit($"h{i}", "t", i), 8, 2, "hasty"));
            hasty.LingerState = new LingerOption(true, 0);
        }
        Assert.Equal(ErrorCode.None, broker.Ask(Commit("last", "t", 5), 8).Topics[0].Partitions[0].ErrorCode);
        Assert.Equal(5, await CommittedAsync(broker, "last", "t", 5));
    }

    [Fact]
    public async Task Our_own_tools_learn_what_happened_to_a_group_and_undo_a_reset()
    {
        await using var broker = await TestBroker.StartAsync(NoDelay);
        broker.Create("t");
        await FindAsync(broker, "g");
        string member = broker.Ask(Join("g"), 3).MemberId;
        broker.Ask(new SyncGroupRequest { GroupId = "g", GenerationId = 1, MemberId = member }, 3);
        broker.Ask(Commit("g", "t", 42, member, 1), 8);
        Assert.Equal(ErrorCode.NonEmptyGroup, broker.Ask(new UndoGroupResetRequest { GroupId = "g" }).ErrorCode);
        broker.Ask(new LeaveGroupRequest { GroupId = "g", MemberId = member }, 2);
        broker.Ask(Commit("g", "t", 3), 8);
        var history = broker.Ask(new GroupHistoryRequest { Groups = ["g", "none"] }).Groups;
        Assert.Equal(ErrorCode.GroupIdNotFound, history.Single(g => g.GroupId == "none").ErrorCode);
        var events = history.Single(g => g.GroupId == "g").Events;
        Assert.Equal(["RebalanceBegan", "Rebalanced", "RebalanceBegan", "Emptied", "OffsetsReset"], events.Select(e => e.Kind));
        Assert.Equal((42, 3), (events[^1].Offsets[0].Before, events[^1].Offsets[0].After));
        var undone = broker.Ask(new UndoGroupResetRequest { GroupId = "g" });
        Assert.Equal((ErrorCode.None, 42), (undone.ErrorCode, undone.Offsets[0].After));
        Assert.Equal(42, await CommittedAsync(broker, "g", "t", 42));
        Assert.DoesNotContain(broker.Ask(new ApiVersionsRequest { ClientSoftwareName = "t", ClientSoftwareVersion = "1" }).ApiKeys, k => k.ApiKey >= 10_000);
    }

    /// <summary>Asks until the coordinator has loaded; other answers are not waited for.</summary>
    [Fact]
    public async Task Groups_come_back_from_a_compacted_topic()
    {
        string directory = Directory.CreateTempSubdirectory("akkastream-").FullName;
        (string, string)[] compacts =
        [
            ("offsets.topic.num.partitions", "1"), ("offsets.topic.segment.bytes", "1048576"), ("log.initial.task.delay.ms", "1"),
            ("log.cleaner.backoff.ms", "10"), ("log.cleaner.min.cleanable.ratio", "0.01"),
        ];
        try
        {
            long size;
            await using (var broker = await TestBroker.StartAsync(directory, compacts))
            {
                foreach (string topic in new[] { "t", "u" }) broker.Create(topic);
                await FindAsync(broker, "g");
                broker.Ask(Commit("rare", "t", 5), 8);
                broker.Ask(Commit("gone", "t", 6), 8);
                broker.Ask(new DeleteGroupsRequest { GroupsNames = ["gone"] });
                for (int i = 1; i <= 1_000; i++) broker.Ask(Commit("g", i % 2 == 0 ? "t" : "u", i, metadata: Long), 8);
                while (Cleaned(directory) == 0) broker.Ask(new ApiVersionsRequest(), 0);
                size = new DirectoryInfo(Path.Combine(directory, "__consumer_offsets-0")).GetFiles("*.log").Sum(file => file.Length);
            }
            Assert.True(size < 2 * 1048576, $"{size} bytes were left");

            await using (var broker = await TestBroker.StartAsync(directory, compacts))
            {
                Assert.Equal(1_000, await CommittedAsync(broker, "g", "t", 1_000));
                Assert.Equal(999, await CommittedAsync(broker, "g", "u", 999));
                Assert.Equal(5, await CommittedAsync(broker, "rare", "t", 5));
                Assert.Equal(-1, await CommittedAsync(broker, "gone", "t", -1));
                Assert.Equal(ErrorCode.None, broker.Ask(Commit("g", "t", 2_000), 8).Topics[0].Partitions[0].ErrorCode);
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>Up to which offset the offsets topic was compacted.</summary>
    static long Cleaned(string directory)
    {
        string path = Path.Combine(directory, "cleaner-offset-checkpoint");
        string? line = File.Exists(path) ? File.ReadLines(path).FirstOrDefault(one => one.StartsWith("__consumer_offsets 0 ", StringComparison.Ordinal)) : null;
        return line == null ? 0 : long.Parse(line.Split(' ')[2]);
    }

    static async Task FindAsync(TestBroker broker, string group)
    {
        while (true)
        {
            var found = broker.Ask(new FindCoordinatorRequest { Key = group }, 3).ErrorCode;
            var heard = broker.Ask(new OffsetFetchRequest { GroupId = group, Topics = [] }, 7).ErrorCode;
            if (found == ErrorCode.None && heard == ErrorCode.None) return;
            Assert.Contains(heard, (ErrorCode[])[ErrorCode.None, ErrorCode.NotCoordinator, ErrorCode.CoordinatorLoadInProgress]);
            await Task.Yield();
        }
    }

    /// <summary>Asks until the coordinator has loaded and tells what is expected, or until it is plain that it never will.</summary>
    static async Task<long> CommittedAsync(TestBroker broker, string group, string topic, long expected)
    {
        for (int attempt = 0; ; attempt++)
        {
            var found = broker.Ask(new OffsetFetchRequest
            {
                GroupId = group, Topics = [new OffsetFetchRequestTopic { Name = topic, PartitionIndexes = [0] }],
            }, 7);
            if (found.ErrorCode is ErrorCode.NotCoordinator or ErrorCode.CoordinatorLoadInProgress) await Task.Yield();
            else if (found.Topics[0].Partitions[0].CommittedOffset is var offset && (offset == expected || attempt > 20_000)) return offset;
            else await Task.Yield();
        }
    }

    static JoinGroupRequest Join(string group, int session = 10_000, int rebalance = 10_000) => new()
    {
        GroupId = group,
        SessionTimeoutMs = session,
        RebalanceTimeoutMs = rebalance,
        ProtocolType = "consumer",
        Protocols = [new JoinGroupRequestProtocol { Name = "range", Metadata = new byte[] { 0 } }],
    };

    /// <summary>Almost as much as a commit may carry: a thousand of them fill more than two segments.</summary>
    static readonly string Long = new('m', 3_000);

    static OffsetCommitRequest Commit(
        string group, string topic, long offset, string member = "", int generation = -1, string? metadata = null) => new()
    {
        GroupId = group,
        MemberId = member,
        GenerationIdOrMemberEpoch = generation,
        Topics = [new OffsetCommitRequestTopic { Name = topic, Partitions = [new OffsetCommitRequestPartition { CommittedOffset = offset, CommittedMetadata = metadata }] }],
    };
}
