using AkkaStream.Actors.Supervision;
using AkkaStream.Actors.Timers;

namespace AkkaStream.Actors;

/// <summary>Handles a message, or answers false when it does not know it.</summary>
public delegate bool Receive(object message);

/// <summary>
/// The root of all actors (Akka's ActorBase). An actor's code runs in turns: one at a time, each on some thread of its
/// dispatcher, never two at once, so its fields need no locks. Nothing awaits inside a turn: a suspended turn would
/// block all messages behind it, and a re-entrant one would change the state under its own feet. Work goes out, and its
/// result comes back as a message (<see cref="PipeToSupport"/>).
/// </summary>
public abstract class Actor
{
    readonly ActorCell _cell;
    Receive? _behavior;
    Stack<Receive?>? _stacked;

    protected Actor() => _cell = ActorCell.ClaimConstruction(this);

    protected IActorRef Self => _cell;

    /// <summary>
    /// Who told the present message; dead letters when nobody wants an answer. May be kept and told later. For the
    /// answer itself <see cref="Reply"/> is cheaper: an ask whose sender was never looked at allocates nothing.
    /// </summary>
    protected IActorRef Sender => _cell.CurrentTurn().Sender ?? _cell.System.DeadLetters;

    protected ActorContext Context => new(_cell.InTurn());

    /// <summary>Timers of this actor; they end with it, at its stop and at its restart.</summary>
    protected ActorTimers Timers => _cell.InTurn().Timers;

    /// <summary>Where messages are put aside until the actor is ready for them.</summary>
    protected ActorStash Stash => _cell.InTurn().Stash;

    internal ActorCell Cell => _cell;

    /// <summary>Handles a message, or answers false. Not called while another behavior is in force.</summary>
    protected abstract bool Receive(object message);

    /// <summary>How this actor judges the failures of its children.</summary>
    protected internal virtual SupervisorStrategy SupervisorStrategy() => OneForOneStrategy.Default;

    /// <summary>Before the first message. A throw here is a failure to be made.</summary>
    protected internal virtual void PreStart()
    {
    }

    /// <summary>After the last message, when all children have stopped. A throw here is logged.</summary>
    protected internal virtual void PostStop()
    {
    }

    /// <summary>On the broken object, before it is replaced. By default stops all children and runs PostStop.</summary>
    protected internal virtual void PreRestart(Exception reason, object? message)
    {
        _cell.StopAllChildren();
        PostStop();
    }

    /// <summary>On the new object. By default runs PreStart.</summary>
    protected internal virtual void PostRestart(Exception reason) => PreStart();

    /// <summary>
    /// A message that nobody handled: published as <see cref="UnhandledMessage"/>, and an ask fails at once. A death
    /// that was watched must be handled, so <see cref="Terminated"/> throws.
    /// </summary>
    protected virtual void Unhandled(object message)
    {
        if (message is Terminated terminated) throw new DeathPactException(terminated.ActorRef);
        _cell.ReportUnhandled(message);
    }

    /// <summary>
    /// Answers the present message. An ask takes one answer; a second one goes to dead letters.
    /// </summary>
    protected void Reply(object message) => _cell.Reply(message);

    /// <summary>Keeps the right to answer the present message later, from this actor or from anywhere.</summary>
    protected ReplyTo DeferReply() => _cell.DeferReply();

    /// <summary>From the next message on, this behavior takes the place of the present one.</summary>
    protected void Become(Receive behavior)
    {
        ArgumentNullException.ThrowIfNull(behavior);
        _cell.InTurn();
        _behavior = behavior;
    }

    /// <summary>The same, with a way back by <see cref="UnbecomeStacked"/>.</summary>
    protected void BecomeStacked(Receive behavior)
    {
        ArgumentNullException.ThrowIfNull(behavior);
        _cell.InTurn();
        (_stacked ??= new Stack<Receive?>()).Push(_behavior);
        _behavior = behavior;
    }

    /// <summary>Back to the behavior before the last <see cref="BecomeStacked"/>, or else to the first one.</summary>
    protected void UnbecomeStacked()
    {
        _cell.InTurn();
        _behavior = _stacked is { Count: > 0 } ? _stacked.Pop() : null;
    }

    /// <summary>Before PreStart of each new object; persistent actors begin their recovery here.</summary>
    private protected virtual void OnCreated()
    {
    }

    /// <summary>Where the kernel hands in a message. Persistent actors look at it first.</summary>
    private protected virtual bool Around(object message) =>
        _behavior is null ? Receive(message) : _behavior(message);

    /// <summary>Whether the object can go on after a failure, if its supervisor would have it so.</summary>
    internal virtual bool CanResume => true;

    internal void Begin() => OnCreated();

    internal void Deliver(object message)
    {
        if (!Around(message)) Unhandled(message);
    }
}
