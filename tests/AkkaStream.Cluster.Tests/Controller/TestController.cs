using AkkaStream.Cluster.Controller;
using AkkaStream.Metadata;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Cluster.Tests.Controller;

/// <summary>The pure controller with brokers registered, asked directly: what it decides is applied at once.</summary>
sealed class TestController
{
    public const string ClusterId = "test-cluster-id-22-let";
    readonly Random _random;
    readonly RequestOrigin _origin = new(new BrokerId(1));
    int _incarnations;

    public TestController(int seed = 1, Func<ControllerSettings, ControllerSettings>? change = null)
    {
        _random = new Random(seed);
        var settings = new ControllerSettings { NodeId = new BrokerId(1), ClusterId = ClusterId };
        Settings = change is null ? settings : change(settings);
        State = new ControllerState(MetadataImage.Empty, Settings, NewId);
        State.Apply(State.Bootstrap());
    }

    public ControllerSettings Settings { get; }

    public ControllerState State { get; }

    public MetadataImage Image => State.Image;

    /// <summary>Ids that the next topics get, before random ones.</summary>
    public Queue<Uuid> NextIds { get; } = [];

    public List<IStoredMessage> Records { get; } = [];

    public TestController WithBrokers(params int[] ids)
    {
        foreach (int id in ids) Register(id);
        return this;
    }

    public BrokerRegistrationResponse Register(int id, string? rack = null, long previousEpoch = -1, Uuid? incarnation = null,
        Uuid[]? logDirs = null) => Ask<BrokerRegistrationResponse>(new BrokerRegistrationRequest
    {
        BrokerId = id,
        ClusterId = ClusterId,
        IncarnationId = incarnation ?? new Uuid(50, ++_incarnations),
        Listeners = [new BrokerRegistrationRequestListener { Name = "PLAINTEXT", Host = $"host{id}", Port = 9092 }],
        Features = [.. FeatureLevels.Supported.Select(f => new BrokerRegistrationRequestFeature
        {
            Name = f.Key,
            MinSupportedVersion = f.Value.Lowest,
            MaxSupportedVersion = f.Value.Highest,
        })],
        Rack = rack,
        LogDirs = logDirs ?? [new Uuid(70, id)],
        PreviousBrokerEpoch = previousEpoch,
    });

    public void Fence(int id) => Heartbeat(id, wantFence: true);

    public BrokerHeartbeatResponse Heartbeat(int id, bool wantFence = false, bool wantShutDown = false, long? epoch = null) =>
        Ask<BrokerHeartbeatResponse>(new BrokerHeartbeatRequest
        {
            BrokerId = id,
            BrokerEpoch = epoch ?? Image.Brokers.Find(new BrokerId(id))?.Epoch.Value ?? -1,
            CurrentMetadataOffset = Image.Revision.Value,
            WantFence = wantFence,
            WantShutDown = wantShutDown,
        });

    public CreateTopicsResponseTopic Create(string name, int partitions = 1, short factor = 1, params int[][] assignments) =>
        Ask<CreateTopicsResponse>(new CreateTopicsRequest
        {
            Topics = [new CreateTopicsRequestTopic
            {
                Name = name,
                NumPartitions = assignments.Length > 0 ? -1 : partitions,
                ReplicationFactor = assignments.Length > 0 ? (short)-1 : factor,
                Assignments = [.. assignments.Select((b, i) => new CreateTopicsRequestAssignment { PartitionIndex = i, BrokerIds = b })],
            }],
        }).Topics[0];

    public TResponse Ask<TResponse>(IRequest request, short? version = null)
        where TResponse : IMessage => (TResponse)Ask(request, version);

    public IMessage Ask(IRequest request, short? version = null)
    {
        var asked = new ControllerRequest(request, version ?? ApiTable.Versions(request.ApiKey).Highest, _origin);
        Decision decision = State.Decide(asked) ?? throw new InvalidOperationException($"{request.ApiKey} is not the controller's");
        Records.AddRange(decision.Records);
        State.Apply(decision.Records);
        return decision.Response;
    }

    public PartitionImage Partition(string topic, int partition = 0) => Image.Topics.Find(topic)!.Partitions[partition];

    /// <summary>The partitions of a topic as lists of replicas.</summary>
    public int[][] Layout(string topic) => [.. Image.Topics.Find(topic)!.Partitions.Select(p => p.Replicas.Wire)];

    Uuid NewId()
    {
        if (NextIds.TryDequeue(out Uuid id)) return id;
        var bytes = new byte[Uuid.SizeInBytes];
        _random.NextBytes(bytes);
        return Uuid.FromRandom(bytes);
    }
}
