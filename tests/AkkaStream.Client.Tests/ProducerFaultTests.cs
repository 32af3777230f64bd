using System.Text;
using AkkaStream.Client.Settings;
using AkkaStream.Client.Tests.Support;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.TestKit;

namespace AkkaStream.Client.Tests;

/// <summary>A producer against brokers that lose answers, move leaders, refuse and fall silent, in virtual time.</summary>
public sealed class ProducerFaultTests
{
    static ProducerRecord Record(int i, string topic = "t", int? partition = null) =>
        new(topic, default, Encoding.UTF8.GetBytes($"{i}")) { Partition = partition };

    static string[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(i => $"{i}")];

    [Fact]
    public async Task A_record_is_delivered_and_its_offset_told()
    {
        var cluster = new FakeCluster();
        var topic = cluster.Topic("t");
        await using var producer = new Producer(cluster.Producer);

        var first = await cluster.Driver.Run(producer.SendAsync(Record(0)));
        var second = await cluster.Driver.Run(producer.SendAsync(Record(1)));

        Assert.Equal((0L, 1L), (first.Offset, second.Offset));
        Assert.Equal(Numbers(2), topic.Partitions[0].Values());
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(12)]
    [InlineData(13)]
    public async Task Every_version_of_Produce_that_a_broker_may_serve_carries_several_topics_and_partitions(short version)
    {
        var cluster = new FakeCluster { Highest = { [ApiKey.Produce] = version } };
        var a = cluster.Topic("a", 2);
        var b = cluster.Topic("b", 1);
        await using var producer = new Producer(cluster.Producer);

        var sent = Enumerable.Range(0, 30).Select(i => producer.SendAsync(Record(i, i % 3 == 0 ? "b" : "a", i % 3 == 0 ? 0 : i % 2))).ToList();
        await cluster.Driver.Run(Task.WhenAll(sent));

        Assert.Equal(30, a.Partitions[0].Values().Count + a.Partitions[1].Values().Count + b.Partitions[0].Values().Count);
        Assert.Contains(cluster.Seen, s => s.Request.Api == ApiKey.Produce && s.Request.Version == version);
    }

    [Fact]
    public async Task A_lost_answer_makes_no_duplicate()
    {
        var cluster = new FakeCluster();
        var topic = cluster.Topic("t");
        int produces = 0;
        cluster.FaultOf = (_, request) => request.Api == ApiKey.Produce && produces++ == 0 ? Fault.CutAfter : Fault.None;
        await using var producer = new Producer(cluster.Producer);

        var delivery = await cluster.Driver.Run(producer.SendAsync(Record(0)));

        Assert.Equal(0, delivery.Offset);
        Assert.Equal(2, produces);
        Assert.Equal(["0"], topic.Partitions[0].Values());
    }

    [Fact]
    public async Task Order_holds_when_the_first_of_several_batches_under_way_is_lost()
    {
        var cluster = new FakeCluster();
        var topic = cluster.Topic("t");
        int produces = 0;
        cluster.FaultOf = (_, request) => request.Api != ApiKey.Produce ? Fault.None
            : Interlocked.Increment(ref produces) <= 3 ? Fault.Hold : Fault.None;
        await using var producer = new Producer(cluster.Producer with { Linger = TimeSpan.Zero, BatchBytes = 100 });
        var sent = new List<Task<Delivery>>();
        for (int i = 0; i < 3; i++)
        {
            sent.Add(producer.SendAsync(Record(i)));
            Assert.Equal(i + 1, cluster.HeldCount);
        }
        topic.Partitions[0].Errors.Enqueue(ErrorCode.NotEnoughReplicas);

        cluster.ReleaseHeld();
        await cluster.Driver.Run(Task.WhenAll(sent));

        Assert.Equal(Numbers(3), topic.Partitions[0].Values());
        Assert.Equal([0L, 1L, 2L], (await Task.WhenAll(sent)).Select(d => d.Offset));
    }

    [Fact]
    public async Task A_new_leader_that_the_old_one_names_is_used_at_once()
    {
        var cluster = new FakeCluster(brokers: 2);
        var topic = cluster.Topic("t");
        await using var producer = new Producer(cluster.Producer);
        await cluster.Driver.Run(producer.SendAsync(Record(0)));
        topic.Partitions[0].TellsLeader = true;
        topic.Partitions[0].Leader = 2;
        topic.Partitions[0].Epoch = 1;
        int asked = cluster.Seen.Count(s => s.Request.Api == ApiKey.Metadata);

        await cluster.Driver.Run(producer.SendAsync(Record(1)));

        Assert.Equal(Numbers(2), topic.Partitions[0].Values());
        Assert.Equal(asked, cluster.Seen.Count(s => s.Request.Api == ApiKey.Metadata));
    }

