namespace AkkaStream.Actors.Supervision;

/// <summary>For a <see cref="BackoffSupervisor"/>: which child, and how long it stays down.</summary>
public sealed record BackoffSettings
{
    public required Props ChildProps { get; init; }

    public required string ChildName { get; init; }

    /// <summary>The first pause; each next one is twice as long.</summary>
    public TimeSpan MinBackoff { get; init; } = TimeSpan.FromMilliseconds(200);

    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How much longer, by chance, a pause may be: 0.2 means up to a fifth.</summary>
    public double RandomFactor { get; init; } = 0.2;

    /// <summary>A child that has lived so long begins again with the first pause; null means MinBackoff.</summary>
    public TimeSpan? ResetAfter { get; init; }

    /// <summary>After so many restarts in a row the supervisor stops; below 0 it never does.</summary>
    public int MaxRestarts { get; init; } = -1;

    /// <summary>Whether a child that stops without a failure comes back, too.</summary>
    public bool RestartsAfterNormalStop { get; init; } = true;

    /// <summary>Restart brings the child back after the pause, Stop ends the supervisor as well.</summary>
    public Func<Exception, Directive> Decider { get; init; } = static _ => Directive.Restart;

    internal void Check()
    {
        if (MinBackoff <= TimeSpan.Zero) throw new ArgumentException($"MinBackoff is {MinBackoff}, must be above zero.");
        if (MaxBackoff < MinBackoff) throw new ArgumentException($"MaxBackoff {MaxBackoff} is below MinBackoff {MinBackoff}.");
        if (RandomFactor is < 0 or > 1) throw new ArgumentException($"RandomFactor is {RandomFactor}, must be 0 to 1.");
    }
}

/// <summary>Asks a <see cref="BackoffSupervisor"/> for its child.</summary>
public sealed record GetCurrentChild
{
    public static readonly GetCurrentChild Instance = new();
}

/// <summary>Answer to <see cref="GetCurrentChild"/>; null while it is down.</summary>
public sealed record CurrentChild(IActorRef? Child);

/// <summary>Asks a <see cref="BackoffSupervisor"/> how often in a row the child came back.</summary>
public sealed record GetRestartCount
{
    public static readonly GetRestartCount Instance = new();
}

/// <summary>Answer to <see cref="GetRestartCount"/>.</summary>
public sealed record RestartCountReply(int Count);
