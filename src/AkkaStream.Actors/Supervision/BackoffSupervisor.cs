namespace AkkaStream.Actors.Supervision;

/// <summary>
/// Keeps one child alive, but leaves it down for a while after each end: twice as long each time, with jitter, so that
/// what has broken gets time and not everybody comes back at once. Messages go to the child; while it is down they
/// become dead letters, so asks fail at once.
/// </summary>
public sealed class BackoffSupervisor : UntypedActor
{
    readonly BackoffSettings _settings;
    IActorRef? _child;
    Exception? _failure;
    bool _giveUp;
    int _restarts;

    public BackoffSupervisor(BackoffSettings settings)
    {
        settings.Check();
        _settings = settings;
    }

    public static Props Props(BackoffSettings settings) => Actors.Props.Create(() => new BackoffSupervisor(settings));

    // The child always stops; whether it comes back is decided when it is gone.
    protected internal override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(Decide) { LogFailures = false };

    protected internal override void PreStart() => StartChild();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Terminated terminated when terminated.ActorRef.Equals(_child):
                OnChildGone();
                break;
            case StartDue:
                StartChild();
                break;
            case ResetDue due:
                if (due.Restarts == _restarts) _restarts = 0;
                break;
            case GetCurrentChild:
                Reply(new CurrentChild(_child));
                break;
            case GetRestartCount:
                Reply(new RestartCountReply(_restarts));
                break;
            default:
                (_child ?? Context.System.DeadLetters).Forward(message);
                break;
        }
    }

    /// <summary>The pause before the given restart, the first being 0.</summary>
    internal static TimeSpan Pause(BackoffSettings settings, int restart, double chance)
    {
        var doubled = settings.MinBackoff.TotalMilliseconds * Math.Pow(2, Math.Min(restart, 30));
        var capped = Math.Min(doubled, settings.MaxBackoff.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(capped * (1 + chance * settings.RandomFactor));
    }

    Directive Decide(Exception reason)
    {
        var directive = _settings.Decider(reason);
        if (directive is Directive.Resume or Directive.Escalate) return directive;
        _failure = reason;
        _giveUp = directive == Directive.Stop;
        return Directive.Stop;
    }

    void OnChildGone()
    {
        var gone = _child;
        _child = null;
        var comesBack = _failure is not null ? !_giveUp : _settings.RestartsAfterNormalStop;
        if (!comesBack)
        {
            Context.Stop(Self);
            return;
        }

        if (_settings.MaxRestarts >= 0 && _restarts >= _settings.MaxRestarts)
        {
            Cell.System.Trace.BackedOffTooOften(Cell, _restarts);
            Context.Stop(Self);
            return;
        }

        var pause = Pause(_settings, _restarts, Cell.System.NextRandom());
        _restarts++;
        if (gone is ActorCell cell)
        {
            var reason = _failure is null ? "by itself" : $"{_failure.GetType().Name}: {_failure.Message}";
            Cell.System.Trace.BackingOff(cell, reason, pause.TotalMilliseconds, _restarts);
        }

        _failure = null;
        Timers.Cancel(ResetDue.Key);
        Timers.StartSingleTimer(StartDue.Instance, StartDue.Instance, pause);
    }

    void StartChild()
    {
        _child = Context.Watch(Context.ActorOf(_settings.ChildProps, _settings.ChildName));
        if (_restarts > 0)
        {
            var healthy = _settings.ResetAfter ?? _settings.MinBackoff;
            Timers.StartSingleTimer(ResetDue.Key, new ResetDue(_restarts), healthy);
        }
    }

    sealed class StartDue
    {
        public static readonly StartDue Instance = new();
    }

    sealed record ResetDue(int Restarts)
    {
        public static readonly object Key = new();
    }
}
