using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Records;

namespace AkkaStream.Broker.Tests;

public sealed class ProduceTests
{
    [Theory]
    [InlineData("uncompressed", CompressionCodec.None)]
    [InlineData("gzip", CompressionCodec.Gzip)]
    [InlineData("lz4", CompressionCodec.Lz4)]
    public async Task A_topic_s_own_codec_is_what_is_stored(string type, CompressionCodec stored)
    {
        await using var broker = await TestBroker.StartAsync();
        broker.Create("t", configs: ("compression.type", type));

        for (int i = 0; i < 3; i++)
        {
            var answer = broker.Produce("t", Packed(CompressionCodec.Snappy, records: 5));
            Assert.Equal((ErrorCode.None, i * 5L), (answer.ErrorCode, answer.BaseOffset));
        }

        var batches = broker.Fetch("t").Records ?? default;
        Assert.Equal(stored, new RecordBatch(batches.Span).Codec);
        Assert.Equal(5, new RecordBatch(batches.Span).RecordCount);
    }

    [Fact]
    public async Task Requests_on_one_connection_keep_their_order_though_some_are_packed_anew()
    {
        await using var broker = await TestBroker.StartAsync();
        broker.Create("t", configs: ("compression.type", "gzip"));

        // Those in the topic's codec go straight in, the others by the work lane; all are sent before an answer is read.
        for (int i = 0; i < 40; i++) broker.Send(TestBroker.ProduceRequest("t", Packed(i % 2 == 0 ? CompressionCodec.Gzip : CompressionCodec.None, i + 1)), 12);
        long expected = 0;
        for (int i = 0; i < 40; i++)
        {
            var answer = broker.Receive(TestBroker.ProduceRequest("t", default), 12).Responses[0].PartitionResponses[0];
            Assert.Equal((ErrorCode.None, expected), (answer.ErrorCode, answer.BaseOffset));
            expected += i + 1;
        }
    }

    [Fact]
    public async Task Clients_do_not_write_to_internal_topics()
    {
        await using var broker = await TestBroker.StartAsync();
        broker.Ask(new FindCoordinatorRequest { CoordinatorKeys = ["g"] });

        Assert.Equal(ErrorCode.InvalidTopicException, broker.Produce("__consumer_offsets", TestBroker.Batch()).ErrorCode);
    }

    [Fact]
    public async Task What_was_answered_is_there_for_the_next_reader()
    {
        await using var broker = await TestBroker.StartAsync();
        for (int i = 0; i < 50; i++)
        {
            // A new topic each time: its first append ends on another thread than the connection's.
            broker.Create($"t{i}");
            Assert.Equal(ErrorCode.None, broker.Produce($"t{i}", TestBroker.Batch()).ErrorCode);
            Assert.Equal(1, broker.Fetch($"t{i}").HighWatermark);
        }
    }

    [Fact]
    public async Task A_changed_limit_holds_for_the_next_batch()
    {
        await using var broker = await TestBroker.StartAsync();
        broker.Create("t");
        Assert.Equal(ErrorCode.None, broker.Produce("t", TestBroker.Batch(valueSize: 2_000)).ErrorCode);

        broker.Alter(2, "t", "max.message.bytes", "1000");
        Assert.Equal(ErrorCode.MessageTooLarge, broker.Produce("t", TestBroker.Batch(valueSize: 2_000)).ErrorCode);

        broker.Alter(2, "t", "max.message.bytes", null);
        broker.Alter(4, "", "message.max.bytes", "900");
        Assert.Equal(ErrorCode.MessageTooLarge, broker.Produce("t", TestBroker.Batch(valueSize: 950)).ErrorCode);
        broker.Alter(4, "1", "message.max.bytes", "3000");
        Assert.Equal(ErrorCode.None, broker.Produce("t", TestBroker.Batch(valueSize: 2_000)).ErrorCode);
    }

