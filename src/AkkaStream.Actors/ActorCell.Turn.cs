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
    /// <summary>A turn on a thread of the dispatcher.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        var turn = Turn.Begin(this);
        try
        {
            var budget = new TurnBudget(_dispatcher, _system.Time);
            if (_life == Life.New) Create(null);
            if (RunMessages(turn, ref budget)) _dispatcher.Schedule(this);
        }
        catch (Exception bug)
        {
            _system.Trace.TurnBroke(this, bug);
        }
        finally
        {
            turn.End();
        }
    }

    /// <summary>A turn on the thread that tells, beginning with its message. True when more waits.</summary>
    public bool RunInline(in Envelope first, ref TurnBudget budget)
    {
        var turn = Turn.Begin(this);
        try
        {
            Invoke(turn, first);
            budget.Messages--;
            return EndBatch([]) && RunMessages(turn, ref budget);
        }
        finally
        {
            turn.End();
        }
    }

    /// <summary>A turn on the thread of an inline turn that has just ended. True when more waits.</summary>
    public bool RunInline(ref TurnBudget budget)
    {
        var turn = Turn.Begin(this);
        try
        {
            return RunMessages(turn, ref budget);
        }
        finally
        {
            turn.End();
        }
    }

    /// <summary>These messages come next, before all that wait.</summary>
    public void Prepend(ReadOnlySpan<Envelope> messages)
    {
        (Parts.Prepended ??= []).AddRange(messages);
        _prependPending = true;
        CurrentTurn().Interrupt();
    }

    /// <summary>Answers the present message.</summary>
    public void Reply(object message)
    {
        var turn = CurrentTurn();
        if (turn.RawSender is AskRef ask)
        {
            ask.Answer(turn.AskVersion, message, this);
        }
        else
        {
            (turn.RawSender ?? _system.DeadLetters).Tell(message, this);
        }
    }

    public ReplyTo DeferReply()
    {
        var turn = CurrentTurn();
        if (turn.RawSender is null) return default;
        if (turn.RawSender is AskRef ask) ask.Keep(turn.AskVersion);
        return new ReplyTo(turn.RawSender, turn.AskVersion);
    }

    /// <summary>User messages wait until <see cref="Release"/>; system messages pass.</summary>
    public void Hold(HoldReasons reason) => _mailbox.Hold(reason);

    public void Release(HoldReasons reason) => _mailbox.Release(reason);

    public void ReportUnhandled(object message)
    {
        _system.Trace.Unhandled(this, message.GetType());
        if (_system.EventStream.HasSubscriber(typeof(UnhandledMessage)))
        {
            _system.EventStream.Publish(new UnhandledMessage(message, CurrentTurn().Sender, this));
        }
    }

    // True when the share is used up and more waits; the caller schedules the cell again then, and only then.
    bool RunMessages(Turn turn, ref TurnBudget budget)
    {
        while (true)
        {
            if (_mailbox.HasSystem) RunSystemMessages();
            if (_life == Life.Dead) return false;
            if (_prependPending) EndBatch([]);
            if (budget.IsSpent) return _mailbox.StayBusy();
            var batch = turn.Batch.AsSpan(0, Math.Min(Turn.BatchSize, budget.Messages));
            var taken = _mailbox.Take(batch, turn);
            if (taken == 0) return false;
            if (taken == Mailbox.SystemFirst) continue;
            batch = batch[..taken];
            var done = RunBatch(turn, batch, ref budget);
            var alive = EndBatch(batch[done..]);
            batch.Clear();
            if (!alive) return false;
        }
    }

    int RunBatch(Turn turn, Span<Envelope> batch, ref TurnBudget budget)
    {
        var lane = Lane.Current;
        var done = 0;
        while (done < batch.Length)
        {
            if (lane is { HoldsWork: true }) lane.HandOver();
            Invoke(turn, batch[done++]);
            budget.UseOne();
            if (turn.IsInterrupted && MustEndBatch(turn)) break;
            if (budget.IsSpent) break;
        }

        return done;
    }

    bool MustEndBatch(Turn turn)
    {
        turn.ForgetInterrupt();
        if (_mailbox.HasSystem) RunSystemMessages();
        return _prependPending || _mailbox.IsHeld || _life == Life.Dead;
    }

    // What was taken and not run goes back, behind what was unstashed. False when the cell has died.
    bool EndBatch(ReadOnlySpan<Envelope> rest)
    {
        if (_life == Life.Dead)
        {
            _system.DeadLetterOffice.Add(rest, this);
            return false;
        }

        if (!rest.IsEmpty) _mailbox.PutBack(rest);
        if (!_prependPending) return true;
        _prependPending = false;
        if (_parts?.Prepended is { } prepended)
        {
            _mailbox.PutBack(CollectionsMarshal.AsSpan(prepended));
            prepended.Clear();
        }

        return true;
    }

    void Invoke(Turn turn, in Envelope envelope)
    {
        var ask = envelope.Sender as AskRef;
        var version = ask?.Version ?? 0;
        turn.BeginMessage(envelope, version);
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
        CurrentTurn().BeginContinuation(default);
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
