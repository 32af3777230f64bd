using AkkaStream.Client.Administration;
using AkkaStream.Client.Settings;
using AkkaStream.Client.Tests.Support;
using AkkaStream.Protocol;

namespace AkkaStream.Client.Tests;

/// <summary>Consumers in groups, against a broker in this process: who reads what, and who is told.</summary>
public sealed class GroupTests : IAsyncLifetime
{
    GroupBroker _broker = null!;

    public async Task InitializeAsync() => _broker = await GroupBroker.StartAsync();

    public async Task DisposeAsync() => await _broker.DisposeAsync();

    // "consumer" is the newer protocol, in which the broker assigns.
    ConsumerSettings With(string assignor) => assignor == "consumer"
        ? _broker.Consumer() with { Protocol = GroupProtocolKind.Consumer } : _broker.Consumer() with { Assignors = [assignor] };

    static string[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(i => $"{i}").Order(StringComparer.Ordinal)];

    static string[] Sorted(params GroupReader[] readers) => [.. readers.SelectMany(r => r.Values).Order(StringComparer.Ordinal)];

    static bool Shares(IEnumerable<GroupReader> readers, params int[] counts) =>
        readers.Select(r => r.Partitions.Count).Order().SequenceEqual(counts)
        && readers.SelectMany(r => r.Partitions).Distinct().Count() == counts.Sum();

    [Theory]
    [InlineData("range")]
    [InlineData("roundrobin")]
    [InlineData("sticky")]
    [InlineData("cooperative-sticky")]
    [InlineData("consumer")]
    public async Task One_two_three_and_four_consumers_share_three_partitions(string assignor)
    {
        await _broker.CreateTopic("t", 3);
        await using var a = GroupReader.Start(With(assignor), "t");
        await GroupReader.Until(() => Shares([a], 3), "the first has all", a);
        await using var b = GroupReader.Start(With(assignor), "t");
        await GroupReader.Until(() => Shares([a, b], 1, 2), "two share", a, b);
        await using var c = GroupReader.Start(With(assignor), "t");
        await GroupReader.Until(() => Shares([a, b, c], 1, 1, 1), "three share", a, b, c);
        await using var d = GroupReader.Start(With(assignor), "t");
        // The fourth is in the group and has nothing.
        await GroupReader.Until(() => d.Events.Count > 0 && Shares([a, b, c, d], 0, 1, 1, 1), "the fourth has none", a, b, c, d);

        await _broker.Produce("t", 300, 3);
        await GroupReader.Until(() => Sorted(a, b, c, d).Length >= 300, "all is read", a, b, c, d);

        Assert.Equal(Numbers(300), Sorted(a, b, c, d));
        var group = await _broker.Describe();
        Assert.Equal(("Stable", assignor == "consumer" ? "uniform" : assignor, 4), (group.State, group.Assignor, group.Members.Count));
    }

    [Theory]
    [InlineData("range")]
    [InlineData("cooperative-sticky")]
    [InlineData("consumer")]
    public async Task A_file_of_12434_lines_adds_up_while_consumers_come_and_go(string assignor)
    {
        const int lines = 12_434;
        await _broker.CreateTopic("t", 3);
        await _broker.Produce("t", lines, 3);
        var settings = With(assignor) with { MaxPollRecords = 100 };
        await using var a = GroupReader.Start(settings, "t");
        await GroupReader.Until(() => a.Records.Count >= 1_000, "the first reads", a);
        await using var b = GroupReader.Start(settings, "t");
        await GroupReader.Until(() => b.Partitions.Count > 0, "the second has joined", a, b);
        // It leaves in good order, and commits what it has read.
        await a.DisposeAsync();
        await GroupReader.Until(() => Sorted(a, b).Length >= lines, "all is read", b);

        Assert.Equal(Numbers(lines), Sorted(a, b));
        await GroupReader.Until(() => b.Partitions.Count == 3, "the second has all", b);
    }

    [Fact]
    public async Task An_eager_group_gives_up_everything_before_it_shares_anew()
    {
        await _broker.CreateTopic("t", 2);
        await using var a = GroupReader.Start(With("range"), "t");
        await GroupReader.Until(() => a.Events.Count == 1, "assigned", a);
        await using var b = GroupReader.Start(With("range"), "t");
        await GroupReader.Until(() => a.Events.Count == 3 && b.Events.Count == 1, "shared", a, b);

        Assert.Equal(["+0,1", "-0,1"], a.Events.Take(2));
        Assert.Equal(["+0", "+1"], new[] { a.Events[2], b.Events[0] }.Order());
    }

