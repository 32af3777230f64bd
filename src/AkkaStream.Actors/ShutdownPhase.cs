namespace AkkaStream.Actors;

/// <summary>A step of the coordinated shutdown.</summary>
/// <param name="Name">How rooms name it when they add tasks.</param>
/// <param name="DependsOn">Phases that must be over before it begins.</param>
/// <param name="Timeout">After this time the next phase begins, whatever is still running.</param>
/// <param name="Recover">Whether the shutdown goes on after a failure or time-out of this phase.</param>
public sealed record ShutdownPhase(
    string Name, IReadOnlyList<string> DependsOn, TimeSpan Timeout, bool Recover = true)
{
    public const string BeforeServiceUnbind = "before-service-unbind";
    public const string ServiceUnbind = "service-unbind";
    public const string ServiceRequestsDone = "service-requests-done";
    public const string ServiceStop = "service-stop";
    public const string ClusterLeave = "cluster-leave";
    public const string ClusterShutdown = "cluster-shutdown";
    public const string BeforeActorSystemTerminate = "before-actor-system-terminate";
    public const string ActorSystemTerminate = "actor-system-terminate";

    static readonly TimeSpan Usual = TimeSpan.FromSeconds(5);

    /// <summary>Akka's phases, as far as a node has them.</summary>
    public static IReadOnlyList<ShutdownPhase> Defaults { get; } =
    [
        new(BeforeServiceUnbind, [], TimeSpan.FromSeconds(30)),
        new(ServiceUnbind, [BeforeServiceUnbind], Usual),
        new(ServiceRequestsDone, [ServiceUnbind], Usual),
        new(ServiceStop, [ServiceRequestsDone], TimeSpan.FromSeconds(30)),
        new(ClusterLeave, [ServiceStop], Usual),
        new(ClusterShutdown, [ClusterLeave], Usual),
        new(BeforeActorSystemTerminate, [ClusterShutdown], Usual),
        new(ActorSystemTerminate, [BeforeActorSystemTerminate], TimeSpan.FromSeconds(10)),
    ];

    /// <summary>Each phase behind those it depends on, else in the given order.</summary>
    internal static IReadOnlyList<ShutdownPhase> InOrder(IReadOnlyList<ShutdownPhase> phases)
    {
        var byName = new Dictionary<string, ShutdownPhase>();
        foreach (var phase in phases)
        {
            if (!byName.TryAdd(phase.Name, phase))
            {
                throw new ArgumentException($"There are two shutdown phases '{phase.Name}'.");
            }
        }

        if (!byName.ContainsKey(ActorSystemTerminate))
        {
            throw new ArgumentException($"The shutdown phases lack '{ActorSystemTerminate}'.");
        }

        var order = new List<ShutdownPhase>();
        var open = new List<string>();
        foreach (var phase in phases) Visit(phase, byName, order, open);
        return order;
    }

    static void Visit(
        ShutdownPhase phase, Dictionary<string, ShutdownPhase> byName, List<ShutdownPhase> order, List<string> open)
    {
        if (order.Contains(phase)) return;
        if (open.Contains(phase.Name))
        {
            throw new ArgumentException(
                $"The shutdown phases wait for each other: {string.Join(" -> ", open)} -> {phase.Name}.");
        }

        open.Add(phase.Name);
        foreach (var name in phase.DependsOn)
        {
            if (!byName.TryGetValue(name, out var before))
            {
                throw new ArgumentException(
                    $"Shutdown phase '{phase.Name}' depends on '{name}', which is not among the phases.");
            }

            Visit(before, byName, order, open);
        }

        open.RemoveAt(open.Count - 1);
        order.Add(phase);
    }
}
