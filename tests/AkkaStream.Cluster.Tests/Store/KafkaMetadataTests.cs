using System.Text.Json;
using AkkaStream.Cluster.Store;
using AkkaStream.Log;
using AkkaStream.Log.Files;
using AkkaStream.Metadata;
using AkkaStream.Protocol;
using AkkaStream.TestKit;

namespace AkkaStream.Cluster.Tests.Store;

/// <summary>What a Kafka node left on its disk, against what it told its clients and what its own dump tool prints.</summary>
public sealed class KafkaMetadataTests
{
    const string MetadataPath = $"{GoldenDirectory.Path}/{KafkaMetadataReader.DirectoryName}";
    const string Log = $"{MetadataPath}/00000000000000000000.log";

    static MetadataImage Read(MemoryFiles files) => KafkaMetadataReader.Read(files, GoldenDirectory.Path)!.Image;

    [Theory]
    [InlineData("clean")]
    [InlineData("killed")]
    public void Topics_ids_and_configurations_are_those_that_clients_were_told(string archive)
    {
        MetadataImage image = Read(GoldenDirectory.Unpack(archive));
        JsonElement facts = GoldenFiles.Json($"logdirs/facts-{archive}.json").GetProperty("topics");
        Assert.NotEmpty(facts.EnumerateObject());
        foreach (JsonProperty topic in facts.EnumerateObject())
        {
            TopicImage found = image.Topics.Find(topic.Name)!;
            Assert.Equal(topic.Value.GetProperty("topicId").GetString(), found.Id.ToString());
            Assert.Equal(topic.Value.GetProperty("partitions").EnumerateObject().Count(), found.Partitions.Length);
            Assert.Equal(
                topic.Value.GetProperty("configs").EnumerateObject().Where(c => c.Name != "min.insync.replicas")
                    .Select(c => $"{c.Name}={c.Value.GetString()}").Order(),
                image.Configs.Of(ConfigResource.Topic(topic.Name)).Select(c => $"{c.Key}={c.Value}").Order());
        }

        Assert.Equal(30, image.Features.LevelOf(FeatureLevels.MetadataVersion));
    }

    [Theory]
    [InlineData("clean")]
    [InlineData("killed")]
    public void Partitions_producer_ids_and_the_broker_are_as_the_dumped_records_say(string archive)
    {
        MetadataImage image = Read(GoldenDirectory.Unpack(archive));
        DumpedMetadata dumped = DumpedMetadata.Of(archive);
        Assert.Equal(dumped.Partitions.Order(), image.Topics.All.SelectMany(t => t.Partitions.Select((p, i) =>
            $"{t.Name}-{i} leader {p.Leader} epoch {p.LeaderEpoch} isr [{string.Join(',', p.Isr.Wire)}] elr [{string.Join(',', p.EligibleLeaders.Wire)}]")).Order());
        Assert.Equal(dumped.NextProducerId, image.NextProducerId.Value);
        Assert.Equal(dumped.BrokerEpoch, Assert.Single(image.Brokers.All).Epoch.Value);
        Assert.Equal(dumped.LastOffset, image.Revision.Value);
    }

    [Fact]
    public void A_checkpoint_and_the_log_behind_it_say_the_same_as_the_whole_log()
    {
        MemoryFiles files = GoldenDirectory.Unpack("clean");
        MetadataImage withCheckpoint = Read(files);
        files.DeleteFile($"{MetadataPath}/00000000000000000135-0000000001.checkpoint");
        Assert.Equal(Lines(Read(files)), Lines(withCheckpoint));
    }

    [Fact]
    public void A_damaged_checkpoint_is_named_and_the_log_read_instead()
    {
        MemoryFiles files = GoldenDirectory.Unpack("clean");
        MetadataImage expected = Read(files);
        Flip(files, $"{MetadataPath}/00000000000000000135-0000000001.checkpoint", 3000);
        KafkaMetadata read = KafkaMetadataReader.Read(files, GoldenDirectory.Path)!;
        Assert.Equal(Lines(expected), Lines(read.Image));
        Assert.Contains("00000000000000000135-0000000001.checkpoint", Assert.Single(read.Notes));
    }

    [Fact]
    public void A_flipped_bit_within_the_log_is_refused_with_file_and_place()
    {
        MemoryFiles files = GoldenDirectory.Unpack("clean");
        using (ILogFile log = files.Open(Log)) Flip(files, Log, log.Length - 1_000);
        var refused = Assert.Throws<LogDamagedException>(() => Read(files));
        Assert.Equal(Log, refused.DamagedPath);
    }

    [Fact]
    public void A_torn_end_is_left_out_and_named()
    {
        MemoryFiles files = GoldenDirectory.Unpack("clean");
        using (ILogFile log = files.Open(Log)) log.Truncate(log.Length - 10);
        KafkaMetadata read = KafkaMetadataReader.Read(files, GoldenDirectory.Path)!;
        Assert.Contains("00000000000000000000.log ends within a batch", Assert.Single(read.Notes));
    }

    [Fact]
    public void A_missing_segment_is_refused()
    {
        MemoryFiles files = GoldenDirectory.Unpack("clean");
        files.DeleteFile($"{MetadataPath}/00000000000000000135-0000000001.checkpoint");
        files.RenameFile(Log, $"{MetadataPath}/00000000000000000050.log");
        Assert.Contains("neither a whole checkpoint nor a log from the beginning", Assert.Throws<LogDamagedException>(() => Read(files)).Message);
    }

    [Fact]
    public void A_directory_without_Kafkas_metadata_is_none() => Assert.Null(KafkaMetadataReader.Read(new MemoryFiles(), "/"));

    static string[] Lines(MetadataImage image) => [.. ImageRecords.Of(image)
        .Select(r => Convert.ToHexString(Protocol.Stored.StoredTable.ToBytes(r, ImageRecords.VersionOf(r))))];

    static void Flip(MemoryFiles files, string path, long position)
    {
        using ILogFile file = files.Open(path);
        var one = new byte[1];
        file.Read(one, position);
        one[0] ^= 4;
        file.Write(one, position);
    }
}
