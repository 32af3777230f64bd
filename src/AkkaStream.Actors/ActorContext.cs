namespace AkkaStream.Actors;

/// <summary>
/// What an actor may do with its place in the tree. A value, valid within the turn in which the actor asked for it.
/// </summary>
public readonly struct ActorContext
{
    readonly ActorCell _cell;

    internal ActorContext(ActorCell cell) => _cell = cell;

    public IActorRef Self => _cell;

    public IActorRef Sender => _cell.CurrentTurn().Sender ?? _cell.System.DeadLetters;

    /// <summary>The actor that made this one and judges its failures.</summary>
    public IActorRef Parent => _cell.Parent ?? _cell;

    public ActorSystem System => _cell.System;

    public Props Props => _cell.Props;

    /// <summary>Makes a child. It begins its life in a turn of its own, after this returns.</summary>
    /// <param name="props">How to make it.</param>
    /// <param name="name">Unique among the living children; null lets the kernel name it.</param>
    public IActorRef ActorOf(Props props, string? name = null) => _cell.InTurn().MakeChild(props, name);

    /// <summary>The living child of this name, or null.</summary>
    public IActorRef? Child(string name) => _cell.FindChild(name);

    /// <summary>The children at this moment, in no particular order.</summary>
    public IReadOnlyList<IActorRef> GetChildren() => _cell.GetChildren();

    /// <summary>Stops any actor after its present message; its children stop first. Returns at once.</summary>
    public void Stop(IActorRef actor) => _cell.InTurn().Stop(actor);

    /// <summary>
    /// Asks to be told <see cref="Terminated"/> when the actor dies, or at once if it is dead already.
    /// </summary>
    public IActorRef Watch(IActorRef actor) => _cell.InTurn().Watch(actor, null);

    /// <summary>The same, with a message of one's own in place of <see cref="Terminated"/>.</summary>
    public IActorRef WatchWith(IActorRef actor, object message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return _cell.InTurn().Watch(actor, message);
    }

    /// <summary>From now on no news of this death arrives, even if it waits in the mailbox already.</summary>
    public IActorRef Unwatch(IActorRef actor) => _cell.InTurn().Unwatch(actor);

    /// <summary>
    /// Lets the actor be told <see cref="ReceiveTimeout"/> whenever it had no message for this time; null ends that.
    /// </summary>
    public void SetReceiveTimeout(TimeSpan? timeout) => _cell.InTurn().SetReceiveTimeout(timeout);
}
