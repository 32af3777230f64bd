using AkkaStream.Actors;
using AkkaStream.Actors.Dispatch;
using AkkaStream.Actors.Timers;
using AkkaStream.Log;
using AkkaStream.Log.Cleaning;
using Microsoft.Extensions.Logging;

namespace AkkaStream.Replication;

/// <summary>What every replica needs of its broker: the clock, the lane for slow disks, the directories that hold the logs.</summary>
public sealed class ReplicaEnvironment(LogDirectories directories, Dispatcher diskLane, TimerWheel timers, TimeProvider time, ILogger log)
{
    /// <summary>The dispatcher of replicas: their turns run on the thread that brings a message, if they can.</summary>
    public const string Dispatcher = "replicas";

    int _offlineChanges;

    public Dispatcher DiskLane => diskLane;
    public ILogger Log => log;
    public LogDirectories Directories => directories;

    /// <summary>num.recovery.threads.per.data.dir</summary>
    public int RecoveriesPerDirectory { get; init; } = 2;

    /// <summary>Logs that still have to be checked after an unclean stop.</summary>
    public int ChecksLeft { get; private set; }

    internal void NoteChecks(int change)
    {
        ChecksLeft += change;
        ReplicationMetrics.ChecksLeft.Add(change);
    }

    /// <summary>What is done in the background, and when.</summary>
    public LogCareSettings Care { get; init; } = new();

    /// <summary>How logs are compacted; may change at any time.</summary>
    public Func<CleanerSettings> Cleaner { get; init; } = () => new CleanerSettings();

    /// <summary>How stored data are checked.</summary>
    public ScrubSettings Scrub { get; init; } = new();

    /// <summary>A secret of this process; see <see cref="Log.Cleaning.KeyHash"/>.</summary>
    public KeyHash KeyHash { get; init; }

    /// <summary>Who does it; set by the supervisor before there is any replica.</summary>
    internal IActorRef Keeper { get; set; } = null!;

    /// <summary>log.segment.delete.delay.ms, which may change at any time.</summary>
    public Func<TimeSpan> DeleteDelay { get; init; } = () => TimeSpan.FromMinutes(1);

    /// <summary>Grows whenever a replica goes offline; for those who remember what they told clients of leaders.</summary>
    public int OfflineChanges => Volatile.Read(ref _offlineChanges);

    internal void NoteOffline() => Interlocked.Increment(ref _offlineChanges);

    public long NowMs() => time.GetUtcNow().ToUnixTimeMilliseconds();

    internal PartitionLog Open(LocalReplica replica, LogConfig config) => directories.Open(replica, config, NowMs());

    /// <summary>Somebody has decided about the damage; see <see cref="LogDamagedException"/>. Waits for the disk.</summary>
    internal bool IsDamageGivenUp(LocalReplica replica) =>
        directories.HomeOf(replica.Name) is { } home && new LogDescriptor(home, replica.Name).IsDamageGivenUp;

    /// <summary>Why the replica's directory is offline; null when it is not.</summary>
    internal string? FailureOf(LocalReplica replica) => directories.HomeOf(replica.Name) is { } home ? directories.FailureOf(home) : null;

    internal string DirectoryOf(LocalReplica replica) => directories.PathOf(replica);

    internal IReadOnlyList<string> RetireAll(PartitionName[] deleted)
    {
        var retired = new List<string>();
        var unsynced = new HashSet<LogDirectory>();
        foreach (var partition in deleted)
        {
            try
            {
                if (directories.Retire(partition, unsynced) is { } path) retired.Add(path);
            }
            catch (IOException e)
            {
                ReplicationTrace.NotRetired(log, partition.DirectoryName, e.Message);
            }
        }
        SyncNames(unsynced);
        return retired;
    }

    /// <summary>A directory that cannot be made now is tried again when the log is opened, and the replica says then what is wrong.</summary>
    internal void EnsureAll(LocalReplica[] created)
    {
        var unsynced = new HashSet<LogDirectory>();
        foreach (var replica in created)
        {
            try
            {
                directories.Ensure(replica, unsynced);
            }
            catch (IOException e)
            {
                ReplicationTrace.NotOpened(log, replica, DirectoryOf(replica), e.Message);
            }
        }
        SyncNames(unsynced);
    }

    /// <summary>
    /// Once for all of them: ten thousand partitions are made in one go. What is lost all the same is made or renamed again at the next start; logs
    /// promise nothing before it is done.
    /// </summary>
    void SyncNames(HashSet<LogDirectory> unsynced)
    {
        foreach (var directory in unsynced)
        {
            try
            {
                directory.SyncNames();
            }
            catch (IOException e)
            {
                ReplicationTrace.NamesNotSynced(log, directory.DirectoryPath, e.Message);
            }
        }
    }

    internal void DeleteLater(IReadOnlyList<string> retired, Action<Action> whenDue) =>
        timers.Schedule(new DeleteDue(() => whenDue(() => DeleteNow(retired))), DeleteDelay());

    void DeleteNow(IReadOnlyList<string> retired)
    {
        foreach (string path in retired)
        {
            try
            {
                directories.DeleteRetired(path);
            }
            catch (IOException e)
            {
                ReplicationTrace.NotRetired(log, path, e.Message);
            }
        }
    }

    sealed class DeleteDue(Action due) : TimerNode
    {
        protected override void OnDue() => due();
    }
}
