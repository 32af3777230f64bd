using AkkaStream.Protocol.Stored;
using AkkaStream.Protocol.Wire;
using static AkkaStream.Metadata.Tests.Records;

namespace AkkaStream.Metadata.Tests;

public sealed class RecordsThatDoNotFit
{
    static readonly MetadataImage Start = Replay(Broker(1, 1, epoch: 5), Topic("a", 1), Partition(1, 0, 1));

    public static TheoryData<string, IStoredMessage> Cases => new()
    {
        { "topic " + Id(9), Partition(9, 0, 1) },
        { "is not there", new RemoveTopicRecord { TopicId = Id(9) } },
        { "partition 4 of topic 'a'", new PartitionChangeRecord { TopicId = Id(1), PartitionId = 4 } },
        { "topic 'a' has 3 partitions, but partition 1 is missing", Partition(1, 2, 1) },
        { "partition 2000000000 of topic 'a'", Partition(1, 2_000_000_000, 1) },
        { "partition -1 of topic 'a'", Partition(1, -1, 1) },
        { "has the id", Topic("b", 1) },
        { "a second topic 'a'", Topic("a", 2) },
        { "epoch 4", new BrokerRegistrationChangeRecord { BrokerId = 1, BrokerEpoch = 4 } },
        { "broker 7", new FenceBrokerRecord { Id = 7, Epoch = 1 } },
        { "1 replicas but 2 directories", new PartitionRecord { TopicId = Id(1), PartitionId = 1, Replicas = [1], Directories = [default, default] } },
        { "belongs into no metadata log", new OffsetCommitKey() },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_record_that_does_not_fit_is_refused_with_what_is_wrong(string part, IStoredMessage record)
    {
        var error = Assert.Throws<MetadataRecordException>(() => Start.Apply(record));
        Assert.Contains(part, error.Message);
    }

    [Fact]
    public void A_topic_may_be_deleted_and_come_back_under_another_id_within_one_batch()
    {
        (MetadataImage image, MetadataDelta delta) = Start.Apply(
            new RemoveTopicRecord { TopicId = Id(1) }, Topic("a", 2), Partition(2, 0, 1), Partition(2, 1, 1));
        Assert.Equal(Id(2), image.Topics.Find("a")!.Id);
        Assert.Null(image.Topics.Find(Id(1)));
        Assert.Equal(2, image.Topics.PartitionCount);
        Assert.Equal((1, 1), (delta.Topics.Count(t => t.IsCreated), delta.Topics.Count(t => t.IsDeleted)));
    }

    [Fact]
    public void What_comes_and_goes_within_one_batch_is_in_no_delta()
    {
        (_, MetadataDelta delta) = Start.Apply(Topic("b", 2), Partition(2, 0, 1), new RemoveTopicRecord { TopicId = Id(2) });
        Assert.True(delta.IsEmpty);
    }

    [Fact]
    public void Partitions_may_come_in_any_order_as_long_as_none_is_missing_at_the_end()
    {
        MetadataImage image = Replay(Topic("c", 3), Partition(3, 2, 1), Partition(3, 0, 1), Partition(3, 1, 1));
        Assert.Equal(3, image.Topics.Find("c")!.Partitions.Length);
    }
}
