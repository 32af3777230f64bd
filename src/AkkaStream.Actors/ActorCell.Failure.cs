using AkkaStream.Actors.Mailboxes;
using AkkaStream.Actors.Supervision;

namespace AkkaStream.Actors;

/// <summary>
/// Failure and what becomes of it. The failed cell stands still with all below it and tells its parent, whose strategy
/// decides: go on, start over with a new object, stop, or fail itself with the same reason.
/// </summary>
sealed partial class ActorCell
{
    /// <summary>In the cell's turn, when the actor threw.</summary>
    /// <param name="reason">What it threw.</param>
    /// <param name="message">What it worked on.</param>
    /// <param name="escalatedBy">The child whose failure is passed on; it stands still already.</param>
    void Fail(Exception reason, object? message, ActorCell? escalatedBy)
    {
        if (_life is Life.Dead or Life.Stopping || _parts?.Failure is not null)
        {
            _system.Trace.FailedAgain(this, reason);
            return;
        }

        Parts.Failure = new CellFailure(message, escalatedBy);
        SuspendOnce();
        foreach (var child in GetChildren())
        {
            if (child != escalatedBy) child.SendSystem(new Suspend());
        }

        if (_parent is not null)
        {
            _parent.SendSystem(new Failed(this, reason, message));
        }
        else
        {
            StopSelf();
        }
    }

    /// <summary>System message <see cref="Failed"/>: a child waits for the verdict.</summary>
    public void JudgeChild(Failed failed)
    {
        var child = failed.Child;
        if (_parts?.Children?.Contains(child) != true) return;
        if (_parts.Failure is { } own)
        {
            // This cell waits for a verdict itself; what becomes of the child follows from that, or comes after it.
            own.Unjudged.Add(failed);
            return;
        }

        var strategy = Props.SupervisorStrategy ?? _actor?.SupervisorStrategy() ?? OneForOneStrategy.Default;
        var restarts = (Parts.Restarts ??= []).GetValueOrDefault(child);
        var directive = strategy.Judge(failed.Reason, ref restarts, _system.Time);
        Parts.Restarts[child] = restarts;
        if (strategy.LogFailures)
        {
            _system.Trace.Failed(child, directive, failed.Message?.GetType(), failed.Reason);
        }

        switch (directive)
        {
            case Directive.Resume:
                child.SendSystem(new Resume(afterFailure: true));
                break;
            case Directive.Restart:
                child.SendSystem(new Restart(failed.Reason));
                break;
            case Directive.Stop:
                Stop(child);
                break;
            case Directive.Escalate:
                Fail(failed.Reason, null, child);
                break;
        }
    }

    /// <summary>System message <see cref="Suspend"/>.</summary>
    public void SuspendTree()
    {
        SuspendOnce();
        foreach (var child in GetChildren()) child.SendSystem(new Suspend());
    }

    /// <summary>System message <see cref="Resume"/>.</summary>
    public void ResumeTree(bool afterFailure)
    {
        if (_life is Life.Dead or Life.Stopping) return;
        if (afterFailure && _life == Life.Alive && _actor is not { CanResume: true })
        {
            // It could not even be made, or broke in the middle of its bookkeeping: there is nothing to go on with.
            BeginRestart(new InvalidOperationException($"{this} cannot be resumed after this failure and is restarted"));
            return;
        }

        var failure = afterFailure ? _parts?.Failure : null;
        if (failure is not null && _parts is not null) _parts.Failure = null;
        ResumeOnce();
        foreach (var child in GetChildren()) child.SendSystem(new Resume(afterFailure: child == failure?.EscalatedBy));
        failure?.Unjudged.ForEach(JudgeChild);
    }

    /// <summary>System message <see cref="Restart"/>.</summary>
    public void BeginRestart(Exception reason)
    {
        if (_life is Life.Dead or Life.Stopping or Life.Restarting) return;
        var message = _parts?.Failure?.Message;
        try
        {
            if (_actor is null) StopAllChildren();
            _actor?.PreRestart(reason, message);
        }
        catch (Exception second)
        {
            _system.Trace.PreRestartFailed(this, second);
        }

        CancelTimers();
        _parts?.Stash?.UnstashAll();
        _actor = null;
        (Parts.Failure ??= new CellFailure(message, null)).RestartReason = reason;
        _life = Life.Restarting;
        _mailbox.Hold(HoldReasons.AwaitingChildren);
        if (Parts.Children is not { Stopping: > 0 }) FinishRestart();
    }

    void FinishRestart()
    {
        var failure = Parts.Failure ?? throw new InvalidOperationException("a restart keeps its reason");
        var reason = failure.RestartReason ?? throw new InvalidOperationException("a restart keeps its reason");
        Parts.Failure = null;
        Parts.Timers = null;
        Parts.Idle = null;
        var survivors = GetChildren();
        _mailbox.Release(HoldReasons.AwaitingChildren | HoldReasons.Persisting);
        ResumeOnce();
        Create(reason);

        // Children that a PreRestart of the actor's own left alive were suspended with it and begin anew like it.
        foreach (var child in survivors) child.SendSystem(new Restart(reason));
        failure.Unjudged.ForEach(JudgeChild);
    }

    void SuspendOnce()
    {
        _suspensions++;
        _mailbox.Hold(HoldReasons.Suspended);
    }

    void ResumeOnce()
    {
        if (_suspensions > 0) _suspensions--;
        if (_suspensions == 0) _mailbox.Release(HoldReasons.Suspended);
    }
}

/// <summary>What a failed cell remembers until its supervisor has decided.</summary>
sealed class CellFailure(object? message, ActorCell? escalatedBy)
{
    public object? Message => message;

    public ActorCell? EscalatedBy => escalatedBy;

    public Exception? RestartReason { get; set; }

    /// <summary>Children that failed while this cell was waiting.</summary>
    public List<Failed> Unjudged { get; } = [];
}
