using AkkaStream.Actors.Dispatch;
using AkkaStream.Actors.Supervision;
using AkkaStream.Actors.Timers;
using Microsoft.Extensions.Logging;

namespace AkkaStream.Actors;

/// <summary>
/// One tree of actors with its threads, timers and log. In-process only: what is between processes belongs to other
/// rooms. Safe on every thread.
/// </summary>
public sealed class ActorSystem : IAsyncDisposable
{
    readonly ActorCell _root;
    readonly ActorCell _user;
    readonly ActorCell _systemGuardian;
    readonly DeadLetters _deadLetters;
    readonly SeededRandom _random;
    readonly long _started;

    // Continuations run in the last turn: in the simulator that keeps them in order, elsewhere on a dispatcher's thread.
    readonly TaskCompletionSource _terminated = new();
    int _lastUid;

    ActorSystem(string name, ActorSystemSettings settings, ActorSystemSeams seams)
    {
        Name = name;
        Settings = settings;
        Seams = seams;
        _started = seams.Time.GetTimestamp();
        var seed = settings.Seed != 0 ? settings.Seed : seams.Time.GetUtcNow().Ticks;
        _random = new SeededRandom((ulong)seed);
        Trace = new ActorsTrace(seams.Loggers.CreateLogger("AkkaStream.Actors"));
        Timers = new TimerWheel(seams.Time, Trace.TimerBroke);
        _deadLetters = new DeadLetters(this);
        Dispatchers = new Dispatchers(this);
        DefaultDispatcher = Dispatchers.Default;

        _root = new ActorCell(this, null, RootProps(), "");
        _user = Child("user", Guarded(settings.GuardianStrategy));
        _systemGuardian = Child("system", Guarded(OneForOneStrategy.Default));
        CoordinatedShutdown = new CoordinatedShutdown(this, settings.ShutdownPhases);
    }

    public string Name { get; }

    public ActorSystemSettings Settings { get; }

    public TimeProvider Time => Seams.Time;

    public ILoggerFactory Loggers => Seams.Loggers;

    /// <summary>The wheel behind all timers and time-outs of the system; other deadlines may hang in it as well.</summary>
    public TimerWheel Timers { get; }

    public EventStream EventStream { get; } = new();

    public CoordinatedShutdown CoordinatedShutdown { get; }

    /// <summary>Where messages go that nobody wants, and the Sender of messages without one.</summary>
    public IActorRef DeadLetters => _deadLetters;

    public long DeadLetterCount => _deadLetters.Count;

    public TimeSpan Uptime => Time.GetElapsedTime(_started);

    /// <summary>Done when the last actor has stopped.</summary>
    public Task WhenTerminated => _terminated.Task;

    internal ActorSystemSeams Seams { get; }

    internal ActorsTrace Trace { get; }

    internal Dispatchers Dispatchers { get; }

    internal Dispatcher DefaultDispatcher { get; }

    internal DeadLetters DeadLetterOffice => _deadLetters;

    public static ActorSystem Create(
        string name, ActorSystemSettings? settings = null, ActorSystemSeams? seams = null)
    {
        ActorPath.CheckName(name);
        var system = new ActorSystem(name, settings ?? new ActorSystemSettings(), seams ?? new ActorSystemSeams());
        system._user.Start();
        system._systemGuardian.Start();
        system._root.Start();
        return system;
    }

    /// <summary>A dispatcher by its name, for work that is no actor's.</summary>
    public Dispatcher Dispatcher(string name) => Dispatchers.Named(name);

    /// <summary>Makes a top-level actor, below /user.</summary>
    public IActorRef ActorOf(Props props, string? name = null) => _user.MakeChild(props, name);

    /// <summary>Stops any actor after its present message; its children stop first. Returns at once.</summary>
    public void Stop(IActorRef actor) => _root.Stop(actor);

    /// <summary>
    /// Stops all actors, then the threads. <see cref="CoordinatedShutdown"/> is the polite way, and ends with this.
    /// </summary>
    public Task Terminate()
    {
        _user.StopSelf();
        return WhenTerminated;
    }

    public async ValueTask DisposeAsync() => await Terminate().ConfigureAwait(false);

    public override string ToString() => $"akka://{Name}";

    /// <summary>Makes an actor that serves the system itself, below /system; it outlives those below /user.</summary>
    internal ActorCell SystemActorOf(Props props, string? name) => _systemGuardian.MakeChild(props, name);

    internal int NextUid() => Interlocked.Increment(ref _lastUid);

    /// <summary>0 to below 1, from the system's seed.</summary>
    internal double NextRandom()
    {
        lock (_random) return _random.NextDouble();
    }

    /// <summary>From the root's last turn.</summary>
    internal void RootIsDead()
    {
        Timers.Dispose();
        Dispatchers.Shutdown();
        _terminated.TrySetResult();
    }

    Props RootProps() => Props.Create(() => new RootGuardian(_user, _systemGuardian));

    static Props Guarded(SupervisorStrategy strategy) => Props.Create(() => new Guardian(strategy));

    ActorCell Child(string name, Props props)
    {
        _root.PrepareForChildren();
        var cell = _root.AddChild(props, name);
        cell.PrepareForChildren();
        return cell;
    }
}
