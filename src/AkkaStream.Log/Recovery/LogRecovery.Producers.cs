using AkkaStream.Log.Indexes;
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
        var replay = new ProducerReplay(_directory, _folder.FolderPath, _segments, _folder.Snapshots)
        {
            NowMs = _options.NowMs,
            ExpirationMs = _config.ProducerIdExpirationMs,
            IndexFrom = Math.Min(_checkedFrom, _transactionsFrom),
        };
        var producers = replay.Load(_end);
        EnterTransactions(replay);
        DropStraySnapshots();
        return producers;
    }

    /// <summary>
    /// What a transaction index tells below the doubtful offset stays, the rest is what the batches say. Each file is replaced as a whole, and only
    /// if it has to be: a recovery that ends in the midst of this leaves nothing that the next one would believe.
    /// </summary>
    void EnterTransactions(ProducerReplay replay)
    {
        for (int i = 0; i < _segments.Count; i++)
        {
            long begin = _segments[i].BaseOffset;
            long end = i + 1 < _segments.Count ? _segments[i + 1].BaseOffset : long.MaxValue;
            if (end <= replay.IndexFrom) continue;
            var transactions = _segments[i].Transactions;
            byte[] file = transactions.Exists ? _directory.Disk.ReadAll(transactions.File.Path) ?? [] : [];
            int believed = IndexTrust.Transactions(file, begin, replay.IndexFrom);
            var all = new List<AbortedTransaction>();
            for (int j = 0; j < believed; j++) all.Add(transactions.Read(j));
            all.AddRange(replay.Aborted.Where(aborted => aborted.LastOffset.Value >= begin && aborted.LastOffset.Value < end));
            transactions.ReplaceWith(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(all));
        }
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
