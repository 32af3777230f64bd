using AkkaStream.Actors.Dispatch;
using AkkaStream.Actors.Timers;
using AkkaStream.Broker.Configs;
using AkkaStream.Broker.Coordinators;
using AkkaStream.Broker.Handlers;
using AkkaStream.Cluster.Controller;
using AkkaStream.Metadata;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Wire;
using AkkaStream.Replication;
using Microsoft.Extensions.Logging;

namespace AkkaStream.Broker;

/// <summary>
/// What handlers may ask of the broker that they serve. Made once by the server; everything in it is safe on every thread.
/// </summary>
public sealed class BrokerNode
{
    public required LiveConfigs Configs { get; init; }
    public required ReplicaTable Replicas { get; init; }
    public required ReplicaEnvironment Environment { get; init; }
    public required IController Controller { get; init; }
    public required GroupCoordinators Groups { get; init; }
    public required TimerWheel Timers { get; init; }

    /// <summary>For requests that may take long: big answers, changes of metadata, whatever waits.</summary>
    public required Dispatcher WorkLane { get; init; }
    public required Dispatcher DiskLane { get; init; }
    public required TimeProvider Time { get; init; }
    public required ILogger Log { get; init; }
    internal FetchSessions FetchSessions { get; }
    internal LargeRequests LargeRequests { get; }
    internal AllTopicsAnswers AllTopics { get; } = new();
    internal TopicCreation Creation { get; }
    internal CoordinatorLocator Coordinators { get; }
    internal ProducerIds ProducerIds { get; }

    public BrokerNode(int fetchSessions, TimeProvider time, Func<int> nextRandom)
    {
        FetchSessions = new FetchSessions(fetchSessions, time, nextRandom);
        LargeRequests = new LargeRequests(this);
        Creation = new TopicCreation(this);
        Coordinators = new CoordinatorLocator(this);
        ProducerIds = new ProducerIds(this);
    }

    /// <summary>As in force at this moment.</summary>
    public BrokerSettings Settings => Configs.Settings;

    /// <summary>The newest picture of the cluster.</summary>
    public MetadataImage Image => Controller.Image;
    public BrokerId Id => Settings.Identity.Id;

    public long NowMs() => Time.GetUtcNow().ToUnixTimeMilliseconds();
}

/// <summary>The way to the cluster's controller, wherever it is.</summary>
public interface IController
{
    /// <summary>The newest picture that this broker has taken over.</summary>
    MetadataImage Image { get; }

    /// <summary>Decided, stored and seen by this broker when it is answered; time-outs are answers too.</summary>
    ValueTask<TResponse> Ask<TResponse>(IRequest<TResponse> request, short version, RequestOrigin origin, TimeSpan timeout)
        where TResponse : class, IMessage;
}
