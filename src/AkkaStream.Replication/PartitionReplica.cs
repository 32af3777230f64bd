using AkkaStream.Actors;
using AkkaStream.Log;
using AkkaStream.Protocol;

namespace AkkaStream.Replication;

/// <summary>
/// One replica of one partition. Everything that writes to its log is a message here, so that the log has one writer; readers use the
/// view that it publishes. Runs on the thread that brings the message when it is idle. Its log is opened when somebody first needs
/// it, on the disk lane; what arrives meanwhile waits.
/// </summary>
sealed partial class PartitionReplica(LocalReplica self, ReplicaEnvironment environment) : UntypedActor
{
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case AppendBatches append: OnAppend(append); break;
            case LogSynced synced: OnSynced(synced); break;
            case OpenReplica:
                _asker = Sender;
                OnOpen();
                break;
            case CheckLog: OnCheck(); break;
            case StillDamaged: OnStillDamaged(); break;
            case OpeningTooLong: RefuseWaiting(); break;
            case NeedLog: if (!Want() && !IsOffline) StartOpening(); break;
            case LogOpened opened: OnOpened(opened.Log); break;
            case LogNotOpened failed: OnNotOpened(failed.Cause); break;
            case LogRested rested: OnRested(rested.Problem); break;
            case TryAgain: if (IsOffline && _comesBack) StartOpening(); break;
            case TakeStanding take: OnTakeStanding(take.Standing); break;
            case TrimLog or GetProducers when !Want() && !IsOffline: WaitForLog(message); break;
            case TrimLog trim:
                _asker = Sender;
                OnTrim(trim.UpTo);
                break;
            case LogStartPersisted persisted: OnStartPersisted(persisted); break;
            case GetProducers: Sender.Tell(_log is null ? [] : _log.DescribeProducers()); break;
            case TendLog tend: OnTend(tend); break;
            case BeginCleaning begin: OnBeginCleaning(begin); break;
            case BeginScrub: OnBeginScrub(); break;
            case DamageFound found: OnDamageFound(found); break;
            case ScrubEnded ended: OnScrubEnded(ended); break;
            case SwapCleaned swap: OnSwapCleaned(swap); break;
            case EndCleaning end: OnEndCleaning(end); break;
            case DirectoryFailed: OnDirectoryFailed(); break;
            case ReadFailed read: OnReadFailed(read.Cause); break;
            case LaneFailed failed: throw new InvalidOperationException("The disk lane met what it should not.", failed.Cause);
            case CloseReplica close: OnClose(close.Delete, Sender); break;
            case LogClosed closed: OnLogClosed(closed); break;
            default: Unhandled(message); break;
        }
    }

    void OnAppend(AppendBatches append)
    {
        var standing = self.Standing;
        if (!standing.IsLeader)
        {
            append.Refuse(standing.Refusal, IsOffline ? BatchFault.LogOffline : BatchFault.None);
            return;
        }
        if (append.OnlyIn.IsKnown && append.OnlyIn != standing.Epoch)
        {
            append.Refuse(ErrorCode.NotLeaderOrFollower);
            return;
        }
        if (!Want())
        {
            if (IsOffline) append.Refuse(_offline, BatchFault.LogOffline);
            else WaitForLog(append);
            return;
        }
        if (!standing.HasEnoughInSync) RefuseThoseWhoNeedMore(append);
        var log = _log!;
        _inHand = append;
        bool waits = IsSyncNeeded(append, standing.Config);

        // The only replica is in sync with itself: what is written is committed, unless it has to be on the disk for that.
        var summary = log.AppendAsLeader(append.Batches, standing.Epoch, environment.NowMs(), isCommitted: standing.InSync <= 1 && !waits);
        var view = log.View;

        // Whoever has the answer may read at once, so the view comes before it; others that wait for news come after the producer.
        self.Show(view);
        _inHand = null;
        if (waits && log.OfflineReason is null && log.RecoveryPoint < summary.EndOffset)
        {
            AnswerWhenSynced(append, summary.EndOffset);
            return;
        }
        if (waits && log.OfflineReason is not null) append.TakeBack(ErrorCode.KafkaStorageError, BatchFault.DiskFailed);
        else append.Answer(view.StartOffset);
        self.Waiters.Signal();
        if (log.OfflineReason is { } reason) GoOffline(reason, comesBack: true);
        else NoteUnsynced(summary, standing.Config);
    }

    static void RefuseThoseWhoNeedMore(AppendBatches append)
    {
        var batches = append.Batches;
        for (int i = 0; i < batches.Length; i++)
        {
            if (append.AcksOf(i) == -1 && batches[i].Error == ErrorCode.None) batches[i].Refuse(ErrorCode.NotEnoughReplicas, BatchFault.None);
        }
    }

    void OnTakeStanding(ReplicaStanding standing)
    {
        try
        {
            OnStanding(standing);
        }
        finally
        {
            // All other partitions wait for this word.
            Sender.Tell(StandingTaken.Instance);
        }
    }

    void OnStanding(ReplicaStanding standing)
    {
        if (standing.IsLeader && standing.Epoch != self.Standing.Epoch) ReplicationTrace.Leads(environment.Log, self, standing.Epoch.Value);
        self.Told = standing;
        if (IsOffline) standing = standing with { Refusal = _offline };
        _log?.Configure(standing.Config);
        if (_log is not null && _isWanted && standing.IsLeader) Lead(_log, standing.Epoch);
        self.Stand(IsOffline ? standing with { Refusal = _offline } : standing);
    }
}
