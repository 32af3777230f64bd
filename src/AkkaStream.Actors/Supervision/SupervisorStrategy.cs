namespace AkkaStream.Actors.Supervision;

/// <summary>
/// How an actor judges the failures of its children. Immutable and shared; what it counts it keeps outside.
/// </summary>
public abstract class SupervisorStrategy
{
    private protected SupervisorStrategy()
    {
    }

    /// <summary>
    /// A child that cannot be made, was killed, or broke a death pact stops; any other exception is its own bug, and it
    /// starts over.
    /// </summary>
    public static Func<Exception, Directive> DefaultDecider { get; } = static reason => reason switch
    {
        ActorInitializationException or ActorKilledException or DeathPactException => Directive.Stop,
        _ => Directive.Restart,
    };

    /// <summary>One log line for each failure. Off where another actor tells the same story.</summary>
    public bool LogFailures { get; init; } = true;

    internal abstract Directive Judge(Exception reason, ref RestartCount restarts, TimeProvider time);
}

/// <summary>How often a child was restarted in the present window of time.</summary>
struct RestartCount
{
    public int Count;
    public long WindowStart;
}
