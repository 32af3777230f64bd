using AkkaStream.Log;
using AkkaStream.Log.Files;
using AkkaStream.Protocol;
using Microsoft.Extensions.Logging;

namespace AkkaStream.Replication;

/// <summary>
/// The log directories of this broker (log.dirs) and which partition lies in which. New partitions go where the fewest are. Any thread.
/// </summary>
public sealed class LogDirectories
{
    readonly Lock _lock = new();
    readonly ILogFiles _disk;
    readonly ILogger _log;
    readonly LogDirectory[] _directories;
    readonly int[] _counts;

    /// <summary>Why a directory is not used at present; null where all is well.</summary>
    readonly string?[] _failures;
    readonly Dictionary<PartitionName, int> _homes = [];

    LogDirectories(LogDirectory[] directories, ILogFiles disk, ILogger log, PartitionName? store)
    {
        _disk = disk;
        _log = log;
        _directories = directories;
        _counts = new int[directories.Length];
        _failures = new string?[directories.Length];
        for (int i = 0; i < directories.Length; i++)
        {
            foreach (var found in directories[i].ListPartitions())
            {
                if (found.Name == store) continue;
                _homes.TryAdd(found.Name, i);
                _counts[i]++;
            }
        }
    }

    public IReadOnlyList<LogDirectory> All => _directories;

    /// <summary>Directories of log.dirs that could not be used when the broker started. Nobody knows what lies in them.</summary>
    public IReadOnlyList<string> Lost { get; private init; } = [];

    /// <param name="paths">log.dirs</param>
    /// <param name="disk">The disk they are on.</param>
    /// <param name="openFiles">Segment files held open over all of them.</param>
    /// <param name="log">For what is found wrong.</param>
    /// <param name="store">The one log in there that is no replica: the metadata store's.</param>
    /// <param name="lost">Other directories of this broker, which cannot be used.</param>
    public static LogDirectories Open(
        IReadOnlyList<string> paths, ILogFiles disk, int openFiles, ILogger log, PartitionName? store = null, IReadOnlyList<string>? lost = null) =>
        new([.. paths.Select(path => LogDirectory.Open(path, disk, Math.Max(64, openFiles / paths.Count), log))], disk, log, store)
        {
            Lost = lost ?? [],
        };

    /// <summary>Every partition directory that was found or made.</summary>
    public IReadOnlyList<PartitionName> Partitions
    {
        get { lock (_lock) return [.. _homes.Keys]; }
    }

    /// <summary>How many partitions lie in one of <see cref="All"/>.</summary>
    public int CountIn(int directory)
    {
        lock (_lock) return _counts[directory];
    }

    public IReadOnlyList<PartitionName> PartitionsIn(LogDirectory directory)
    {
        int index = Array.IndexOf(_directories, directory);
        lock (_lock) return [.. _homes.Where(h => h.Value == index).Select(h => h.Key)];
    }

    /// <summary>The same by topic: many short lists, where one of 10,000 names would be a burden to the collector.</summary>
    public Dictionary<string, List<int>> TopicsIn(LogDirectory directory)
    {
        int index = Array.IndexOf(_directories, directory);
        var topics = new Dictionary<string, List<int>>();
        lock (_lock)
        {
            foreach (var (name, home) in _homes)
            {
                if (home != index) continue;
                if (!topics.TryGetValue(name.Topic, out var partitions)) topics.Add(name.Topic, partitions = []);
                partitions.Add(name.Partition);
            }
        }
        return topics;
    }

    /// <summary>Bytes of the directory's disk, and how many of them are free; -1 where nobody can tell.</summary>
    public (long Total, long Free) SpaceOf(LogDirectory directory)
    {
        try
        {
            return (_disk.TotalSpace(directory.DirectoryPath), _disk.FreeSpace(directory.DirectoryPath));
        }
        catch (IOException)
        {
            return (-1, -1);
        }
    }

    /// <summary>Why the directory is offline; null when it is not.</summary>
    public string? FailureOf(LogDirectory directory) => Volatile.Read(ref _failures[Array.IndexOf(_directories, directory)]);

