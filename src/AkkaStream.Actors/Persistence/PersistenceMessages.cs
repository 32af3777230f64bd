namespace AkkaStream.Actors.Persistence;

/// <summary>First message of a recovery, if there is a snapshot: the state to begin with.</summary>
public sealed record SnapshotOffer(SnapshotMetadata Metadata, object Snapshot);

/// <summary>Last message of a recovery: all events have been replayed, commands come next.</summary>
public sealed record RecoveryCompleted
{
    public static readonly RecoveryCompleted Instance = new();
}

/// <summary>Told to the actor itself when its snapshot is safe.</summary>
public sealed record SaveSnapshotSuccess(SnapshotMetadata Metadata);

/// <summary>Told to the actor itself when its snapshot could not be saved. It may try again or do without.</summary>
public sealed record SaveSnapshotFailure(SnapshotMetadata Metadata, Exception Cause);

/// <summary>Told to the actor itself when events are deleted.</summary>
public sealed record DeleteMessagesSuccess(long ToSequenceNr);

/// <summary>Told to the actor itself when events could not be deleted.</summary>
public sealed record DeleteMessagesFailure(long ToSequenceNr, Exception Cause);

/// <summary>Told to the actor itself when snapshots are deleted.</summary>
public sealed record DeleteSnapshotsSuccess(long MaxSequenceNr);

/// <summary>Told to the actor itself when snapshots could not be deleted.</summary>
public sealed record DeleteSnapshotsFailure(long MaxSequenceNr, Exception Cause);

/// <summary>How a persistent actor wants to be recovered.</summary>
/// <param name="ToSequenceNr">Stop the replay behind this event, for looking into the past; an actor recovered so must
/// not write.</param>
/// <param name="FromSnapshot">Whether to begin with a snapshot.</param>
public sealed record Recovery(long ToSequenceNr = long.MaxValue, bool FromSnapshot = true)
{
    public static readonly Recovery Default = new();
}