    [Fact]
    public async Task The_topic_says_whose_clock_counts_and_a_change_holds_for_the_next_batch()
    {
        await using var broker = await TestBroker.StartAsync();
        broker.Create("t");
        long sent = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - 5_000;
        Assert.Equal(-1, broker.Produce("t", Stamped(sent)).LogAppendTimeMs);

        broker.Alter(2, "t", "message.timestamp.type", "LogAppendTime");
        long appended = broker.Produce("t", Stamped(sent)).LogAppendTimeMs;
        Assert.True(appended > sent, $"{appended} is the producer's time");

        var first = new RecordBatch((broker.Fetch("t").Records ?? default).Span);
        var second = new RecordBatch(first.Bytes[(int)first.SizeInBytes..]);
        Assert.Equal((false, sent), (first.IsLogAppendTime, first.MaxTimestamp));
        Assert.Equal((true, appended), (second.IsLogAppendTime, second.MaxTimestamp));
    }

    [Theory]
    [InlineData("message.timestamp.before.max.ms", -7_200_000)]
    [InlineData("message.timestamp.after.max.ms", 1_800_000)]
    public async Task A_time_too_far_from_now_is_refused_by_record_as_soon_as_the_topic_says_so(string limit, long distance)
    {
        await using var broker = await TestBroker.StartAsync();
        broker.Create("t");
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        Assert.Equal(ErrorCode.None, broker.Produce("t", Stamped(now + distance)).ErrorCode);

        broker.Alter(2, "t", limit, "60000");
        var answer = broker.Produce("t", Stamped(now, now + distance));

        Assert.Equal(ErrorCode.InvalidTimestamp, answer.ErrorCode);
        Assert.Equal([1], answer.RecordErrors.Select(error => error.BatchIndex));
        Assert.Equal(ErrorCode.None, broker.Produce("t", Stamped(now)).ErrorCode);
    }

    [Fact]
    public async Task A_compacted_topic_takes_no_record_without_a_key_and_names_each()
    {
        await using var broker = await TestBroker.StartAsync();
        broker.Create("t");
        var builder = new RecordBatchBuilder();
        builder.Append(1_000, "key"u8, "value"u8);
        builder.Append(1_000, false, default, true, "value"u8, default, 0, 1);
        byte[] batch = builder.ToArray();
        Assert.Equal(ErrorCode.None, broker.Produce("t", batch).ErrorCode);

        broker.Alter(2, "t", "cleanup.policy", "compact");
        var answer = broker.Produce("t", batch);

        Assert.Equal(ErrorCode.InvalidRecord, answer.ErrorCode);
        Assert.Equal([1], answer.RecordErrors.Select(error => error.BatchIndex));
        Assert.Equal(2, broker.Fetch("t").HighWatermark);
    }

    static byte[] Stamped(params long[] timestamps)
    {
        var builder = new RecordBatchBuilder();
        foreach (long timestamp in timestamps) builder.Append(timestamp, "key"u8, "value"u8);
        return builder.ToArray();
    }

    [Fact]
    public async Task A_transactional_batch_without_a_transactional_id_spoils_the_request()
    {
        await using var broker = await TestBroker.StartAsync();
        broker.Create("t", partitions: 2);
        var builder = new RecordBatchBuilder { Attributes = BatchAttributes.Transactional, ProducerId = 7, ProducerEpoch = 0, BaseSequence = 0 };
        builder.Append(1_000, default, new byte[1]);

        var answer = broker.Ask(
            new ProduceRequest
            {
                Acks = -1,
                TimeoutMs = 10_000,
                TopicData =
                [
                    new ProduceRequestTopic
                    {
                        Name = "t",
                        PartitionData =
                        [
                            new ProduceRequestPartition { Index = 0, Records = TestBroker.Batch() },
                            new ProduceRequestPartition { Index = 1, Records = builder.ToArray() },
                        ],
                    },
                ],
            },
            12);

        Assert.All(answer.Responses[0].PartitionResponses, p => Assert.Equal(ErrorCode.TransactionalIdAuthorizationFailed, p.ErrorCode));
        Assert.Equal(0, broker.Fetch("t").HighWatermark);
    }

    static byte[] Packed(CompressionCodec codec, int records)
    {
        var builder = new RecordBatchBuilder { Codec = codec };
        for (int i = 0; i < records; i++) builder.Append(1_700_000_000_000, default, new byte[100]);
        return builder.ToArray();
    }
}
