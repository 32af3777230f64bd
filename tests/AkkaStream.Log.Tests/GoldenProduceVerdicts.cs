using System.Text.Json;
using AkkaStream.Log.Files;
using AkkaStream.Log.Tests.Support;
using AkkaStream.Protocol.Records;
using AkkaStream.TestKit;

namespace AkkaStream.Log.Tests;

/// <summary>What a running Kafka answered to each of its own batches, good and damaged, when a producer sent it.</summary>
public sealed class GoldenProduceVerdicts
{
    /// <summary>Kafka takes these; we do not, and docs/formats/produce-verdicts.md says why.</summary>
    static readonly string[] Stricter =
        ["offset-delta-wrong", "offset-delta-twice", "offset-delta-negative", "key-length-minus-2"];

    /// <summary>The class library's gzip does not miss its trailer; the codecs of our own do.</summary>
    static readonly string[] NotNoticed = RecordCodecs.IsHere(CompressionCodec.Zstd) ? [] : ["compressed-cut-gzip"];

    /// <summary>What Kafka answers before it comes to the records; our Produce handler does so too.</summary>
    const int TransactionalIdAuthorizationFailed = 53;

    [Fact]
    public void Each_verdict_is_Kafkas()
    {
        var lines = new[] { "magic2", "legacy", "damaged" }
            .SelectMany(file => GoldenFiles.Lines($"records/{file}.jsonl").Select(line => (file, line)))
            .ToDictionary(entry => (entry.file, Text(entry.line, "case")), entry => Text(entry.line, "hex"));
        int compared = 0;
        foreach (var result in GoldenFiles.Lines("records/produce-results.jsonl"))
        {
            string name = Text(result, "case");
            byte[] bytes = Convert.FromHexString(lines[(Text(result, "file"), name)]);
            int kafkas = result.GetProperty("errorCode").GetInt32();
            if (kafkas == TransactionalIdAuthorizationFailed || NeedsMissingCodec(bytes) || NotNoticed.Contains(name)) continue;
            using var memory = new NativeBatches();
            var batch = memory.Validate(bytes, nowMs: 1700000000000);
            Assert.True(Agrees(kafkas, name, batch), $"{name}: Kafka says {Text(result, "error")}, we {batch.Error}, {BatchFaults.Describe(batch)}");
            Assert.Equal(batch.Error == ErrorCode.None, batch.Fault == BatchFault.None);
            compared++;
        }
        Assert.True(compared > 100);
    }

    [Fact]
    public void An_appended_batch_is_stored_byte_for_byte_as_Kafka_stores_it()
    {
        int compared = 0;
        foreach (var line in GoldenFiles.Lines("records/magic2.jsonl"))
        {
            byte[] bytes = Convert.FromHexString(Text(line, "hex"));
            if (!line.TryGetProperty("appended", out var appended) || NeedsMissingCodec(bytes)) continue;
            using var memory = new NativeBatches();
            var batch = memory.Validate(bytes, nowMs: 1700000000000);
            Assert.Equal(ErrorCode.None, batch.Error);
            var directory = LogDirectory.Open("/logs", new MemoryFiles());
            var name = new PartitionName("t", 0);
            directory.CreatePartition(name, "id");
            using var log = PartitionLog.Open(directory, name, LogConfig.Default, new LogOpenOptions { LogStart = new Offset(1000) });
            Span<ProducedBatch> batches = [batch];
            log.AppendAsLeader(batches, new LeaderEpoch(appended.GetProperty("leaderEpoch").GetInt32()), 0);
            Assert.Equal(new Offset(appended.GetProperty("firstOffset").GetInt64()), batches[0].BaseOffset);
            byte[] stored = directory.Disk.ReadAll("/logs/t-0/00000000000000001000.log") ?? [];
            Assert.Equal(Text(appended, "hex"), Convert.ToHexStringLower(stored));
            compared++;
        }
        Assert.True(compared >= 15);
    }

    static bool Agrees(int kafkas, string name, in ProducedBatch batch)
    {
        if (kafkas == 0) return Stricter.Contains(name) ? batch.Error == ErrorCode.InvalidRecord : batch.Error == ErrorCode.None;
        if (kafkas == (int)ErrorCode.UnknownServerError) return batch.Error is ErrorCode.InvalidRecord or ErrorCode.CorruptMessage;
        return kafkas == (int)batch.Error;
    }

    static bool NeedsMissingCodec(byte[] bytes) =>
        bytes.Length >= RecordBatch.HeaderLength && RecordCodecs.IsKnown(new RecordBatch(bytes).Codec)
        && !RecordCodecs.IsHere(new RecordBatch(bytes).Codec) && bytes[16] == RecordBatch.CurrentMagic;

    static string Text(JsonElement line, string name) => line.GetProperty(name).GetString() ?? "";
}
