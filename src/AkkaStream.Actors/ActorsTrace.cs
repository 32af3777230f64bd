using AkkaStream.Actors.Supervision;
using Microsoft.Extensions.Logging;

namespace AkkaStream.Actors;

/// <summary>All log texts of the kernel; event ids 1000 to 1099.</summary>
sealed partial class ActorsTrace(ILogger logger)
{
    readonly ILogger _logger = logger;

    public void Failed(ActorCell actor, Directive directive, Type? message, Exception reason)
    {
        var done = directive switch
        {
            Directive.Resume => "goes on",
            Directive.Restart => "is restarted",
            Directive.Stop => "is stopped",
            _ => "escalates",
        };
        Failed(reason, actor.ToString(), reason.GetType().Name, reason.Message, message?.Name ?? "no message", done);
    }

    [LoggerMessage(1000, LogLevel.Error,
        "{Actor} {Directive} after {Exception}: {Reason} (at work on {MessageType})")]
    partial void Failed(
        Exception exceptionObject, string actor, string exception, string reason, string messageType, string directive);

    [LoggerMessage(1001, LogLevel.Warning, "{Actor} threw while it was already failing or stopping")]
    public partial void FailedAgain(ActorCell actor, Exception exception);

    [LoggerMessage(1002, LogLevel.Error, "{Actor}: PostStop threw; the actor is stopped all the same")]
    public partial void PostStopFailed(ActorCell actor, Exception exception);

    [LoggerMessage(1003, LogLevel.Error, "{Actor}: PreRestart threw; the actor is restarted all the same")]
    public partial void PreRestartFailed(ActorCell actor, Exception exception);

    [LoggerMessage(1004, LogLevel.Critical, "Actor system {Name} ends: a failure was escalated by all supervisors")]
    public partial void RootFailed(string name, Exception exception);

    [LoggerMessage(1010, LogLevel.Information,
        "Dead letter: {MessageType} from {Sender} to {Recipient} ({Reason})")]
    public partial void DeadLetter(Type messageType, string sender, string recipient, DeadLetterReason reason);

    [LoggerMessage(1011, LogLevel.Information, "{Count} more dead letters were not logged")]
    public partial void DeadLettersSuppressed(long count);

    [LoggerMessage(1012, LogLevel.Debug, "{Actor} does not handle {MessageType}")]
    public partial void Unhandled(ActorCell actor, Type messageType);

    [LoggerMessage(1020, LogLevel.Critical, "A bug of the kernel broke a turn of {Actor}")]
    public partial void TurnBroke(ActorCell actor, Exception exception);

    [LoggerMessage(1021, LogLevel.Critical, "Work on dispatcher {Dispatcher} threw")]
    public partial void DispatcherBroke(string dispatcher, Exception exception);

    [LoggerMessage(1022, LogLevel.Critical, "A timer threw when it was due")]
    public partial void TimerBroke(Exception exception);

    [LoggerMessage(1030, LogLevel.Warning,
        "{Actor} stopped ({Reason}) and is started again in {DelayMs} ms, restart {Count}")]
    public partial void BackingOff(ActorCell actor, string reason, double delayMs, int count);

    [LoggerMessage(1031, LogLevel.Error, "{Actor} was restarted {Count} times and is given up")]
    public partial void BackedOffTooOften(ActorCell actor, int count);

    [LoggerMessage(1040, LogLevel.Information, "Shutdown begins: {Reason}")]
    public partial void ShutdownBegins(string reason);

    [LoggerMessage(1041, LogLevel.Debug, "Shutdown phase {Phase}: {Tasks} tasks")]
    public partial void ShutdownPhase(string phase, int tasks);

    [LoggerMessage(1042, LogLevel.Warning, "Shutdown phase {Phase}: task {Task} failed; going on")]
    public partial void ShutdownTaskFailed(string phase, string task, Exception exception);

    [LoggerMessage(1043, LogLevel.Warning,
        "Shutdown phase {Phase}: {Tasks} not done within {TimeoutMs} ms; going on")]
    public partial void ShutdownTimedOut(string phase, string tasks, double timeoutMs);

    [LoggerMessage(1050, LogLevel.Error, "{Actor} ({PersistenceId}) stops: recovery failed at {Step}")]
    public partial void RecoveryFailed(ActorCell actor, string persistenceId, string step, Exception exception);

    [LoggerMessage(1051, LogLevel.Error,
        "{Actor} ({PersistenceId}) stops: the journal failed to write from sequence number {SequenceNr}")]
    public partial void WriteFailed(ActorCell actor, string persistenceId, long sequenceNr, Exception exception);

    [LoggerMessage(1052, LogLevel.Warning,
        "{Actor} ({PersistenceId}): the journal rejected {EventType}: {Reason}")]
    public partial void WriteRejected(ActorCell actor, string persistenceId, string eventType, string reason);
}
