using AkkaStream.Actors;
using AkkaStream.Log;
using AkkaStream.Log.Cleaning;
using AkkaStream.Log.Files;

namespace AkkaStream.Replication;

/// <summary>
/// Compacts logs in the background, the dirtiest first, as many at once as the settings allow. The reading and writing goes in small steps on the
/// disk lane, at the pace of the settings; the replica begins and ends each compaction and puts new segments in place, in turns of its own.
/// A log that cannot be compacted is named once and left alone; the others go on.
/// </summary>
sealed class LogCleaner(ReplicaTable table, ReplicaEnvironment environment) : UntypedActor
{
    readonly DirtyLogs _dirty = new(table, environment);
    readonly Dictionary<LocalReplica, CleaningRun?> _running = [];
    bool _isLooking;

    /// <summary>When the bytes read and written so far may have been.</summary>
    double _paidUntilMs;

    protected override void PreStart() =>
        Timers.StartSingleTimer(CleaningDue.Instance, CleaningDue.Instance, environment.Care.InitialDelay);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case CleaningDue: Look(); break;
            case DirtiestFound found: OnFound(found.Replica); break;
            case CleaningBegun begun: OnBegun(begun.Replica, begun.Cleaning); break;
            case NextCleaningStep next: Step(next.Run); break;
            case CleaningStepped stepped: OnStepped(stepped); break;
            case CleaningSwapped swapped: Continue(swapped.Run, 0); break;
            case CleaningEnded ended: OnEnded(ended.Run); break;
            case Terminated gone: OnGone(gone.ActorRef); break;
            default: Unhandled(message); break;
        }
    }

    void Look()
    {
        var settings = environment.Cleaner();
        if (!settings.IsEnabled || _running.Count >= settings.AtOnce)
        {
            if (!settings.IsEnabled) LookLater();
            return;
        }
        if (_isLooking) return;
        _isLooking = true;
        var me = Self;
        _dirty.Find([.. _running.Keys], found => me.Tell(new DirtiestFound(found)));
    }

    void LookLater()
    {
        var pause = environment.Cleaner().Backoff;
        Timers.StartSingleTimer(CleaningDue.Instance, CleaningDue.Instance, pause < MinPause ? MinPause : pause);
    }

    static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(10);

    void OnFound(LocalReplica? replica)
    {
        _isLooking = false;
        if (replica is null)
        {
            LookLater();
            return;
        }
        _running[replica] = null;
        Context.Watch(replica.Actor);
        TellOnLane(replica, new BeginCleaning(environment.Cleaner().LimitsFor(environment.KeyHash), environment.NowMs()));
        Look(); // others at the same time
    }

    void OnBegun(LocalReplica replica, LogCompaction? cleaning)
    {
        if (cleaning is null)
        {
            // It has to wait for a sync or a watermark, or somebody changed the topic meanwhile.
            Forget(replica);
            _dirty.PutOff(replica);
            Look();
            return;
        }
        var run = new CleaningRun(replica, cleaning, environment.NowMs());
        _running[replica] = run;
        var plan = cleaning.Plan;
        ReplicationTrace.CleaningBegins(environment.Log, replica, plan.FirstDirty.Value, plan.FirstUncleanable.Value, plan.DirtyRatio);
        Step(run);
    }

    void Step(CleaningRun run)
    {
        if (!_running.ContainsKey(run.Replica)) return;
        run.IsStepping = true;
        var me = Self;
        environment.DiskLane.Schedule(new LaneWork(() =>
        {
            try { me.Tell(new CleaningStepped(run, run.Cleaning.Step(), null)); }
            catch (Exception failure) { me.Tell(new CleaningStepped(run, 0, failure)); }
        }));
    }

    void OnStepped(CleaningStepped stepped)
    {
        stepped.Run.IsStepping = false;
        stepped.Run.Failure = stepped.Failure;
        if (!_running.ContainsKey(stepped.Run.Replica)) Abandon(stepped.Run);
        else Continue(stepped.Run, stepped.Bytes);
    }

    void Continue(CleaningRun run, long bytes)
    {
        if (!_running.ContainsKey(run.Replica))
        {
            Abandon(run);
            return;
        }
        if (run.Failure is not null)
        {
            Abandon(run);
            TellOnLane(run.Replica, new EndCleaning(run));
            return;
        }
        switch (run.Cleaning.Stage)
        {
            case CleaningStage.Working: StepInTime(run, bytes); break;
            case CleaningStage.SwapDue: TellOnLane(run.Replica, new SwapCleaned(run, environment.NowMs())); break;
            default: TellOnLane(run.Replica, new EndCleaning(run)); break;
        }
    }

    void StepInTime(CleaningRun run, long bytes)
    {
        double now = environment.NowMs();
        _paidUntilMs = Math.Max(_paidUntilMs, now) + bytes * 1000.0 / environment.Cleaner().MostBytesPerSecond;
        double wait = _paidUntilMs - now;
        if (wait < 1) Step(run);
        else Timers.StartSingleTimer(run, new NextCleaningStep(run), TimeSpan.FromMilliseconds(Math.Min(wait, int.MaxValue)));
    }

    void OnEnded(CleaningRun run)
    {
        Forget(run.Replica);
        if (run.Failure is { } failure)
        {
            OnFailed(run, failure);
            LookLater();
            return;
        }
        if (run.Cleaning.Stage != CleaningStage.Done)
        {
            ReplicationTrace.CleaningAbandoned(environment.Log, run.Replica);
            LookLater();
            return;
        }
        var report = run.Cleaning.Report;
        ReplicationTrace.Cleaned(
            environment.Log, run.Replica, report.From.Value, report.UpTo.Value, report.RecordsRead, report.RecordsKept, report.BytesRead,
            report.BytesWritten, report.SegmentsBefore, report.SegmentsAfter, environment.NowMs() - run.BeganMs);
        ReplicationMetrics.CleanedLogs.Add(1);
        ReplicationMetrics.CleanedBytesRead.Add(report.BytesRead);
        ReplicationMetrics.CleanedBytesWritten.Add(report.BytesWritten);
        var home = environment.Directories.HomeOf(run.Replica.Name);
        environment.DiskLane.Schedule(new LaneWork(() =>
        {
            try { home?.WriteCleanerPositions(); }
            catch (IOException failure) { ReplicationTrace.CheckpointNotWritten(environment.Log, home!.DirectoryPath, failure.Message); }
        }));
        Look();
    }

    /// <summary>A full disk may get room again; whatever else happened would happen again.</summary>
    void OnFailed(CleaningRun run, Exception failure)
    {
        if (failure is IOException io && DiskFailure.IsDiskFull(io))
        {
            ReplicationTrace.NotCleanedNow(environment.Log, run.Replica, failure.Message);
            return;
        }
        if (run.Replica.Standing.Refusal == Protocol.ErrorCode.UnknownTopicOrPartition) return; // its topic was deleted, and its files with it
        _dirty.LeaveAlone(run.Replica);
        ReplicationTrace.Uncleanable(environment.Log, run.Replica, failure.Message);
    }

    void OnGone(IActorRef actor)
    {
        foreach (var (replica, run) in _running)
        {
            if (!replica.Actor.Equals(actor)) continue;
            _running.Remove(replica);
            if (run is { IsStepping: false }) Abandon(run);
            LookLater();
            return;
        }
    }

    void Forget(LocalReplica replica)
    {
        if (_running.Remove(replica)) Context.Unwatch(replica.Actor);
    }

    /// <summary>Deletes files: on the lane.</summary>
    void Abandon(CleaningRun run) => environment.DiskLane.Schedule(new LaneWork(run.Cleaning.Abandon));

    /// <summary>A replica's turn runs on the thread that brings the message, and these turns touch files.</summary>
    void TellOnLane(LocalReplica replica, object message)
    {
        var me = Self;
        environment.DiskLane.Schedule(new LaneWork(() => replica.Actor.Tell(message, me)));
    }
}
