using System.Collections.Concurrent;
using AkkaStream.Log;
using AkkaStream.Log.Cleaning;
using AkkaStream.Protocol;

namespace AkkaStream.Replication;

/// <summary>
/// Which log of all is the dirtiest. Looks at open ones through their views, and at those that nobody has needed yet by a listing, now and then.
/// One search at a time, on the disk lane, in slices.
/// </summary>
sealed class DirtyLogs(ReplicaTable table, ReplicaEnvironment environment)
{
    const int ReplicasPerSlice = 64;
    const long UnopenedPauseMs = 10 * 60 * 1000;

    /// <summary>So many looks later one that could not be begun is asked again.</summary>
    const int PutOffLooks = 4;

    /// <summary>What failed once, with the settings it failed under.</summary>
    readonly ConcurrentDictionary<LocalReplica, LogConfig> _uncleanable = new();

    readonly ConcurrentDictionary<LocalReplica, long> _putOff = new();

    /// <summary>When to look again at a log that nobody has opened.</summary>
    readonly Dictionary<LocalReplica, (LogConfig Config, long AtMs)> _unopened = [];

    /// <summary>Until its topic's settings change, or the broker starts again.</summary>
    public void LeaveAlone(LocalReplica replica) => _uncleanable[replica] = replica.Standing.Config;

    public void Find(HashSet<LocalReplica> busy, Action<LocalReplica?> done)
    {
        var replicas = table.Replicas.GetEnumerator();
        long now = environment.NowMs();
        (LocalReplica? Replica, double Ratio) best = (null, -1);
        environment.DiskLane.Schedule(new LaneWork(Slice));

        void Slice()
        {
            for (int i = 0; i < ReplicasPerSlice; i++)
            {
                if (!replicas.MoveNext())
                {
                    Prune();
                    ReplicationMetrics.MaxDirtyRatio.Record(Math.Max(0, best.Ratio));
                    ReplicationMetrics.Uncleanable.Record(_uncleanable.Count);
                    ReplicationMetrics.CleanerLookedAt.Record(now);
                    done(best.Replica);
                    return;
                }
                var replica = replicas.Current;
                if (busy.Contains(replica) || !MayBeCleaned(replica) || IsPutOff(replica, now)) continue;
                double ratio = RatioIfDue(replica, now);
                if (ratio > best.Ratio) best = (replica, ratio);
            }
            environment.DiskLane.Schedule(new LaneWork(Slice));
        }
    }

    /// <summary>It could not be begun for now; others must not wait for it.</summary>
    public void PutOff(LocalReplica replica) =>
        _putOff[replica] = environment.NowMs() + PutOffLooks * (long)environment.Cleaner().Backoff.TotalMilliseconds;

    bool IsPutOff(LocalReplica replica, long now)
    {
        if (!_putOff.TryGetValue(replica, out long until)) return false;
        if (now >= until) _putOff.TryRemove(replica, out _);
        return now < until;
    }

    bool MayBeCleaned(LocalReplica replica)
    {
        var standing = replica.Standing;
        if (!standing.Config.IsCompacted || standing.Refusal is not (ErrorCode.None or ErrorCode.NotLeaderOrFollower)) return false;
        if (!_uncleanable.TryGetValue(replica, out var failedUnder)) return true;
        if (ReferenceEquals(failedUnder, standing.Config)) return false;
        _uncleanable.TryRemove(replica, out _);
        return true;
    }

    /// <summary>-1 when it is not due.</summary>
    double RatioIfDue(LocalReplica replica, long now)
    {
        var config = replica.Standing.Config;
        try
        {
            if (environment.Directories.HomeOf(replica.Name) is not { } home) return -1;
            if (replica.View is { } view)
            {
                var plan = PartitionLog.PlanCleaning(home, replica.Name, view, config, now);
                return plan.IsDue(config) ? plan.DirtyRatio : -1;
            }
            return replica.IsLogOpen || !home.WasCleanStop ? -1 : RatioOfUnopened(replica, home, config, now);
        }
        catch (FileNotFoundException)
        {
            return -1; // deleted under our eyes
        }
        catch (IOException failure)
        {
            ReplicationTrace.NotLookedAt(environment.Log, replica.Name.DirectoryName, failure.Message);
            return -1;
        }
    }

    double RatioOfUnopened(LocalReplica replica, LogDirectory home, LogConfig config, long now)
    {
        if (_unopened.TryGetValue(replica, out var known) && ReferenceEquals(known.Config, config) && now < known.AtMs) return -1;
        var plan = new LogDescriptor(home, replica.Name).PlanCleaning(config, now);
        bool isDue = plan.IsDue(config);
        _unopened[replica] = (config, isDue ? now : now + UnopenedPauseMs); // another one may be dirtier; its turn comes
        return isDue ? plan.DirtyRatio : -1;
    }

    void Prune()
    {
        foreach (var replica in _unopened.Keys)
            if (replica.View is not null || replica.Standing.Refusal == ErrorCode.UnknownTopicOrPartition) _unopened.Remove(replica);
        foreach (var replica in _putOff.Keys)
            if (replica.Standing.Refusal == ErrorCode.UnknownTopicOrPartition) _putOff.TryRemove(replica, out _);
        foreach (var replica in _uncleanable.Keys)
            if (replica.Standing.Refusal == ErrorCode.UnknownTopicOrPartition) _uncleanable.TryRemove(replica, out _);
    }
}
