using System.Runtime.InteropServices;
using AkkaStream.Actors.Dispatch;
using AkkaStream.Actors.Mailboxes;

namespace AkkaStream.Actors;

/// <summary>
/// The running of messages. A turn takes a batch, runs it one by one, looks for system messages in between, and ends
/// when nothing waits or its share is used up. The moment the mailbox says that nothing waits the cell may be running
/// elsewhere, so nothing of it is touched after that.
/// </summary>
sealed partial class ActorCell
{
    const int BatchSize = 32;

    // Two for each thread: an inline turn may run within a turn, but never within an inline turn.
    [ThreadStatic] static Envelope[]? t_batch;
    [ThreadStatic] static Envelope[]? t_inlineBatch;

    // Stands for the present message in callbacks, which run after the message was handled.
    static readonly object Continuation = new();

    Envelope _present;
    long _presentVersion;

    /// <summary>Whom the present message came from, as user code may keep it.</summary>
    public IActorRef Sender => SenderOrNull ?? _system.DeadLetters;

    public IActorRef? SenderOrNull => _present.Sender is AskRef ask ? ask.Escape(_presentVersion) : _present.Sender;

    /// <summary>A turn on a thread of the dispatcher.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        var outer = t_current;
        t_current = this;
        try
        {
            var budget = new TurnBudget(_dispatcher, _system.Time);
            if (_life == Life.New) Create(null);
            if (RunMessages(t_batch ??= new Envelope[BatchSize], ref budget)) _dispatcher.Schedule(this);
        }
        catch (Exception bug)
        {
            _system.Trace.TurnBroke(this, bug);
        }
        finally
        {
            t_current = outer;
        }
    }

    /// <summary>A turn on the thread that tells, beginning with its message. True when more waits.</summary>
    public bool RunInline(in Envelope first, ref TurnBudget budget)
    {
        var outer = t_current;
        t_current = this;
        try
        {
            Invoke(first);
            var ended = EndBatch([]);
            budget.Messages--;
            return ended && RunMessages(t_inlineBatch ??= new Envelope[BatchSize], ref budget);
        }
        finally
        {
            t_current = outer;
        }
    }

    /// <summary>A turn on the thread of an inline turn that has just ended. True when more waits.</summary>
    public bool RunInline(ref TurnBudget budget)
    {
        var outer = t_current;
        t_current = this;
        try
        {
            return RunMessages(t_inlineBatch ??= new Envelope[BatchSize], ref budget);
        }
        finally
        {
            t_current = outer;
        }
    }

    /// <summary>Puts the present message into the hands of the stash.</summary>
    public Envelope TakeForLater()
    {
        if (_present.Message is null || _present.Message == Continuation || _stashedCurrent)
        {
            throw new InvalidOperationException($"{this}: there is no message to stash, or it was stashed before.");
        }

        _stashedCurrent = true;
        return new Envelope(_present.Message, SenderOrNull);
    }

    /// <summary>These messages come next, before all that wait.</summary>
    public void Prepend(ReadOnlySpan<Envelope> messages)
    {
        (Parts.Prepended ??= []).AddRange(messages);
        _prependPending = true;
    }

    /// <summary>Answers the present message.</summary>
    public void Reply(object message)
    {
        if (_present.Sender is AskRef ask)
        {
            ask.Answer(_presentVersion, message, this);
        }
        else
        {
            (_present.Sender ?? _system.DeadLetters).Tell(message, this);
        }
    }

    public ReplyTo DeferReply()
    {
        if (_present.Sender is null) return default;
        if (_present.Sender is AskRef ask) ask.Keep(_presentVersion);
        return new ReplyTo(_present.Sender, _presentVersion);
    }

    /// <summary>Lets a callback see the sender of the message that it continues; default ends that.</summary>
    public void RestoreSender(ReplyTo sender)
    {
        _present = new Envelope(Continuation, sender.Recipient);
        _presentVersion = sender.Version;
    }

    /// <summary>User messages wait until <see cref="Release"/>; system messages pass.</summary>
    public void Hold(HoldReasons reason) => _mailbox.Hold(reason);

    public void Release(HoldReasons reason) => _mailbox.Release(reason);

    public void ReportUnhandled(object message)
    {
        _system.Trace.Unhandled(this, message.GetType());
        if (_system.EventStream.HasSubscriber(typeof(UnhandledMessage)))
        {
            _system.EventStream.Publish(new UnhandledMessage(message, SenderOrNull, this));
        }
    }

    // True when the share is used up and more waits; the caller schedules the cell again then, and only then.
    bool RunMessages(Envelope[] batch, ref TurnBudget budget)
    {
        while (true)
        {
            if (_mailbox.HasSystem) RunSystemMessages();
            if (_life == Life.Dead) return false;
            if (_prependPending) EndBatch([]);
            if (budget.IsSpent) return _mailbox.StayBusy();
            var taken = _mailbox.Take(batch.AsSpan(0, Math.Min(batch.Length, budget.Messages)));
            if (taken == 0) return false;
            if (taken == Mailbox.SystemFirst) continue;
            var done = RunBatch(batch.AsSpan(0, taken), ref budget);
            var alive = EndBatch(batch.AsSpan(done, taken - done));
            batch.AsSpan(0, taken).Clear();
            if (!alive) return false;
        }
    }

    int RunBatch(Span<Envelope> batch, ref TurnBudget budget)
    {
        var done = 0;
        while (done < batch.Length)
        {
            Invoke(batch[done++]);
            budget.UseOne();
            if (_dispatcher.OwesAWakeUp) _dispatcher.WakeUp();
            if (_mailbox.HasSystem) RunSystemMessages();
            if (_prependPending || _mailbox.IsHeld || _life == Life.Dead || budget.IsSpent) break;
        }

        return done;
    }

    // What was taken and not run goes back, behind what was unstashed. False when the cell has died.
    bool EndBatch(ReadOnlySpan<Envelope> rest)
    {
        _present = default;
        if (_life == Life.Dead)
        {
            _system.DeadLetterOffice.Add(rest, this);
            return false;
        }

        _mailbox.PutBack(rest);
        if (!_prependPending) return true;
        _prependPending = false;
        if (_parts?.Prepended is { } prepended)
        {
            _mailbox.PutBack(CollectionsMarshal.AsSpan(prepended));
            prepended.Clear();
        }

        return true;
    }

    void Invoke(in Envelope envelope)
    {
        _present = envelope;
        var ask = envelope.Sender as AskRef;
        var version = ask?.Version ?? 0;
        _presentVersion = version;
        try
        {
            if (envelope.Message is KernelMessage kernel)
            {
                kernel.Receive(this);
            }
            else
            {
                _actor?.Deliver(envelope.Message);
            }
        }
        catch (Exception reason)
        {
            Fail(reason, envelope.Message, null);
            ask?.FailUnanswered(version, $"the actor failed with {reason.GetType().Name}: {reason.Message}");
        }

        _stashedCurrent = false;
        if (_parts?.Idle is { } idle) idle.Touch();
        ask?.FailUnanswered(version, "the actor handled it without an answer");
    }

    void RunSystemMessages()
    {
        for (var message = _mailbox.TakeSystem(); message is not null;)
        {
            var next = message.Next;
            message.Next = null;
            if (_life == Life.Dead)
            {
                message.RunAfterDeath(this);
            }
            else
            {
                RunSystemMessage(message);
            }

            message = next;
        }
    }

    void RunSystemMessage(SystemMessage message)
    {
        try
        {
            message.Run(this);
        }
        catch (Exception reason)
        {
            Fail(reason, null, null);
        }
    }
}
