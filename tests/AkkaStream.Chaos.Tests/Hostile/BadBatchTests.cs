using System.Text.Json;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Records;
using AkkaStream.TestKit;
using AkkaStream.TestKit.Processes;

namespace AkkaStream.Chaos.Tests.Hostile;

/// <summary>Batches that lie: each gets an answer, and none is taken that a reader would stumble over.</summary>
public sealed class BadBatchTests(VictimBroker broker) : IClassFixture<VictimBroker>
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Every_damaged_batch_is_answered_and_only_sound_ones_are_kept()
    {
        await using var client = await WireClient.ConnectAsync(broker.Process.Address);
        await client.CreateTopicAsync("damaged", 1);
        foreach (var line in GoldenFiles.Lines("records/damaged.jsonl"))
        {
            byte[] batch = Convert.FromHexString(line.GetProperty("hex").GetString()!);
            var said = await ProduceAsync(client, "damaged", batch);
            bool isSound = line.TryGetProperty("valid", out var valid) && valid.GetBoolean();
            if (said.ErrorCode == ErrorCode.None) Assert.True(isSound || IsHarmless(line), $"{line.GetProperty("case")} was taken");
        }

        await AssertReadableAsync(client, "damaged");
        await broker.AssertUnharmedAsync();
    }

    /// <summary>
    /// Damage that no checksum covers: lz4 and zstd as Kafka writes them carry none of their content. And what stands behind a whole batch
    /// without being one is left out, and a producer epoch without meaning is kept, as Kafka does.
    /// </summary>
    static bool IsHarmless(JsonElement line) => line.GetProperty("case").GetString() is { } name
        && (name.StartsWith("compressed-flipped", StringComparison.Ordinal) || name is "second-truncated" or "trailing-byte" or "producer-negative-epoch");

    static async Task AssertReadableAsync(WireClient client, string topic)
    {
        long next = 0, end = 1;
        while (next < end)
        {
            var answer = await client.AskAsync(new FetchRequest
            {
                MaxWaitMs = 0, MinBytes = 0,
                Topics = [new FetchRequestTopic { Topic = topic, Partitions = [new FetchRequestPartition { FetchOffset = next, PartitionMaxBytes = 1 << 20 }] }],
            }, 11).WaitAsync(Patience);
            var part = answer.Responses[0].Partitions[0];
            end = part.HighWatermark;
            next = ReadAll((part.Records ?? default).Span, next);
        }
    }

    static long ReadAll(ReadOnlySpan<byte> rest, long next)
    {
        Assert.True(rest.Length > 0, $"nothing is read at {next}");
        while (rest.Length > 0)
        {
            var batch = new RecordBatch(rest[..(int)new RecordBatch(rest).SizeInBytes]);
            rest = rest[batch.Bytes.Length..];
            Assert.Equal(Crc32C.Compute(batch.Bytes[RecordBatch.CrcStart..]), batch.Crc);
            using var plain = PlainRecords.Open(batch.Bytes, 1 << 20);
            var reader = new RecordReader(batch, plain.Bytes);
            while (reader.Read(out var record)) Assert.Equal(next++, record.Offset);
            Assert.Equal(RecordFault.None, reader.Fault);
        }

        return next;
    }

    [Fact]
    public async Task Null_and_empty_records_are_answered()
    {
        await using var client = await WireClient.ConnectAsync(broker.Process.Address);
        await client.CreateTopicAsync("empty", 1);
        Assert.NotEqual(ErrorCode.None, (await ProduceAsync(client, "empty", null)).ErrorCode);
        Assert.NotEqual(ErrorCode.None, (await ProduceAsync(client, "empty", [])).ErrorCode);
        Assert.NotEqual(ErrorCode.None, (await ProduceAsync(client, "empty", new byte[100])).ErrorCode);
        await broker.AssertUnharmedAsync();
    }

    [Fact]
    public async Task Wrong_offset_deltas_and_negative_lengths_are_refused()
    {
        await using var client = await WireClient.ConnectAsync(broker.Process.Address);
        await client.CreateTopicAsync("lying", 1);
        var gap = new RecordBatchBuilder();
        gap.Append(1, true, "k"u8, true, "v"u8, default, 0, 0);
        gap.Append(1, true, "k"u8, true, "v"u8, default, 0, 7);
        Assert.Equal(ErrorCode.InvalidRecord, (await ProduceAsync(client, "lying", gap.ToArray())).ErrorCode);

        var good = new RecordBatchBuilder();
        good.Append(1, "k"u8, "v"u8);
        byte[] negative = good.ToArray();
        int keyLength = RecordBatch.HeaderLength + 4;
        Assert.Equal(2, negative[keyLength]);
        negative[keyLength] = 3;
        Sign(negative);
        Assert.Equal(ErrorCode.InvalidRecord, (await ProduceAsync(client, "lying", negative)).ErrorCode);
        Assert.Equal(ErrorCode.None, (await ProduceAsync(client, "lying", good.ToArray())).ErrorCode);
        await broker.AssertUnharmedAsync();
    }

    [Theory]
    [InlineData(CompressionCodec.Gzip)]
    [InlineData(CompressionCodec.Zstd)]
    [InlineData(CompressionCodec.Lz4)]
    public async Task A_batch_that_unpacks_to_hundreds_of_megabytes_takes_no_memory(CompressionCodec codec)
    {
        await using var client = await WireClient.ConnectAsync(broker.Process.Address);
        string topic = $"bomb-{codec}";
        await client.CreateTopicAsync(topic, 1);
        var builder = new RecordBatchBuilder { Codec = codec };
        builder.Append(1, "k"u8, new byte[200 << 20]);
        byte[] bomb = builder.ToArray();
        await ProduceAsync(client, topic, bomb);
        await broker.AssertUnharmedAsync();
    }

    static void Sign(byte[] batch) => System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(
        batch.AsSpan(RecordBatch.CrcOffset), Crc32C.Compute(batch.AsSpan(RecordBatch.CrcStart)));

    static async Task<ProduceResponsePartition> ProduceAsync(WireClient client, string topic, byte[]? records)
    {
        ReadOnlyMemory<byte>? bytes = records is null ? null : records;
        var answer = await client.AskAsync(new ProduceRequest
        {
            Acks = -1, TimeoutMs = 10_000,
            TopicData = [new ProduceRequestTopic { Name = topic, PartitionData = [new ProduceRequestPartition { Records = bytes }] }],
        }, 9).WaitAsync(Patience);
        return answer.Responses[0].PartitionResponses[0];
    }
}
