using AkkaStream.Protocol;
using AkkaStream.Protocol.Stored;
using static AkkaStream.Metadata.Tests.Records;

namespace AkkaStream.Metadata.Tests;

public sealed class PartitionEpochs
{
    static readonly MetadataImage Start = Replay(
        Broker(1, incarnation: 1, epoch: 5), Broker(2, incarnation: 2, epoch: 6),
        Topic("a", 1), Partition(1, 0, 1, 2), Partition(1, 1, 2, 1), Topic("b", 2), Partition(2, 0, 2));

    static PartitionImage Of(MetadataImage image, int topic, int partition) =>
        image.Topics.Find(Id(topic), new PartitionId(partition))!;

    [Fact]
    public void A_change_that_names_a_leader_raises_both_epochs_even_if_it_is_the_same_leader()
    {
        MetadataImage image = Start.Apply(new PartitionChangeRecord { TopicId = Id(1), PartitionId = 0, Leader = 1 }).Image;
        Assert.Equal((1, 1, 1), (Of(image, 1, 0).Leader.Value, Of(image, 1, 0).LeaderEpoch.Value, Of(image, 1, 0).PartitionEpoch.Value));
    }

    [Fact]
    public void A_change_without_a_leader_raises_the_partition_epoch_alone()
    {
        MetadataImage image = Start.Apply(new PartitionChangeRecord { TopicId = Id(1), PartitionId = 0, Isr = [1] }).Image;
        Assert.Equal((0, 1), (Of(image, 1, 0).LeaderEpoch.Value, Of(image, 1, 0).PartitionEpoch.Value));
        Assert.Equal("[1]", Of(image, 1, 0).Isr.ToString());
    }

    [Fact]
    public void A_broker_that_comes_back_raises_the_leader_epoch_of_what_it_leads_by_two_in_one_record()
    {
        MetadataImage image = Start.Apply(Broker(1, incarnation: 9, epoch: 20)).Image;
        Assert.Equal((2, 2), (Of(image, 1, 0).LeaderEpoch.Value, Of(image, 1, 0).PartitionEpoch.Value));
        Assert.Equal((0, 0), (Of(image, 1, 1).LeaderEpoch.Value, Of(image, 1, 1).PartitionEpoch.Value));
        Assert.Equal(1, Of(image, 1, 0).Leader.Value);
    }

    [Fact]
    public void The_same_incarnation_registering_again_raises_nothing()
    {
        MetadataImage image = Start.Apply(Broker(1, incarnation: 1, epoch: 20)).Image;
        Assert.Equal(0, Of(image, 1, 0).LeaderEpoch.Value);
        Assert.Same(Start.Topics, image.Topics);
    }

    [Fact]
    public void A_new_incarnation_that_starts_fenced_as_in_Kafkas_own_log_raises_nothing()
    {
        MetadataImage image = Start.Apply(Broker(1, incarnation: 9, epoch: 20, fenced: true)).Image;
        Assert.Equal(0, Of(image, 1, 0).LeaderEpoch.Value);
    }

    [Fact]
    public void Each_restart_adds_two_as_on_one_node_of_Kafka()
    {
        MetadataImage image = Start;
        for (int start = 1; start <= 3; start++)
        {
            image = image.Apply(Broker(1, incarnation: 100 + start, epoch: 20 + start)).Image;
            Assert.Equal(2 * start, Of(image, 1, 0).LeaderEpoch.Value);
        }
    }

    [Fact]
    public void A_restart_and_a_snapshot_do_not_raise_the_epoch_twice()
    {
        MetadataImage image = Start.Apply(Broker(1, incarnation: 9, epoch: 20)).Image;
        MetadataImage again = Replay(ImageRecords.Of(image));
        Assert.Equal(2, Of(again, 1, 0).LeaderEpoch.Value);
    }

    [Fact]
    public void Replicas_that_stay_keep_their_directories_when_a_change_tells_none()
    {
        MetadataImage image = Start.Apply(new PartitionChangeRecord { TopicId = Id(1), PartitionId = 0, Replicas = [3, 2], Isr = [2] }).Image;
        PartitionImage partition = Of(image, 1, 0);
        Assert.Equal(DirectoryId.Unassigned, partition.DirectoryOf(new BrokerId(3)));
        Assert.Equal(Records.Directory, partition.DirectoryOf(new BrokerId(2)));
    }
}
