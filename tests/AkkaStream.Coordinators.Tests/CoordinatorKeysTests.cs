namespace AkkaStream.Coordinators.Tests;

public sealed class CoordinatorKeysTests
{
    /// <summary>Where Kafka put these groups in its topic of five partitions: tests/golden/logdirs.</summary>
    [Theory]
    [InlineData("g-consumer", 2)]
    [InlineData("g-assign", 2)]
    [InlineData("g-deleted", 2)]
    [InlineData("g-classic", 3)]
    [InlineData("g-admin", 3)]
    public void Groups_live_where_Kafka_puts_them(string group, int partition) =>
        Assert.Equal(partition, CoordinatorKeys.PartitionOf(group, 5));

    [Fact]
    public void The_one_hash_without_a_positive_counterpart_is_0()
    {
        // Java's "polygenelubricants".hashCode() is Integer.MIN_VALUE.
        Assert.Equal(0, CoordinatorKeys.PartitionOf("polygenelubricants", 50));
        Assert.Equal(0, CoordinatorKeys.PartitionOf("", 50));
    }
}
