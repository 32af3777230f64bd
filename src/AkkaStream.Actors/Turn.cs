using AkkaStream.Actors.Mailboxes;

namespace AkkaStream.Actors;

/// <summary>
/// The turn that a thread is running: whose it is, and the message at work. It lives with the thread and not in the
/// cell, so that an idle actor does not pay for it, and so that a running one does not write, message by message, into
/// the cache line in which others put messages into its mailbox.
/// </summary>
sealed class Turn
{
    public const int BatchSize = 64;

    // Stands for the message in callbacks, which run after it was handled.
    static readonly object Continuation = new();

    // A turn within a turn has an object of its own: an actor may tell an inline actor. More than two are not met.
    [ThreadStatic] static Turn? t_current;
    [ThreadStatic] static Turn? t_outermost;

    readonly Turn? _outer;
    Turn? _inner;
    Envelope _message;
    long _askVersion;
    bool _wasStashed;
    int _interrupted;

    Turn(Turn? outer) => _outer = outer;

    public static Turn? Current => t_current;

    public ActorCell? Cell { get; private set; }

    /// <summary>Where the messages lie that were taken from the mailbox; empty between batches.</summary>
    public Envelope[] Batch { get; } = new Envelope[BatchSize];

    /// <summary>Whom the present message came from, or null; not to be kept by anybody.</summary>
    public IActorRef? RawSender => _message.Sender;

    /// <summary>Which ask it was, if it was one.</summary>
    public long AskVersion => _askVersion;

    /// <summary>Whom the present message came from, for user code, which may keep it.</summary>
    public IActorRef? Sender => _message.Sender is AskRef ask ? ask.Escape(_askVersion) : _message.Sender;

    /// <summary>Something must be looked at before the next message of the batch.</summary>
    public bool IsInterrupted => Volatile.Read(in _interrupted) != 0;

    public static Turn Begin(ActorCell cell)
    {
        var outer = t_current;
        var turn = outer is null ? t_outermost ??= new Turn(null) : outer._inner ??= new Turn(outer);
        turn.Cell = cell;
        t_current = turn;
        return turn;
    }

    public void End()
    {
        _message = default;
        Cell = null;
        t_current = _outer;
    }

    /// <summary>From any thread. One that comes late finds another cell's turn here, which looks once for nothing.</summary>
    public void Interrupt() => Volatile.Write(ref _interrupted, 1);

    /// <summary>Before looking, with a full fence: what is interrupted for after this interrupts again.</summary>
    public void ForgetInterrupt() => Interlocked.Exchange(ref _interrupted, 0);

    public void BeginMessage(in Envelope envelope, long askVersion)
    {
        _message = envelope;
        _askVersion = askVersion;
        _wasStashed = false;
    }

    /// <summary>Lets a callback see the sender of the message that it continues; default ends that.</summary>
    public void BeginContinuation(ReplyTo sender) =>
        BeginMessage(new Envelope(Continuation, sender.Recipient), sender.Version);

    /// <summary>The present message, for the stash; null when there is none, or it was taken before.</summary>
    public Envelope? TakeMessage()
    {
        if (_message.Message is null || _message.Message == Continuation || _wasStashed) return null;
        _wasStashed = true;
        return new Envelope(_message.Message, Sender);
    }
}
