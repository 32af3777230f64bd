using System.Formats.Tar;
using System.IO.Compression;
using AkkaStream.Protocol.Records;
using AkkaStream.TestKit;

namespace AkkaStream.Coordinators.Tests.Support;

/// <summary>The partitions of __consumer_offsets in a data directory that a running Kafka wrote.</summary>
static class KafkaLogs
{
    public static TestShard ShardOf(string archive, int partition)
    {
        var shard = new TestShard();
        foreach (byte[] log in LogsOf(archive, $"__consumer_offsets-{partition}/"))
        {
            for (int at = 0; at < log.Length;)
            {
                var batch = new RecordBatch(log.AsSpan(at));
                Replay(shard, batch, log.AsSpan(at, (int)batch.SizeInBytes));
                at += (int)batch.SizeInBytes;
            }
        }
        return shard;
    }

    static void Replay(TestShard shard, RecordBatch batch, ReadOnlySpan<byte> bytes)
    {
        using var plain = PlainRecords.Open(bytes, int.MaxValue);
        var reader = new RecordReader(batch, plain.Bytes);
        var producer = batch.IsTransactional ? new ProducerId(batch.ProducerId) : ProducerId.None;
        while (reader.Read(out var record))
        {
            if (batch.IsControl)
                shard.Shard.EndTransaction(producer, ControlRecords.TypeOf(record.Key) == ControlRecordType.Commit);
            else shard.Replay(record.Key.ToArray(), record.HasValue ? record.Value.ToArray() : null, producer);
        }
    }

    static List<byte[]> LogsOf(string archive, string folder)
    {
        using var file = File.OpenRead(Path.Combine(GoldenFiles.Root, "logdirs", archive));
        using var plain = new GZipStream(file, CompressionMode.Decompress);
        using var tar = new TarReader(plain);
        var logs = new List<(string Name, byte[] Bytes)>();
        while (tar.GetNextEntry() is { } entry)
        {
            if (!entry.Name.Contains(folder) || !entry.Name.EndsWith(".log") || entry.DataStream is not { } data) continue;
            using var bytes = new MemoryStream();
            data.CopyTo(bytes);
            logs.Add((entry.Name, bytes.ToArray()));
        }
        return [.. logs.OrderBy(l => l.Name, StringComparer.Ordinal).Select(l => l.Bytes)];
    }
}
