using AkkaStream.Log.Cleaning;
using AkkaStream.Log.Files;

namespace AkkaStream.Log;

/// <summary>Compaction as the writer sees it: it begins and is put in place in the replica's turn, the rest happens elsewhere.</summary>
public sealed partial class PartitionLog
{
    int _retired;

    /// <summary>
    /// How dirty the log of this view is. Reads times from the disk where the topic asks for a lag; any thread.
    /// </summary>
    public static CleaningPlan PlanCleaning(LogDirectory directory, PartitionName name, LogReadView view, LogConfig config, long nowMs) =>
        Plan(directory, name, view, view.LastStableOffset, config, nowMs);

    static CleaningPlan Plan(LogDirectory directory, PartitionName name, LogReadView view, Offset stable, LogConfig config, long nowMs) =>
        CleaningPlan.For(
            CleaningFacts.Of(view, config),
            new CleaningBounds(
                view.StartOffset, view.EndOffset, stable, directory.RecoveryPointOf(name) ?? new Offset(0), directory.CleanerPositionOf(name)),
            config, nowMs);

    /// <summary>
    /// First step, in a turn. Null when there is nothing to compact, or nothing more before the next sync. The steps of what is returned
    /// wait for the disk and run elsewhere.
    /// </summary>
    public LogCompaction? BeginCleaning(CleaningLimits limits, long nowMs)
    {
        if (_closed || OfflineReason != null || !_config.IsCompacted) return null;

        // An end that is not replicated may be taken back, and the transaction end otherwise.
        if (_highWatermark < _producersReadAt) return null;
        // Nor may the marker that ended it be one that a crash takes away.
        bool isSynced = _recoveryPoint == _end;
        var stable = isSynced ? _view.LastStableOffset : new Offset(Math.Min(_syncedStable, _view.LastStableOffset.Value));
        var plan = Plan(_directory, Name, _view, stable, _config, nowMs);
        if (plan.CleanableBytes == 0 || plan.FirstUncleanable <= plan.FirstDirty) return null;
        var producers = new Dictionary<long, LastOfProducer>(_producers.Count);
        foreach (var entry in _producers.Producers)
            producers[entry.State.ProducerId] = new LastOfProducer(entry.State.LastOffset, entry.State.Epoch);
        return new LogCompaction(_directory, Name, _view, plan, _config, limits, producers, _generation, nowMs);
    }

    /// <summary>
    /// In a turn, when a swap is due: renames only. False when the log changed meanwhile and the work is worthless; nothing has happened then.
    /// Should the disk fail in the midst of it the log goes offline, and the next opening finishes what was begun.
    /// </summary>
    public bool SwapIn(LogCompaction compaction, long nowMs)
    {
        int at = Array.IndexOf(_segments, compaction.Replaced[0]);
        bool fits = !_closed && OfflineReason == null && _config.IsCompacted && compaction.Generation == _generation
            && at >= 0 && at + compaction.Replaced.Length < _segments.Length
            && _segments.AsSpan(at, compaction.Replaced.Length).SequenceEqual(compaction.Replaced);
        if (!fits || compaction.Cleaned is not { } cleaned)
        {
            compaction.Abandon();
            return false;
        }
        try
        {
            Replace(at, compaction.Replaced, cleaned, nowMs);
        }
        catch (IOException failure)
        {
            GoOffline($"a compacted segment could not be put in place: {failure.Message}");
            compaction.OnSwapFailed();
            return false;
        }
        compaction.OnSwapped();
        Publish();
        return true;
    }

    /// <summary>
    /// Last step, in a turn: what was compacted need not be again. On the disk with <see cref="LogDirectory.WriteCleanerPositions"/>.
    /// </summary>
    public void CompleteCleaning(LogCompaction compaction)
    {
        if (_closed || compaction.Stage != CleaningStage.Done || compaction.Generation != _generation) return;
        _directory.NoteCleanerPosition(Name, compaction.UpTo);
    }

    void Replace(int at, Segment[] replaced, Segment cleaned, long nowMs)
    {
        foreach (var file in cleaned.Files) file.Rename(file.Path[..^LogFileName.Cleaned.Length] + LogFileName.Swap);
        foreach (var segment in replaced)
        {
            foreach (var file in segment.Files)
            {
                // The same name may be retired more than once before the first of them is unlinked.
                file.Rename($"{file.Path}.{++_retired}{LogFileName.Deleted}");
                _deletions.Add(new Deletion(file, nowMs + _config.FileDeleteDelayMs));
            }
            bool isInside = segment.BaseOffset != cleaned.BaseOffset;
            if (isInside && _snapshots.Contains(segment.BaseOffset) && segment.BaseOffset != _snapshots.Max) DeleteSnapshot(segment.BaseOffset);
        }
        foreach (var file in cleaned.Files) file.Rename(file.Path[..^LogFileName.Swap.Length]);
        if (!cleaned.Transactions.Exists) cleaned.Transactions.File.Moved(cleaned.Transactions.File.Path[..^LogFileName.Cleaned.Length]);
        _segments = [.. _segments.AsSpan(..at), cleaned, .. _segments.AsSpan(at + replaced.Length)];
    }
}
