using AkkaStream.Client.Settings;
using AkkaStream.Client.Tests.Support;
using AkkaStream.Protocol;

namespace AkkaStream.Client.Tests;

/// <summary>Where consumers of a group go on: exactly where it committed.</summary>
public sealed class GroupOffsetsTests : IAsyncLifetime
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    static readonly TopicPartition Partition = new("t", 0);
    readonly string _directory = Directory.CreateTempSubdirectory("akkastream-groups").FullName;
    GroupBroker _broker = null!;

    public async Task InitializeAsync()
    {
        _broker = await GroupBroker.StartAsync(_directory);
        await _broker.CreateTopic("t");
        await _broker.Produce("t", 20);
    }

    public async Task DisposeAsync()
    {
        await _broker.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    ConsumerSettings ByHand => _broker.Consumer() with { AutoCommit = false, MaxPollRecords = 5 };

    static async Task<string[]> Poll(Consumer consumer)
    {
        using var records = await consumer.PollAsync(Patience);
        return [.. records.Select(r => r.Value.ToText() ?? "")];
    }

    static string[] From(int first, int count) => [.. Enumerable.Range(first, count).Select(i => $"{i}")];

    [Fact]
    public async Task The_next_one_begins_where_the_last_one_committed_and_not_where_it_read()
    {
        await using (var first = new Consumer(ByHand))
        {
            first.Subscribe(["t"]);
            Assert.Equal(From(0, 5), await Poll(first));
            await first.CommitAsync();
            Assert.Equal(From(5, 5), await Poll(first));
        }
        await using var second = new Consumer(ByHand);
        second.Subscribe(["t"]);
        Assert.Equal(From(5, 5), await Poll(second));
    }

    [Fact]
    public async Task Auto_commit_commits_what_earlier_polls_brought_when_the_consumer_closes()
    {
        await using (var first = new Consumer(_broker.Consumer() with { MaxPollRecords = 5 }))
        {
            first.Subscribe(["t"]);
            await Poll(first);
            await Poll(first);
        }
        Assert.Equal(10, (await _broker.Committed())[0]);
    }

    [Fact]
    public async Task Auto_commit_commits_by_the_clock_while_the_consumer_polls()
    {
        await using var reader = GroupReader.Start(_broker.Consumer() with { AutoCommitInterval = TimeSpan.FromMilliseconds(20) }, "t");
        long committed = 0;
        reader.OnRecords = async (_, _) => committed = (await _broker.Committed()).GetValueOrDefault(0);
        await GroupReader.Until(() => Volatile.Read(ref committed) == 20, "committed", reader);
    }

    [Fact]
    public async Task Offsets_are_committed_with_words_and_epoch_and_read_back()
    {
        await using var consumer = new Consumer(ByHand);
        consumer.Assign(Partition);
        Assert.Empty(await consumer.CommittedAsync([Partition]));
        await consumer.CommitAsync(new Dictionary<TopicPartition, OffsetAndMetadata> { [Partition] = new(7, "half way", 0) });
        Assert.Equal(new OffsetAndMetadata(7, "half way", 0), (await consumer.CommittedAsync([Partition]))[Partition]);
        Assert.Equal(From(7, 5), await Poll(consumer));
    }

    [Fact]
    public async Task Commits_in_the_background_keep_their_order_and_let_the_poll_go_on()
    {
        var pending = new List<Task>();
        await using (var consumer = new Consumer(ByHand))
        {
            consumer.Subscribe(["t"]);
            for (int i = 0; i < 3; i++)
            {
                await Poll(consumer);
                pending.Add(consumer.CommitInBackground());
            }
            await Task.WhenAll(pending);
        }
        Assert.Equal(15, (await _broker.Committed())[0]);
    }

    [Fact]
    public async Task A_listener_may_commit_before_its_partitions_go_and_when_the_consumer_closes()
    {
        var reader = new GroupReader(ByHand);
        reader.OnRevoked = async partitions => await reader.Consumer.CommitAsync();
        reader.Consumer.Subscribe(["t"], reader);
        reader.Resume();
        await GroupReader.Until(() => reader.Records.Count == 20, "read", reader);
        await reader.DisposeAsync();
        Assert.Equal(20, (await _broker.Committed())[0]);
        Assert.Equal(["+0", "-0"], reader.Events);
    }

    [Theory]
    [InlineData(GroupProtocolKind.Classic)]
    [InlineData(GroupProtocolKind.Consumer)]
    public async Task What_two_members_commit_by_hand_is_where_each_partition_goes_on(GroupProtocolKind protocol)
    {
        await _broker.CreateTopic("three", 3);
        await _broker.Produce("three", 900, 3);
        var settings = ByHand with { MaxPollRecords = 50, Protocol = protocol };
        await using (var a = GroupReader.Start(settings, "three"))
        await using (var b = GroupReader.Start(settings, "three"))
        {
            a.OnRecords = b.OnRecords = async (consumer, records) =>
            {
                try
                {
                    if (records.Count > 0) await consumer.CommitAsync();
                }
                catch (KafkaException e) when (e.Error is ErrorCode.RebalanceInProgress or ErrorCode.IllegalGeneration or ErrorCode.UnknownMemberId or ErrorCode.StaleMemberEpoch)
                {
                    // Whoever gets the partition reads these again.
                }
            };
            await GroupReader.Until(() => a.Values.Concat(b.Values).Distinct().Count() == 900, "read", a, b);
        }
        await _broker.Produce("three", 30, 3, from: 900);
        await using var next = GroupReader.Start(settings, "three");
        await GroupReader.Until(() => next.Records.Count >= 30, "read on", next);
        Assert.Equal(From(900, 30).Order(), next.Values.Order());
    }

    [Theory]
    [InlineData(GroupProtocolKind.Classic)]
    [InlineData(GroupProtocolKind.Consumer)]
    public async Task A_restart_of_the_broker_is_survived_with_members_and_offsets(GroupProtocolKind protocol)
    {
        await using var reader = GroupReader.Start(
            _broker.Consumer() with { Protocol = protocol, AutoCommitInterval = TimeSpan.FromMilliseconds(20), Client = ClientSettings.For(_broker.Servers) with { Reconnect = new(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(50)) } }, "t");
        await GroupReader.Until(() => reader.Records.Count == 20, "read", reader);
        string member = (await _broker.Describe()).Members[0].MemberId;
        await _broker.RestartAsync();
        await _broker.Produce("t", 10, from: 20);
        await GroupReader.Until(() => reader.Records.Count >= 30, "read on", reader);

        Assert.Equal(From(0, 30), reader.Values);
        Assert.Equal(member, Assert.Single((await _broker.Describe()).Members).MemberId);
        await reader.DisposeAsync();
        Assert.Equal(30, (await _broker.Committed())[0]);
    }

    [Theory]
    [InlineData(GroupProtocolKind.Classic)]
    [InlineData(GroupProtocolKind.Consumer)]
    public async Task A_consumer_closes_although_its_broker_is_gone(GroupProtocolKind protocol)
    {
        var reader = GroupReader.Start(_broker.Consumer() with { Protocol = protocol }, "t");
        await GroupReader.Until(() => reader.Records.Count == 20, "read", reader);
        await reader.Pause();
        await _broker.StopAsync();
        // Its settings would have it wait for half a minute.
        await reader.Consumer.CloseAsync(TimeSpan.FromMilliseconds(300)).AsTask().WaitAsync(TimeSpan.FromSeconds(25));
        Assert.Equal("-0", reader.Events[^1]);
    }

    [Fact]
    public async Task Without_a_committed_offset_and_without_a_rule_it_is_an_error_that_names_the_partition()
    {
        await using var consumer = new Consumer(ByHand with { OffsetReset = OffsetReset.None });
        consumer.Subscribe(["t"]);
        var error = await Assert.ThrowsAsync<KafkaException>(async () => await consumer.PollAsync(Patience));
        Assert.Contains("t-0", error.Message);
        Assert.Contains("auto.offset.reset", error.Message);
    }

    [Fact]
    public async Task A_committed_offset_whose_records_are_gone_falls_back_to_the_rule()
    {
        await using (var admin = _broker.Admin())
        {
            Assert.Empty(await admin.AlterGroupOffsetsAsync("g", new Dictionary<TopicPartition, OffsetAndMetadata> { [Partition] = new(3) }));
            (await admin.DeleteRecordsAsync(new Dictionary<TopicPartition, long> { [Partition] = 8 }))[Partition].Get();
        }
        await using var consumer = new Consumer(ByHand);
        consumer.Subscribe(["t"]);
        Assert.Equal(From(8, 5), await Poll(consumer));
    }

    [Fact]
    public async Task Who_is_not_of_the_group_may_not_commit_while_it_has_members()
    {
        await using var member = new Consumer(ByHand);
        member.Subscribe(["t"]);
        await Poll(member);
        await using var stranger = new Consumer(ByHand);
        stranger.Assign(Partition);
        await Poll(stranger);
        var refused = await Assert.ThrowsAsync<KafkaException>(async () => await stranger.CommitAsync());
        Assert.Equal(ErrorCode.UnknownMemberId, refused.Error);
        Assert.Empty(await _broker.Committed());
    }

    [Fact]
    public async Task A_seek_in_a_group_counts_more_than_what_was_committed()
    {
        await using var consumer = new Consumer(ByHand);
        consumer.Subscribe(["t"]);
        await Poll(consumer);
        consumer.Seek(Partition, 17);
        Assert.Equal(From(17, 3), await Poll(consumer));
        await consumer.CommitAsync();
        Assert.Equal(20, (await _broker.Committed())[0]);
    }
}
