using AkkaStream.Actors;
using AkkaStream.Actors.Dispatch;
using AkkaStream.Broker.Configs;
using AkkaStream.Broker.Coordinators;
using AkkaStream.Log;
using AkkaStream.Log.Files;
using AkkaStream.Metadata;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Stored;
using AkkaStream.Protocol.Wire;
using AkkaStream.Replication;
using AkkaStream.TestKit.Actors;
using Microsoft.Extensions.Logging.Abstractions;

namespace AkkaStream.Broker.Tests.Coordinators;

/// <summary>The coordinators of an offsets topic with one partition, in virtual time, on a replica that does what the test says.</summary>
sealed class TestCoordinator : IDisposable
{
    static readonly BrokerId Self = new(1), Other = new(2);

    readonly LogDirectory _directory;
    readonly LocalReplica _replica;
    MetadataImage _image = MetadataImage.Empty;
    int _ids;

    public TestCoordinator(params (string Name, string Value)[] properties)
    {
        var files = new MemoryFiles();
        files.CreateDirectory("/d");
        _directory = LogDirectory.Open("/d", files, 64, NullLogger.Instance);
        var name = new PartitionName(TopicName.ConsumerOffsets, 0);
        _directory.CreatePartition(name, Uuid.Zero.ToString());
        var log = new LogDescriptor(_directory, name).Open(LogConfig.Default, 0);
        var topic = new TopicReplicas(TopicName.ConsumerOffsets, new TopicId(new Uuid(5, 5)));
        StubReplica? stub = null;
        _replica = new LocalReplica(topic, 0) { Actor = Actors.ActorOf(Props.Create(() => stub = new StubReplica(log)), "replica") };
        Stub = stub ?? throw new InvalidOperationException("the actor was not made");
        topic.Replace([_replica]);
        var table = new ReplicaTable();
        table.Add(topic);
        var settings = new Dictionary<string, string> { ["group.initial.rebalance.delay.ms"] = "0" };
        foreach (var (key, value) in properties) settings[key] = value;
        Groups = new GroupCoordinators(
            Actors.System, Self, table, new LiveConfigs(new BrokerIdentity { Id = Self, ClusterId = "c" }, settings), Actors.Dispatcher,
            () => $"id{++_ids}", Actors.Log.CreateLogger("test"));
        _image = Apply(new TopicRecord { Name = topic.Name, TopicId = topic.Id });
    }

    public TestActorSystem Actors { get; } = new(
        settings: new ActorSystemSettings { Dispatchers = [new DispatcherSettings { Name = GroupCoordinators.Dispatcher }] });
    public StubReplica Stub { get; }
    public GroupCoordinators Groups { get; }

    /// <summary>This broker leads in that epoch.</summary>
    public TestCoordinator Lead(int epoch = 0)
    {
        Stand(epoch, inSync: 1);
        Publish(Partition(Self, epoch));
        return this;
    }

    public void Stand(int epoch, int inSync, ErrorCode refusal = ErrorCode.None) => _replica.Stand(
        new ReplicaStanding(new LeaderEpoch(epoch), Self, refusal, LogConfig.Default) { InSync = inSync, NeededInSync = 1 });

    public void LoseLeadership(int epoch)
    {
        Stand(epoch, inSync: 1, ErrorCode.NotLeaderOrFollower);
        Publish(Partition(Other, epoch));
    }

    public GroupCall Send(IRequest request, short version)
    {
        var call = new GroupCall(request, version, "c", "/127.0.0.1", () => OrderFixed++);
        Groups.Find("g")!.Tell(call, null);
        Actors.RunUntilIdle();
        return call;
    }

    /// <summary>How many calls let their connection go on before they were answered.</summary>
    public int OrderFixed { get; private set; }

    public T Ask<T>(IRequest<T> request, short version) where T : class, IMessage => Answer<T>(Send(request, version));

    public static T Answer<T>(GroupCall call) where T : class, IMessage
    {
        Assert.True(call.IsDone, $"{call.Request.ApiKey} waits");
        return Assert.IsType<T>(call.Answered.Result);
    }

    public ErrorCode Commit(string group, long offset) => CodeOf(Send(CommitOf(group, offset), 8));

    public static ErrorCode CodeOf(GroupCall call) => Answer<OffsetCommitResponse>(call).Topics[0].Partitions[0].ErrorCode;

    public static OffsetCommitRequest CommitOf(string group, long offset) => new()
    {
        GroupId = group,
        Topics = [new OffsetCommitRequestTopic { Name = "t", Partitions = [new OffsetCommitRequestPartition { CommittedOffset = offset }] }],
    };

    public ValueTask<Told<OffsetFetchResponseGroup[]>> Fetching(string group)
    {
        OffsetFetchRequestGroupTopic topic = new() { Name = "t", PartitionIndexes = [0] };
        GetOffsets wanted = new([new OffsetFetchRequestGroup { GroupId = group, Topics = [topic] }], false);
        return Groups.Find("g")!.Ask<Told<OffsetFetchResponseGroup[]>>(wanted, TimeSpan.FromMinutes(1));
    }

    public long Fetch(string group)
    {
        var told = Actors.Await(Fetching(group));
        Assert.Equal(ErrorCode.None, told.Error);
        return told.Value[0].Topics[0].Partitions[0].CommittedOffset;
    }

    public void Dispose() => Actors.Dispose();

    void Publish(IStoredMessage record)
    {
        var before = _image;
        _image = Apply(record);
        Groups.OnMetadata(_image, MetadataDelta.Between(before, _image)).AsTask().GetAwaiter().GetResult();
        Actors.RunUntilIdle();
    }

    MetadataImage Apply(IStoredMessage record)
    {
        var draft = new MetadataDraft(_image);
        draft.Apply(record);
        return draft.Build(new MetadataRevision(_image.Revision.Value + 1)).Image;
    }

    static PartitionRecord Partition(BrokerId leader, int epoch) => new()
    {
        TopicId = new TopicId(new Uuid(5, 5)), PartitionId = 0, Replicas = [1, 2], Isr = [leader.Value], Leader = leader.Value, LeaderEpoch = epoch,
    };
}
