using AkkaStream.Log.Files;

namespace AkkaStream.Log.Checkpoints;

/// <summary>
/// The offsets of one checkpoint file: noted in memory, written now and then, whole, and only when something changed. Any thread. Those who
/// need their word on the disk at the same time share one write.
/// </summary>
sealed class CheckpointTable(ILogFiles disk, string path, Dictionary<PartitionName, long>? found)
{
    readonly Lock _gate = new();
    readonly Lock _writing = new();
    readonly Dictionary<PartitionName, long> _offsets = found ?? [];
    long _changes;
    long _written;

    /// <summary>There was such a file, or there is now.</summary>
    public bool IsThere { get; private set; } = found != null;

    public Offset? Find(PartitionName partition)
    {
        lock (_gate) return _offsets.TryGetValue(partition, out long offset) ? new Offset(offset) : null;
    }

    public void Note(PartitionName partition, Offset offset)
    {
        lock (_gate)
        {
            if (_offsets.TryGetValue(partition, out long known) && known == offset.Value) return;
            _offsets[partition] = offset.Value;
            _changes++;
        }
    }

    public void Forget(PartitionName partition)
    {
        lock (_gate)
            if (_offsets.Remove(partition)) _changes++;
    }

    /// <summary>Everything noted before is durable when it returns. Waits for the disk.</summary>
    public void Write()
    {
        long wanted;
        lock (_gate) wanted = _changes;
        lock (_writing)
        {
            if (_written >= wanted) return;
            byte[] content;
            long changes;
            lock (_gate)
            {
                content = OffsetCheckpoint.Format(_offsets);
                changes = _changes;
            }
            disk.WriteAtomically(path, content, durable: true);
            IsThere = true;
            _written = changes;
        }
    }

    /// <summary>Also when there is nothing to tell yet.</summary>
    public void Begin()
    {
        lock (_gate) _changes++;
        Write();
    }
}
