using AkkaStream.Log.Producers;

namespace AkkaStream.Log.Recovery;

/// <summary>The producers' state: the newest snapshot that can be read, and the batches since.</summary>
sealed partial class LogRecovery
{
    ProducerTable LoadProducers()
    {
        foreach (long offset in _folder.Snapshots.Above(_end))
        {
            // Should it come back, it would tell of producers as they were in a log that is gone.
            Drop(offset);
            _isCut = true;
        }
        foreach (var segment in _segments.Where(segment => segment.BaseOffset >= _transactionsFrom)) segment.Transactions.CutTo(segment.BaseOffset);
        var replay = new ProducerReplay(_directory, _folder.FolderPath, _segments, _folder.Snapshots)
        {
            NowMs = _options.NowMs,
            ExpirationMs = _config.ProducerIdExpirationMs,
            IndexFrom = Math.Min(_checkedFrom, _transactionsFrom),
        };
        var producers = replay.Load(_end);
        DropStraySnapshots();
        return producers;
    }

    /// <summary>Those at the beginning of a segment are kept for the day that the log is truncated, and the newest.</summary>
    void DropStraySnapshots()
    {
        long newest = _folder.Snapshots.Max;
        foreach (long offset in _folder.Snapshots.ToArray())
        {
            if (offset != newest && !_segments.Exists(segment => segment.BaseOffset == offset)) Drop(offset);
        }
    }

    void Drop(long offset)
    {
        _directory.Disk.DeleteFile(Path.Combine(_folder.FolderPath, LogFileName.Of(offset, LogFileName.ProducerSnapshot)));
        _folder.Snapshots.Remove(offset);
    }
}