    /// <summary>Its partitions go offline, and new ones lie elsewhere. False when that was known.</summary>
    internal bool NoteFailed(LogDirectory directory, string cause)
    {
        if (Interlocked.CompareExchange(ref _failures[Array.IndexOf(_directories, directory)], cause, null) is not null) return false;
        directory.NoteInDoubt(PartitionsIn(directory));
        return true;
    }

    internal void NoteBack(LogDirectory directory) => Volatile.Write(ref _failures[Array.IndexOf(_directories, directory)], null);

    public LogDirectory? HomeOf(PartitionName partition)
    {
        lock (_lock) return _homes.TryGetValue(partition, out int home) ? _directories[home] : null;
    }

    public string PathOf(LocalReplica replica) =>
        HomeOf(replica.Name)?.PathOf(replica.Name)
        ?? Path.Combine(Lost.Count > 0 ? Lost[0] : _directories[0].DirectoryPath, replica.Name.DirectoryName);

    /// <summary>
    /// Sees to it that the partition has its directory, with its topic's id in it. One that belongs to a topic of another id is moved
    /// aside, never served and never deleted. Where names have to be made durable is noted. Waits for the disk.
    /// </summary>
    public void Ensure(LocalReplica replica, HashSet<LogDirectory> unsynced)
    {
        string id = replica.Topic.Id.ToString();
        if (HomeOf(replica.Name) is { } home)
        {
            string? found = home.ReadTopicId(replica.Name);
            if (found is null) home.WriteTopicId(replica.Name, id);
            if (found is null || found == id) return;
            unsynced.Add(home);
            string moved = home.Retire(replica.Name, Guid.NewGuid().ToString("N"), "-stray");
            ReplicationTrace.OtherTopic(_log, home.PathOf(replica.Name), found, id, moved);
            Forget(replica.Name);
        }
        if (Lost.Count > 0 && !replica.IsNew)
            throw new IOException($"it is not in the directories that work; it may lie in {string.Join(" or ", Lost)}, which failed at the start.");
        var chosen = Choose(replica.Name);
        chosen.CreatePartition(replica.Name, id);
        unsynced.Add(chosen);
    }

    internal PartitionLog Open(LocalReplica replica, LogConfig config, long nowMs)
    {
        var unsynced = new HashSet<LogDirectory>();
        Ensure(replica, unsynced);
        foreach (var directory in unsynced) directory.SyncNames();
        var home = HomeOf(replica.Name)!;
        if (FailureOf(home) is { } failure) throw new IOException($"its directory is offline: {failure}");
        return new LogDescriptor(home, replica.Name).Open(config, nowMs);
    }

    /// <summary>The partition's topic was deleted: its directory gets a name that nobody serves. Returns it, to be deleted later.</summary>
    public string? Retire(PartitionName partition, HashSet<LogDirectory> unsynced)
    {
        if (HomeOf(partition) is not { } home) return null;
        unsynced.Add(home);
        string moved = home.Retire(partition, Guid.NewGuid().ToString("N"), "-delete");
        Forget(partition);
        return moved;
    }

    internal void DeleteRetired(string path) => _disk.DeleteDirectory(path);

    LogDirectory Choose(PartitionName partition)
    {
        lock (_lock)
        {
            int fewest = -1;
            for (int i = 0; i < _counts.Length; i++)
            {
                if (_failures[i] is null && (fewest < 0 || _counts[i] < _counts[fewest])) fewest = i;
            }
            if (fewest < 0) throw new IOException($"no log directory is left: {_failures[0]}");
            _counts[fewest]++;
            _homes[partition] = fewest;
            return _directories[fewest];
        }
    }

    void Forget(PartitionName partition)
    {
        lock (_lock)
        {
            if (_homes.Remove(partition, out int home)) _counts[home]--;
        }
    }

    /// <summary>Each directory for itself: one that fails is checked at the next start, the others need not be.</summary>
    public void CloseClean(long brokerEpoch)
    {
        foreach (var directory in _directories)
        {
            try
            {
                directory.CloseClean(brokerEpoch);
            }
            catch (IOException failure)
            {
                ReplicationTrace.NotClosedClean(_log, directory.DirectoryPath, failure.Message);
            }
        }
    }
}
