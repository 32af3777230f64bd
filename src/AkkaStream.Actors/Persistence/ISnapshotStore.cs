namespace AkkaStream.Actors.Persistence;

/// <summary>
/// Keeps states of persistent actors, so that a recovery need not replay all events. Losing a snapshot costs time and
/// nothing else, as long as its events are kept. Called from actors' turns: it must not block.
/// </summary>
public interface ISnapshotStore
{
    ValueTask SaveAsync(SnapshotMetadata metadata, object snapshot);

    /// <summary>The newest one up to and with this number, or null.</summary>
    ValueTask<Snapshot?> LoadAsync(string persistenceId, long maxSequenceNr);

    /// <summary>Deletes all up to and with this number.</summary>
    ValueTask DeleteAsync(string persistenceId, long maxSequenceNr);
}

/// <summary>Of whom, and behind which event, a snapshot is.</summary>
public sealed record SnapshotMetadata(string PersistenceId, long SequenceNr, DateTimeOffset Timestamp);

/// <summary>A snapshot as the store hands it out.</summary>
public sealed record Snapshot(SnapshotMetadata Metadata, object Content);
