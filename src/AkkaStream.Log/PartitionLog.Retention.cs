using AkkaStream.Log.Files;

namespace AkkaStream.Log;

/// <summary>Letting go of old segments: planned by <see cref="Retention"/>, done here, unlinked later.</summary>
public sealed partial class PartitionLog
{
    readonly List<Deletion> _deletions = [];

    /// <summary>Reads the time index of segments it has not met yet: waits for the disk.</summary>
    public SegmentFacts[] DescribeSegments()
    {
        var facts = new SegmentFacts[_segments.Length];
        for (int i = 0; i < facts.Length; i++)
        {
            var segment = _segments[i];
            long largest = (segment.LargestTimestamp ??= segment.Times.Last).Timestamp;
            if (largest < 0) largest = segment == Active ? segment.CreatedMs : segment.LastWriteMs;
            facts[i] = new SegmentFacts(new Offset(segment.BaseOffset), segment.Size, largest);
        }
        return facts;
    }

    /// <summary>
    /// Plans and carries out. The segments are gone for readers with the next view; those who hold a lease read on. Waits for the disk.
    /// </summary>
    public RetentionPlan ApplyRetention(long nowMs)
    {
        var plan = Retention.Plan(DescribeSegments(), StartOffset, HighWatermark, EndOffset, _config, nowMs);
        if (plan.DeleteCount == 0) return plan;
        if (plan.RollsFirst) RollNow(_end, nowMs);
        var gone = _segments.AsSpan(0, plan.DeleteCount);
        foreach (var segment in gone) Retire(segment, nowMs + _config.FileDeleteDelayMs);
        _segments = [.. _segments.AsSpan(plan.DeleteCount..)];
        long first = _segments[0].BaseOffset;
        if (first >= _start)
        {
            _directory.NoteLogStart(Name, new Offset(first));
            MoveStart(first);
        }
        LogTrace.SegmentsDeleted(_directory.Log, Name.DirectoryName, plan.DeleteCount, first, plan.Reason.ToString());
        Publish();
        return plan;
    }

    /// <summary>Really deletes what was retired long enough ago; called now and then.</summary>
    public void UnlinkDeleted(long nowMs)
    {
        foreach (var deletion in _deletions)
        {
            if (deletion.DueMs > nowMs) continue;
            deletion.File.Doom();
            _directory.Disk.DeleteFile(deletion.File.Path);
        }
        _deletions.RemoveAll(deletion => deletion.DueMs <= nowMs);
    }

    void Retire(Segment segment, long dueMs)
    {
        foreach (var file in segment.Files)
        {
            file.Rename(file.Path + LogFileName.Deleted);
            _deletions.Add(new Deletion(file, dueMs));
        }
        if (_snapshots.Contains(segment.BaseOffset) && segment.BaseOffset != _snapshots.Max) DeleteSnapshot(segment.BaseOffset);
    }

    readonly record struct Deletion(SegmentFile File, long DueMs);
}
