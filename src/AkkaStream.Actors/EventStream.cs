namespace AkkaStream.Actors;

/// <summary>
/// Publish and subscribe within one system, by the type of the event; meant for rare things such as dead letters, not
/// for data. Subscribers are told like by any other Tell. Safe on every thread; publishing takes no lock.
/// </summary>
public sealed class EventStream
{
    readonly Lock _gate = new();
    Subscription[] _subscriptions = [];

    internal EventStream()
    {
    }

    /// <summary>From now on the subscriber is told every event that is a <typeparamref name="TEvent"/>.</summary>
    public void Subscribe<TEvent>(IActorRef subscriber) => Subscribe(subscriber, typeof(TEvent));

    public void Subscribe(IActorRef subscriber, Type eventType)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        ArgumentNullException.ThrowIfNull(eventType);
        var added = new Subscription(eventType, subscriber);
        lock (_gate)
        {
            if (!_subscriptions.Contains(added)) Volatile.Write(ref _subscriptions, [.. _subscriptions, added]);
        }
    }

    /// <summary>Ends all subscriptions of this subscriber.</summary>
    public void Unsubscribe(IActorRef subscriber)
    {
        lock (_gate)
        {
            Volatile.Write(ref _subscriptions, [.. _subscriptions.Where(s => !s.Subscriber.Equals(subscriber))]);
        }
    }

    public void Publish(object @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        foreach (var (type, subscriber) in Volatile.Read(in _subscriptions))
        {
            if (!type.IsInstanceOfType(@event)) continue;

            // A dead subscriber's copy would become a dead letter, which is published, and so on for ever.
            if (subscriber is ActorCell { IsTerminated: true })
            {
                Unsubscribe(subscriber);
            }
            else
            {
                subscriber.Tell(@event, null);
            }
        }
    }

    /// <summary>Spares the making of an event that nobody would hear.</summary>
    internal bool HasSubscriber(Type eventType)
    {
        foreach (var (type, _) in Volatile.Read(in _subscriptions))
        {
            if (type.IsAssignableFrom(eventType)) return true;
        }

        return false;
    }

    readonly record struct Subscription(Type EventType, IActorRef Subscriber);
}
