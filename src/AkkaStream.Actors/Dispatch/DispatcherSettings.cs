namespace AkkaStream.Actors.Dispatch;

/// <summary>On which threads a dispatcher runs its actors.</summary>
public enum DispatcherKind
{
    /// <summary>Own threads that share one queue: a bulkhead, whose slow actors cannot starve those of another.</summary>
    Pooled,

    /// <summary>An own thread for each actor, for the few that block or must never wait for others.</summary>
    Pinned,

    /// <summary>The thread that tells, when the actor is idle; otherwise the backing dispatcher.</summary>
    Inline,
}

/// <summary>One named dispatcher; see reference.conf for the reasons behind the defaults.</summary>
public sealed record DispatcherSettings
{
    public const string DefaultName = "default";

    public required string Name { get; init; }

    public DispatcherKind Kind { get; init; } = DispatcherKind.Pooled;

    /// <summary>At most so many threads, made when they are needed; 0 means one for each processor.</summary>
    public int Threads { get; init; }

    /// <summary>How many messages an actor may handle before it must let others have the thread.</summary>
    public int Throughput { get; init; } = 100;

    /// <summary>For how long it may do so. It is looked at between messages, not at each.</summary>
    public TimeSpan ThroughputDeadline { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>For how long a thread without work looks around before it sleeps.</summary>
    public TimeSpan Spin { get; init; } = TimeSpan.FromMicroseconds(10);

    /// <summary>For inline dispatchers: which dispatcher runs what the telling thread may not.</summary>
    public string Backing { get; init; } = DefaultName;

    /// <summary>An inline dispatcher with the shares that suit a thread which has other things to do.</summary>
    public static DispatcherSettings Inline(string name, string backing = DefaultName) => new()
    {
        Name = name,
        Kind = DispatcherKind.Inline,
        Backing = backing,
        Throughput = 64,
        ThroughputDeadline = TimeSpan.FromMicroseconds(200),
    };

    internal void Check()
    {
        if (Name.Length == 0) throw new ArgumentException("A dispatcher needs a name.");
        if (Threads is < 0 or > 1024) throw Wrong(nameof(Threads), Threads, "0 to 1024");
        if (Throughput < 1) throw Wrong(nameof(Throughput), Throughput, "1 or more");
        if (ThroughputDeadline <= TimeSpan.Zero) throw Wrong(nameof(ThroughputDeadline), ThroughputDeadline, "above 0");
        if (Spin < TimeSpan.Zero) throw Wrong(nameof(Spin), Spin, "0 or more");
        if (Kind == DispatcherKind.Inline && Backing == Name) throw Wrong(nameof(Backing), Backing, "another dispatcher");
    }

    ArgumentException Wrong(string setting, object value, string allowed) =>
        new($"Dispatcher '{Name}': {setting} is {value}, but must be {allowed}.");
}
