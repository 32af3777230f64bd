using System.Text.Json;
using AkkaStream.Log.Files;
using AkkaStream.Log.Tests.Support;
using AkkaStream.Protocol.Records;
using AkkaStream.TestKit;

namespace AkkaStream.Log.Tests;

/// <summary>Data folders that a real Kafka left: after a clean stop, after a kill, and after a kill with damage done by hand.</summary>
public sealed class GoldenLogDirectories
{
    /// <summary>Long after the records, but within the life of their producers: nothing expires while it is looked at.</summary>
    const long NowMs = 0;

    [Theory]
    [InlineData("clean")]
    [InlineData("killed")]
    [InlineData("torn")]
    public void A_folder_of_Kafka_opens_with_the_same_offsets_and_records(string name)
    {
        using var scratch = ScratchDirectory.WithGoldenLogs(name);
        var directory = LogDirectory.Open(scratch.Below(name), new OsFiles());
        Assert.Equal(name == "clean", directory.WasCleanStop);
        foreach (var (partition, facts) in Facts(name))
        {
            using var log = new LogDescriptor(directory, partition).Open(LogConfig.Default, NowMs);
            Compare(partition, facts, log);
        }
    }

    [Fact]
    public void A_folder_that_was_recovered_once_opens_the_same_again()
    {
        using var scratch = ScratchDirectory.WithGoldenLogs("torn");
        for (int round = 0; round < 2; round++)
        {
            var directory = LogDirectory.Open(scratch.Below("torn"), new OsFiles());
            foreach (var (partition, facts) in Facts("torn"))
            {
                using var log = new LogDescriptor(directory, partition).Open(LogConfig.Default, NowMs);
                Compare(partition, facts, log);
            }
        }
    }

    [Fact]
    public void A_folder_of_Kafka_opens_after_our_own_clean_stop()
    {
        using var scratch = ScratchDirectory.WithGoldenLogs("killed");
        var directory = LogDirectory.Open(scratch.Below("killed"), new OsFiles());
        foreach (var descriptor in directory.ListPartitions())
        {
            if (descriptor.Name.Topic == "__cluster_metadata") { using var metadata = descriptor.Open(LogConfig.Default, NowMs); metadata.Close(clean: true); continue; }
            var log = descriptor.Open(LogConfig.Default, NowMs);
            log.AdvanceHighWatermark(log.EndOffset);
            log.Close(clean: true);
        }
        directory.CloseClean(brokerEpoch: 77);

        var again = LogDirectory.Open(scratch.Below("killed"), new OsFiles());
        Assert.True(again.WasCleanStop);
        Assert.Equal(77, again.PreviousBrokerEpoch);
        foreach (var (partition, facts) in Facts("killed"))
        {
            var descriptor = new LogDescriptor(again, partition);
            using var log = descriptor.Open(LogConfig.Default, NowMs);
            Assert.Equal(log.EndOffset, descriptor.EndOffset);
            Compare(partition, facts, log);
        }
    }

    static void Compare(PartitionName partition, JsonElement facts, PartitionLog log)
    {
        log.AdvanceHighWatermark(log.EndOffset);
        var view = log.View;
        Assert.Equal(facts.GetProperty("logStartOffset").GetInt64(), view.StartOffset.Value);
        Assert.Equal(facts.GetProperty("highWatermark").GetInt64(), view.EndOffset.Value);
        Assert.Equal(facts.GetProperty("lastStableOffset").GetInt64(), view.LastStableOffset.Value);
        CompareProducers(facts, log);
        if (!IsReadable(partition)) return;
        CompareRecords(partition, facts, view);
        foreach (var time in facts.GetProperty("offsetsForTimes").EnumerateArray())
        {
            var found = view.OffsetForTime(time.GetProperty("ask").GetInt64(), view.HighWatermark);
            Assert.Equal((time.GetProperty("offset").GetInt64(), time.GetProperty("timestamp").GetInt64()), (found.Offset.Value, found.Timestamp));
        }
        var largest = view.OffsetForTime(ListOffsetsTime.MaxTimestamp, view.HighWatermark);
        var expected = facts.GetProperty("maxTimestamp");
        Assert.Equal((expected.GetProperty("offset").GetInt64(), expected.GetProperty("timestamp").GetInt64()), (largest.Offset.Value, largest.Timestamp));
    }

    /// <summary>Kafka had forgotten some that were silent for a day; here the clock stands before that.</summary>
    static void CompareProducers(JsonElement facts, PartitionLog log)
    {
        if (!facts.TryGetProperty("producers", out var producers)) return;
        var found = log.DescribeProducers().ToDictionary(producer => producer.ProducerId);
        foreach (var producer in producers.EnumerateArray())
        {
            var got = found[producer.GetProperty("producerId").GetInt64()];
            Assert.Equal(
                (Number("producerEpoch"), Number("lastSequence"), Number("coordinatorEpoch"), Number("currentTransactionStartOffset")),
                (got.ProducerEpoch, got.LastSequence, got.CoordinatorEpoch, got.TransactionStart.Value));

            long Number(string name) => producer.GetProperty(name).GetInt64();
        }
    }

    static void CompareRecords(PartitionName partition, JsonElement facts, LogReadView view)
    {
        var records = LogReading.ReadAll(view);
        var data = records.Where(record => !record.IsControl).ToList();
        var expected = facts.GetProperty("readUncommitted").EnumerateArray().ToList();
        Assert.Equal(expected.Select(record => record.GetProperty("offset").GetInt64()), data.Select(record => record.Offset));
        foreach (var (want, got) in expected.Zip(data))
        {
            Assert.Equal(want.GetProperty("timestamp").GetInt64(), got.Timestamp);
            Assert.Equal(want.GetProperty("key").GetString(), got.Key);
            Assert.Equal(want.GetProperty("value").GetString(), got.Value);
            Assert.Equal(want.GetProperty("leaderEpoch").GetInt32(), got.Epoch);
        }
        if (facts.TryGetProperty("readCommittedOffsets", out var committed))
            Assert.Equal(committed.EnumerateArray().Select(offset => offset.GetInt64()), Committed(view, records));
    }

    /// <summary>What a consumer of committed data keeps, by the aborted transactions that the log tells it of.</summary>
    static IEnumerable<long> Committed(LogReadView view, List<ReadRecord> records)
    {
        var aborted = view.AbortedBetween(view.StartOffset, view.LastStableOffset);
        return from record in records
               where !record.IsControl && record.Offset < view.LastStableOffset.Value
               where !(record.IsTransactional && aborted.Any(a =>
                   a.ProducerId == record.ProducerId && a.FirstOffset.Value <= record.Offset && record.Offset <= a.LastOffset.Value))
               select record.Offset;
    }

    static IEnumerable<(PartitionName, JsonElement)> Facts(string name) =>
        from topic in GoldenFiles.Json($"logdirs/facts-{name}.json").GetProperty("topics").EnumerateObject()
        from partition in topic.Value.GetProperty("partitions").EnumerateObject()
        select (new PartitionName(topic.Name, int.Parse(partition.Name)), partition.Value);

    /// <summary>Two of the topics hold batches of every codec: their records are compared where all codecs are at hand.</summary>
    static bool IsReadable(PartitionName partition) =>
        partition.Topic is not ("codecs" or "recompressed") || Enum.GetValues<CompressionCodec>().All(RecordCodecs.IsHere);
}
