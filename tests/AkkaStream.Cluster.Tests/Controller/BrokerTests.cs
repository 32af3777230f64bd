using AkkaStream.Cluster.Controller;
using AkkaStream.Metadata;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Stored;

namespace AkkaStream.Cluster.Tests.Controller;

public sealed class BrokerTests
{
    [Fact]
    public void A_restart_is_one_record_and_raises_the_epochs_by_two()
    {
        TestController controller = new TestController().WithBrokers(1);
        controller.Create("t", partitions: 50);
        for (int start = 1; start <= 3; start++)
        {
            controller.Records.Clear();
            long before = controller.Image.Brokers.Find(new BrokerId(1))!.Epoch.Value;
            BrokerRegistrationResponse answer = controller.Register(1);
            Assert.IsType<RegisterBrokerRecord>(Assert.Single(controller.Records));
            Assert.True(answer.BrokerEpoch > before);
            Assert.All(controller.Image.Topics.Find("t")!.Partitions, p => Assert.Equal(2 * start, p.LeaderEpoch.Value));
        }
    }

    [Fact]
    public void The_broker_epoch_is_the_place_of_the_registration_in_the_store()
    {
        TestController controller = new TestController();
        long expected = controller.Image.Revision.Value + 1;
        Assert.Equal(expected, controller.Register(1).BrokerEpoch);
        Assert.Equal(expected, controller.Image.Revision.Value);
    }

    [Fact]
    public void Partitions_that_were_left_without_a_leader_get_one_when_their_replica_returns()
    {
        TestController controller = new TestController().WithBrokers(1);
        controller.Create("t");

        // As a clean stop of Kafka leaves it: nobody leads, nobody is in sync, one is eligible.
        controller.State.Apply([new PartitionChangeRecord
        {
            TopicId = controller.Image.Topics.Find("t")!.Id, PartitionId = 0, Leader = -1, Isr = [], EligibleLeaderReplicas = [1], LastKnownElr = [1],
        }]);
        controller.Register(1);
        PartitionImage partition = controller.Partition("t");
        Assert.Equal((1, 2, "[1]"), (partition.Leader.Value, partition.LeaderEpoch.Value, $"{partition.Isr}"));
        Assert.True(partition.EligibleLeaders.IsEmpty && partition.LastKnownLeaders.IsEmpty);
    }

    [Fact]
    public void The_same_life_of_a_broker_may_register_twice_and_keeps_its_epoch()
    {
        TestController controller = new TestController();
        var incarnation = new Uuid(9, 9);
        long epoch = controller.Register(1, incarnation: incarnation).BrokerEpoch;
        controller.Create("t");
        Assert.Equal(epoch, controller.Register(1, incarnation: incarnation).BrokerEpoch);
        Assert.Equal(0, controller.Partition("t").LeaderEpoch.Value);
    }

    [Fact]
    public void Another_clusters_broker_a_copied_directory_and_too_old_software_are_refused()
    {
        TestController controller = new TestController().WithBrokers(1);
        Assert.Equal(ErrorCode.InconsistentClusterId,
            controller.Ask<BrokerRegistrationResponse>(new BrokerRegistrationRequest { BrokerId = 2, ClusterId = "other" }).ErrorCode);
        Assert.Equal(ErrorCode.InvalidRegistration, controller.Register(2, logDirs: [new Uuid(70, 1)]).ErrorCode);
        Assert.Equal(ErrorCode.UnsupportedVersion, controller.Ask<BrokerRegistrationResponse>(
            new BrokerRegistrationRequest { BrokerId = 2, ClusterId = TestController.ClusterId }).ErrorCode);
    }

    [Fact]
    public void Blocks_of_producer_ids_never_overlap_and_only_the_present_life_of_a_broker_gets_them()
    {
        TestController controller = new TestController().WithBrokers(1);
        long epoch = controller.Image.Brokers.Find(new BrokerId(1))!.Epoch.Value;
        AllocateProducerIdsResponse Allocate(int broker, long at) =>
            controller.Ask<AllocateProducerIdsResponse>(new AllocateProducerIdsRequest { BrokerId = broker, BrokerEpoch = at });

        Assert.Equal((0, 1000), (Allocate(1, epoch).ProducerIdStart, Allocate(1, epoch).ProducerIdStart));
        Assert.Equal(1000, Allocate(1, epoch).ProducerIdLen);
        Assert.Equal(ErrorCode.StaleBrokerEpoch, Allocate(1, epoch - 1).ErrorCode);
        Assert.Equal(ErrorCode.BrokerIdNotRegistered, Allocate(7, epoch).ErrorCode);
        Assert.Equal(3000, controller.Image.NextProducerId.Value);
    }

    [Fact]
    public void A_living_broker_is_not_forgotten_and_a_stopped_one_is()
    {
        TestController controller = new TestController().WithBrokers(1, 2);
        controller.Create("t", assignments: [1, 2]);
        UnregisterBrokerResponse Unregister() => controller.Ask<UnregisterBrokerResponse>(new UnregisterBrokerRequest { BrokerId = 2 });

        Assert.Equal(ErrorCode.InvalidRequest, Unregister().ErrorCode);
        controller.Fence(2);
        Assert.Equal(ErrorCode.None, Unregister().ErrorCode);
        Assert.Null(controller.Image.Brokers.Find(new BrokerId(2)));
    }

    [Fact]
    public void Where_brokers_are_told_apart_by_leases_a_new_life_starts_fenced_and_its_former_leaderships_pass_on()
    {
        TestController controller = new TestController(change: s => s with { RegistersUnfenced = false });
        foreach (int id in (int[])[1, 2])
        {
            controller.Register(id);
            Assert.True(controller.Image.Brokers.Find(new BrokerId(id))!.Fenced);
            Assert.False(controller.Heartbeat(id).IsFenced);
        }

        controller.Create("t", assignments: [1, 2]);
        controller.Register(1);
        Assert.Equal((2, "[2]"), (controller.Partition("t").Leader.Value, $"{controller.Partition("t").Isr}"));
    }

    [Fact]
    public void A_heartbeat_of_a_former_life_is_told_so()
    {
        TestController controller = new TestController().WithBrokers(1);
        Assert.Equal(ErrorCode.StaleBrokerEpoch, controller.Heartbeat(1, epoch: 0).ErrorCode);
        Assert.Equal(ErrorCode.BrokerIdNotRegistered, controller.Heartbeat(9).ErrorCode);
    }

    [Fact]
    public void A_new_cluster_finalises_what_its_server_serves()
    {
        var controller = new TestController(change: s => s with
        {
            InitialFeatures = [new FeatureLevel(FeatureLevels.MetadataVersion, 30), new FeatureLevel(FeatureLevels.GroupVersion, 1)],
        });
        Assert.Equal(["group.version", "metadata.version"], controller.Image.Features.Levels.Select(f => f.Feature));
    }
}
