using AkkaStream.Actors;
using AkkaStream.Log;
using AkkaStream.Protocol;

namespace AkkaStream.Replication;

/// <summary>
/// Group commit. One sync of the log is under way at a time, on the disk lane; all appends that came before it are answered by it, those
/// that come meanwhile share the next one. Nothing that has to be synced is seen by consumers before it is.
/// </summary>
sealed partial class PartitionReplica
{
    const long LongestWaitMs = int.MaxValue;

    readonly Queue<(AppendBatches Append, Offset End)> _unsynced = new();
    bool _isSyncing;

    /// <summary>Asked for while one was under way, which may have begun before what is meant was written.</summary>
    bool _isSyncWanted;
    bool _isSyncDue;
    long _unsyncedRecords;

    /// <summary>
    /// Must this append be on the disk before it is answered? By the topic's durability, or as the one that makes flush.messages full.
    /// </summary>
    bool IsSyncNeeded(AppendBatches append, LogConfig config)
    {
        if (config.SyncsEveryAppend || _unsynced.Count > 0) return true;
        if (config.FlushMessages == long.MaxValue) return false;
        foreach (ref readonly var batch in append.Batches)
            if (batch.Error == ErrorCode.None) _unsyncedRecords += batch.RecordCount;
        return _unsyncedRecords >= config.FlushMessages;
    }

    void AnswerWhenSynced(AppendBatches append, Offset end)
    {
        append.FixOrder();
        _unsynced.Enqueue((append, end));
        StartSync();
    }

    /// <summary>An append that waits for no sync may still call for one: a finished segment is synced, and flush.ms counts from the first.</summary>
    void NoteUnsynced(in AppendSummary summary, LogConfig config)
    {
        if (summary.Rolled)
        {
            StartSync();
        }
        else if (config.FlushMs != long.MaxValue && !_isSyncDue && summary.Appended > 0)
        {
            _isSyncDue = true;
            environment.Keeper.Tell(new TendAt(LogDuty.Sync, self, environment.NowMs() + Math.Min(config.FlushMs, LongestWaitMs)));
        }
    }

    void StartSync()
    {
        _isSyncWanted = _isSyncing;
        if (_isSyncing || _log is not { } log || log.BeginFlush() is not { } flush) return;
        _isSyncing = true;
        var me = Self;
        environment.DiskLane.Schedule(new LaneWork(() =>
        {
            try
            {
                flush.Run();
                me.Tell(new LogSynced(log, flush));
            }
            catch (Exception failure)
            {
                me.Tell(new LaneFailed(failure));
            }
        }));
    }

    void OnSynced(LogSynced synced)
    {
        _isSyncing = false;
        if (_log == synced.Log) TakeOver(synced.Log, synced.Flush);
        if (self.Closing is { } close)
        {
            OnClose(close.Delete, close.Sender);
            return;
        }
        if (_unsynced.Count > 0 || _isSyncWanted) StartSync();
        RestIfUnwanted(); // what was asked for meanwhile may be synced already
    }

    void TakeOver(PartitionLog log, LogFlush flush)
    {
        log.CompleteFlush(flush);
        _unsyncedRecords = 0;
        _isSyncDue = false;
        if (log.OfflineReason is { } reason)
        {
            GoOffline(reason, comesBack: true);
            return;
        }
        if (self.Standing.InSync <= 1) log.AdvanceHighWatermark(log.RecoveryPoint);
        if (_isWanted) self.Show(log.View);
        while (_unsynced.TryPeek(out var first) && first.End <= log.RecoveryPoint) _unsynced.Dequeue().Append.Answer(log.View.StartOffset);
        self.Waiters.Signal();
    }

    void RefuseUnsynced()
    {
        while (_unsynced.TryDequeue(out var waiting)) waiting.Append.TakeBack(_offline, BatchFault.DiskFailed);
    }
}
