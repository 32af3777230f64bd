using System.Diagnostics;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Stored;
using AkkaStream.Protocol.Wire;
using Xunit.Abstractions;
using static AkkaStream.Metadata.Tests.Records;

namespace AkkaStream.Metadata.Tests;

/// <summary>For tests that weigh the whole process: nothing else runs beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

[Collection(nameof(Alone))]
public sealed class TenThousandPartitions(ITestOutputHelper output)
{
    const int Partitions = 10_000;

    static IEnumerable<byte[]> RecordBytes(int topics)
    {
        yield return Bytes(Broker(1, incarnation: 1, epoch: 5));
        for (int topic = 0; topic < topics; topic++)
        {
            yield return Bytes(Topic($"orders-of-customers-{topic}", topic));
            for (int p = 0; p < Partitions / topics; p++) yield return Bytes(Partition(topic, p, 1));
        }

        static byte[] Bytes(IStoredMessage record) => StoredTable.ToBytes(record, ImageRecords.VersionOf(record));
    }

    static MetadataImage Replay(List<byte[]> records)
    {
        var draft = new MetadataDraft(MetadataImage.Empty);
        foreach (byte[] record in records)
        {
            IStoredMessage? read = StoredTable.ReadMetadata(record);
            if (read is not null) draft.Apply(read);
        }

        return draft.Build(new MetadataRevision(records.Count)).Image;
    }

    static long LiveBytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1_000)]
    public void Take_at_most_300_bytes_each(int topics)
    {
        List<byte[]> records = [.. RecordBytes(topics)];
        Replay(records);
        long before = LiveBytes();
        var watch = Stopwatch.StartNew();
        MetadataImage image = Replay(records);
        double milliseconds = watch.Elapsed.TotalMilliseconds;
        long each = (LiveBytes() - before) / Partitions;
        output.WriteLine($"{topics} topics: {each} bytes a partition, replayed from bytes in {milliseconds:F1} ms");
        Assert.InRange(each, 1, 300);
        Assert.Equal(Partitions, image.Topics.PartitionCount);
        GC.KeepAlive(records);
        GC.KeepAlive(image);
    }

    [Fact]
    public void Make_creating_one_more_topic_no_dearer_than_its_own_partitions()
    {
        MetadataImage full = Replay([.. RecordBytes(1_000)]);
        long OfCreating(MetadataImage image)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            image.Apply(Topic("one-more", 999_999), Partition(999_999, 0, 1));
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        OfCreating(full);
        long bytes = OfCreating(full);
        output.WriteLine($"{bytes} bytes allocated beside 10,000 partitions");
        Assert.InRange(bytes, 1, 10_000);
    }

    [Fact]
    public void Are_all_raised_by_the_one_record_of_a_restart()
    {
        MetadataImage image = Replay([.. RecordBytes(1_000)]);
        var watch = Stopwatch.StartNew();
        (MetadataImage after, MetadataDelta delta) = image.Apply(Broker(1, incarnation: 2, epoch: 50));
        output.WriteLine($"10,000 partitions raised in {watch.Elapsed.TotalMilliseconds:F1} ms");
        Assert.All(after.Topics.All.SelectMany(t => t.Partitions), p => Assert.Equal(2, p.LeaderEpoch.Value));
        Assert.Equal(Partitions, delta.Topics.Sum(t => t.Partitions().Count()));
    }
}
