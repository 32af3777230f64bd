namespace AkkaStream.Actors;

/// <summary>
/// The address of an actor: all that one actor may know of another. Telling never blocks and never throws for what the
/// receiver does. Two references are equal when they are the same object: an actor has exactly one, and a new actor of
/// the same name has a new one. Safe on every thread.
/// </summary>
public interface IActorRef
{
    ActorPath Path { get; }

    ActorSystem System { get; }

    /// <summary>
    /// Puts a message into the actor's mailbox. Messages of one sender arrive in the order in which they were told.
    /// </summary>
    /// <param name="message">What is told. It is shared with the receiver, so it must not change any more.</param>
    /// <param name="sender">Whom the receiver sees as its <c>Sender</c>; null when no answer is wanted.</param>
    void Tell(object message, IActorRef? sender);
}

/// <summary>The forms of telling that need to know who speaks: inside a turn that is the running actor.</summary>
public static class ActorRefTelling
{
    /// <summary>Tells with the running actor as the sender, or without a sender outside of a turn.</summary>
    public static void Tell(this IActorRef recipient, object message) => recipient.Tell(message, ActorCell.Current);

    /// <summary>Hands the message on as if the original sender had told it. Only inside a turn.</summary>
    public static void Forward(this IActorRef recipient, object message)
    {
        var turn = Turn.Current
            ?? throw new InvalidOperationException("Forward needs a running turn: it passes on that turn's sender.");
        recipient.Tell(message, turn.Sender);
    }
}

/// <summary>What the kernel asks of a reference besides messages: the way for death watch and supervision.</summary>
interface ISystemReceiver : IActorRef
{
    void SendSystem(SystemMessage message);
}