    [Fact]
    public async Task A_new_leader_that_nobody_names_is_found_by_metadata()
    {
        var cluster = new FakeCluster(brokers: 2);
        var topic = cluster.Topic("t");
        await using var producer = new Producer(cluster.Producer);
        await cluster.Driver.Run(producer.SendAsync(Record(0)));
        topic.Partitions[0].Leader = 2;
        topic.Partitions[0].Epoch = 1;

        await cluster.Driver.Run(producer.SendAsync(Record(1)));

        Assert.Equal(Numbers(2), topic.Partitions[0].Values());
    }

    [Fact]
    public async Task Records_wait_for_a_broker_that_is_away()
    {
        var cluster = new FakeCluster(brokers: 2);
        var topic = cluster.Topic("t");
        await using var producer = new Producer(cluster.Producer);
        await cluster.Driver.Run(producer.SendAsync(Record(0)));
        cluster.Stop(1);

        var sent = producer.SendAsync(Record(1));
        cluster.Driver.Pass(TimeSpan.FromSeconds(60));
        Assert.False(sent.IsCompleted);
        cluster.Start(1);
        await cluster.Driver.Run(sent);

        Assert.Equal(Numbers(2), topic.Partitions[0].Values());
    }

    [Fact]
    public async Task When_the_delivery_time_is_over_the_record_is_given_up_and_the_cause_is_told()
    {
        var cluster = new FakeCluster(brokers: 2);
        cluster.Topic("t");
        await using var producer = new Producer(cluster.Producer);
        await cluster.Driver.Run(producer.SendAsync(Record(0)));
        cluster.Stop(1);
        var begun = cluster.Time.Elapsed;

        var error = await Assert.ThrowsAsync<KafkaException>(() => cluster.Driver.Run(producer.SendAsync(Record(1))));

        Assert.Equal(ErrorCode.RequestTimedOut, error.Error);
        Assert.Contains("120000 ms has passed since batch creation", error.Message);
        Assert.Contains("broker1:9092", error.Message);
        Assert.InRange((cluster.Time.Elapsed - begun).TotalSeconds, 119, 122);
    }

    [Fact]
    public async Task What_follows_a_record_that_was_given_up_is_delivered_in_a_new_epoch_without_gap_or_duplicate()
    {
        var cluster = new FakeCluster();
        var topic = cluster.Topic("t");
        await using var producer = new Producer(cluster.Producer with { Linger = TimeSpan.Zero, DeliveryTimeout = TimeSpan.FromSeconds(40) });
        await cluster.Driver.Run(producer.SendAsync(Record(0)));
        bool lost = true;
        cluster.FaultOf = (_, request) => request.Api == ApiKey.Produce && lost ? Fault.CutBefore : Fault.None;
        var given = producer.SendAsync(Record(1));
        cluster.Driver.Pass(TimeSpan.FromSeconds(39));
        var kept = producer.SendAsync(Record(2));

        await Assert.ThrowsAsync<KafkaException>(() => cluster.Driver.Run(given));
        lost = false;
        await cluster.Driver.Run(kept);
        await cluster.Driver.Run(producer.SendAsync(Record(3)));

        Assert.Equal(["0", "2", "3"], topic.Partitions[0].Values());
        Assert.Equal(1, (await kept).Offset);
    }

    [Fact]
    public async Task A_broker_that_forgot_the_producer_gets_the_rest_in_a_new_epoch()
    {
        var cluster = new FakeCluster();
        var topic = cluster.Topic("t");
        await using var producer = new Producer(cluster.Producer);
        await cluster.Driver.Run(producer.SendAsync(Record(0)));
        topic.Partitions[0].ForgetProducers();

        await cluster.Driver.Run(producer.SendAsync(Record(1)));

        Assert.Equal(Numbers(2), topic.Partitions[0].Values());
    }

    [Fact]
    public async Task A_full_buffer_holds_senders_up_in_their_order_and_lets_them_go_on_when_there_is_room()
    {
        var cluster = new FakeCluster();
        var topic = cluster.Topic("t");
        cluster.FaultOf = (_, request) => request.Api == ApiKey.Produce ? Fault.Hold : Fault.None;
        await using var producer = new Producer(cluster.Producer with { Linger = TimeSpan.Zero, BatchBytes = 1024, BufferMemory = 4096 });
        var taken = Enumerable.Range(0, 200).Select(i => producer.EnqueueAsync(new ProducerRecord("t", default, Encoding.UTF8.GetBytes($"{i}".PadLeft(100))), null).AsTask()).ToList();

        Assert.Contains(taken, t => !t.IsCompleted);
        Assert.True(producer.FreeMemory >= 0);
        int firstWaiting = taken.FindIndex(t => !t.IsCompleted);
        Assert.DoesNotContain(taken.Skip(firstWaiting), t => t.IsCompleted);
        cluster.FaultOf = (_, _) => Fault.None;
        cluster.ReleaseHeld();
        await cluster.Driver.Run(Task.WhenAll(taken));
        await cluster.Driver.Run(producer.FlushAsync());

        Assert.Equal(Numbers(200), topic.Partitions[0].Values().Select(v => v.Trim()));
        Assert.Equal(4096, producer.FreeMemory);
    }

