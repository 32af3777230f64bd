using System.Diagnostics;
using System.Globalization;
using System.Net;
using AkkaStream.Benchmarks.Load;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Stored;

namespace AkkaStream.Benchmarks.Groups;

/// <summary>
/// One group with very many members, each on a connection of its own, against any broker: how long until everybody has its partition, what a
/// heartbeat takes then, and how long it takes to share out anew when a member leaves. Members answer at once, so that the broker is measured and
/// not the clients' heartbeat interval. The first rebalance of the classic protocol takes group.initial.rebalance.delay.ms, which has to be long enough
/// for all to come: 1000 is.
/// </summary>
static class LargeGroupBench
{
    public static int Run(string[] options)
    {
        string? Option(string name) => Array.IndexOf(options, name) is >= 0 and var at && at + 1 < options.Length ? options[at + 1] : null;
        int Number(string name, int otherwise) => Option(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
        if (Option("--bootstrap") is not { } bootstrap)
        {
            Console.WriteLine("usage: bench groups --bootstrap HOST:PORT [--members 500] [--partitions 500] [--pid BROKER]");
            return 2;
        }
        var address = IPEndPoint.Parse(bootstrap);
        int members = Number("--members", 500), partitions = Number("--partitions", 500), pid = Number("--pid", 0);
        using (var admin = new RawClient(address)) admin.CreateTopic("large-group", partitions);
        foreach (var group in (LargeGroup[])[new ClassicMembers(address, members, partitions), new ConsumerMembers(address, members, partitions)])
        {
            using (group) Measure(group, pid);
        }
        return 0;
    }

    static void Measure(LargeGroup group, int pid)
    {
        Console.WriteLine($"{group.Name}, {group.Size} members, {group.Partitions} partitions");
        Time("all joined and assigned", group.Form, pid, 1);
        Time("one heartbeat", () => group.Beat(10), pid, 10 * group.Size);
        Time("one member leaves, shared out anew", group.LoseOne, pid, 1);
    }

    static void Time(string what, Action action, int pid, int operations)
    {
        var cpu = CpuOf(pid);
        long start = Stopwatch.GetTimestamp();
        action();
        double wall = Stopwatch.GetElapsedTime(start).TotalMilliseconds / operations;
        double used = (CpuOf(pid) - cpu).TotalMilliseconds / operations;
        string processor = pid == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{used,12:0.000} ms of the broker's processors");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {what,-40}{wall,12:0.000} ms{processor}"));
    }

    static TimeSpan CpuOf(int pid) => pid == 0 ? TimeSpan.Zero : Process.GetProcessById(pid).TotalProcessorTime;
}

/// <summary>Members of one group and what they do.</summary>
abstract class LargeGroup(IPEndPoint address, int members, int partitions) : IDisposable
{
    protected readonly RawClient[] Clients = [.. Enumerable.Range(0, members).Select(_ => new RawClient(address))];
    protected readonly string Id = $"large-{Guid.NewGuid():N}";

    public abstract string Name { get; }
    public int Size => members;
    public int Partitions => partitions;

    public abstract void Form();
    public abstract void Beat(int rounds);
    public abstract void LoseOne();

    protected void FindCoordinator()
    {
        while (Clients[0].Ask(new FindCoordinatorRequest { Key = Id }, 2).ErrorCode != ErrorCode.None) Thread.Sleep(20);
        while (Clients[0].Ask(new OffsetFetchRequest { GroupId = Id, Topics = [] }, 5).ErrorCode != ErrorCode.None) Thread.Sleep(20);
    }

    public void Dispose()
    {
        foreach (var client in Clients) client.Dispose();
    }
}

/// <summary>The classic protocol: the first member leads and shares out.</summary>
sealed class ClassicMembers(IPEndPoint address, int members, int partitions) : LargeGroup(address, members, partitions)
{
    readonly string[] _ids = new string[members];
    int _generation, _alive = members;

    public override string Name => "classic protocol";

    public override void Form()
    {
        FindCoordinator();
        for (int i = 0; i < Size; i++) _ids[i] = Clients[i].Ask(JoinOf(""), 5).MemberId;
        Rebalance();
    }

    void Rebalance()
    {
        for (int i = 0; i < _alive; i++) Clients[i].Send(JoinOf(_ids[i]), 5);
        var joined = Enumerable.Range(0, _alive).Select(i => Clients[i].Receive(JoinOf(""), 5)).ToArray();
        _generation = joined[0].GenerationId;
        int leader = Array.FindIndex(joined, j => j.Members.Length > 0);
        for (int i = 0; i < _alive; i++) Clients[i].Send(SyncOf(i, i == leader), 3);
        for (int i = 0; i < _alive; i++)
        {
            var synced = Clients[i].Receive(SyncOf(i, false), 3);
            if (synced.ErrorCode != ErrorCode.None || synced.Assignment.IsEmpty) throw new InvalidOperationException($"member {i}: {synced.ErrorCode}");
        }
    }

