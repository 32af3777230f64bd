using AkkaStream.Actors.Mailboxes;

namespace AkkaStream.Actors;

/// <summary>Making and stopping: children, and the cell itself, which dies only after the last of them.</summary>
sealed partial class ActorCell
{
    /// <summary>In the parent's turn, and for guardians on any thread.</summary>
    public ActorCell MakeChild(Props props, string? name)
    {
        ArgumentNullException.ThrowIfNull(props);
        if (name is not null) ActorPath.CheckName(name);
        var child = AddChild(props, name);
        child.Start();
        return child;
    }

    /// <summary>The child as a place in the tree; it lives when it is started.</summary>
    public ActorCell AddChild(Props props, string? name) => ChildrenOrNew().Add(this, props, name);

    public ActorCell? FindChild(string name) => _parts?.Children?.Find(name);

    public ActorCell[] GetChildren() => _parts?.Children?.ToArray() ?? [];

    /// <summary>Stops any actor. A child is noted, so that a restart can wait for it.</summary>
    public void Stop(IActorRef actor)
    {
        if (actor is not ISystemReceiver receiver)
        {
            throw new ArgumentException($"{actor.Path} is not an actor of this process and cannot be stopped from here.");
        }

        if (receiver is ActorCell cell) _parts?.Children?.BeginStop(cell);
        receiver.SendSystem(new Terminate());
    }

    public void StopSelf() => SendSystem(new Terminate());

    public void StopAllChildren()
    {
        foreach (var child in GetChildren())
        {
            _parts?.Watch?.Forget(this, child);
            if (_parts?.Children?.BeginStop(child) == true) child.SendSystem(new Terminate());
        }
    }

    /// <summary>Prepares a guardian, whose children are made before it had a turn.</summary>
    public void PrepareForChildren() => ChildrenOrNew();

    /// <summary>System message <see cref="Terminate"/>.</summary>
    public void BeginStop()
    {
        if (_life is Life.Stopping or Life.Dead) return;
        var waits = false;
        if (_parts?.Children is { } children)
        {
            foreach (var child in children.Close())
            {
                waits = true;
                child.SendSystem(new Terminate());
            }
        }

        _life = Life.Stopping;
        _mailbox.Hold(HoldReasons.AwaitingChildren);
        if (!waits) FinishStop();
    }

    /// <summary>System message <see cref="ChildTerminated"/>.</summary>
    public void ForgetChild(ActorCell child)
    {
        if (_parts?.Children is not { } children) return;
        children.Remove(child);
        _parts.Restarts?.Remove(child);
        if (_life == Life.Stopping && children.Count == 0)
        {
            FinishStop();
        }
        else if (_life == Life.Restarting && children.Stopping == 0)
        {
            FinishRestart();
        }
    }

    // Guardians are asked from any thread, also while they die: then either the children are closed or all is gone.
    Children ChildrenOrNew()
    {
        if (_parts?.Children is { } children) return children;
        if (IsTerminated) throw new InvalidOperationException($"{this} has stopped and makes no more children.");
        return Parts.Children ??= new Children();
    }

    // The first step of every life, and of each new one after a restart.
    void Create(Exception? restartReason)
    {
        try
        {
            _actor = Construct();
            _life = Life.Alive;
            _actor.Begin();
            if (restartReason is null)
            {
                _actor.PreStart();
            }
            else
            {
                _actor.PostRestart(restartReason);
            }
        }
        catch (Exception reason)
        {
            _actor = null;
            _life = Life.Alive;
            Fail(new ActorInitializationException(this, $"could not be made: {reason.Message}", reason), null, null);
        }
    }

    Actor Construct()
    {
        var outer = t_constructing;
        t_constructing = this;
        try
        {
            var actor = Props.NewActor();
            if (actor is null || actor.Cell != this || t_constructing == this)
            {
                throw new InvalidOperationException(
                    $"The factory of {Props.ActorType.Name} must return a new actor each time it is called.");
            }

            return actor;
        }
        finally
        {
            t_constructing = outer;
        }
    }

    // Everything that the dead actor leaves behind becomes dead letters before anybody hears of its death.
    void FinishStop()
    {
        try
        {
            _actor?.PostStop();
        }
        catch (Exception reason)
        {
            _system.Trace.PostStopFailed(this, reason);
        }

        CancelTimers();
        _actor = null;
        var parts = _parts;
        _life = Life.Dead;
        var rest = _mailbox.Close(out var system);
        if (parts?.Stash is { } stash) _system.DeadLetterOffice.Add(stash.Empty(), this);
        if (parts?.Prepended is { } prepended) _system.DeadLetterOffice.Add(prepended.ToArray(), this);
        _system.DeadLetterOffice.Add(rest, this);
        _parent?.SendSystem(new ChildTerminated(this));
        parts?.Watch?.TellOfDeath(this);
        _parts = null;
        while (system is not null)
        {
            var next = system.Next;
            system.Next = null;
            system.RunAfterDeath(this);
            system = next;
        }

        _system.Dispatchers.Release(_dispatcher);
        if (_parent is null) _system.RootIsDead();
    }

    void CancelTimers()
    {
        _parts?.Timers?.CancelAll();
        _parts?.Idle?.Cancel();
    }
}
