using AkkaStream.Log.Producers;

namespace AkkaStream.Log;

/// <summary>When a segment has enough, the next one begins.</summary>
public sealed partial class PartitionLog
{
    readonly List<long> _unsyncedSnapshots = [];

    /// <summary>Finishes the last segment even if it has room. Nothing happens while it is empty. Throws when the disk fails.</summary>
    public void Roll(long nowMs)
    {
        if (Active.Size == 0) return;
        RollNow(_end, nowMs);
        Publish(_end, 0);
    }

    /// <summary>A segment with room for the batch, behind those that wait to be written. False when the disk refused.</summary>
    bool MakeRoom(int bytes, long maxTimestamp, int lastOffsetDelta, Span<ProducedBatch> batches, ref Append append)
    {
        int filled = Active.Size + _pendingBytes;
        long lastOffset = append.Next + lastOffsetDelta;
        try
        {
            if (!IsRollDue(bytes, filled, maxTimestamp, lastOffset, append.NowMs)) return true;
            if (!WritePending(batches, ref append)) return false;

            // Segments follow each other without a gap, as long as the numbers inside them allow it.
            RollNow(lastOffset - _end > int.MaxValue ? append.Next : _end, append.NowMs);
            append.Rolled = true;
            return true;
        }
        catch (IOException failure)
        {
            Fail(failure, ref append);
            return false;
        }
    }

    bool IsRollDue(int bytes, int filled, long maxTimestamp, long lastOffset, long nowMs)
    {
        var segment = Active;
        return filled > _config.SegmentBytes - bytes
            || (filled > 0 && Age(segment, maxTimestamp, nowMs) > _config.EffectiveSegmentMs - Jitter(segment))
            || segment.Offsets.Count >= _config.MaxOffsetEntries
            || segment.Times.Count >= _config.MaxTimeEntries - 1 // the last place is for the entry at the roll
            || lastOffset > segment.LastPossibleOffset;
    }

    /// <summary>By the records' own times where they have them: a log that is filled from an older one rolls as that did.</summary>
    long Age(Segment segment, long maxTimestamp, long nowMs)
    {
        long first = segment.Size == 0 && _pendingCount > 0 ? _pending[0].MaxTimestamp : SegmentTail.FirstTimestamp(segment);
        return first >= 0 ? maxTimestamp - first : nowMs - segment.CreatedMs;
    }

    /// <summary>Spread over segments and partitions, and the same after a restart.</summary>
    long Jitter(Segment segment)
    {
        if (_config.SegmentJitterMs == 0) return 0;
        ulong mixed = ((ulong)segment.BaseOffset * 31 + (uint)Name.Partition) * 0x9E3779B97F4A7C15;
        foreach (char letter in Name.Topic) mixed = (mixed ^ letter) * 0x100000001B3;
        return (long)(mixed >> 1) % Math.Min(_config.SegmentJitterMs, _config.SegmentMs);
    }

    void RollNow(long baseOffset, long nowMs)
    {
        var full = Active;
        if (full.Size == 0 && full.BaseOffset == baseOffset) return;
        Seal(full);
        if (_tookBack)
        {
            using var lease = full.LogFile.Lease();
            SyncWhatWasTakenBack(lease.File);
        }
        full.LastWriteMs = nowMs;
        WriteSnapshot();
        var next = SegmentStart.Create(_directory.Files, _path, baseOffset, nowMs);
        if (full.Size == 0) Remove(full);
        _segments = full.Size == 0 ? [.. _segments.AsSpan(..^1), next] : [.. _segments, next];
        _preallocatedTo = 0;
        _isDirty = true;
        LogTrace.Rolled(_directory.Log, Name.DirectoryName, _end);
    }

    /// <summary>The indexes complete, with the largest timestamp last, and space that was set aside given back.</summary>
    static void Seal(Segment segment)
    {
        if (segment.LargestTimestamp is { } largest) segment.Times.MaybeAppend(largest);
        segment.Offsets.WriteOut();
        segment.Times.WriteOut();
        using var lease = segment.LogFile.Lease();
        lease.File.Truncate(segment.Size);
    }

    /// <summary>The producers as they are at the log's end; once for an offset.</summary>
    void WriteSnapshot()
    {
        if (_end <= Math.Max(0, _snapshots.Max)) return;
        string path = SnapshotPath(_end);
        _directory.Disk.WriteAtomically(path, ProducerSnapshot.Format(_producers.Producers), durable: false);
        long previous = _snapshots.Max;
        _snapshots.Add(_end);
        _unsyncedSnapshots.Add(_end);
        if (previous >= 0 && !_segments.Any(segment => segment.BaseOffset == previous)) DeleteSnapshot(previous);
    }

    void DeleteSnapshot(long offset)
    {
        _directory.Disk.DeleteFile(SnapshotPath(offset));
        _snapshots.Remove(offset);
    }

    string SnapshotPath(long offset) => Path.Combine(_path, LogFileName.Of(offset, LogFileName.ProducerSnapshot));
}
