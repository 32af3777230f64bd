using System.Text;
using AkkaStream.Log.Checkpoints;
using AkkaStream.Log.Files;
using AkkaStream.Log.Scrub;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AkkaStream.Log;

/// <summary>
/// One of the broker's log directories: its partitions, its open files, and the checkpoints that they share. Says how the last run ended, so
/// that logs know how much of themselves to check. Thread-safe; the checkpoint files are written whole, one writer at a time.
/// </summary>
/// <remarks>
/// The recovery points promise that everything below is on the disk. They may lag, never lead: a log lowers its own durably before it
/// truncates below it.
/// </remarks>
public sealed partial class LogDirectory
{
    /// <summary>Names the machine's run in which every log here was known to be whole.</summary>
    const string BootFile = ".boot-id";

    const string ProbeFile = ".probe";

    /// <summary>Stands in it while there are logs that nobody has checked since a restart of the machine.</summary>
    const string NoBoot = "none";

    readonly Lock _gate = new();
    readonly CheckpointTable _recoveryPoints;
    readonly CheckpointTable _logStarts;
    readonly CheckpointTable _highWatermarks;
    readonly CheckpointTable _cleanerPositions;

    /// <summary>How often directories were made or renamed here, and how many of those changes are on the disk.</summary>
    long _namesChanged, _namesSynced;

    /// <summary>Closed by nobody, in the last run or in this one.</summary>
    readonly HashSet<PartitionName> _unchecked = [];

    /// <summary>Offline since their disk failed in this run.</summary>
    readonly HashSet<PartitionName> _doubted = [];

    LogDirectory(string path, SegmentFiles files, ILogger log)
    {
        DirectoryPath = path;
        Files = files;
        Log = log;
        _recoveryPoints = Load(OffsetCheckpoint.RecoveryPoints, "every log is checked from its beginning");
        _highWatermarks = Load(OffsetCheckpoint.HighWatermarks, "high watermarks begin at the log starts");
        _logStarts = Load(OffsetCheckpoint.LogStarts, null);
        _cleanerPositions = Load(OffsetCheckpoint.CleanerPositions, "compacted topics are compacted from their beginning");
    }

    public string DirectoryPath { get; }

    /// <summary>The last run ended as it should: every byte is where the checkpoints say.</summary>
    public bool WasCleanStop { get; private set; }

    /// <summary>The machine has not been restarted since every log was known to be whole: what was written is there, synced or not.</summary>
    public bool PageCacheSurvived { get; private set; }

    /// <summary>Another run of this broker was here before, so its promises hold, not only those of Kafka's files.</summary>
    public bool IsOurs { get; private set; }

    /// <summary>Of the run that stopped cleanly, for proving to the cluster that nothing was lost; -1 otherwise.</summary>
    public long PreviousBrokerEpoch { get; private set; } = CleanShutdownFile.NoBrokerEpoch;

    internal SegmentFiles Files { get; }
    internal ILogFiles Disk => Files.Disk;
    internal ILogger Log { get; }

    /// <summary>Reads what the last run left, and takes the clean marker away. Throws when the directory contradicts itself.</summary>
    public static LogDirectory Open(string path, ILogFiles disk, int openFiles = 4096, ILogger? log = null)
    {
        Make(path, disk);
        var directory = new LogDirectory(path, new SegmentFiles(disk, openFiles), log ?? NullLogger.Instance);
        directory.ReadEndOfLastRun();
        return directory;
    }

    /// <summary>Makes the directory and those above it, as far as they are not there, so that they outlast a loss of power.</summary>
    public static void Make(string path, ILogFiles disk)
    {
        var made = new Stack<string>();
        for (string? at = Path.GetFullPath(path); at != null && !disk.DirectoryExists(at); at = Path.GetDirectoryName(at)) made.Push(at);
        if (made.Count == 0) return;
        disk.CreateDirectory(path);
        foreach (string name in made) disk.SyncDirectory(Path.GetDirectoryName(name) ?? name);
    }

    /// <summary>Looks like partitions; whose they are is in their partition.metadata. Directories on their way out are not among them.</summary>
    public IReadOnlyList<LogDescriptor> ListPartitions()
    {
        var found = new List<LogDescriptor>();
        foreach (var entry in Disk.List(DirectoryPath))
        {
            if (entry.IsDirectory && !PartitionName.IsRetired(entry.Name) && PartitionName.TryParse(entry.Name, out var name))
                found.Add(new LogDescriptor(this, name));
        }
        return found;
    }

    public bool Holds(PartitionName partition) => Disk.DirectoryExists(PathOf(partition));

    public string PathOf(PartitionName partition) => Path.Combine(DirectoryPath, partition.DirectoryName);

    /// <summary>
    /// Makes the directory of a new partition, empty but for the id of its topic. It survives a loss of power once <see cref="SyncNames"/> has
    /// returned; one sync does for many. The id itself may still be lost then, and is written again: see <see cref="ReadTopicId"/>.
    /// </summary>
    public void CreatePartition(PartitionName partition, string topicId)
    {
        Disk.CreateDirectory(PathOf(partition));
        Interlocked.Increment(ref _namesChanged);
        WriteTopicId(partition, topicId);
        _recoveryPoints.Note(partition, new Offset(0));
        lock (_gate) _unchecked.Remove(partition);
    }

    public void WriteTopicId(PartitionName partition, string topicId) =>
        Disk.WriteAtomically(Path.Combine(PathOf(partition), LogFileName.PartitionMetadata), PartitionMetadataFile.Format(topicId), durable: false);

