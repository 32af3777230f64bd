using AkkaStream.Actors;
using AkkaStream.Cluster.Controller;
using AkkaStream.Cluster.Store;
using AkkaStream.Log;
using AkkaStream.Log.Files;
using AkkaStream.Metadata;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Wire;
using AkkaStream.TestKit.Actors;
using Microsoft.Extensions.Logging.Abstractions;

namespace AkkaStream.Cluster.Tests.Support;

/// <summary>A broker's cluster part from start to stop, on any disk, in virtual time. Started again on the same disk it is a restart.</summary>
sealed class LocalNode : IDisposable
{
    const string Directory = "/data";
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    readonly ILogFiles _files;
    readonly Random _chance;
    LogDirectory? _directory;
    LocalCluster? _cluster;

    public LocalNode(ILogFiles files, int seed = 1)
    {
        _files = files;
        _chance = new Random(seed);
        System = new TestActorSystem(seed, new ActorSystemSettings { Dispatchers = [EmbeddedStore.Dispatcher] });
    }

    public TestActorSystem System { get; }

    public LocalCluster Cluster => _cluster ?? throw new InvalidOperationException("The node was not started");

    public MetadataImage Image => Cluster.Metadata.Current;

    public List<IMetadataListener> Listeners { get; } = [];

    public MetadataLogSettings Store { get; init; } = new();

    public ControllerSettings? Controller { get; init; }

    public LocalNode Start()
    {
        var identity = LocalIdentity.Establish(_files, [Directory], new IdentitySettings { NodeId = new BrokerId(1) }, NewId, NullLogger.Instance);
        _directory = LogDirectory.Open(Directory, _files);
        var settings = new LocalClusterSettings
        {
            Controller = Controller ?? new ControllerSettings { NodeId = identity.NodeId, ClusterId = identity.ClusterId },
            Endpoints = [new EndpointImage("PLAINTEXT", "localhost", 9092, 0)],
            Store = Store,
        };
        _cluster = Await(LocalCluster.StartAsync(System.System, _files, [_directory], identity, settings, Listeners, NewId));
        return this;
    }

    public TResponse Ask<TResponse>(IRequest<TResponse> request, TimeSpan? timeout = null)
        where TResponse : IMessage => System.Await(Begin(request, timeout));

    /// <summary>Asked and not waited for.</summary>
    public ValueTask<TResponse> Begin<TResponse>(IRequest<TResponse> request, TimeSpan? timeout = null)
        where TResponse : IMessage =>
        Cluster.Controller.Ask(request, ApiTable.Versions(request.ApiKey).Highest, new RequestOrigin(new BrokerId(1)), timeout ?? Timeout);

    /// <summary>As a broker stops: all that was begun is durable, and the directory says so.</summary>
    public void StopClean()
    {
        long epoch = Cluster.BrokerEpoch.Value;
        System.Await(Cluster.DisposeAsync().AsTask(), TimeSpan.FromMinutes(1));
        _directory?.CloseClean(epoch);
        Dispose();
    }

    public T Await<T>(Task<T> task)
    {
        System.Await((Task)task, TimeSpan.FromMinutes(10));
        return task.GetAwaiter().GetResult();
    }

    public void Dispose() => System.Dispose();

    Uuid NewId()
    {
        var bytes = new byte[Uuid.SizeInBytes];
        _chance.NextBytes(bytes);
        return Uuid.FromRandom(bytes);
    }
}
