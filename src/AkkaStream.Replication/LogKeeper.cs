using AkkaStream.Actors;
using AkkaStream.Log;
using AkkaStream.Log.Files;

namespace AkkaStream.Replication;

/// <summary>
/// Looks after all logs of this broker in the background: what is old goes, what was noted is written down, what waits for its time is woken.
/// A few timers for ten thousand partitions. The work itself runs on the disk lane, in slices, so that whoever needs the lane meanwhile
/// waits for a slice and not for a round; what only the log's writer may do happens in the replica's turn, brought by the lane's thread.
/// </summary>
sealed partial class LogKeeper(ReplicaTable table, ReplicaEnvironment environment) : UntypedActor
{
    const int ReplicasPerSlice = 64;

    readonly UnopenedLogs _unopened = new(environment);
    readonly PriorityQueue<LocalReplica, long> _unlinks = new();
    readonly PriorityQueue<LocalReplica, long> _syncs = new();

    protected override void PreStart()
    {
        Timers.StartSingleTimer(LogDuty.Retention, LogDuty.Retention, environment.Care.InitialDelay);
        Timers.StartSingleTimer(LogDuty.HighWatermarks, LogDuty.HighWatermarks, environment.Care.HighWatermarkInterval);
        Timers.StartSingleTimer(LogDuty.Checkpoints, LogDuty.Checkpoints, environment.Care.CheckpointInterval);
        Timers.StartSingleTimer(LogDuty.Producers, LogDuty.Producers, environment.Care.ProducerInterval);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case LogDuty.Retention or LogDuty.Producers: TendAll((LogDuty)message); break;
            case LogDuty.HighWatermarks: WriteDown(LogDuty.HighWatermarks, WriteHighWatermarks); break;
            case LogDuty.Checkpoints: WriteDown(LogDuty.Checkpoints, WriteCheckpoints); break;
            case LogDuty.Unlink: TendDue(_unlinks, LogDuty.Unlink, new TendLog(LogDuty.Unlink, environment.NowMs())); break;
            case LogDuty.Sync: TendDue(_syncs, LogDuty.Sync, new TendLog(LogDuty.Sync, environment.NowMs())); break;
            case ReplicaOffline offline: OnOffline(offline.Replica); break;
            case Suspect suspect: ProbeHomeOf(suspect.Replica); break;
            case DirectoryProbed probed: _probing.Remove(probed.Directory); break;
            case RetryLater: StartRetrying(); break;
            case LogDuty.Retry: ProbeFailedOnes(); break;
            case FailedOnesProbed: RetryOffline(); break;
            case DutyDone done: Timers.StartSingleTimer(done.Duty, done.Duty, IntervalOf(done.Duty)); break;
            case TendAt at: Enqueue(at.Duty == LogDuty.Unlink ? _unlinks : _syncs, at.Duty, at.Replica, at.DueMs); break;
            default: Unhandled(message); break;
        }
    }

    // From the end of one round to the beginning of the next, as Kafka counts.
    TimeSpan IntervalOf(LogDuty duty) => duty switch
    {
        LogDuty.Retention => environment.Care.RetentionInterval,
        LogDuty.HighWatermarks => environment.Care.HighWatermarkInterval,
        LogDuty.Checkpoints => environment.Care.CheckpointInterval,
        _ => environment.Care.ProducerInterval,
    };

    /// <summary>A round over all replicas. Logs that nobody has needed yet are opened only if there is something to do in them.</summary>
    void TendAll(LogDuty duty)
    {
        var (me, tend) = (Self, new TendLog(duty, environment.NowMs()));
        var replicas = table.Replicas.GetEnumerator();
        environment.DiskLane.Schedule(new LaneWork(Slice));

        void Slice()
        {
            try
            {
                Tend();
            }
            catch (Exception bug)
            {
                ReplicationTrace.CareFailed(environment.Log, duty, bug);
                me.Tell(new DutyDone(duty));
            }
        }

        void Tend()
        {
            for (int i = 0; i < ReplicasPerSlice; i++)
            {
                if (!replicas.MoveNext())
                {
                    if (duty == LogDuty.Retention) _unopened.Prune();
                    me.Tell(new DutyDone(duty));
                    return;
                }
                var replica = replicas.Current;
                if (replica.IsLogOpen || (duty == LogDuty.Retention && _unopened.IsRetentionDue(replica, tend.NowMs))) replica.Actor.Tell(tend, me);
            }
            environment.DiskLane.Schedule(new LaneWork(Slice));
        }
    }

    void WriteDown(LogDuty duty, Action write)
    {
        var me = Self;
        environment.DiskLane.Schedule(new LaneWork(() =>
        {
            try { write(); }
            catch (Exception bug) { ReplicationTrace.CareFailed(environment.Log, duty, bug); }
            me.Tell(new DutyDone(duty));
        }));
    }

    void WriteHighWatermarks()
    {
        foreach (var replica in table.Replicas)
        {
            if (replica.View is { } view) environment.Directories.HomeOf(replica.Name)?.NoteHighWatermark(replica.Name, view.HighWatermark);
        }
        foreach (var directory in environment.Directories.All) Try(directory, directory.WriteHighWatermarks);
    }

    void WriteCheckpoints()
    {
        foreach (var directory in environment.Directories.All) Try(directory, directory.WriteRecoveryPoints);
    }

    /// <summary>An older checkpoint is as good as a new one, only that more is checked after a crash.</summary>
    void Try(LogDirectory directory, Action write)
    {
        if (environment.Directories.FailureOf(directory) is not null) return;
        try
        {
            write();
        }
        catch (IOException failure)
        {
            ReplicationTrace.CheckpointNotWritten(environment.Log, directory.DirectoryPath, failure.Message);
            if (!DiskFailure.IsDiskFull(failure)) Probe(directory);
        }
    }

    void Enqueue(PriorityQueue<LocalReplica, long> queue, LogDuty duty, LocalReplica replica, long dueMs)
    {
        queue.Enqueue(replica, dueMs);
        SetTimer(queue, duty);
    }

    void SetTimer(PriorityQueue<LocalReplica, long> queue, LogDuty duty)
    {
        if (queue.TryPeek(out _, out long due))
            Timers.StartSingleTimer(duty, duty, TimeSpan.FromMilliseconds(Math.Clamp(due - environment.NowMs(), 1, int.MaxValue)));
    }

    void TendDue(PriorityQueue<LocalReplica, long> queue, LogDuty duty, object message)
    {
        var (me, now) = (Self, environment.NowMs());
        var due = new List<LocalReplica>();
        while (queue.TryPeek(out var replica, out long dueMs) && dueMs <= now)
        {
            due.Add(replica);
            queue.Dequeue();
        }
        environment.DiskLane.Schedule(new LaneWork(() =>
        {
            foreach (var replica in due) replica.Actor.Tell(message, me);
        }));
        SetTimer(queue, duty);
    }
}