    [Theory]
    [InlineData("cooperative-sticky")]
    [InlineData("consumer")]
    public async Task A_cooperative_group_takes_away_only_what_moves(string assignor)
    {
        await _broker.CreateTopic("t", 3);
        await using var a = GroupReader.Start(With(assignor), "t");
        await GroupReader.Until(() => a.Partitions.Count == 3, "assigned", a);
        await using var b = GroupReader.Start(With(assignor), "t");
        await GroupReader.Until(() => Shares([a, b], 1, 2), "shared", a, b);
        await b.DisposeAsync();
        await GroupReader.Until(() => a.Partitions.Count == 3, "taken back", a);

        Assert.Equal("-2", Assert.Single(a.Events, e => e.StartsWith('-')));
        Assert.Equal(["+2", "-2"], b.Events.Where(e => e != "+"));
        Assert.Equal(["+0,1,2", "+2"], a.Events.Where(e => e.StartsWith('+') && e.Length > 1));
    }

    [Fact]
    public async Task A_group_moves_to_the_newer_protocol_member_by_member()
    {
        await _broker.CreateTopic("t", 4);
        await using var old = GroupReader.Start(With("range"), "t");
        await GroupReader.Until(() => old.Partitions.Count == 4, "assigned", old);
        await using var a = GroupReader.Start(With("consumer"), "t");
        await GroupReader.Until(() => Shares([old, a], 2, 2), "both protocols share", old, a);
        await old.DisposeAsync();
        await GroupReader.Until(() => a.Partitions.Count == 4, "the newer one has all", a);
        Assert.Equal("Consumer", (await _broker.Describe()).Type);
    }

    [Fact]
    public void Settings_that_are_the_brokers_in_the_newer_protocol_are_refused()
    {
        var properties = new Dictionary<string, string>
        {
            ["bootstrap.servers"] = "h:1", ["group.protocol"] = "consumer", ["group.remote.assignor"] = "range",
        };
        var settings = ConsumerSettings.FromProperties(properties);
        Assert.Equal((GroupProtocolKind.Consumer, "range"), (settings.Protocol, settings.RemoteAssignor));
        properties["session.timeout.ms"] = "1000";
        Assert.Equal("session.timeout.ms", Assert.Throws<KafkaConfigException>(() => ConsumerSettings.FromProperties(properties)).Name);
    }

    [Fact]
    public async Task Groups_in_which_some_are_eager_and_some_can_do_both_agree_on_what_all_know()
    {
        await _broker.CreateTopic("t", 2);
        await using var a = GroupReader.Start(_broker.Consumer(), "t");
        await using var b = GroupReader.Start(With("cooperative-sticky"), "t");
        await GroupReader.Until(() => Shares([a, b], 1, 1), "shared", a, b);
        Assert.Equal("cooperative-sticky", (await _broker.Describe()).Assignor);
    }

    [Theory]
    [InlineData("range")]
    [InlineData("consumer")]
    public async Task A_static_member_comes_back_to_its_partitions_and_nobody_notices(string assignor)
    {
        await _broker.CreateTopic("t", 2);
        await using var other = GroupReader.Start(With(assignor), "t");
        var settings = With(assignor) with { GroupInstanceId = "i1" };
        var first = GroupReader.Start(settings, "t");
        await GroupReader.Until(() => Shares([other, first], 1, 1), "shared", other, first);
        int had = first.Partitions[0], events = other.Events.Count;
        await first.DisposeAsync();
        Assert.Equal(2, (await _broker.Describe()).Members.Count);

        await using var second = GroupReader.Start(settings, "t");
        await GroupReader.Until(() => second.Partitions.Count == 1, "back", second, other);

        Assert.Equal(had, second.Partitions[0]);
        Assert.Equal(events, other.Events.Count);
    }

    [Fact]
    public async Task Of_two_static_members_of_one_name_the_older_is_told_that_it_is_fenced()
    {
        await _broker.CreateTopic("t");
        var settings = _broker.Consumer() with { GroupInstanceId = "i1" };
        await using var first = GroupReader.Start(settings, "t");
        await GroupReader.Until(() => first.Partitions.Count == 1, "assigned", first);
        await using var second = GroupReader.Start(settings, "t");
        await GroupReader.Until(() => first.Failure is not null, "fenced", first, second);

        Assert.Equal(ErrorCode.FencedInstanceId, Assert.IsType<KafkaException>(first.Failure).Error);
        await first.Pause();
        await GroupReader.Until(() => second.Partitions.Count == 1, "the newer one goes on", second);
        var again = await Assert.ThrowsAsync<KafkaException>(async () => await first.Consumer.PollAsync(TimeSpan.Zero));
        Assert.Equal(ErrorCode.FencedInstanceId, again.Error);
    }

