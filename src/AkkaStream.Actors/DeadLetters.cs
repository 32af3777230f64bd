using AkkaStream.Actors.Mailboxes;

namespace AkkaStream.Actors;

/// <summary>Why a message found no actor.</summary>
public enum DeadLetterReason
{
    /// <summary>It was told to the dead letters themselves, for example as an answer that nobody wanted.</summary>
    NoRecipient,

    /// <summary>The recipient has stopped, or stopped before it got to the message.</summary>
    Stopped,

    /// <summary>The recipient's mailbox was full.</summary>
    MailboxFull,

    /// <summary>The answer to an ask that is over.</summary>
    LateReply,
}

/// <summary>A message that found no actor; published on the event stream.</summary>
public sealed record DeadLetter(object Message, IActorRef? Sender, IActorRef? Recipient, DeadLetterReason Reason);

/// <summary>A message that its actor did not handle; published on the event stream.</summary>
public sealed record UnhandledMessage(object Message, IActorRef? Sender, IActorRef Recipient);

/// <summary>
/// Where messages go that find no actor: counted, published, and logged up to a limit per window, so that a storm of
/// them costs one line. An ask among them fails at once instead of waiting for its time-out. Called on any thread.
/// </summary>
sealed class DeadLetters(ActorSystem system) : ISystemReceiver
{
    readonly Lock _gate = new();
    long _count;
    long _windowStart;
    int _loggedInWindow;
    long _suppressed;

    public ActorSystem System => system;

    public ActorPath Path => new($"akka://{system.Name}/deadLetters", 0);

    public long Count => Interlocked.Read(ref _count);

    public void Tell(object message, IActorRef? sender)
    {
        ArgumentNullException.ThrowIfNull(message);
        Add(message, sender, this, DeadLetterReason.NoRecipient);
    }

    /// <summary>Who watches this watches something that is not alive.</summary>
    public void SendSystem(SystemMessage message)
    {
        if (message is Watch watch) watch.Watcher.SendSystem(new WatchedTerminated(this));
    }

    public void Add(object message, IActorRef? sender, IActorRef? recipient, DeadLetterReason reason)
    {
        if (message is KernelMessage and not Identify) return;
        Interlocked.Increment(ref _count);
        if (reason != DeadLetterReason.LateReply && sender is AskRef ask)
        {
            ask.FailUndelivered(reason == DeadLetterReason.Stopped ? "the actor has stopped" : "nobody received it");
        }

        if (system.EventStream.HasSubscriber(typeof(DeadLetter)))
        {
            system.EventStream.Publish(new DeadLetter(message, sender, recipient, reason));
        }

        Log(message, sender, recipient, reason);
    }

    public void Add(ReadOnlySpan<Envelope> messages, IActorRef recipient)
    {
        foreach (var envelope in messages)
        {
            Add(envelope.Message, envelope.Sender, recipient, DeadLetterReason.Stopped);
        }
    }

    void Log(object message, IActorRef? sender, IActorRef? recipient, DeadLetterReason reason)
    {
        long suppressed;
        lock (_gate)
        {
            var now = system.Time.GetTimestamp();
            var newWindow = _count == 1
                || system.Time.GetElapsedTime(_windowStart, now) >= system.Settings.DeadLetterLogWindow;
            if (newWindow)
            {
                _windowStart = now;
                _loggedInWindow = 0;
            }

            if (_loggedInWindow >= system.Settings.DeadLetterLogLimit)
            {
                _suppressed++;
                return;
            }

            _loggedInWindow++;
            (suppressed, _suppressed) = (_suppressed, 0);
        }

        if (suppressed > 0) system.Trace.DeadLettersSuppressed(suppressed);
        system.Trace.DeadLetter(
            message.GetType(), sender?.Path.ToString() ?? "nobody", recipient?.Path.ToString() ?? "an ask", reason);
    }
}
