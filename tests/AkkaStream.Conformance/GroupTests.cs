using AkkaStream.Conformance.Clients;
using AkkaStream.TestKit;

namespace AkkaStream.Conformance;

/// <summary>Other people's clients as members of groups: they join, share, leave, die, and go on where they committed.</summary>
[Collection(SharedBroker.Name)]
public sealed class GroupTests(OneBroker broker)
{
    const int Partitions = 3, Lines = 12_434;

    public static TheoryData<string> Kinds => [.. MemberKind.All.Select(k => k.ToString())];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task One_three_and_five_members_share_three_partitions(string kind)
    {
        await using var group = await StartAsync(kind, "share");
        group.Add(1);
        await group.SharedAsync();
        group.Add(2);
        await group.SharedAsync();
        Assert.All(group.Members, m => Assert.Single(m.Owned));
        group.Add(2);
        await group.SharedAsync();
        Assert.Equal(3, group.Members.Count(m => m.Owned.Count == 1));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_file_of_12434_lines_through_three_partitions_and_two_members_adds_up(string kind)
    {
        await using var group = await StartAsync(kind, "lines");
        group.Add(1);
        await group.SharedAsync();
        group.Add(1);
        await group.SharedAsync();
        await group.ProduceAsync(0, Lines);
        await group.HasReadAsync(Lines);
        Assert.Equal(Lines, group.Seen.Count);
        Assert.True(group.Twice.Count == 0, string.Join(" ", group.Twice));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task When_members_leave_or_die_the_others_go_on_where_they_had_committed(string kind)
    {
        await using var group = await StartAsync(kind, "leave");
        group.Add(3);
        await group.SharedAsync();
        await group.ProduceAsync(0, 3_000);
        await group.HasReadAsync(3_000);

        await group.LeaveAsync();
        await group.ProduceAsync(3_000, 3_000);
        await group.HasReadAsync(6_000);
        await group.SharedAsync();
        if (!group.Kind.KeepsFetched) Assert.True(group.Twice.Count == 0, string.Join(" ", group.Twice));

        await group.KillAsync();
        await group.ProduceAsync(6_000, 3_000);
        await group.HasReadAsync(9_000);
        await group.SharedAsync();
        if (!group.Kind.CommitsLater && !group.Kind.KeepsFetched) Assert.True(group.Twice.Count == 0, string.Join(" ", group.Twice));

        // All leave; whoever comes next finds nothing that was read already, and nothing missing.
        await group.LeaveAsync();
        int twice = group.Twice.Count;
        await group.ProduceAsync(9_000, 1_000);
        group.Add(1);
        await group.HasReadAsync(10_000);
        Assert.Equal(twice, group.Twice.Count);
    }

    async Task<LiveGroup> StartAsync(string kind, string what)
    {
        string topic = await broker.NewTopicAsync($"group-{what}", Partitions);
        return new LiveGroup(MemberKind.All.Single(k => k.ToString() == kind), broker, topic);
    }

    /// <summary>The members of one group, and all that they have read together.</summary>
    sealed class LiveGroup(MemberKind kind, OneBroker broker, string topic) : IAsyncDisposable
    {
        static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

        readonly SemaphoreSlim _news = new(0);
        int _started;

        public MemberKind Kind => kind;
        public List<GroupMember> Members { get; } = [];

        /// <summary>Every line that was read, and by which member first.</summary>
        public Dictionary<string, GroupMember> Seen { get; } = [];

        /// <summary>Records that were read more than once: partition, offset, and who read it first and again.</summary>
        public List<string> Twice { get; } = [];

        public void Add(int count)
        {
            for (int i = 0; i < count; i++)
                Members.Add(GroupMember.Start(kind, $"member {++_started}", broker.Servers, topic, topic, () => _news.Release()));
        }

        public async Task LeaveAsync()
        {
            var leaving = Members[0];
            Members.RemoveAt(0);
            await leaving.LeaveAsync();
            Collect(leaving);
            await leaving.DisposeAsync();
        }

        public async Task KillAsync()
        {
            var dying = Members[0];
            Members.RemoveAt(0);
            await dying.KillAsync();
            Collect(dying);
            await dying.DisposeAsync();
        }

        public async Task ProduceAsync(int from, int count)
        {
            var records = Enumerable.Range(from, count).Select(i =>
                new ClientRecord(null, System.Text.Encoding.UTF8.GetBytes($"line {i}"), Partition: i % Partitions)).ToArray();
            await (await broker.Clients[AllClients.Librdkafka]).ProduceAsync(topic, records, new ProduceWith());
        }

        /// <summary>Every partition has one owner, and no member could have fewer.</summary>
        public Task SharedAsync() => UntilAsync(
            () => Members.SelectMany(m => m.Owned).Order().SequenceEqual(Enumerable.Range(0, Partitions))
                && Members.Count(m => m.Owned.Count > 0) == Math.Min(Partitions, Members.Count),
            () => $"owned: {string.Join(" | ", Members.Select(m => string.Join(',', m.Owned)))}");

        public Task HasReadAsync(int count) => UntilAsync(() => Seen.Count >= count, () => $"{Seen.Count} of {count} lines were read");

        async Task UntilAsync(Func<bool> holds, Func<string> state)
        {
            var patience = Task.Run(async () =>
            {
                while (true)
                {
                    foreach (var member in Members.ToArray()) Collect(member);
                    if (holds()) return;
                    await _news.WaitAsync();
                }
            });
            try
            {
                await patience.WaitAsync(Patience);
            }
            catch (TimeoutException)
            {
                throw new TestFailedException($"{kind}: {state()}; {string.Join(" | ", Members.Select(m => m.Trouble))}");
            }
        }

        void Collect(GroupMember member)
        {
            while (member.Read.Reader.TryRead(out var record))
            {
                if (!Seen.TryAdd(record.Value, member))
                    Twice.Add($"{record.Partition}:{record.Offset} ({Seen[record.Value].Name}, {member.Name})");
            }
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var member in Members) await member.DisposeAsync();
        }
    }
}