    public override void Beat(int rounds)
    {
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < _alive; i++) Clients[i].Send(BeatOf(i), 3);
            for (int i = 0; i < _alive; i++)
            {
                var code = Clients[i].Receive(BeatOf(i), 3).ErrorCode;
                if (code != ErrorCode.None) throw new InvalidOperationException($"member {i}: {code}");
            }
        }
    }

    public override void LoseOne()
    {
        _alive--;
        Clients[_alive].Ask(new LeaveGroupRequest { GroupId = Id, Members = [new LeaveGroupRequestMember { MemberId = _ids[_alive] }] }, 3);
        Rebalance();
    }

    HeartbeatRequest BeatOf(int member) => new() { GroupId = Id, MemberId = _ids[member], GenerationId = _generation };

    JoinGroupRequest JoinOf(string id) => new()
    {
        GroupId = Id, MemberId = id, SessionTimeoutMs = 60_000, RebalanceTimeoutMs = 60_000, ProtocolType = "consumer",
        Protocols =
        [
            new JoinGroupRequestProtocol
            {
                Name = "range", Metadata = StoredTable.ToBytes(new ConsumerProtocolSubscription { Topics = ["large-group"] }, 1),
            },
        ],
    };

    SyncGroupRequest SyncOf(int member, bool leads) => new()
    {
        GroupId = Id, MemberId = _ids[member], GenerationId = _generation,
        Assignments = !leads ? [] :
        [
            .. Enumerable.Range(0, _alive).Select(i => new SyncGroupRequestAssignment
            {
                MemberId = _ids[i],
                Assignment = StoredTable.ToBytes(new ConsumerProtocolAssignment
                {
                    AssignedPartitions =
                    [
                        new ConsumerProtocolAssignmentTopicPartitions
                        {
                            Topic = "large-group", Partitions = [.. Enumerable.Range(0, Partitions).Where(p => p % _alive == i)],
                        },
                    ],
                }, 1),
            }),
        ],
    };
}

/// <summary>The consumer protocol: the broker shares out, members follow.</summary>
sealed class ConsumerMembers(IPEndPoint address, int members, int partitions) : LargeGroup(address, members, partitions)
{
    readonly string[] _ids = [.. Enumerable.Range(0, members).Select(_ => Guid.NewGuid().ToString("N"))];
    readonly int[] _epochs = new int[members];
    readonly ConsumerGroupHeartbeatRequestTopicPartitions[][] _owned = new ConsumerGroupHeartbeatRequestTopicPartitions[members][];
    int _alive = members;

    public override string Name => "consumer protocol";

    public override void Form()
    {
        FindCoordinator();
        Follow(joins: true);
        while (!IsShared()) Follow();
    }

    public override void Beat(int rounds)
    {
        for (int round = 0; round < rounds; round++) Follow(tells: false);
    }

    public override void LoseOne()
    {
        _alive--;
        Clients[_alive].Ask(new ConsumerGroupHeartbeatRequest { GroupId = Id, MemberId = _ids[_alive], MemberEpoch = -1 }, 0);
        _owned[_alive] = [];
        do Follow();
        while (!IsShared());
    }

    bool IsShared() => _owned.Take(_alive).Sum(o => o.Sum(t => t.Partitions.Length)) == Partitions && _epochs.Take(_alive).Distinct().Count() == 1;

    void Follow(bool joins = false, bool tells = true)
    {
        for (int i = 0; i < _alive; i++)
        {
            Clients[i].Send(new ConsumerGroupHeartbeatRequest
            {
                GroupId = Id, MemberId = _ids[i], MemberEpoch = joins ? 0 : _epochs[i], RebalanceTimeoutMs = joins ? 60_000 : -1,
                SubscribedTopicNames = joins ? ["large-group"] : null, TopicPartitions = joins ? [] : tells ? _owned[i] : null,
            }, 0);
        }
        for (int i = 0; i < _alive; i++)
        {
            var answer = Clients[i].Receive(new ConsumerGroupHeartbeatRequest(), 0);
            if (answer.ErrorCode != ErrorCode.None) throw new InvalidOperationException($"member {i}: {answer.ErrorCode} {answer.ErrorMessage}");
            _epochs[i] = answer.MemberEpoch;
            _owned[i] ??= [];
            if (answer.Assignment is { } given)
                _owned[i] = [.. given.TopicPartitions.Select(t => new ConsumerGroupHeartbeatRequestTopicPartitions { TopicId = t.TopicId, Partitions = t.Partitions })];
        }
    }
}
