using System.Text.Json;
using AkkaStream.Protocol.Records;
using AkkaStream.TestKit;

namespace AkkaStream.Log.Tests;

/// <summary>Kafka's own batches, read by our reader and written by our builder.</summary>
public sealed class GoldenRecords
{
    [Fact]
    public void Every_record_of_every_batch_reads_as_Kafka_reads_it()
    {
        int read = 0;
        foreach (var line in GoldenFiles.Lines("records/magic2.jsonl"))
        {
            byte[] all = Convert.FromHexString(Text(line, "hex"));
            int at = 0;
            foreach (var expected in line.GetProperty("batches").EnumerateArray())
            {
                var batch = new RecordBatch(all.AsSpan(at));
                CompareHeader(expected, batch);
                if (RecordCodecs.IsHere(batch.Codec)) CompareRecords(expected, batch);
                at += (int)batch.SizeInBytes;
                read++;
            }
            Assert.Equal(all.Length, at);
        }
        Assert.True(read >= 80);
    }

    [Fact]
    public void The_builder_writes_the_same_bytes_as_Kafka()
    {
        int same = 0;
        foreach (var line in GoldenFiles.Lines("records/magic2.jsonl"))
        {
            byte[] all = Convert.FromHexString(Text(line, "hex"));
            for (int at = 0; at < all.Length;)
            {
                var bytes = all.AsSpan(at, (int)new RecordBatch(all.AsSpan(at)).SizeInBytes);
                at += bytes.Length;
                if (new RecordBatch(bytes).Codec != CompressionCodec.None) continue;
                Assert.Equal(Convert.ToHexString(bytes), Convert.ToHexString(Rebuild(bytes)));
                same++;
            }
        }
        Assert.True(same >= 29);
    }

    [Theory]
    [InlineData("damaged")]
    [InlineData("legacy")]
    public void Damaged_batches_stop_the_reader_and_nothing_else(string file)
    {
        foreach (var line in GoldenFiles.Lines($"records/{file}.jsonl"))
        {
            byte[] bytes = Convert.FromHexString(Text(line, "hex"));
            if (bytes.Length < RecordBatch.HeaderLength) continue;
            var batch = new RecordBatch(bytes);
            if (batch.Magic != 2 || batch.SizeInBytes < RecordBatch.HeaderLength || batch.SizeInBytes > bytes.Length) continue;
            using var plain = PlainRecords.Open(bytes, 1 << 20);
            var reader = new RecordReader(batch, plain.Bytes);
            int read = 0;
            while (reader.Read(out _)) read++;
            Assert.True(read <= bytes.Length);
        }
    }

    [Fact]
    public void Control_batches_are_built_as_Kafka_builds_them()
    {
        foreach (var line in GoldenFiles.Lines("records/magic2.jsonl"))
        {
            string name = Text(line, "case");
            if (name is not ("marker-commit" or "marker-abort")) continue;
            byte[] expected = Convert.FromHexString(Text(line, "hex"));
            byte[] built = ControlRecords.BuildEndTransaction(name == "marker-commit", 77, 2, 9, 1700000000000);
            BatchStamp.Place(built, 500, 4);
            Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(built));
        }
    }

    static void CompareHeader(JsonElement expected, RecordBatch batch)
    {
        Assert.Equal(expected.GetProperty("baseOffset").GetInt64(), batch.BaseOffset);
        Assert.Equal(expected.GetProperty("lastOffset").GetInt64(), batch.LastOffset);
        Assert.Equal(expected.GetProperty("maxTimestamp").GetInt64(), batch.MaxTimestamp);
        Assert.Equal(expected.GetProperty("crc").GetUInt32(), Crc32C.Compute(batch.Bytes[RecordBatch.CrcStart..(int)batch.SizeInBytes]));
        Assert.Equal(expected.GetProperty("lastSequence").GetInt32(), batch.LastSequence);
        Assert.Equal(expected.GetProperty("count").GetInt32(), batch.RecordCount);
    }

    static void CompareRecords(JsonElement expected, RecordBatch batch)
    {
        using var plain = PlainRecords.Open(batch.Bytes, 1 << 24);
        Assert.Equal(RecordFault.None, plain.Fault);
        var reader = new RecordReader(batch, plain.Bytes);
        foreach (var want in expected.GetProperty("records").EnumerateArray())
        {
            Assert.True(reader.Read(out var got));
            Assert.Equal(want.GetProperty("offset").GetInt64(), got.Offset);
            Assert.Equal(want.GetProperty("timestamp").GetInt64(), got.Timestamp);
            if (want.TryGetProperty("sequence", out var sequence)) Assert.Equal(sequence.GetInt32(), got.Sequence);
            CompareBytes(want.GetProperty("key"), got.HasKey, got.Key);
            if (want.TryGetProperty("valueSha256", out var hash)) // large values are told by their hash
                Assert.Equal(hash.GetString(), Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(got.Value)));
            else
                CompareBytes(want.GetProperty("value"), got.HasValue, got.Value);
            var headers = got.Headers;
            Assert.Equal(want.GetProperty("headers").GetArrayLength(), headers.Count);
            foreach (var header in want.GetProperty("headers").EnumerateArray())
            {
                Assert.True(headers.Read(out var key, out bool hasValue, out var value));
                Assert.Equal(header.GetProperty("key").GetString(), System.Text.Encoding.UTF8.GetString(key));
                CompareBytes(header.GetProperty("value"), hasValue, value);
            }
        }
        Assert.False(reader.Read(out _));
        Assert.Equal(RecordFault.None, reader.Fault);
    }

    static void CompareBytes(JsonElement expected, bool present, ReadOnlySpan<byte> bytes)
    {
        Assert.Equal(expected.ValueKind != JsonValueKind.Null, present);
        if (present) Assert.Equal(expected.GetString(), Convert.ToHexStringLower(bytes));
    }

    static byte[] Rebuild(ReadOnlySpan<byte> bytes)
    {
        var batch = new RecordBatch(bytes);
        var builder = new RecordBatchBuilder
        {
            BaseOffset = batch.BaseOffset,
            PartitionLeaderEpoch = batch.PartitionLeaderEpoch,
            Attributes = batch.Attributes,
            ProducerId = batch.ProducerId,
            ProducerEpoch = batch.ProducerEpoch,
            BaseSequence = batch.BaseSequence,
            LastOffsetDelta = batch.LastOffsetDelta,
            MaxTimestamp = batch.MaxTimestamp,
            DeleteHorizon = batch.HasDeleteHorizon ? batch.BaseTimestamp : null,
        };
        using var plain = PlainRecords.Open(bytes, 1 << 24);
        var reader = new RecordReader(batch, plain.Bytes);
        long baseTimestamp = batch.BaseTimestamp;
        while (reader.Read(out var record))
        {
            // In a batch of log-append time the records' own times are still there, under the batch's.
            long timestamp = batch.IsLogAppendTime ? baseTimestamp + OwnDelta(record.Offset - batch.BaseOffset) : record.Timestamp;
            builder.Append(
                timestamp, record.HasKey, record.Key, record.HasValue, record.Value, record.Headers.Bytes, record.Headers.Count,
                (int)(record.Offset - batch.BaseOffset));
        }
        return builder.ToArray();
    }

    /// <summary>The golden batches of log-append time all hold the same three records.</summary>
    static long OwnDelta(long index) => index switch { 0 => 0, 1 => 5, _ => 3 };

    static string Text(JsonElement line, string name) => line.GetProperty(name).GetString() ?? "";
}