    [Theory]
    [InlineData("range")]
    [InlineData("consumer")]
    public async Task Who_stops_polling_leaves_and_hears_of_it_at_the_next_poll(string assignor)
    {
        await _broker.CreateTopic("t", 2);
        await using var slow = GroupReader.Start(With(assignor) with { MaxPollInterval = TimeSpan.FromMilliseconds(300), AutoCommit = false }, "t");
        await GroupReader.Until(() => slow.Partitions.Count == 2, "assigned", slow);
        await slow.Pause();
        await using var other = GroupReader.Start(With(assignor), "t");
        await GroupReader.Until(() => other.Partitions.Count == 2, "the other has all", other);

        var tooLate = await Assert.ThrowsAsync<KafkaException>(async () => await slow.Consumer.CommitAsync(
            new Dictionary<TopicPartition, OffsetAndMetadata> { [new("t", 0)] = new(0) }));
        Assert.Contains("max.poll.interval.ms", tooLate.Message);
        slow.Resume();
        await GroupReader.Until(() => Shares([slow, other], 1, 1), "back in the group", slow, other);
        Assert.Equal(["+0,1", "!0,1"], slow.Events.Take(2));
    }

    [Theory]
    [InlineData("range")]
    [InlineData("consumer")]
    public async Task A_group_that_may_not_be_joined_is_told_with_every_poll(string assignor)
    {
        await _broker.CreateTopic("t");
        await using var member = GroupReader.Start(With("roundrobin"), "t");
        await GroupReader.Until(() => member.Partitions.Count == 1, "assigned", member);
        // Either no protocol in common with the others, or no such assignor at the broker.
        await using var stranger = new Consumer(With(assignor) with { RemoteAssignor = "nobody's" });
        stranger.Subscribe(["t"]);
        for (int i = 0; i < 2; i++)
        {
            var error = await Assert.ThrowsAsync<KafkaException>(async () => await stranger.PollAsync(TimeSpan.FromSeconds(30)));
            Assert.Equal(assignor == "consumer" ? ErrorCode.UnsupportedAssignor : ErrorCode.InconsistentGroupProtocol, error.Error);
        }
    }

    [Fact]
    public async Task Who_is_not_heard_of_loses_its_partitions_when_the_session_is_over()
    {
        await _broker.CreateTopic("t", 2);
        await using var dead = GroupReader.Start(
            _broker.Consumer() with { HeartbeatInterval = TimeSpan.FromHours(1), SessionTimeout = TimeSpan.FromMilliseconds(300) }, "t");
        await GroupReader.Until(() => dead.Partitions.Count == 2, "assigned", dead);
        await dead.Pause();
        await using var other = GroupReader.Start(_broker.Consumer(), "t");
        await GroupReader.Until(() => other.Partitions.Count == 2, "the other has all", other);
        Assert.Single((await _broker.Describe()).Members);
    }

    [Fact]
    public async Task A_pattern_follows_topics_that_come_and_leaves_out_internal_ones()
    {
        await _broker.CreateTopic("a-1");
        await _broker.CreateTopic("b-1");
        var settings = _broker.Consumer() with { Client = ClientSettings.For(_broker.Servers) with { MetadataMaxAge = TimeSpan.FromMilliseconds(50) } };
        await using var reader = new GroupReader(settings);
        reader.Consumer.SubscribePattern("a-.*|__consumer_offsets", reader);
        reader.Resume();
        await GroupReader.Until(() => reader.Partitions.Count == 1, "the first topic", reader);
        await _broker.CreateTopic("a-2", 2);
        await _broker.Produce("a-2", 10, 2);
        await GroupReader.Until(() => reader.Records.Count == 10, "the topic that came", reader);

        Assert.All(reader.Records, r => Assert.Equal("a-2", r.Topic));
        Assert.Equal(["a-1", "a-2"], reader.Consumer.Subscription.Order());
    }

