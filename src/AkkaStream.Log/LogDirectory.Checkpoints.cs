using AkkaStream.Log.Checkpoints;

namespace AkkaStream.Log;

/// <summary>The offsets that partitions keep in files they share.</summary>
public sealed partial class LogDirectory
{
    /// <summary>Everything below is on the disk; null when nothing is known.</summary>
    public Offset? RecoveryPointOf(PartitionName partition) =>
        Look(_recoveryPoints, partition) ?? (_hadRecoveryPoints ? new Offset(0) : null);

    /// <summary>Where DeleteRecords or retention moved the log's start to; null when it is where the first segment begins.</summary>
    public Offset? LogStartOf(PartitionName partition) => Look(_logStarts, partition);

    public Offset? HighWatermarkOf(PartitionName partition) => Look(_highWatermarks, partition);

    /// <summary>In memory until the next <see cref="WriteCheckpoints"/>.</summary>
    public void NoteHighWatermark(PartitionName partition, Offset highWatermark) => Note(_highWatermarks, partition, highWatermark);

    /// <summary>Writes all three files. Called every few seconds, and at the end; waits for the disk.</summary>
    public void WriteCheckpoints()
    {
        Write(OffsetCheckpoint.RecoveryPoints, _recoveryPoints);
        WriteLogStarts();
        Write(OffsetCheckpoint.HighWatermarks, _highWatermarks);
    }

    internal void NoteRecoveryPoint(PartitionName partition, Offset point) => Note(_recoveryPoints, partition, point);

    /// <summary>Before a truncation: from here on the disk must not promise what is about to go.</summary>
    internal void LowerRecoveryPoint(PartitionName partition, Offset point)
    {
        lock (_gate)
        {
            if (_recoveryPoints.TryGetValue(partition, out long known) && known <= point.Value) return;
            _recoveryPoints[partition] = point.Value;
        }
        Write(OffsetCheckpoint.RecoveryPoints, _recoveryPoints);
    }

    /// <summary>Durable when it returns: deleted records must not come back.</summary>
    internal void PersistLogStart(PartitionName partition, Offset start)
    {
        NoteLogStart(partition, start);
        WriteLogStarts();
    }

    /// <summary>
    /// In memory until the next write. Never less than what the disk says: the names of deleted segments may come back, deleted records may not.
    /// </summary>
    internal void NoteLogStart(PartitionName partition, Offset start)
    {
        lock (_gate)
        {
            _logStarts[partition] = start.Value;
            _unwrittenStarts.Add(partition);
        }
    }

    /// <summary>Durable when it returns, if it was noted only.</summary>
    internal void WriteLogStart(PartitionName partition)
    {
        bool isWritten;
        lock (_gate) isWritten = !_unwrittenStarts.Contains(partition);
        if (!isWritten) WriteLogStarts();
    }

    void WriteLogStarts()
    {
        PartitionName[] noted;
        lock (_gate) noted = [.. _unwrittenStarts];
        Write(OffsetCheckpoint.LogStarts, _logStarts);
        lock (_gate) _unwrittenStarts.ExceptWith(noted);
    }

    /// <summary>The log was opened and is whole. Once all are, a crash of the process alone needs only a short check.</summary>
    internal void NoteWhole(PartitionName partition)
    {
        bool all;
        lock (_gate) all = _unchecked.Remove(partition) && _unchecked.Count == 0;
        if (all) WriteBootId(Disk.BootId);
    }

    /// <summary>The log went offline: nobody may believe it before it was looked through, also after a stop that was clean for all others.</summary>
    internal void NoteInDoubt(PartitionName partition)
    {
        lock (_gate) _unchecked.Add(partition);
    }

    Offset? Look(Dictionary<PartitionName, long> table, PartitionName partition)
    {
        lock (_gate) return table.TryGetValue(partition, out long offset) ? new Offset(offset) : null;
    }

    void Note(Dictionary<PartitionName, long> table, PartitionName partition, Offset offset)
    {
        lock (_gate) table[partition] = offset.Value;
    }

    void Write(string name, Dictionary<PartitionName, long> table)
    {
        // The lock around both steps keeps an older table from overwriting a newer one.
        lock (_writing)
        {
            byte[] content;
            lock (_gate) content = OffsetCheckpoint.Format(table);
            Disk.WriteAtomically(Path.Combine(DirectoryPath, name), content, durable: true);
        }
    }
}
