using AkkaStream.Actors.Persistence;

namespace AkkaStream.TestKit.Actors;

/// <summary>Snapshots in memory; completes at once.</summary>
public sealed class InMemorySnapshotStore : ISnapshotStore
{
    readonly Lock _gate = new();
    readonly List<Snapshot> _snapshots = [];

    /// <summary>Makes each operation fail with this while it is set.</summary>
    public Exception? Failure { get; set; }

    public int Count
    {
        get
        {
            lock (_gate) return _snapshots.Count;
        }
    }

    public ValueTask SaveAsync(SnapshotMetadata metadata, object snapshot)
    {
        if (Failure is not null) return ValueTask.FromException(Failure);
        lock (_gate) _snapshots.Add(new Snapshot(metadata, snapshot));
        return ValueTask.CompletedTask;
    }

    public ValueTask<Snapshot?> LoadAsync(string persistenceId, long maxSequenceNr)
    {
        if (Failure is not null) return ValueTask.FromException<Snapshot?>(Failure);
        lock (_gate)
        {
            var newest = _snapshots
                .Where(s => s.Metadata.PersistenceId == persistenceId && s.Metadata.SequenceNr <= maxSequenceNr)
                .MaxBy(s => s.Metadata.SequenceNr);
            return ValueTask.FromResult(newest);
        }
    }

    public ValueTask DeleteAsync(string persistenceId, long maxSequenceNr)
    {
        if (Failure is not null) return ValueTask.FromException(Failure);
        lock (_gate)
        {
            _snapshots.RemoveAll(
                s => s.Metadata.PersistenceId == persistenceId && s.Metadata.SequenceNr <= maxSequenceNr);
        }

        return ValueTask.CompletedTask;
    }
}
