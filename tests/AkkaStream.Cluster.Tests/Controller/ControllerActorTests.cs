using AkkaStream.Cluster.Tests.Support;
using AkkaStream.Log.Files;
using AkkaStream.Metadata;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Cluster.Tests.Controller;

public sealed class ControllerActorTests
{
    static CreateTopicsRequest Create(params string[] names) => new()
    {
        Topics = [.. names.Select(n => new CreateTopicsRequestTopic { Name = n, NumPartitions = 1, ReplicationFactor = 1 })],
    };

    [Fact]
    public void A_started_broker_is_registered_and_its_features_are_finalised()
    {
        using LocalNode node = new LocalNode(new MemoryFiles()).Start();
        BrokerImage broker = Assert.Single(node.Image.Brokers.All);
        Assert.Equal((1, false, node.Cluster.BrokerEpoch), (broker.Id.Value, broker.Fenced, broker.Epoch));
        Assert.Equal(30, node.Image.Features.LevelOf(FeatureLevels.MetadataVersion));
    }

    [Fact]
    public void An_answered_CreateTopics_means_that_every_listener_has_followed_and_the_image_shows_it()
    {
        var node = new LocalNode(new MemoryFiles());
        var slow = new SlowListener();
        node.Listeners.Add(slow);
        using (node.Start())
        {
            slow.Holds = true;
            ValueTask<CreateTopicsResponse> asked = node.Begin(Create("t"));
            node.System.RunUntilIdle();
            Assert.False(asked.IsCompleted);
            Assert.Null(node.Image.Topics.Find("t"));
            slow.Release();
            Assert.Equal(ErrorCode.None, node.System.Await(asked).Topics[0].ErrorCode);
            Assert.NotNull(node.Image.Topics.Find("t"));
        }
    }

    [Fact]
    public void Listeners_get_each_image_in_order_and_deltas_that_lead_from_one_to_the_next()
    {
        var node = new LocalNode(new MemoryFiles(), seed: 7);
        var following = new FollowingListener();
        node.Listeners.Add(following);
        using (node.Start())
        {
            ValueTask<CreateTopicsResponse>[] asked = [.. Enumerable.Range(0, 20).Select(i => node.Begin(Create($"t{i}")))];
            foreach (ValueTask<CreateTopicsResponse> one in asked) Assert.Equal(ErrorCode.None, node.System.Await(one).Topics[0].ErrorCode);
            Assert.Equal(20, following.Topics.Count);
            Assert.Null(following.Problem);
        }
    }

    [Fact]
    public void A_listener_that_fails_is_named_and_does_not_hold_up_the_others()
    {
        var node = new LocalNode(new MemoryFiles());
        var following = new FollowingListener();
        node.Listeners.AddRange([new FailingListener(), following]);
        using (node.Start())
        {
            Assert.Equal(ErrorCode.None, node.Ask(Create("t")).Topics[0].ErrorCode);
            Assert.Contains("t", following.Topics);
            Assert.Contains(node.System.Log.Lines, l => l.Text.Contains(nameof(FailingListener)));
        }
    }

    [Fact]
    public void A_decision_sees_those_before_it_although_they_are_not_committed_yet()
    {
        using LocalNode node = new LocalNode(new MemoryFiles()).Start();
        ValueTask<CreateTopicsResponse> first = node.Begin(Create("t"));
        ValueTask<CreateTopicsResponse> second = node.Begin(Create("t"));
        Assert.Equal(ErrorCode.None, node.System.Await(first).Topics[0].ErrorCode);
        Assert.Equal(ErrorCode.TopicAlreadyExists, node.System.Await(second).Topics[0].ErrorCode);
    }

    [Fact]
    public void No_time_at_all_is_answered_so_and_nothing_is_done()
    {
        using LocalNode node = new LocalNode(new MemoryFiles()).Start();
        CreateTopicsResponseTopic answer = node.Ask(Create("t"), TimeSpan.Zero).Topics[0];
        Assert.Equal((ErrorCode.RequestTimedOut, (string?)null), (answer.ErrorCode, answer.ErrorMessage));
        node.Ask(Create("other"));
        Assert.Null(node.Image.Topics.Find("t"));
    }