    [Fact]
    public async Task New_partitions_of_a_topic_are_shared_out()
    {
        await _broker.CreateTopic("t", 1);
        var settings = _broker.Consumer() with { Client = ClientSettings.For(_broker.Servers) with { MetadataMaxAge = TimeSpan.FromMilliseconds(50) } };
        await using var a = GroupReader.Start(settings, "t");
        await using var b = GroupReader.Start(settings, "t");
        await GroupReader.Until(() => Shares([a, b], 0, 1), "one partition", a, b);
        await using (var admin = _broker.Admin())
            (await admin.CreatePartitionsAsync(new Dictionary<string, (int, IReadOnlyList<IReadOnlyList<int>>?)> { ["t"] = (4, null) }))["t"].Get();
        await GroupReader.Until(() => Shares([a, b], 2, 2), "four partitions", a, b);
    }

    [Theory]
    [InlineData("range")]
    [InlineData("consumer")]
    public async Task Members_that_read_different_topics_get_only_their_own(string assignor)
    {
        await _broker.CreateTopic("t", 2);
        await _broker.CreateTopic("u", 2);
        await using var a = GroupReader.Start(With(assignor) with { RemoteAssignor = "range" }, "t");
        await using var b = GroupReader.Start(With(assignor) with { RemoteAssignor = "range" }, "u");
        await GroupReader.Until(() => a.Partitions.Count == 2 && b.Partitions.Count == 2, "each has its own", a, b);
        await a.Pause();
        Assert.All(a.Consumer.Assignment, p => Assert.Equal("t", p.Topic));
        a.Consumer.Subscribe(["t", "u"], a);
        a.Resume();
        await GroupReader.Until(() => a.Partitions.Count == 3 && b.Partitions.Count == 1, "shared anew", a, b);
    }

    [Fact]
    public async Task A_topic_that_comes_later_is_read_when_it_comes()
    {
        var settings = _broker.Consumer() with
        {
            CreatesTopics = false, Client = ClientSettings.For(_broker.Servers) with { MetadataMaxAge = TimeSpan.FromMilliseconds(50) },
        };
        await using var reader = GroupReader.Start(settings, "late");
        await GroupReader.Until(() => reader.Events.Count > 0, "in the group, without partitions", reader);
        await _broker.CreateTopic("late");
        await _broker.Produce("late", 3);
        await GroupReader.Until(() => reader.Records.Count == 3, "read", reader);
    }

    [Theory]
    [InlineData("range")]
    [InlineData("consumer")]
    public async Task Who_unsubscribes_leaves_and_may_subscribe_again(string assignor)
    {
        await _broker.CreateTopic("t");
        await _broker.Produce("t", 5);
        await using var reader = GroupReader.Start(With(assignor), "t");
        await GroupReader.Until(() => reader.Records.Count == 5, "read", reader);
        await reader.Pause();
        await reader.Consumer.UnsubscribeAsync();
        Assert.Equal(("Empty", 0), ((await _broker.Describe()).State, reader.Consumer.Assignment.Count));
        Assert.Equal(5, (await _broker.Committed())[0]);

        reader.Consumer.Subscribe(["t"], reader);
        reader.Resume();
        await _broker.Produce("t", 5, from: 5);
        await GroupReader.Until(() => reader.Records.Count >= 10, "read on", reader);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{i}"), reader.Values);
    }

    [Fact]
    public async Task What_a_listener_throws_comes_out_of_the_poll_and_the_rebalance_goes_on()
    {
        await _broker.CreateTopic("t", 2);
        await using var a = GroupReader.Start(_broker.Consumer(), "t");
        a.OnRevoked = _ => throw new InvalidOperationException("the listener broke");
        await GroupReader.Until(() => a.Partitions.Count == 2, "assigned", a);
        await using var b = GroupReader.Start(_broker.Consumer(), "t");
        await GroupReader.Until(() => Shares([a, b], 1, 1), "shared", a, b);
        Assert.Equal("the listener broke", a.Failure?.Message);
        a.OnRevoked = _ => ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Wrong_use_is_told_at_once()
    {
        await using var groupless = new Consumer(_broker.Consumer(null));
        Assert.Contains("group.id", Assert.Throws<InvalidOperationException>(() => groupless.Subscribe(["t"])).Message);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await groupless.CommitAsync());
        await using var consumer = new Consumer(_broker.Consumer());
        Assert.Throws<ArgumentException>(() => consumer.Subscribe([]));
        consumer.Subscribe(["t"]);
        Assert.Contains("mutually exclusive", Assert.Throws<InvalidOperationException>(() => consumer.Assign(new TopicPartition("t", 0))).Message);
        Assert.Throws<KafkaConfigException>(() => new Consumer(_broker.Consumer() with { Assignors = ["fair"] }));
    }
}
