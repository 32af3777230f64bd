using AkkaStream.Actors.Mailboxes;
using AkkaStream.Actors.Supervision;

namespace AkkaStream.Actors;

/// <summary>
/// How to make one actor, at its start and again at every restart. Immutable. The factory runs in the actor's own
/// first turn, on its dispatcher, so what it captures must be safe to read there.
/// </summary>
public sealed class Props
{
    readonly Func<Actor> _factory;

    Props(Func<Actor> factory, Type actorType)
    {
        _factory = factory;
        ActorType = actorType;
    }

    Props(Props other)
    {
        _factory = other._factory;
        ActorType = other.ActorType;
        Dispatcher = other.Dispatcher;
        Mailbox = other.Mailbox;
        SupervisorStrategy = other.SupervisorStrategy;
    }

    /// <summary>The type of the actor as the factory declares it; for logs.</summary>
    public Type ActorType { get; }

    /// <summary>Name of the dispatcher in the system's settings.</summary>
    public string Dispatcher { get; private init; } = Dispatch.DispatcherSettings.DefaultName;

    public MailboxSettings Mailbox { get; private init; } = MailboxSettings.Unbounded;

    /// <summary>How the actor judges its children; null leaves it to the actor's own <c>SupervisorStrategy()</c>.</summary>
    public SupervisorStrategy? SupervisorStrategy { get; private init; }

    /// <summary>
    /// An actor made by a function. It must make a new object each time, or a restart would go on with broken state.
    /// </summary>
    public static Props Create<TActor>(Func<TActor> factory) where TActor : Actor
    {
        ArgumentNullException.ThrowIfNull(factory);
        return new Props(factory, typeof(TActor));
    }

    public static Props Create<TActor>() where TActor : Actor, new() => new(static () => new TActor(), typeof(TActor));

    public Props WithDispatcher(string name) => new(this) { Dispatcher = name };

    public Props WithMailbox(MailboxSettings mailbox) => new(this) { Mailbox = mailbox };

    public Props WithSupervisorStrategy(SupervisorStrategy strategy) => new(this) { SupervisorStrategy = strategy };

    internal Actor NewActor() => _factory();
}