    [Fact]
    public void What_is_not_answered_in_time_is_answered_with_the_time_out()
    {
        var node = new LocalNode(new MemoryFiles());
        var slow = new SlowListener();
        node.Listeners.Add(slow);
        using (node.Start())
        {
            slow.Holds = true;
            ValueTask<CreateTopicsResponse> asked = node.Begin(Create("t"), TimeSpan.FromSeconds(3));
            node.System.Advance(TimeSpan.FromSeconds(4));
            Assert.Equal(ErrorCode.RequestTimedOut, node.System.Await(asked).Topics[0].ErrorCode);
        }
    }

    [Fact]
    public void A_restart_keeps_everything_and_raises_the_leader_epochs_by_two()
    {
        var files = new MemoryFiles();
        LocalNode node = new LocalNode(files).Start();
        TopicId id = node.Ask(Create("t")).Topics[0].TopicId;
        MetadataRevision revision = node.Image.Revision;
        for (int start = 1; start <= 3; start++)
        {
            long epoch = node.Cluster.BrokerEpoch.Value;
            node.StopClean();
            node = new LocalNode(files, seed: 100 + start).Start();
            TopicImage topic = node.Image.Topics.Find("t")!;
            Assert.Equal((id, 2 * start), (topic.Id, topic.Partitions[0].LeaderEpoch.Value));
            Assert.True(node.Cluster.BrokerEpoch.Value > epoch);
            Assert.True(node.Image.Revision > revision);
            revision = node.Image.Revision;
        }

        node.Dispose();
    }

    [Fact]
    public void Random_orders_of_work_come_to_the_same_metadata()
    {
        TestKit.Seeds.ForEach(20, seed =>
        {
            var files = new MemoryFiles();
            LocalNode node = new LocalNode(files, (int)seed).Start();
            var asked = Enumerable.Range(0, 30).Select(i => node.Begin(Create($"t{i % 20}"))).ToList();
            int created = asked.Count(one => node.System.Await(one).Topics[0].ErrorCode == ErrorCode.None);
            Assert.Equal((20, 20), (created, node.Image.Topics.Count));
            string[] before = [.. node.Image.Topics.All.Select(t => $"{t.Name} {t.Id}").Order()];
            node.StopClean();
            using LocalNode again = new LocalNode(files, (int)seed + 1).Start();
            Assert.Equal(before, again.Image.Topics.All.Select(t => $"{t.Name} {t.Id}").Order());
        });
    }

    sealed class SlowListener : IMetadataListener
    {
        TaskCompletionSource _held = new();

        public bool Holds { get; set; }

        public void Release()
        {
            Holds = false;
            _held.SetResult();
            _held = new TaskCompletionSource();
        }

        public ValueTask OnMetadata(MetadataImage image, MetadataDelta delta) => Holds ? new ValueTask(_held.Task) : ValueTask.CompletedTask;
    }

    sealed class FollowingListener : IMetadataListener
    {
        MetadataImage _last = MetadataImage.Empty;

        public HashSet<string> Topics { get; } = [];

        public string? Problem { get; private set; }

        public ValueTask OnMetadata(MetadataImage image, MetadataDelta delta)
        {
            if (!ReferenceEquals(delta.Before, _last)) Problem = $"the delta leads from {delta.Before.Revision}, not from {_last.Revision}";
            if (!ReferenceEquals(delta.After, image)) Problem = $"the delta leads to {delta.After.Revision}, not to {image.Revision}";
            foreach (TopicDelta topic in delta.Topics.Where(t => t.IsCreated)) Topics.Add(topic.Topic.Name);
            _last = image;
            return ValueTask.CompletedTask;
        }
    }

    sealed class FailingListener : IMetadataListener
    {
        public ValueTask OnMetadata(MetadataImage image, MetadataDelta delta) => throw new InvalidOperationException("on purpose");
    }
}
