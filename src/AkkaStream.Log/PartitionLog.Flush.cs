using AkkaStream.Log.Files;
using AkkaStream.Log.Recovery;

namespace AkkaStream.Log;

/// <summary>Making written bytes durable, in three steps so that no turn waits for the disk.</summary>
public sealed partial class PartitionLog
{
    /// <summary>Counts truncations: a flush that began before one says nothing about the log after it.</summary>
    int _generation;
    bool _flushing;

    /// <summary>The indexes of the segments that begin below are on the disk.</summary>
    long _indexesSyncedBelow;

    /// <summary>First step, in a turn: what there is to sync up to the present end. Null when there is nothing, or one is under way.</summary>
    public LogFlush? BeginFlush()
    {
        bool nothing = _recoveryPoint == _end && !_epochsUnsynced && _unsyncedSnapshots.Count == 0;
        return _flushing || nothing || OfflineReason != null ? null : BeginFlush(isLast: false);
    }

    LogFlush BeginFlush(bool isLast)
    {
        _flushing = true;
        var flush = new LogFlush(_directory, _path, new Offset(_end), _generation);
        for (int i = _view.FloorSegment(Math.Min(_recoveryPoint, _indexesSyncedBelow)); i < _segments.Length; i++)
        {
            var segment = _segments[i];
            flush.Files.Add(segment.LogFile);
            if (segment.Transactions.Exists) flush.Files.Add(segment.Transactions.File);

            // The last segment's indexes are believed only as far as they rise, so a lost page of theirs costs a longer check and no more.
            // Those of finished segments are believed as they are.
            if (i < _segments.Length - 1 || isLast) flush.Files.AddRange([segment.Offsets.File, segment.Times.File]);
            flush.SyncsNames |= !segment.NameIsSynced;
        }
        flush.Segments = _segments;
        flush.Stable = _view.LastStableOffset.Value;
        foreach (long snapshot in _unsyncedSnapshots) flush.Paths.Add(SnapshotPath(snapshot));
        _unsyncedSnapshots.Clear();
        if (_epochsUnsynced) flush.Paths.Add(EpochPath);
        _epochsUnsynced = false;
        return flush;
    }

    /// <summary>
    /// Third step, in a turn. A flush that failed takes the log offline: the system may have thrown away what it could not write, so trying
    /// again would promise what is not there.
    /// </summary>
    public void CompleteFlush(LogFlush flush)
    {
        Bug.Assert(_flushing);
        _flushing = false;
        if (flush.Failure != null)
        {
            GoOffline($"a sync failed: {flush.Failure.Message}");
            return;
        }
        foreach (var segment in flush.Segments) segment.NameIsSynced = true;
        if (flush.Generation != _generation) return;
        _indexesSyncedBelow = flush.Segments[^1].BaseOffset;
        _syncedStable = flush.Stable;
        if (flush.UpTo.Value <= _recoveryPoint) return;
        _recoveryPoint = flush.UpTo.Value;
        _directory.NoteRecoveryPoint(Name, flush.UpTo);
    }
}

/// <summary>One sync of a log, between its beginning and its completion. <see cref="Run"/> waits for the disk and may run on any thread.</summary>
public sealed class LogFlush
{
    readonly LogDirectory _home;
    readonly ILogFiles _disk;
    readonly string _directory;

    internal LogFlush(LogDirectory home, string directory, Offset upTo, int generation)
    {
        _home = home;
        _disk = home.Disk;
        _directory = directory;
        UpTo = upTo;
        Generation = generation;
    }

    /// <summary>Everything below is durable once this has run without a failure.</summary>
    public Offset UpTo { get; }

    /// <summary>Null while all went well.</summary>
    public IOException? Failure { get; private set; }

    internal int Generation { get; }
    internal List<SegmentFile> Files { get; } = [];
    internal List<string> Paths { get; } = [];
    internal bool SyncsNames { get; set; }
    internal Segment[] Segments { get; set; } = [];

    /// <summary>The last stable offset when it began.</summary>
    internal long Stable { get; set; }

    public void Run()
    {
        try
        {
            foreach (var file in Files)
            {
                if (!file.TryLease(out var lease)) continue; // deleted meanwhile: nobody needs it any more
                using (lease) lease.File.Flush();
            }
            foreach (string path in Paths) SyncIfThere(path);
            if (SyncsNames || Paths.Count > 0) _disk.SyncDirectory(_directory);
            _home.SyncNamesIfNeeded();
        }
        catch (IOException failure)
        {
            Failure = failure;
            DoubtMark.TryLeave(_disk, _directory, Doubt.SyncFailed);
        }
    }

    /// <summary>These are replaced and deleted by the writer meanwhile; whatever is there is at least as new.</summary>
    void SyncIfThere(string path)
    {
        try
        {
            using var file = _disk.Open(path);
            file.Flush();
        }
        catch (FileNotFoundException)
        {
            // Replaced by a newer one, which the next flush takes.
        }
    }
}
