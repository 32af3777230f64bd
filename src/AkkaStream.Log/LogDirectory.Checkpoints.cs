using AkkaStream.Log.Files;

namespace AkkaStream.Log;

/// <summary>The offsets that partitions keep in files they share.</summary>
public sealed partial class LogDirectory
{
    /// <summary>Everything below is on the disk; null when nothing is known.</summary>
    public Offset? RecoveryPointOf(PartitionName partition) => _recoveryPoints.Find(partition) ?? (_recoveryPoints.IsThere ? new Offset(0) : null);

    /// <summary>Where DeleteRecords or retention moved the log's start to; null when it is where the first segment begins.</summary>
    public Offset? LogStartOf(PartitionName partition) => _logStarts.Find(partition);

    public Offset? HighWatermarkOf(PartitionName partition) => _highWatermarks.Find(partition);

    /// <summary>Up to here the log was compacted; null when it never was.</summary>
    public Offset? CleanerPositionOf(PartitionName partition) => _cleanerPositions.Find(partition);

    /// <summary>In memory until the next <see cref="WriteHighWatermarks"/>.</summary>
    public void NoteHighWatermark(PartitionName partition, Offset highWatermark) => _highWatermarks.Note(partition, highWatermark);

    /// <summary>What changed of the other checkpoints. Waits for the disk.</summary>
    public void WriteHighWatermarks() => _highWatermarks.Write();

    /// <summary>What changed of recovery points and log starts. Waits for the disk.</summary>
    public void WriteRecoveryPoints()
    {
        _recoveryPoints.Write();
        _logStarts.Write();
    }

    /// <summary>All of them, at the end.</summary>
    public void WriteCheckpoints()
    {
        WriteRecoveryPoints();
        WriteHighWatermarks();
        _cleanerPositions.Write();
    }

    /// <summary>
    /// For DeleteRecords: durable when it returns, as deleted records must not come back. Waits for the disk; any thread. The log takes it over
    /// with <see cref="PartitionLog.AdvanceLogStart"/>.
    /// </summary>
    public void PersistLogStart(PartitionName partition, Offset start)
    {
        if (LogStartOf(partition) is not { } known || known < start) _logStarts.Note(partition, start);
        _logStarts.Write();
    }

    internal void NoteRecoveryPoint(PartitionName partition, Offset point) => _recoveryPoints.Note(partition, point);

    /// <summary>Before a truncation: from here on the disk must not promise what is about to go.</summary>
    internal void LowerRecoveryPoint(PartitionName partition, Offset point)
    {
        if (_recoveryPoints.Find(partition) is { } known && known <= point) return;
        _recoveryPoints.Note(partition, point);
        _recoveryPoints.Write();
    }

    /// <summary>Before a truncation below the start.</summary>
    internal void LowerLogStart(PartitionName partition, Offset start)
    {
        if (_logStarts.Find(partition) is not { } known || known <= start) return;
        _logStarts.Note(partition, start);
        _logStarts.Write();
    }

    /// <summary>
    /// In memory until the next write. Never less than what the disk says: the names of deleted segments may come back, deleted records may not.
    /// </summary>
    internal void NoteLogStart(PartitionName partition, Offset start) => _logStarts.Note(partition, start);

    /// <summary>Up to here the log was compacted. An older one on the disk costs a round too many, and no more. Waits for the disk.</summary>
    public void WriteCleanerPositions() => _cleanerPositions.Write();

    /// <summary>In memory until the next write.</summary>
    internal void NoteCleanerPosition(PartitionName partition, Offset position) => _cleanerPositions.Note(partition, position);

    /// <summary>Before a truncation: what is appended from here on was never compacted.</summary>
    internal void LowerCleanerPosition(PartitionName partition, Offset to)
    {
        if (_cleanerPositions.Find(partition) is not { } known || known <= to) return;
        _cleanerPositions.Note(partition, to);
        _cleanerPositions.Write();
    }

    /// <summary>Nobody's: it is left as it is, and nothing depends on it.</summary>
    public void Disregard(PartitionName partition) => NoteWhole(partition);

    /// <summary>The log was opened and is whole. Once all are, a crash of the process alone needs only a short check.</summary>
    internal void NoteWhole(PartitionName partition)
    {
        bool all;
        lock (_gate)
        {
            _doubted.Remove(partition);
            all = _unchecked.Remove(partition) && _unchecked.Count == 0;
        }
        if (all) WriteBootId(Disk.BootId);
    }

    /// <summary>Its files were left as they were, by the last run or in this one: sizes and indexes are not to be believed.</summary>
    internal bool IsUnchecked(PartitionName partition)
    {
        lock (_gate) return _unchecked.Contains(partition);
    }

    internal void NoteUnchecked(PartitionName partition)
    {
        lock (_gate) _unchecked.Add(partition);
    }

    /// <summary>It went offline in this run, and has not been opened since: what reads well need not be on the disk.</summary>
    internal bool IsInDoubt(PartitionName partition)
    {
        lock (_gate) return _doubted.Contains(partition);
    }

    /// <summary>The whole directory failed: what reads well there need not be on the disk.</summary>
    public void NoteInDoubt(IEnumerable<PartitionName> partitions)
    {
        foreach (var partition in partitions) NoteInDoubt(partition);
    }

    /// <summary>Whether the directory can be written and synced now: null, or what is wrong. A full disk is not wrong. Waits for the disk.</summary>
    public string? Probe() => Probe(DirectoryPath, Disk);

    /// <summary>The same of one that is not open yet; it is made if it is not there.</summary>
    public static string? Probe(string directory, ILogFiles disk)
    {
        string path = Path.Combine(directory, ProbeFile);
        try
        {
            Make(directory, disk);
            disk.WriteAtomically(path, "Left by a check whether this disk works; may be deleted.\n"u8, durable: true);
            disk.DeleteFile(path);
            return null;
        }
        catch (IOException failure)
        {
            return DiskFailure.IsDiskFull(failure) ? null : failure.Message;
        }
    }

    /// <summary>The log went offline: nobody may believe it before it was looked through, also after a stop that was clean for all others.</summary>
    internal void NoteInDoubt(PartitionName partition)
    {
        lock (_gate)
        {
            _unchecked.Add(partition);
            _doubted.Add(partition);
        }
    }
}
