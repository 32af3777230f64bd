using AkkaStream.Log.Indexes;
using AkkaStream.Log.Producers;

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
        if (to.Value < _recoveryPoint) LowerRecoveryPoint(to.Value);
        RemoveSegmentsBehind(to.Value);
        CutActive(to.Value);
        ForgetSnapshotsBehindEnd();
        WriteEpochs(_epochs.CutEnd(new Offset(_end)));
        _start = Math.Min(_start, _end);
        _highWatermark = Math.Min(_highWatermark, _end);
        _recoveryPoint = Math.Min(_recoveryPoint, _end);
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
        for (int i = _segments.Length - 1; i >= 0; i--) Remove(_segments[i]);
        foreach (long snapshot in _snapshots.ToArray()) DeleteSnapshot(snapshot);
        _unsyncedSnapshots.Clear();
        _segments = [SegmentStart.Create(_directory.Files, _path, start.Value, nowMs)];
        _start = _end = _highWatermark = _recoveryPoint = start.Value;
        _preallocatedTo = 0;
        _producers.Clear(_end);
        WriteEpochs(LeaderEpochs.None);
        _directory.ForgetLogStart(Name);
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

    /// <summary>From the last to the first, so that a crash in between leaves a shorter log, not one with a hole.</summary>
    void RemoveSegmentsBehind(long offset)
    {
        int keep = _segments.Length;
        while (keep > 1 && _segments[keep - 1].BaseOffset >= offset) Remove(_segments[--keep]);
        if (keep < _segments.Length) _segments = _segments[..keep];
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
    void CutActive(long offset)
    {
        var old = Active;
        Span<byte> buffer = stackalloc byte[4096];
        old.Offsets.WriteOut();
        old.Times.WriteOut();
        int position = FirstPositionReaching(old, offset, buffer);
        foreach (var file in old.Files) file.Doom();
        var sizes = new SegmentSizes(position, old.Offsets.Count, old.Times.Count, old.Transactions.Count);
        var cut = new Segment(_directory.Files, _path, old.BaseOffset, old.CreatedMs, sizes) { NameIsSynced = old.NameIsSynced };
        cut.Offsets.CutTo(offset);
        cut.Times.CutTo(offset);
        cut.Transactions.CutTo(offset);
        using (var lease = cut.LogFile.Lease()) lease.File.Truncate(position);
        _preallocatedTo = 0;
        string? problem = SegmentTail.Load(cut, buffer, out _end);
        if (problem != null) throw new LogDamagedException(cut.LogFile.Path, position, problem, "Let the replica be copied anew.");
        _segments = [.. _segments.AsSpan(..^1), cut];
    }

    static int FirstPositionReaching(Segment segment, long offset, Span<byte> buffer)
    {
        segment.Offsets.TryFindFloor(offset, ReadMode.MayWait, out var start);
        using var lease = segment.LogFile.Lease();
        var scanner = new BatchScanner(lease.File, start.Position, segment.Size, buffer);
        while (scanner.Next(out var header) == ScanResult.Batch)
            if (header.LastOffset >= offset) return header.Position;
        return scanner.Position;
    }

    void ForgetSnapshotsBehindEnd()
    {
        foreach (long snapshot in _snapshots.Where(offset => offset > _end).ToArray())
        {
            DeleteSnapshot(snapshot);
            _unsyncedSnapshots.Remove(snapshot);
        }
    }

    void ReloadProducers()
    {
        var replay = new ProducerReplay(_directory, _path, _segments, _snapshots) { NowMs = 0, ExpirationMs = long.MaxValue };
        _producers = replay.Load(_end);
        _producers.Transactions.OnHighWatermark(_highWatermark);
    }
}
