using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AkkaStream.Protocol.Records;
using AkkaStream.Protocol.Records.Compression;

namespace AkkaStream.Protocol.Tests.Compression;

/// <summary>Batches that Kafka's own writers made, and what Kafka's own reader says of damaged ones (tests/golden/records).</summary>
public sealed class GoldenBatchTests
{
    [Fact]
    public void Every_batch_of_kafka_holds_exactly_the_records_that_kafka_read()
    {
        int compressed = 0;
        foreach (JsonElement line in Lines("magic2.jsonl"))
        {
            byte[] bytes = Convert.FromHexString(line.GetProperty("hex").GetString()!);
            foreach (JsonElement expected in line.GetProperty("batches").EnumerateArray())
            {
                var batch = new RecordBatch(bytes);
                byte[] records = bytes[RecordBatch.HeaderLength..(int)batch.SizeInBytes];
                if (batch.RecordCount > 0)
                {
                    foreach (Codecs.Unpacker unpacker in Codecs.Unpackers.Where(u => u.Codec == new RecordBatch(bytes).Codec))
                    {
                        byte[] plain = Codecs.Unpack(unpacker.Create(), records, window: 100);
                        AssertSameRecords(line.GetProperty("case").GetString(), expected, batch, plain);
                    }
                }
                if (batch.Codec != CompressionCodec.None) compressed++;
                Assert.Equal(batch.Crc, Crc32C.Compute(bytes.AsSpan(RecordBatch.CrcStart..(int)batch.SizeInBytes)));
                bytes = bytes[(int)batch.SizeInBytes..];
            }
        }
        Assert.True(compressed > 50, $"only {compressed} compressed batches");
    }

    [Fact]
    public void Batches_with_damaged_compression_end_as_in_kafkas_reader()
    {
        int seen = 0;
        foreach (JsonElement line in Lines("damaged.jsonl"))
        {
            string name = line.GetProperty("case").GetString()!;
            if (!name.StartsWith("compressed-") && !name.StartsWith("not-compressed-")) continue;
            byte[] bytes = Convert.FromHexString(line.GetProperty("hex").GetString()!);
            var batch = new RecordBatch(bytes);

            // Kafka's reader fails in its decompressor, or finds the records wrong that came out of it, or notices nothing.
            bool fails = line.GetProperty("reader").GetString() == "KafkaException";
            foreach (Codecs.Unpacker unpacker in Codecs.Unpackers.Where(u => u.Codec == new RecordBatch(bytes).Codec))
            {
                BatchDecoder decoder = unpacker.Create();
                Codecs.Drain(decoder, bytes.AsSpan(RecordBatch.HeaderLength..(int)batch.SizeInBytes), 10_000, new byte[1000]);
                Assert.True(fails == decoder.Fault.IsFault, $"{name} by {unpacker.Name}: {decoder.Fault}");
                CompressionFaultReason expected = !fails ? CompressionFaultReason.None
                    : name.StartsWith("not-") && batch.Codec != CompressionCodec.Snappy ? CompressionFaultReason.BadMagic
                    : name == "compressed-flipped-gzip" ? CompressionFaultReason.BadChecksum
                    : name.StartsWith("not-") ? CompressionFaultReason.Corrupt
                    : CompressionFaultReason.Truncated;
                Assert.Equal((name, expected), (name, decoder.Fault.Reason));
                seen++;
            }
        }
        Assert.True(seen >= 20, $"only {seen} cases");
    }

    [Fact]
    public void The_first_message_formats_old_lz4_header_checksum_is_read_and_reported()
    {
        byte[] bytes = Convert.FromHexString(
            Lines("legacy.jsonl").First(l => l.GetProperty("case").GetString() == "magic0-lz4-0").GetProperty("hex").GetString()!);
        int start = bytes.AsSpan().IndexOf("\x04\x22M\x18"u8);
        using BatchDecompressor decompressor = BatchDecompressor.Start(CompressionCodec.Lz4, bytes.AsSpan(start), 10_000);
        var window = new byte[1000];
        Assert.True(decompressor.Read(window) > 0);
        while (decompressor.Read(window) > 0)
        {
        }
        Assert.Equal(CompressionFault.None, decompressor.Fault);
        Assert.Equal(StreamOddities.OldLz4HeaderChecksum, decompressor.Oddities);
    }

    static void AssertSameRecords(string? name, JsonElement expected, RecordBatch batch, byte[] plain)
    {
        int at = 0;
        JsonElement records = expected.GetProperty("records");
        Assert.Equal(records.GetArrayLength(), batch.RecordCount);
        foreach (JsonElement record in records.EnumerateArray())
        {
            int end = (int)Varint(plain, ref at);
            end += at;
            at++;
            long timestamp = batch.BaseTimestamp + Varint(plain, ref at);
            if (!batch.IsLogAppendTime) Assert.Equal(record.GetProperty("timestamp").GetInt64(), timestamp);
            Assert.Equal(record.GetProperty("offset").GetInt64(), batch.BaseOffset + Varint(plain, ref at));
            Assert.Equal((name, record.GetProperty("key").GetString()), (name, Hex(plain, ref at)));
            string? recordValue = Hex(plain, ref at);
            if (record.TryGetProperty("valueSha256", out JsonElement digest))
            {
                recordValue = Convert.ToHexStringLower(SHA256.HashData(Convert.FromHexString(recordValue!)));
                Assert.Equal((name, digest.GetString()), (name, recordValue));
            }
            else
            {
                Assert.Equal((name, record.GetProperty("value").GetString()), (name, recordValue));
            }
            Assert.Equal(record.GetProperty("headers").GetArrayLength(), Varint(plain, ref at));
            foreach (JsonElement header in record.GetProperty("headers").EnumerateArray())
            {
                string? key = Hex(plain, ref at);
                Assert.Equal(header.GetProperty("key").GetString(), Encoding.UTF8.GetString(Convert.FromHexString(key!)));
                Assert.Equal(header.GetProperty("value").GetString(), Hex(plain, ref at));
            }
            Assert.Equal(end, at);
        }
        Assert.Equal(plain.Length, at);
    }

    static string? Hex(byte[] plain, ref int at)
    {
        int length = (int)Varint(plain, ref at);
        if (length < 0) return null;
        at += length;
        return Convert.ToHexStringLower(plain.AsSpan(at - length, length));
    }

    static long Varint(byte[] plain, ref int at)
    {
        ulong value = 0;
        int shift = 0;
        byte one;
        do
        {
            one = plain[at++];
            value |= (ulong)(one & 0x7F) << shift;
            shift += 7;
        }
        while (one >= 0x80);
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    static IEnumerable<JsonElement> Lines(string file)
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !Directory.Exists(Path.Combine(folder, "tests", "golden"))) folder = Path.GetDirectoryName(folder);
        Assert.NotNull(folder);
        return File.ReadLines(Path.Combine(folder, "tests", "golden", "records", file)).Select(line => JsonDocument.Parse(line).RootElement);
    }
}