    /// <summary>Makes directories durable that were made or renamed here. Waits for the disk.</summary>
    public void SyncNames()
    {
        long upTo = Interlocked.Read(ref _namesChanged);
        Disk.SyncDirectory(DirectoryPath);
        lock (_gate) _namesSynced = Math.Max(_namesSynced, upTo);
    }

    /// <summary>Before a log promises that its files are on the disk: they are not if their directory is not.</summary>
    internal void SyncNamesIfNeeded()
    {
        bool isNeeded;
        lock (_gate) isNeeded = _namesSynced < Interlocked.Read(ref _namesChanged);
        if (isNeeded) SyncNames();
    }

    /// <summary>What a check of the whole log found, or has found so far: known from now on, also after a restart. Waits for the disk.</summary>
    public void WriteDamage(PartitionName partition, IReadOnlyCollection<DamagedStretch> damage) =>
        KnownDamage.Write(Disk, PathOf(partition), damage);

    /// <summary>
    /// Null when the partition has no such file yet, or a loss of power took what was in it. Directories of deleted topics were renamed before, so
    /// one without an id belongs to whom its name says.
    /// </summary>
    public string? ReadTopicId(PartitionName partition)
    {
        string path = Path.Combine(PathOf(partition), LogFileName.PartitionMetadata);
        byte[]? content = Disk.ReadAll(path);
        if (content == null || !content.AsSpan().ContainsAnyExcept((byte)0)) return null;
        return PartitionMetadataFile.Parse(content, out string? problem)
            ?? throw new LogDamagedException(path, 0, $"{problem}.", "Restore it from a backup, or write the topic's id into it.");
    }

    /// <summary>
    /// Takes the partition out of service: its directory gets a name that nobody serves, to be deleted later. For good once
    /// <see cref="SyncNames"/> has returned.
    /// </summary>
    public string Retire(PartitionName partition, string uniqueId, string suffix)
    {
        string to = Path.Combine(DirectoryPath, partition.RetiredDirectoryName(uniqueId, suffix));
        Disk.RenameDirectory(PathOf(partition), to);
        Interlocked.Increment(ref _namesChanged);
        foreach (var table in new[] { _recoveryPoints, _logStarts, _highWatermarks, _cleanerPositions }) table.Forget(partition);
        lock (_gate)
        {
            _unchecked.Remove(partition);
            _doubted.Remove(partition);
        }
        return to;
    }

    /// <summary>
    /// Call when all logs are closed: says, as the last thing of the run, that nothing needs to be checked next time. Says nothing when
    /// there are logs that nobody has checked since a crash.
    /// </summary>
    public void CloseClean(long brokerEpoch)
    {
        WriteCheckpoints();
        bool whole;
        lock (_gate) whole = _unchecked.Count == 0;
        if (whole)
            Disk.WriteAtomically(Path.Combine(DirectoryPath, CleanShutdownFile.Name), CleanShutdownFile.Format(brokerEpoch), durable: true);
    }

    void ReadEndOfLastRun()
    {
        string marker = Path.Combine(DirectoryPath, CleanShutdownFile.Name);
        byte[]? clean = Disk.ReadAll(marker);
        if (clean != null)
        {
            WasCleanStop = true;
            PreviousBrokerEpoch = CleanShutdownFile.ParseBrokerEpoch(clean);
        }
        byte[]? boot = Disk.ReadAll(Path.Combine(DirectoryPath, BootFile));
        var partitions = ListPartitions();
        IsOurs = boot != null || partitions.Count == 0;
        // From now on a partition that the file does not name has nothing synced, instead of an unknown lot.
        if (partitions.Count == 0 && !_recoveryPoints.IsThere) _recoveryPoints.Begin();
        PageCacheSurvived = boot != null && Disk.BootId != null && Encoding.UTF8.GetString(boot) == Disk.BootId;
        if (!WasCleanStop)
            foreach (var partition in partitions) _unchecked.Add(partition.Name);

        // Both must be gone before the first write of this run: a crash in it may not be taken for a clean stop, and after a restart of
        // the machine a crash before all logs are checked may not be taken for one that only lost the process.
        if (_unchecked.Count == 0) WriteBootId(Disk.BootId);
        else if (!PageCacheSurvived && boot != null) WriteBootId(null);
        Disk.DeleteFile(marker);
        Disk.SyncDirectory(DirectoryPath);
    }

    void WriteBootId(string? id) =>
        Disk.WriteAtomically(Path.Combine(DirectoryPath, BootFile), Encoding.UTF8.GetBytes(id ?? NoBoot), durable: true);

    /// <summary>Empty when the file is not there or cannot be used, which <paramref name="consequence"/> makes up for.</summary>
    CheckpointTable Load(string name, string? consequence)
    {
        string path = Path.Combine(DirectoryPath, name);
        byte[]? content = Disk.ReadAll(path);
        if (content == null) return new CheckpointTable(Disk, path, null);
        var offsets = OffsetCheckpoint.Parse(content, out string? problem);
        if (offsets != null) return new CheckpointTable(Disk, path, offsets);
        if (consequence == null)
            throw new LogDamagedException(
                path, 0, $"{problem}.", "Restore it from a backup; without it deleted records would come back. Remove it to accept that.");
        LogTrace.CheckpointUnusable(Log, path, problem, consequence);
        return new CheckpointTable(Disk, path, null);
    }
}
