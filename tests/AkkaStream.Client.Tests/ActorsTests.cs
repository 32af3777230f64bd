using System.Text;
using System.Threading.Channels;
using AkkaStream.Actors;
using AkkaStream.Client.Actors;
using AkkaStream.Client.Settings;
using AkkaStream.Client.Tests.Support;

namespace AkkaStream.Client.Tests;

/// <summary>Producer and consumer as actors, against a broker in this process.</summary>
public sealed class ActorsTests : IAsyncLifetime
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    readonly ActorSystem _system = ActorSystem.Create("clients");
    GroupBroker _broker = null!;

    public async Task InitializeAsync() => _broker = await GroupBroker.StartAsync();

    public async Task DisposeAsync()
    {
        await _system.DisposeAsync();
        await _broker.DisposeAsync();
    }

    /// <summary>Hands everything that it is told to the test.</summary>
    sealed class Inbox : ReceiveActor
    {
        public Inbox(ChannelWriter<object> into) => ReceiveAny(message => into.TryWrite(message));
    }

    (IActorRef Ref, ChannelReader<object> Messages) NewInbox()
    {
        var channel = Channel.CreateUnbounded<object>();
        return (_system.ActorOf(Props.Create(() => new Inbox(channel.Writer))), channel.Reader);
    }

    static async Task<T> Next<T>(ChannelReader<object> messages)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
            if (await messages.ReadAsync(patience.Token) is T wanted) return wanted;
    }

    static ProducerActor.Send Send(int i) => new(new ProducerRecord("t", default, Encoding.UTF8.GetBytes($"{i}")), i);

    static string[] Values(ConsumerActor.Records records) => [.. records.Batch.Select(r => r.Value.ToText() ?? "")];

    static string[] From(int first, int count) => [.. Enumerable.Range(first, count).Select(i => $"{i}")];

    IActorRef Consumer(IActorRef subscriber, Func<ConsumerSettings, ConsumerSettings>? with = null)
    {
        var settings = _broker.Consumer() with { MaxPollRecords = 5 };
        return _system.ActorOf(ConsumerActor.Props(with is null ? settings : with(settings), subscriber));
    }

    [Fact]
    public async Task A_producer_actor_answers_each_record_with_where_it_stands_in_the_order_of_its_sender()
    {
        await _broker.CreateTopic("t");
        var producer = _system.ActorOf(ProducerActor.Props(ProducerSettings.For(_broker.Servers)));
        var (me, messages) = NewInbox();
        for (int i = 0; i < 100; i++) producer.Tell(Send(i), me);
        for (int i = 0; i < 100; i++)
        {
            var answer = await Next<ProducerActor.Delivered>(messages);
            Assert.Equal((i, (long)i), ((int)(answer.Tag ?? -1), answer.Delivery.Offset));
        }
    }

    [Fact]
    public async Task A_producer_actor_names_the_record_that_it_could_not_deliver_and_goes_on()
    {
        await _broker.CreateTopic("t");
        var producer = _system.ActorOf(ProducerActor.Props(ProducerSettings.For(_broker.Servers) with { MaxRequestBytes = 1000 }));
        var tooLarge = new ProducerActor.Send(new ProducerRecord("t", default, new byte[2000]));
        var error = await Assert.ThrowsAsync<NotDeliveredException>(async () => await producer.Ask<ProducerActor.Delivered>(tooLarge, Patience));
        Assert.Same(tooLarge, error.Request);
        Assert.Equal(0, (await producer.Ask<ProducerActor.Delivered>(Send(0), Patience)).Delivery.Offset);
    }

    [Fact]
    public async Task A_producer_actor_flushes_what_lingers_and_delivers_before_it_closes()
    {
        await _broker.CreateTopic("t");
        var producer = _system.ActorOf(ProducerActor.Props(ProducerSettings.For(_broker.Servers) with { Linger = TimeSpan.FromHours(1), DeliveryTimeout = TimeSpan.FromHours(2) }));
        for (int i = 0; i < 3; i++) producer.Tell(Send(i), null);
        await producer.Ask<ProducerActor.Flushed>(ProducerActor.Flush.Instance, Patience);
        for (int i = 3; i < 6; i++) producer.Tell(Send(i), null);
        await producer.Ask<ProducerActor.Closed>(new ProducerActor.Close(), Patience);

        var (me, messages) = NewInbox();
        Consumer(me, s => s with { MaxPollRecords = 100 }).Tell(new ConsumerActor.Assign([new TopicPartition("t", 0)]), me);
        var values = new List<string>();
        while (values.Count < 6)
        {
            var records = await Next<ConsumerActor.Records>(messages);
            values.AddRange(Values(records));
        }
        Assert.Equal(From(0, 6), values);
    }

    [Fact]
    public async Task A_consumer_actor_sends_the_next_records_when_the_last_ones_are_done()
    {
        await _broker.CreateTopic("t");
        await _broker.Produce("t", 12);
        var (me, messages) = NewInbox();
        var consumer = Consumer(me);
        consumer.Tell(new ConsumerActor.Subscribe(["t"]), me);
        await Next<ConsumerActor.Done>(messages);
        Assert.Equal([new TopicPartition("t", 0)], (await Next<ConsumerActor.Assigned>(messages)).Partitions);
        for (int at = 0; at < 12; at += 5)
        {
            var records = await Next<ConsumerActor.Records>(messages);
            Assert.Equal(From(at, Math.Min(5, 12 - at)), Values(records));
            consumer.Tell(new ConsumerActor.Processed(records), me);
        }
    }

    [Fact]
    public async Task What_the_subscriber_was_not_done_with_is_read_again_by_the_next_consumer_actor()
    {
        await _broker.CreateTopic("t");
        await _broker.Produce("t", 10);
        var (me, messages) = NewInbox();
        var first = Consumer(me);
        first.Tell(new ConsumerActor.Subscribe(["t"]), me);
        first.Tell(new ConsumerActor.Processed(await Next<ConsumerActor.Records>(messages)), me);
        Assert.Equal(From(5, 5), Values(await Next<ConsumerActor.Records>(messages)));
        await first.Ask<ConsumerActor.Done>(new ConsumerActor.Close(), Patience);
        Assert.Equal(5, (await _broker.Committed())[0]);

        var (other, news) = NewInbox();
        Consumer(other).Tell(new ConsumerActor.Subscribe(["t"]), other);
        Assert.Equal(From(5, 5), Values(await Next<ConsumerActor.Records>(news)));
    }

    [Fact]
    public async Task Commit_commits_what_is_done_and_nothing_that_is_not()
    {
        await _broker.CreateTopic("t");
        await _broker.Produce("t", 10);
        var (me, messages) = NewInbox();
        var consumer = Consumer(me, s => s with { AutoCommit = false });
        consumer.Tell(new ConsumerActor.Subscribe(["t"]), me);
        consumer.Tell(new ConsumerActor.Processed(await Next<ConsumerActor.Records>(messages)), me);
        await Next<ConsumerActor.Records>(messages);
        await consumer.Ask<ConsumerActor.Done>(new ConsumerActor.Commit(), Patience);
        Assert.Equal(5, (await _broker.Committed())[0]);
    }

    [Fact]
    public async Task Two_consumer_actors_share_a_topic_and_take_over_when_one_goes()
    {
        await _broker.CreateTopic("t", 2);
        var (a, ofA) = NewInbox();
        var (b, ofB) = NewInbox();
        var first = Consumer(a);
        first.Tell(new ConsumerActor.Subscribe(["t"]), a);
        Assert.Equal(2, (await Next<ConsumerActor.Assigned>(ofA)).Partitions.Count);
        var second = Consumer(b);
        second.Tell(new ConsumerActor.Subscribe(["t"]), b);
        Assert.Equal(2, (await Next<ConsumerActor.Revoked>(ofA)).Partitions.Count);
        Assert.Single((await Next<ConsumerActor.Assigned>(ofB)).Partitions);
        Assert.Single((await Next<ConsumerActor.Assigned>(ofA)).Partitions);

        // Stopped by force, it still leaves the group.
        _system.Stop(second);
        await Next<ConsumerActor.Revoked>(ofA);
        Assert.Equal(2, (await Next<ConsumerActor.Assigned>(ofA)).Partitions.Count);
    }

    [Fact]
    public async Task A_wrong_command_is_answered_with_its_failure_and_the_actor_goes_on()
    {
        await _broker.CreateTopic("t");
        await _broker.Produce("t", 3);
        var (me, messages) = NewInbox();
        var consumer = Consumer(me, s => s with { GroupId = null });
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await consumer.Ask<ConsumerActor.Done>(new ConsumerActor.Subscribe(["t"]), Patience));
        await consumer.Ask<ConsumerActor.Done>(new ConsumerActor.Assign([new TopicPartition("t", 0)]), Patience);
        Assert.Equal(From(0, 3), Values(await Next<ConsumerActor.Records>(messages)));
    }
}
