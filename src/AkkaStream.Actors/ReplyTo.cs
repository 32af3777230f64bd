namespace AkkaStream.Actors;

/// <summary>
/// The right to answer one message, kept for later. A value of two words that may be copied and used from any thread.
/// For an ask the first answer counts; one that comes after it, or after the time-out, is a dead letter and can never
/// reach another ask, although the objects behind asks are used again.
/// </summary>
public readonly struct ReplyTo
{
    readonly IActorRef? _recipient;
    readonly long _version;

    internal ReplyTo(IActorRef recipient, long version)
    {
        _recipient = recipient;
        _version = version;
    }

    /// <summary>False for the default value and for messages that came without a sender.</summary>
    public bool IsWanted => _recipient is not null and not DeadLetters;

    public void Tell(object message, IActorRef? sender = null)
    {
        if (_recipient is AskRef ask)
        {
            ask.Answer(_version, message, sender);
        }
        else
        {
            _recipient?.Tell(message, sender ?? ActorCell.Current);
        }
    }

    internal long Version => _version;

    /// <summary>The address to show as Sender again; null when the ask behind it is over.</summary>
    internal IActorRef? Recipient => _recipient is AskRef ask && ask.Version != _version ? null : _recipient;
}
