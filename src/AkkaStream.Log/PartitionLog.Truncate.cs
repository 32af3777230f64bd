using AkkaStream.Log.Indexes;
using AkkaStream.Log.Producers;
using AkkaStream.Log.Recovery;

namespace AkkaStream.Log;

/// <summary>Taking back what a follower got from a leader that did not have it: rare, and allowed to wait for the disk.</summary>
public sealed partial class PartitionLog
{
    /// <summary>
    /// The log ends at or before <paramref name="to"/> then: a batch that reaches beyond goes as a whole, as half a batch cannot be stored. Waits for
    /// the disk; throws when it fails, and then the log must be opened again.
    /// </summary>
    public void TruncateTo(Offset to, long nowMs)
    {
        if (to.Value >= _end) return;
        if (to.Value < _segments[0].BaseOffset)
        {
            TruncateFullyAndStartAt(to, nowMs);
            return;
        }
        long from = _end;
        _generation++;

        // The recovery point first: nobody may be promised what is about to go, not even after a crash half-way.
        int kept = SegmentsKept(to.Value);
        var (position, end) = FindCut(_segments[kept - 1], to.Value);
        if (end < _recoveryPoint) LowerRecoveryPoint(end);
        _directory.LowerCleanerPosition(Name, new Offset(end));
        DoubtMark.Leave(_directory.Disk, _path, Doubt.Truncating);
        RemoveSegmentsFrom(kept);
        CutActive(end, position);
        ForgetSnapshotsBehindEnd();
        SyncCut();
        WriteEpochs(_epochs.CutEnd(new Offset(_end)));
        LowerStart(_end);
        _highWatermark = Math.Min(_highWatermark, _end);
        _recoveryPoint = Math.Min(_recoveryPoint, _end);
        _indexesSyncedBelow = Math.Min(_indexesSyncedBelow, Active.BaseOffset);
        ReloadProducers();
        LogTrace.Truncated(_directory.Log, Name.DirectoryName, from, _end);
        Publish(_end, Active.Size);
    }

    /// <summary>Everything goes, and the log begins anew at this offset: the leader has nothing older. Waits for the disk.</summary>
    public void TruncateFullyAndStartAt(Offset start, long nowMs)
    {
        long from = _end;
        _generation++;
        LowerRecoveryPoint(0);
        _directory.LowerCleanerPosition(Name, new Offset(0));
        DoubtMark.Leave(_directory.Disk, _path, Doubt.Truncating);
        for (int i = _segments.Length - 1; i >= 0; i--) Remove(_segments[i]);
        foreach (long snapshot in _snapshots.ToArray()) DeleteSnapshot(snapshot);
        _unsyncedSnapshots.Clear();
        _segments = [SegmentStart.Create(_directory.Files, _path, start.Value, nowMs)];
        _start = _end = _highWatermark = _recoveryPoint = _indexesSyncedBelow = start.Value;
        _preallocatedTo = 0;
        SyncCut();
        _producers.Clear(_end);
        _syncedStable = 0;
        _producersReadAt = _end;
        WriteEpochs(LeaderEpochs.None);
        LowerStart(_end);
        _directory.NoteRecoveryPoint(Name, start);
        _directory.NoteHighWatermark(Name, start);
        LogTrace.Truncated(_directory.Log, Name.DirectoryName, from, _end);
        Publish(_end, 0);
    }

    void LowerRecoveryPoint(long to)
    {
        _recoveryPoint = Math.Min(_recoveryPoint, to);
        _directory.LowerRecoveryPoint(Name, new Offset(_recoveryPoint));
    }

    /// <summary>A start behind the end would hide what is appended next, after a restart at the latest.</summary>
    void LowerStart(long to)
    {
        _start = Math.Min(_start, to);
        _directory.LowerLogStart(Name, new Offset(to));
    }

    int SegmentsKept(long below)
    {
        int kept = _segments.Length;
        while (kept > 1 && _segments[kept - 1].BaseOffset >= below) kept--;
        return kept;
    }

    /// <summary>From the last to the first, so that a crash in between leaves a shorter log, not one with a hole.</summary>
    void RemoveSegmentsFrom(int kept)
    {
        for (int i = _segments.Length - 1; i >= kept; i--) Remove(_segments[i]);
        if (kept < _segments.Length) _segments = _segments[..kept];
    }

