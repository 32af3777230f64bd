namespace AkkaStream.Actors;

/// <summary>
/// An actor whose behavior is one method, usually a switch over the message's type. Costs nothing beside its own
/// fields, so it is the form for actors of which there are tens of thousands.
/// </summary>
public abstract class UntypedActor : Actor
{
    /// <summary>Handles a message; calls Unhandled for one that it does not know.</summary>
    protected abstract void OnReceive(object message);

    protected sealed override bool Receive(object message)
    {
        OnReceive(message);
        return true;
    }

    /// <summary>From the next message on, this method takes the place of the present one.</summary>
    protected void Become(Action<object> behavior) => base.Become(Always(behavior));

    /// <summary>The same, with a way back by UnbecomeStacked.</summary>
    protected void BecomeStacked(Action<object> behavior) => base.BecomeStacked(Always(behavior));

    static Receive Always(Action<object> behavior)
    {
        ArgumentNullException.ThrowIfNull(behavior);
        return message =>
        {
            behavior(message);
            return true;
        };
    }
}
