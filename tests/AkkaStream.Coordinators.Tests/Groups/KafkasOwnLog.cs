using System.Text.Json;
using AkkaStream.TestKit;

namespace AkkaStream.Coordinators.Tests.Groups;

/// <summary>What a running Kafka wrote into __consumer_offsets, and what it then said of its groups.</summary>
public sealed class KafkasOwnLog
{
    const int Partitions = 5;

    [Theory]
    [InlineData("clean.tar.gz", "facts-clean.json")]
    [InlineData("killed.tar.gz", "facts-killed.json")]
    public void Groups_and_offsets_are_found_as_Kafka_tells_them(string archive, string facts)
    {
        int compared = 0;
        foreach (var group in GoldenFiles.Json($"logdirs/{facts}").GetProperty("groups").EnumerateObject())
        {
            if (group.Value.GetProperty("type").GetString() != "Classic") continue;
            var shard = KafkaLogs.ShardOf(archive, CoordinatorKeys.PartitionOf(group.Name, Partitions));
            var found = shard.Classic(group.Name);
            Assert.Equal(group.Value.GetProperty("state").GetString(), found.StateName);
            Assert.Equal(group.Value.GetProperty("protocol").GetString(), found.ProtocolType);
            foreach (var offset in group.Value.GetProperty("offsets").EnumerateObject()) AssertOffset(shard, group.Name, offset);
            Assert.Equal(
                group.Value.GetProperty("offsets").EnumerateObject().Count(), found.Offsets.Topics.Sum(t => t.Value.Count));
            compared++;
        }
        Assert.True(compared >= 4, $"only {compared} groups were compared");
    }

    static void AssertOffset(TestShard shard, string group, JsonProperty told)
    {
        int dash = told.Name.LastIndexOf('-');
        var found = shard.Offset(group, told.Name[..dash], int.Parse(told.Name[(dash + 1)..]));
        Assert.Equal(told.Value.GetProperty("offset").GetInt64(), found?.Offset);
        Assert.Equal(told.Value.GetProperty("metadata").GetString(), found?.Metadata);
        Assert.Equal(told.Value.GetProperty("leaderEpoch").GetInt32(), found?.LeaderEpoch);
    }
}