    void Remove(Segment segment)
    {
        foreach (var file in segment.Files)
        {
            file.Doom();
            _directory.Disk.DeleteFile(file.Path);
        }
    }

    /// <summary>
    /// The last segment gets a new object: readers with an older view are told to take a newer one. The indexes are cut before the log, so
    /// that none ever points behind it.
    /// </summary>
    void CutActive(long offset, int position)
    {
        var old = Active;
        Span<byte> buffer = stackalloc byte[4096];
        old.Offsets.WriteOut();
        old.Times.WriteOut();
        foreach (var file in old.Files) file.Doom();
        var sizes = new SegmentSizes(position, old.Offsets.Count, old.Times.Count, old.Transactions.Exists ? old.Transactions.Count : -1);
        var cut = new Segment(_directory.Files, _path, old.BaseOffset, old.CreatedMs, sizes) { NameIsSynced = old.NameIsSynced };
        cut.Offsets.CutTo(offset);
        cut.Times.CutTo(offset);
        cut.Transactions.CutTo(offset);
        using (var lease = cut.LogFile.Lease()) lease.File.Truncate(position);
        _preallocatedTo = 0;
        string? problem = SegmentTail.Load(cut, buffer, out _end);
        if (problem != null)
        {
            // Either the index is wrong or the log; without the index we shall know.
            IndexAnew(cut, buffer);
            problem = SegmentTail.Load(cut, buffer, out _end);
        }
        SegmentTail.FindLargestTimestamp(cut, position, buffer);
        if (problem != null) throw new LogDamagedException(cut.LogFile.Path, position, problem, "Let the replica be copied anew.");
        _segments = [.. _segments.AsSpan(..^1), cut];
    }

    void IndexAnew(Segment segment, Span<byte> buffer)
    {
        segment.Offsets.CutToCount(0);
        segment.Times.CutToCount(0);
        segment.BytesSinceIndexEntry = 0;
        segment.LargestTimestamp = null;
        using var lease = segment.LogFile.Lease();
        var scanner = new BatchScanner(lease.File, 0, segment.Size, buffer);
        while (scanner.Next(out var header) == ScanResult.Batch) SegmentTail.Note(segment, header, _config.IndexIntervalBytes);
    }

    /// <summary>
    /// Else a loss of power could bring back what was cut, behind batches that the new leader sent meanwhile: nobody could tell it from theirs.
    /// </summary>
    void SyncCut()
    {
        foreach (var file in Active.Files)
        {
            using var lease = file.Lease();
            lease.File.Flush();
        }
        _directory.Disk.SyncDirectory(_path);
        DoubtMark.Remove(_directory.Disk, _path, Doubt.Truncating);
    }

    /// <summary>Where the batches that reach to the offset begin, and where the log ends without them.</summary>
    static (int Position, long End) FindCut(Segment segment, long offset)
    {
        Span<byte> buffer = stackalloc byte[4096];
        using var lease = segment.LogFile.Lease();
        long end = segment.BaseOffset;
        var scanner = new BatchScanner(lease.File, segment.FloorPosition(offset - 1, segment.Size, lease.File, buffer), segment.Size, buffer);
        ScanResult result;
        while ((result = scanner.Next(out var header)) == ScanResult.Batch)
        {
            if (header.LastOffset >= offset) return (header.Position, end);
            end = header.NextOffset;
        }
        if (result == ScanResult.End) return (scanner.Position, end);
        throw new LogDamagedException(
            segment.LogFile.Path, scanner.Position, scanner.Problem ?? "no batch begins here.", "Let the replica be copied anew.");
    }

    void ForgetSnapshotsBehindEnd()
    {
        foreach (long snapshot in _snapshots.Above(_end))
        {
            DeleteSnapshot(snapshot);
            _unsyncedSnapshots.Remove(snapshot);
        }
    }

    void ReloadProducers()
    {
        var replay = new ProducerReplay(_directory, _path, _segments, _snapshots) { NowMs = 0, ExpirationMs = long.MaxValue };
        _producers = replay.Load(_end);
        _syncedStable = 0;
        _producersReadAt = _end;
        _producers.Transactions.OnHighWatermark(_highWatermark);
    }
}
