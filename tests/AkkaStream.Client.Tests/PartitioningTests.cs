using AkkaStream.TestKit;

namespace AkkaStream.Client.Tests;

public sealed class PartitioningTests
{
    [Fact]
    public void A_key_has_the_hash_and_the_partition_that_Kafkas_own_client_gives_it()
    {
        int keys = 0;
        foreach (var line in GoldenFiles.Lines("partitioner.jsonl"))
        {
            if (line.GetProperty("kind").GetString() != "key") continue;
            byte[] key = Convert.FromHexString(line.GetProperty("key").GetString() ?? "");
            Assert.Equal(line.GetProperty("murmur2").GetInt32(), Partitioning.Murmur2(key));
            foreach (var partition in line.GetProperty("partition").EnumerateObject())
                Assert.Equal(partition.Value.GetInt32(), Partitioning.PartitionOf(key, int.Parse(partition.Name)));
            keys++;
        }
        Assert.Equal(300, keys);
    }
}