    [Fact]
    public async Task A_sender_that_waits_too_long_for_memory_is_told_so()
    {
        var cluster = new FakeCluster();
        cluster.Topic("t");
        cluster.FaultOf = (_, request) => request.Api == ApiKey.Produce ? Fault.Hold : Fault.None;
        await using var producer = new Producer(cluster.Producer with
        {
            Linger = TimeSpan.Zero, BatchBytes = 1024, BufferMemory = 2048, MaxBlock = TimeSpan.FromSeconds(5),
        });
        var tasks = Enumerable.Range(0, 100).Select(i => producer.EnqueueAsync(new ProducerRecord("t", default, new byte[100])).AsTask()).ToList();

        var error = await Assert.ThrowsAsync<KafkaException>(() => cluster.Driver.Run(Task.WhenAll(tasks)));

        Assert.Contains("Failed to allocate memory within the configured max blocking time 5000 ms", error.Message);
        cluster.FaultOf = (_, _) => Fault.None;
        cluster.ReleaseHeld();
        await cluster.Driver.Run(producer.FlushAsync());
    }

    [Fact]
    public async Task A_topic_that_does_not_exist_is_named_after_max_block()
    {
        var cluster = new FakeCluster();
        await using var producer = new Producer(cluster.Producer with { MaxBlock = TimeSpan.FromSeconds(3) });

        var error = await Assert.ThrowsAsync<KafkaException>(() => cluster.Driver.Run(producer.SendAsync(Record(0, "nowhere"))));

        Assert.Contains("Topic nowhere not present in metadata after 3000 ms", error.Message);
        Assert.Contains("auto.create.topics.enable", error.Message);
    }

    [Fact]
    public async Task A_cluster_that_cannot_be_reached_is_named_with_the_cause()
    {
        var cluster = new FakeCluster();
        cluster.Stop(1);
        await using var producer = new Producer(cluster.Producer with { MaxBlock = TimeSpan.FromSeconds(3) });

        var error = await Assert.ThrowsAsync<KafkaException>(() => cluster.Driver.Run(producer.SendAsync(Record(0))));

        Assert.Contains("broker1:9092 cannot be reached: nothing listens there", error.Message);
    }

    [Fact]
    public async Task A_record_sent_before_its_topic_exists_is_delivered_once_it_does()
    {
        var cluster = new FakeCluster();
        await using var producer = new Producer(cluster.Producer);
        var sent = producer.SendAsync(Record(0));
        cluster.Driver.Pass(TimeSpan.FromSeconds(2));
        var topic = cluster.Topic("t");

        await cluster.Driver.Run(sent);

        Assert.Equal(["0"], topic.Partitions[0].Values());
    }

    [Fact]
    public async Task A_final_error_is_told_with_the_brokers_words_and_the_next_record_is_delivered()
    {
        var cluster = new FakeCluster();
        var topic = cluster.Topic("t");
        await using var producer = new Producer(cluster.Producer);
        topic.Partitions[0].Errors.Enqueue(ErrorCode.MessageTooLarge);

        var error = await Assert.ThrowsAsync<KafkaException>(() => cluster.Driver.Run(producer.SendAsync(Record(0))));
        await cluster.Driver.Run(producer.SendAsync(Record(1)));

        Assert.Equal(ErrorCode.MessageTooLarge, error.Error);
        Assert.Equal(["1"], topic.Partitions[0].Values());
    }

    [Fact]
    public async Task Without_confirmation_a_record_counts_as_delivered_when_it_was_sent()
    {
        var cluster = new FakeCluster();
        var topic = cluster.Topic("t");
        await using var producer = new Producer(cluster.Producer with { Acks = Acks.None, Idempotence = false });

        var delivery = await cluster.Driver.Run(producer.SendAsync(Record(0)));

        Assert.Equal(-1, delivery.Offset);
        Assert.Equal(["0"], topic.Partitions[0].Values());
    }

