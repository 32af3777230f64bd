namespace AkkaStream.Actors;

/// <summary>The actor could not be made: its constructor, its factory or its PreStart threw.</summary>
public sealed class ActorInitializationException(IActorRef actor, string message, Exception? cause)
    : Exception($"{actor.Path}: {message}", cause)
{
    public IActorRef Actor { get; } = actor;
}

/// <summary>The actor was told <see cref="Kill"/>.</summary>
public sealed class ActorKilledException(string message) : Exception(message);

/// <summary>The actor watched another and did not handle its death.</summary>
public sealed class DeathPactException(IActorRef dead) : Exception($"the death of {dead.Path} was watched and not handled")
{
    public IActorRef Dead { get; } = dead;
}

/// <summary>The actor put more messages aside than its stash may hold.</summary>
public sealed class StashOverflowException(string message) : Exception(message);

/// <summary>No answer came within the time that the asker gave.</summary>
public sealed class AskTimeoutException(string message) : TimeoutException(message);

/// <summary>It became certain that no answer can come, before the time was over.</summary>
public sealed class AskFailedException(string message) : Exception(message);

/// <summary>A phase of the coordinated shutdown that may not fail did.</summary>
public sealed class ShutdownPhaseException(string message, Exception? cause) : Exception(message, cause);
