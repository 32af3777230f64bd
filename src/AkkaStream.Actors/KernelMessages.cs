namespace AkkaStream.Actors;

/// <summary>
/// User messages that the kernel itself looks at before, or instead of, the actor. They keep their place among the
/// other messages. A class and not an interface, because the test for it runs once per message.
/// </summary>
public abstract class KernelMessage
{
    private protected KernelMessage()
    {
    }

    internal abstract void Receive(ActorCell cell);
}

/// <summary>Stops the actor when it gets there: all messages told before are still handled.</summary>
public sealed class PoisonPill : KernelMessage
{
    public static readonly PoisonPill Instance = new();

    PoisonPill()
    {
    }

    internal override void Receive(ActorCell cell) => cell.StopSelf();
}

/// <summary>Makes the actor fail with <see cref="ActorKilledException"/>; its supervisor decides.</summary>
public sealed class Kill : KernelMessage
{
    public static readonly Kill Instance = new();

    Kill()
    {
    }

    internal override void Receive(ActorCell cell) => throw new ActorKilledException($"{cell.Path} was killed");
}

/// <summary>Answered by the kernel with <see cref="ActorIdentity"/>: a way to learn whether an actor lives.</summary>
public sealed class Identify(object? messageId) : KernelMessage
{
    public object? MessageId => messageId;

    internal override void Receive(ActorCell cell) => cell.Reply(new ActorIdentity(messageId, cell));
}

/// <summary>Answer to <see cref="Identify"/>.</summary>
public sealed record ActorIdentity(object? MessageId, IActorRef Subject);

/// <summary>
/// A watched actor is dead. Comes behind all that it had told the watcher. An actor that watches and does not handle it
/// fails with <see cref="DeathPactException"/>.
/// </summary>
public sealed class Terminated : KernelMessage
{
    internal Terminated(IActorRef actor, object? instead)
    {
        ActorRef = actor;
        Instead = instead;
    }

    public IActorRef ActorRef { get; }

    /// <summary>What WatchWith asked to be told in its place.</summary>
    internal object? Instead { get; }

    internal override void Receive(ActorCell cell) => cell.ReceiveTerminated(this);

    public override string ToString() => $"Terminated({ActorRef})";
}

/// <summary>Told to an actor that has had no message for the time set by <c>SetReceiveTimeout</c>.</summary>
public sealed class ReceiveTimeout : KernelMessage
{
    public static readonly ReceiveTimeout Instance = new();

    ReceiveTimeout()
    {
    }

    internal override void Receive(ActorCell cell) => cell.ReceiveIdleTimeout();
}