    [Fact]
    public async Task A_cluster_without_producer_ids_is_written_to_without_idempotence_unless_that_was_asked_for()
    {
        var cluster = new FakeCluster { Missing = { ApiKey.InitProducerId } };
        var topic = cluster.Topic("t");
        await using var producer = new Producer(cluster.Producer);
        await cluster.Driver.Run(producer.SendAsync(Record(0)));
        Assert.Equal(["0"], topic.Partitions[0].Values());

        await using var strict = new Producer(cluster.Producer with { IdempotenceIsRequired = true });
        var error = await Assert.ThrowsAsync<KafkaException>(() => cluster.Driver.Run(strict.SendAsync(Record(1))));
        Assert.Contains("does not serve InitProducerId", error.Message);
    }

    [Fact]
    public async Task A_silent_broker_is_left_after_the_request_timeout_and_tried_again()
    {
        var cluster = new FakeCluster();
        var topic = cluster.Topic("t");
        int produces = 0;
        cluster.FaultOf = (_, request) => request.Api == ApiKey.Produce && produces++ == 0 ? Fault.Silence : Fault.None;
        await using var producer = new Producer(cluster.Producer);

        await cluster.Driver.Run(producer.SendAsync(Record(0)));

        Assert.Equal(["0"], topic.Partitions[0].Values());
        Assert.InRange(cluster.Time.Elapsed.TotalSeconds, 30, 32);
    }

    [Fact]
    public async Task Closing_delivers_what_was_taken_and_refuses_what_comes()
    {
        var cluster = new FakeCluster();
        var topic = cluster.Topic("t");
        var producer = new Producer(cluster.Producer with { Linger = TimeSpan.FromMinutes(1), DeliveryTimeout = TimeSpan.FromMinutes(2) });
        var sent = Enumerable.Range(0, 10).Select(i => producer.SendAsync(Record(i))).ToList();

        await cluster.Driver.Run(producer.DisposeAsync());

        Assert.True(sent.TrueForAll(t => t.IsCompletedSuccessfully));
        Assert.Equal(Numbers(10), topic.Partitions[0].Values());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => producer.SendAsync(Record(11)));
    }

    [Fact]
    public Task Whatever_is_lost_or_cut_every_record_is_written_once_and_in_order() =>
        Seeds.ForEachAsync(15, seed => RandomFaults((int)(seed & int.MaxValue)));

    static async Task RandomFaults(int seed)
    {
        const int records = 400, partitions = 3;
        var random = new Random(seed);
        var cluster = new FakeCluster(brokers: 2);
        var topic = cluster.Topic("t", partitions);
        var gate = new Lock();
        int faults = 60;
        cluster.FaultOf = (_, request) =>
        {
            lock (gate)
            {
                if (request.Api != ApiKey.Produce || faults == 0 || random.Next(3) != 0) return Fault.None;
                faults--;
                return (Fault)(1 + random.Next(3));
            }
        };
        cluster.AnswerOf = (_, request) =>
        {
            lock (gate)
            {
                if (request.Api == ApiKey.Produce && faults > 0 && random.Next(6) == 0)
                {
                    faults--;
                    foreach (var p in topic.Partitions.Where(_ => random.Next(2) == 0))
                        p.Errors.Enqueue(random.Next(2) == 0 ? ErrorCode.NotEnoughReplicas : ErrorCode.LeaderNotAvailable);
                    if (random.Next(2) == 0)
                    {
                        var moved = topic.Partitions[random.Next(partitions)];
                        moved.Leader = 3 - moved.Leader;
                        moved.Epoch++;
                        moved.TellsLeader = random.Next(2) == 0;
                    }
                }
                return null;
            }
        };
        await using var producer = new Producer(cluster.Producer with
        {
            BatchBytes = 200 + random.Next(400), Linger = TimeSpan.FromMilliseconds(random.Next(3)), DeliveryTimeout = TimeSpan.FromDays(10),
            Client = cluster.Client with { Seed = (ulong)seed },
        });

        var sent = new List<Task<Delivery>>();
        for (int i = 0; i < records; i++)
        {
            sent.Add(producer.SendAsync(Record(i, partition: i % partitions)));
            if (random.Next(10) == 0) cluster.Driver.Pass(TimeSpan.FromMilliseconds(random.Next(5)));
        }
        var deliveries = await cluster.Driver.Run(Task.WhenAll(sent));

        for (int p = 0; p < partitions; p++)
        {
            Assert.Equal(Enumerable.Range(0, records).Where(i => i % partitions == p).Select(i => $"{i}"), topic.Partitions[p].Values());
            for (int i = p; i < records; i += partitions) Assert.Equal(i / partitions, deliveries[i].Offset);
        }
    }
}
