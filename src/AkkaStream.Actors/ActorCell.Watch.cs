using AkkaStream.Actors.Timers;

namespace AkkaStream.Actors;

/// <summary>News that come through the mailbox: deaths, beats of timers, and that nothing came.</summary>
sealed partial class ActorCell
{
    DeathWatch WatchOrNew => Parts.Watch ??= new DeathWatch();

    public IActorRef Watch(IActorRef actor, object? instead)
    {
        if (actor is not ISystemReceiver watched)
        {
            throw new ArgumentException($"{actor.Path} is not an actor of this process and cannot be watched from here.");
        }

        if (watched != this && WatchOrNew.Begin(actor, instead)) watched.SendSystem(new Watch(this));
        return actor;
    }

    public IActorRef Unwatch(IActorRef actor)
    {
        _parts?.Watch?.Forget(this, actor);
        return actor;
    }

    public void AddWatcher(ISystemReceiver watcher) => WatchOrNew.Watchers.Add(watcher);

    public void RemoveWatcher(ISystemReceiver watcher) => _parts?.Watch?.Watchers.Remove(watcher);

    /// <summary>
    /// System message <see cref="WatchedTerminated"/>. The news takes its place behind what the dead actor had told.
    /// </summary>
    public void ReceiveWatchedTerminated(IActorRef watched)
    {
        if (_parts?.Watch?.NoteDeath(watched) is { } terminated) Tell(terminated, watched);
    }

    /// <summary>The news came to the front of the mailbox.</summary>
    public void ReceiveTerminated(Terminated terminated)
    {
        if (_parts?.Watch?.TakeNews(terminated) != true) return;
        _actor?.Deliver(terminated.Instead ?? terminated);
    }

    /// <summary>A timer's beat came to the front of the mailbox.</summary>
    public void ReceiveBeat(ActorTimer timer)
    {
        timer.Arrive();
        if (_parts?.Timers?.Take(timer) is not { } message) return;
        try
        {
            _actor?.Deliver(message);
        }
        finally
        {
            _parts?.Timers?.AfterHandling(timer);
        }
    }

    public void SetReceiveTimeout(TimeSpan? timeout)
    {
        _parts?.Idle?.Cancel();
        if (timeout is not { } time)
        {
            if (_parts is not null) _parts.Idle = null;
            return;
        }

        if (time <= TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(timeout), time, "A receive time-out must be above zero.");
        }

        Parts.Idle = new IdleTimer(this, time);
        Parts.Idle.Start();
    }

    public void ReceiveIdleTimeout()
    {
        if (_parts?.Idle is not { } idle) return;
        if (!idle.IsIdle)
        {
            // Another message came between the timer's call and this turn.
            idle.WaitForRest();
            return;
        }

        idle.Start();
        _actor?.Deliver(ReceiveTimeout.Instance);
    }
}

/// <summary>Whom an actor watches, and who watches it.</summary>
sealed class DeathWatch
{
    readonly Dictionary<IActorRef, Watched> _watched = [];

    public HashSet<ISystemReceiver> Watchers { get; } = [];

    /// <summary>False when the watch is on already.</summary>
    public bool Begin(IActorRef actor, object? instead)
    {
        if (_watched.TryGetValue(actor, out var before))
        {
            if (Equals(before.Instead, instead)) return false;
            throw new InvalidOperationException($"{actor.Path} is watched already, with another message; unwatch first.");
        }

        _watched.Add(actor, new Watched(instead));
        return true;
    }

    public void Forget(ActorCell self, IActorRef actor)
    {
        if (_watched.Remove(actor) && actor is ISystemReceiver watched) watched.SendSystem(new Unwatch(self));
    }

    /// <summary>The news to queue; null when nobody wants it any more.</summary>
    public Terminated? NoteDeath(IActorRef actor)
    {
        if (!_watched.TryGetValue(actor, out var entry) || entry.News is not null) return null;
        entry.News = new Terminated(actor, entry.Instead);
        return entry.News;
    }

    /// <summary>True when the news is still wanted: the actor was not unwatched while it waited.</summary>
    public bool TakeNews(Terminated terminated)
    {
        if (!_watched.TryGetValue(terminated.ActorRef, out var entry) || entry.News != terminated) return false;
        _watched.Remove(terminated.ActorRef);
        return true;
    }

    public void TellOfDeath(ActorCell self)
    {
        foreach (var watcher in Watchers) watcher.SendSystem(new WatchedTerminated(self));
        foreach (var (actor, entry) in _watched)
        {
            if (entry.News is null && actor is ISystemReceiver watched) watched.SendSystem(new Unwatch(self));
        }
    }

    sealed class Watched(object? instead)
    {
        public object? Instead => instead;

        public Terminated? News { get; set; }
    }
}
