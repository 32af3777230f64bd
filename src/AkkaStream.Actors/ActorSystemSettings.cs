using AkkaStream.Actors.Dispatch;
using AkkaStream.Actors.Supervision;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AkkaStream.Actors;

/// <summary>What may be set about an actor system; reference.conf beside this file gives the reasons.</summary>
public sealed record ActorSystemSettings
{
    /// <summary>The named dispatchers. One named default is always there, if need be with default values.</summary>
    public IReadOnlyList<DispatcherSettings> Dispatchers { get; init; } = [];

    /// <summary>How many messages an actor may stash.</summary>
    public int StashCapacity { get; init; } = 10_000;

    /// <summary>How many dead letters get a log line of their own within one window.</summary>
    public int DeadLetterLogLimit { get; init; } = 10;

    public TimeSpan DeadLetterLogWindow { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For everything that chance decides, such as jitter; 0 takes one from the clock.</summary>
    public long Seed { get; init; }

    /// <summary>
    /// How the guardian of /user judges top-level actors. To escalate there ends the system. Code, not configuration.
    /// </summary>
    public SupervisorStrategy GuardianStrategy { get; init; } = OneForOneStrategy.Default;

    /// <summary>The phases of the coordinated shutdown, in any order; their dependencies say which comes first.</summary>
    public IReadOnlyList<ShutdownPhase> ShutdownPhases { get; init; } = ShutdownPhase.Defaults;
}

/// <summary>What a system takes from outside: clock, log, threads. Tests and the simulator bring their own.</summary>
public sealed record ActorSystemSeams
{
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Makes every dispatcher in place of the kernel's own; called once for each name.</summary>
    public Func<DispatcherSettings, Dispatcher>? Dispatchers { get; init; }
}
