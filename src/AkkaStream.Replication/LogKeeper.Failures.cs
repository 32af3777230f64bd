using AkkaStream.Actors;
using AkkaStream.Log;

namespace AkkaStream.Replication;

/// <summary>
/// Disks that fail and come back. When a partition's files behave badly its directory is tried: if that fails, too, all that lies in it goes
/// offline at once; if not, it was the partition alone. Both are tried again now and then, and come back without a restart.
/// </summary>
sealed partial class LogKeeper
{
    readonly HashSet<LocalReplica> _offline = [];
    readonly HashSet<LogDirectory> _probing = [];

    void OnOffline(LocalReplica replica)
    {
        _offline.Add(replica);
        StartRetrying();
        ProbeHomeOf(replica);
    }

    void StartRetrying()
    {
        if (!Timers.IsTimerActive(LogDuty.Retry)) Timers.StartSingleTimer(LogDuty.Retry, LogDuty.Retry, environment.Care.RetryInterval);
    }

    void ProbeHomeOf(LocalReplica replica)
    {
        if (environment.Directories.HomeOf(replica.Name) is not { } home) return;
        if (environment.Directories.FailureOf(home) is not null || !_probing.Add(home)) return;
        var me = Self;
        environment.DiskLane.Schedule(new LaneWork(() =>
        {
            Probe(home);
            me.Tell(new DirectoryProbed(home));
        }));
    }

    /// <summary>On the disk lane.</summary>
    void Probe(LogDirectory directory)
    {
        if (directory.Probe() is not { } cause || !environment.Directories.NoteFailed(directory, cause)) return;
        environment.Keeper.Tell(RetryLater.Instance);
        ReplicationTrace.DirectoryFailed(environment.Log, directory.DirectoryPath, cause, environment.Directories.PartitionsIn(directory).Count);
        foreach (var replica in table.Replicas)
        {
            if (environment.Directories.HomeOf(replica.Name) == directory) replica.Actor.Tell(DirectoryFailed.Instance, null);
        }
    }

    void ProbeFailedOnes()
    {
        var me = Self;
        environment.DiskLane.Schedule(new LaneWork(() =>
        {
            foreach (var directory in environment.Directories.All)
            {
                if (environment.Directories.FailureOf(directory) is null || directory.Probe() is not null) continue;
                environment.Directories.NoteBack(directory);
                ReplicationTrace.DirectoryBack(environment.Log, directory.DirectoryPath);
            }
            me.Tell(FailedOnesProbed.Instance);
        }));
    }

    void RetryOffline()
    {
        LocalReplica[] ready = [.. _offline.Where(replica => environment.FailureOf(replica) is null)];
        _offline.ExceptWith(ready);
        foreach (var replica in ready) replica.Actor.Tell(TryAgain.Instance, null);
        if (_offline.Count > 0 || environment.Directories.All.Any(directory => environment.Directories.FailureOf(directory) is not null))
            StartRetrying();
    }
}
