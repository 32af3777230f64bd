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

        await broker.AssertUnharmedAsync();
    }

    /// <summary>Damage that no checksum covers: lz4 and zstd as Kafka writes them carry none of their content.</summary>
    static bool IsHarmless(JsonElement line) => line.GetProperty("case").GetString()!.StartsWith("compressed-flipped", StringComparison.Ordinal);

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
