namespace AkkaStream.Actors.Dispatch;

/// <summary>
/// The named dispatchers of one system, made when the first actor needs them. Called on any thread.
/// </summary>
sealed class Dispatchers(ActorSystem system)
{
    readonly Lock _gate = new();
    readonly Dictionary<string, Dispatcher> _byName = [];
    bool _ended;

    public Dispatcher Default => field ??= Named(DispatcherSettings.DefaultName);

    public Dispatcher For(Props props) => Named(props.Dispatcher);

    /// <summary>Called when an actor has died: a thread of its own ends with it.</summary>
    public void Release(Dispatcher dispatcher)
    {
        if (dispatcher.Settings.Kind == DispatcherKind.Pinned && dispatcher is PooledDispatcher) dispatcher.Shutdown();
    }

    public void Shutdown()
    {
        Dispatcher[] all;
        lock (_gate)
        {
            _ended = true;
            all = [.. _byName.Values];
        }

        foreach (var dispatcher in all) dispatcher.Shutdown();
    }

    public Dispatcher Named(string name)
    {
        lock (_gate)
        {
            if (_byName.TryGetValue(name, out var known)) return known;
            var dispatcher = Make(Settings(name));
            if (_ended) dispatcher.Shutdown();
            if (dispatcher.Settings.Kind != DispatcherKind.Pinned) _byName.Add(name, dispatcher);
            return dispatcher;
        }
    }

    DispatcherSettings Settings(string name)
    {
        var settings = system.Settings.Dispatchers.FirstOrDefault(d => d.Name == name);
        if (settings is not null) return settings;
        if (name == DispatcherSettings.DefaultName) return new DispatcherSettings { Name = name };
        var names = string.Join(", ", system.Settings.Dispatchers.Select(d => d.Name).Append("default").Distinct());
        throw new ArgumentException($"There is no dispatcher '{name}'; known are: {names}.");
    }

    Dispatcher Make(DispatcherSettings settings)
    {
        if (system.Seams.Dispatchers is { } make) return make(settings);
        return settings.Kind switch
        {
            DispatcherKind.Inline => new InlineDispatcher(settings, Backing(settings)),
            DispatcherKind.Pinned => Pooled(settings with { Threads = 1 }),
            _ => Pooled(settings),
        };
    }

    Dispatcher Backing(DispatcherSettings inline)
    {
        if (Settings(inline.Backing).Kind != DispatcherKind.Pooled)
        {
            throw new ArgumentException($"Dispatcher '{inline.Name}': its backing '{inline.Backing}' is not pooled.");
        }

        return Named(inline.Backing);
    }

    PooledDispatcher Pooled(DispatcherSettings settings) =>
        new(settings, system.Time, bug => system.Trace.DispatcherBroke(settings.Name, bug));
}
