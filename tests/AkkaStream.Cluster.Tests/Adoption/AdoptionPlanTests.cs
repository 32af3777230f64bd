using AkkaStream.Cluster.Adoption;
using AkkaStream.Log;
using AkkaStream.Metadata;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Stored;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Cluster.Tests.Adoption;

/// <summary>What may be taken over from Kafka, and what must not.</summary>
public sealed class AdoptionPlanTests
{
    static readonly BrokerId Here = new(1);
    static readonly TopicId Id = new(7, 8);

    [Fact]
    public void A_partition_goes_on_here_alone_and_in_a_new_leader_epoch()
    {
        var plan = AdoptionPlan.With(Kafka(replicas: [2, 1], isr: [1, 2]), [Found(0)], Here);

        Assert.Empty(plan.Problems);
        var partition = plan.Image.Topics.Find("t")!.Partitions[0];
        Assert.Equal([1], partition.Replicas.Wire);
        Assert.Equal((Here, 6, 4), (partition.Leader, partition.LeaderEpoch.Value, partition.PartitionEpoch.Value));
        Assert.Contains("t-0 had 2 replicas and has one now.", plan.Notes);
        Assert.Equal(new MetadataRevision(41), plan.Image.Revision);
    }

    [Theory]
    [InlineData(new[] { 2, 3 }, new[] { 2 }, null, "t-0 lies on the brokers 2, 3 and not on this one")]
    [InlineData(new[] { 1, 2 }, new[] { 2 }, null, "t-0 was not in sync here")]
    [InlineData(new[] { 1, 2 }, new int[0], new[] { 2 }, "t-0 was not in sync here")]
    [InlineData(new[] { 1, 2 }, new int[0], new[] { 1 }, null)]
    [InlineData(new[] { 1 }, new int[0], null, null)]
    public void A_part_of_a_cluster_or_a_replica_that_lags_is_no_cluster(int[] replicas, int[] isr, int[]? eligible, string? problem)
    {
        var plan = AdoptionPlan.With(Kafka(replicas, isr, eligible), [Found(0)], Here);

        if (problem is null) Assert.Empty(plan.Problems);
        else Assert.StartsWith(problem, Assert.Single(plan.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Directories_of_other_topics_and_of_none_are_told_apart()
    {
        var other = AdoptionPlan.With(Kafka([1], [1]), [Found(0) with { Topic = new TopicId(1, 1) }], Here);
        Assert.StartsWith("t-0 has the topic id", Assert.Single(other.Problems), StringComparison.Ordinal);

        var stray = AdoptionPlan.With(Kafka([1], [1]), [Found(0), Found(1)], Here);
        Assert.Empty(stray.Problems);
        Assert.Contains("t-1 belongs to no topic of the metadata and is left alone.", stray.Notes);
    }

    [Fact]
    public void Without_metadata_epochs_and_producer_ids_begin_above_what_the_logs_say()
    {
        var found = new[] { Found(0) with { Survey = new LogSurvey(4, 2_001) }, Found(1) with { Survey = new LogSurvey(9, 17) } };

        var plan = AdoptionPlan.Without(found, Here, () => new Uuid(1, 2));

        Assert.Empty(plan.Problems);
        Assert.Equal([5, 10], plan.Image.Topics.Find(Id)!.Partitions.Select(p => p.LeaderEpoch.Value));
        Assert.Equal(3_000, plan.Image.NextProducerId.Value);
        Assert.Equal("-1", plan.Image.Configs.Of(ConfigResource.Topic("t"))["retention.ms"]);
    }

    static FoundPartition Found(int partition) => new(new PartitionName("t", partition), Id);

    static MetadataImage Kafka(int[] replicas, int[] isr, int[]? eligible = null)
    {
        var draft = new MetadataDraft(MetadataImage.Empty);
        draft.Apply(new TopicRecord { Name = "t", TopicId = Id });
        draft.Apply(new PartitionRecord
        {
            TopicId = Id, PartitionId = 0, Replicas = replicas, Isr = isr, Leader = isr.Length > 0 ? isr[0] : -1, LeaderEpoch = 5,
            PartitionEpoch = 3, EligibleLeaderReplicas = eligible,
        });
        return draft.Build(new MetadataRevision(41)).Image;
    }
}
