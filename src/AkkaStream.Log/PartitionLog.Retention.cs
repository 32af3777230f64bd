using AkkaStream.Log.Files;

namespace AkkaStream.Log;

/// <summary>Letting go of old segments: planned by <see cref="Retention"/>, done here, unlinked later.</summary>
public sealed partial class PartitionLog
{
    readonly List<Deletion> _deletions = [];

    /// <summary>When the next of the retired files may go; null when there are none.</summary>
    public long? NextUnlinkMs => _deletions.Count == 0 ? null : _deletions.Min(deletion => deletion.DueMs);

    /// <summary>
    /// Reads the time index of segments it has not met yet, as far as retention by time gets: waits for the disk. The times of the
    /// others are left at <see cref="long.MaxValue"/>.
    /// </summary>
    public SegmentFacts[] DescribeSegments(long nowMs)
    {
        var facts = new SegmentFacts[_segments.Length];
        bool byTime = (_config.Cleanup & CleanupPolicy.Delete) != 0 && _config.RetentionMs >= 0;
        for (int i = 0; i < facts.Length; i++)
        {
            long largest = byTime ? LargestTimestamp(_segments[i]) : long.MaxValue;
            byTime &= nowMs - largest > _config.RetentionMs;
            facts[i] = new SegmentFacts(new Offset(_segments[i].BaseOffset), _segments[i].Size, largest);
        }
        return facts;
    }

    /// <summary>Of records without times the file's time counts.</summary>
    long LargestTimestamp(Segment segment)
    {
        long largest = (segment.LargestTimestamp ??= segment.Times.Last).Timestamp;
        return largest >= 0 ? largest : segment == Active ? segment.CreatedMs : segment.LastWriteMs;
    }

    /// <summary>
    /// Plans and carries out. The segments are gone for readers with the next view; those who hold a lease read on. Waits for the disk.
    /// </summary>
    public RetentionPlan ApplyRetention(long nowMs)
    {
        var plan = Retention.Plan(DescribeSegments(nowMs), StartOffset, HighWatermark, EndOffset, _config, nowMs);
        if (plan.DeleteCount == 0) return plan;
        if (plan.RollsFirst && !TryRoll(nowMs)) plan = plan with { DeleteCount = plan.DeleteCount - 1, RollsFirst = false };
        int gone = 0;
        while (gone < plan.DeleteCount && TryRetire(_segments[gone], nowMs + _config.FileDeleteDelayMs)) gone++;
        if (gone == 0) return RetentionPlan.Nothing;
        _segments = [.. _segments.AsSpan(gone..)];
        long first = _segments[0].BaseOffset;
        if (first >= _start)
        {
            _directory.NoteLogStart(Name, new Offset(first));
            MoveStart(first);
        }
        LogTrace.SegmentsDeleted(_directory.Log, Name.DirectoryName, gone, first, plan.Reason.ToString());
        Publish();
        return plan with { DeleteCount = gone };
    }

    /// <summary>A disk without room for a new segment gets some when the others go.</summary>
    bool TryRoll(long nowMs)
    {
        try
        {
            RollNow(_end, nowMs);
            return true;
        }
        catch (IOException failure) when (DiskFailure.IsDiskFull(failure))
        {
            return false;
        }
    }

    /// <summary>Really deletes what was retired long enough ago; called now and then.</summary>
    public void UnlinkDeleted(long nowMs)
    {
        for (int i = _deletions.Count - 1; i >= 0; i--)
        {
            var deletion = _deletions[i];
            if (deletion.DueMs > nowMs) continue;
            try
            {
                deletion.File.Doom();
                _directory.Disk.DeleteFile(deletion.File.Path);
                _deletions.RemoveAt(i);
            }
            catch (IOException failure)
            {
                LogTrace.NotDeleted(_directory.Log, deletion.File.Path, failure.Message);
                _deletions[i] = deletion with { DueMs = nowMs + _config.FileDeleteDelayMs };
            }
        }
    }

    /// <summary>
    /// False when the disk refuses: then it stays, and all behind it. Without its log an index is nothing: the next opening drops it.
    /// </summary>
    bool TryRetire(Segment segment, long dueMs)
    {
        try
        {
            foreach (var file in segment.Files)
            {
                file.Rename(file.Path + LogFileName.Deleted);
                _deletions.Add(new Deletion(file, dueMs));
            }
            if (_snapshots.Contains(segment.BaseOffset) && segment.BaseOffset != _snapshots.Max) DeleteSnapshot(segment.BaseOffset);
            return true;
        }
        catch (IOException failure)
        {
            bool isGone = segment.LogFile.Path.EndsWith(LogFileName.Deleted, StringComparison.Ordinal);
            LogTrace.NotDeleted(_directory.Log, segment.LogFile.Path, failure.Message);
            return isGone;
        }
    }

    readonly record struct Deletion(SegmentFile File, long DueMs);
}
