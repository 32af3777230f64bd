using System.Buffers;
using AkkaStream.Log.Checkpoints;
using AkkaStream.Log.Files;
using AkkaStream.Log.Indexes;
using AkkaStream.Log.Producers;
using AkkaStream.Log.Scrub;
using Microsoft.Extensions.Logging;

namespace AkkaStream.Log.Recovery;

/// <summary>
/// Opens what the last run left. After a clean stop it believes the sizes and looks at the end of the last segment only. After a crash
/// it checks batch by batch from where nothing vouches any more: the last index entry when only the process ended, the recovery point when
/// the machine did. Doing it twice gives the same log. One thread; waits for the disk.
/// </summary>
sealed partial class LogRecovery
{
    /// <summary>Made by an operator in the partition's directory: what cannot be read is given up, from there to the end.</summary>
    public const string GiveUpFile = ".give-up-damage";

    const int CheckBufferBytes = 256 * 1024;
    const int ScanBufferBytes = 16 * 1024;

    readonly LogDirectory _directory;
    readonly PartitionName _partition;
    readonly LogConfig _config;
    readonly LogFolder _folder;
    readonly SegmentEntry[] _entries;
    readonly List<Segment> _segments = [];

    /// <summary>Segments with all indexes made anew, and the names that their time indexes are to have.</summary>
    readonly List<(Segment Segment, string Times)> _rebuilt = [];
    readonly byte[] _checkBuffer = ArrayPool<byte>.Shared.Rent(CheckBufferBytes);
    readonly byte[] _scanBuffer = ArrayPool<byte>.Shared.Rent(ScanBufferBytes);

    LogOpenOptions _options;

    /// <summary>An operator gives up what cannot be read from this offset on.</summary>
    long _givenUpFrom = long.MaxValue;
    LeaderEpochs? _epochs;
    bool _epochsChanged;
    LeaderEpoch _highestEpoch = LeaderEpoch.Unknown;
    long _end;

    /// <summary>From this offset on batches were read and indexes made anew.</summary>
    long _checkedFrom = long.MaxValue;
    long _checkedBytes;

    /// <summary>Checked segments whose indexes were made anew also for what lies below the recovery point.</summary>
    readonly List<Segment> _remade = [];

    /// <summary>The files held more than the log does.</summary>
    bool _isCut;

    /// <summary>From this offset on the aborted transactions are entered anew: who lost one index of a segment may have lost all.</summary>
    long _transactionsFrom = long.MaxValue;

    LogRecovery(LogDirectory directory, PartitionName partition, LogConfig config, LogOpenOptions options)
    {
        _directory = directory;
        _partition = partition;
        _config = config;
        _options = options;
        _folder = LogFolder.Load(directory.Disk, directory.PathOf(partition));
        _entries = [.. _folder.Segments];
    }

    ILogger Log => _directory.Log;

    public static RecoveredLog Run(LogDirectory directory, PartitionName partition, LogConfig config, LogOpenOptions options)
    {
        var recovery = new LogRecovery(directory, partition, config, options);
        try
        {
            return recovery.Run();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(recovery._checkBuffer);
            ArrayPool<byte>.Shared.Return(recovery._scanBuffer);
        }
    }

    RecoveredLog Run()
    {
        SettleDoubts();
        if (_options.GiveUpDamage) _givenUpFrom = 0;
        else if (_folder.Has(GiveUpFile)) _givenUpFrom = DamageVerdict.GivenUpFrom(_directory.Disk, PathOf(GiveUpFile));
        _epochs = LoadEpochs();
        if (_entries.Length == 0) CreateFirst();
        else if (!_options.CleanStop || !TryBelieve()) CheckAfterCrash();
        if (_options.LogStart is { } start && start.Value > _end) BeginAnewAt(start.Value);
        var recovered = Finish();
        foreach (string settled in new[] { GiveUpFile, DamageVerdict.Name })
            if (_folder.Has(settled)) _directory.Disk.DeleteFile(PathOf(settled));
        return recovered;
    }

    string PathOf(string name) => Path.Combine(_folder.FolderPath, name);

    /// <summary>What begins at the end of what could be read.</summary>
    bool IsGivenUp => _end >= _givenUpFrom;

    /// <summary>
    /// Deleted records, and all that followed them, did not survive the loss of power; the deletion did. Their offsets are not given again.
    /// </summary>
    void BeginAnewAt(long start)
    {
        LogTrace.BeginsBehindEnd(Log, _partition.DirectoryName, start, _end);
        _directory.LowerRecoveryPoint(_partition, new Offset(0));
        _options = _options with { RecoveryPoint = new Offset(start) };
        _isCut = true;
        while (_segments.Count > 0) ForgetLast();
        RemoveSegments(0);
        foreach (long snapshot in _folder.Snapshots.ToArray()) Drop(snapshot);
        _end = start;
        _epochs = (_epochs ?? LeaderEpochs.None).CutEnd(new Offset(start));
        _epochsChanged = true;
        _segments.Add(SegmentStart.Create(_directory.Files, _folder.FolderPath, start, _options.NowMs));
    }

    void SettleDoubts()
    {
        var doubt = DoubtMark.Find(_directory.Disk, _folder.FolderPath);
        if (_directory.IsInDoubt(_partition)) doubt = Doubt.SyncFailed;
        if (doubt == Doubt.None) return;
        long from = _options.RecoveryPoint?.Value ?? 0;
        LogTrace.SettlesDoubt(Log, _folder.FolderPath, doubt.ToString(), from);
        DoubtMark.Settle(_directory.Disk, _folder.FolderPath, doubt, _entries, from);
        _options = _options with { CleanStop = false, PageCacheSurvived = false };
    }

    RecoveredLog Finish()
    {
        var known = _epochs ?? EpochsOfBatches();
        var start = new Offset(Math.Max(_options.LogStart?.Value ?? 0, _segments[0].BaseOffset));
        var epochs = known.CutEnd(new Offset(_end)).CutStart(start);
        var producers = LoadProducers();
        NameRebuilt();
        if (_isCut) SyncCut();
        return new RecoveredLog
        {
            Segments = _segments,
            End = _end,
            Epochs = epochs,
            EpochsChanged = _epochsChanged || _epochs == null || epochs != known,
            HighestEpoch = known.Latest > _highestEpoch ? known.Latest : _highestEpoch,
            Producers = producers,
            Snapshots = _folder.Snapshots,
            Damage = _folder.Has(KnownDamage.Name) ? FindKnownDamage() : [],
        };
    }

    /// <summary>A new partition, or one whose follower was told to begin elsewhere and crashed over it.</summary>
    void CreateFirst()
    {
        _end = _options.LogStart?.Value ?? 0;
        if (_options.RecoveryPoint is { } synced && synced.Value > _end && !IsGivenUp)
            throw Damaged(_folder.FolderPath, 0, $"everything below offset {synced} was synced, and there are no segments.");
        _segments.Add(SegmentStart.Create(_directory.Files, _folder.FolderPath, _end, _options.NowMs));
    }

    /// <summary>After a clean stop. False when the disk does not look like one after all.</summary>
    bool TryBelieve()
    {
        foreach (var entry in _entries)
        {
            if (!entry.HasIndexes) RebuildIndexes(entry, "a file of it is missing");
            else _segments.Add(NewSegment(entry, entry.Sizes));
        }
        var last = _segments[^1];
        string? problem = SegmentTail.Load(last, _scanBuffer, out _end);
        if (problem != null && last.Offsets.Count + last.Times.Count > 0)
        {
            // Either the index or the log is wrong; without the index we shall know.
            ForgetLast();
            problem = RebuildIndexes(_entries[^1], problem);
            problem ??= SegmentTail.Load(_segments[^1], _scanBuffer, out _end);
        }
        bool ends = _options.RecoveryPoint is not { } synced || synced.Value <= _end;
        if (problem == null && ends) return true;
        while (_segments.Count > 0) ForgetLast();
        return false;
    }

    /// <summary>Another object takes its place, and opens the files again.</summary>
    void ForgetLast()
    {
        foreach (var file in _segments[^1].Files) file.Doom();
        _rebuilt.RemoveAll(rebuilt => rebuilt.Segment == _segments[^1]);
        _remade.Remove(_segments[^1]);
        _segments.RemoveAt(_segments.Count - 1);
    }

    Segment NewSegment(SegmentEntry entry, in SegmentSizes sizes) =>
        new(_directory.Files, _folder.FolderPath, entry.BaseOffset, _options.NowMs, sizes)
        {
            NameIsSynced = _options.CleanStop,
            LastWriteMs = entry.LastWriteMs,
        };

    /// <summary>
    /// By the headers of its batches alone: for a segment that is known to be whole but for its indexes. What stands in the way of it.
    /// </summary>
    string? RebuildIndexes(SegmentEntry entry, string problem)
    {
        LogTrace.IndexRebuilt(Log, Path.Combine(_folder.FolderPath, LogFileName.Of(entry.BaseOffset, LogFileName.OffsetIndex)), problem);
        var segment = WithNewIndexes(entry);
        _segments.Add(segment);
        _transactionsFrom = Math.Min(_transactionsFrom, entry.BaseOffset);
        using var lease = segment.LogFile.Lease();
        var scanner = new BatchScanner(lease.File, 0, segment.Size, _scanBuffer);
        ScanResult result;
        while ((result = scanner.Next(out var header)) == ScanResult.Batch) SegmentTail.Note(segment, header, _config.IndexIntervalBytes);
        SealIndexes(segment);
        return result == ScanResult.End ? null : scanner.Problem;
    }

    /// <summary>
    /// All indexes empty. The time index gets its name when everything is in them and synced (<see cref="NameRebuilt"/>): a crash before finds it
    /// missing and begins again.
    /// </summary>
    Segment WithNewIndexes(SegmentEntry entry)
    {
        string times = Path.Combine(_folder.FolderPath, LogFileName.Of(entry.BaseOffset, LogFileName.TimeIndex));
        _directory.Disk.DeleteFile(times);
        entry.TimeIndexBytes = -1;
        CutOrCreate(entry.BaseOffset, LogFileName.OffsetIndex, 0, entry.OffsetIndexBytes);
        var segment = NewSegment(entry, entry.Sizes with { OffsetEntries = 0, TimeEntries = 0 });
        segment.Times.File.Moved(times + LogFileName.Temporary);
        segment.Times.File.Create().Dispose();
        _rebuilt.Add((segment, times));
        return segment;
    }

    /// <summary>What was cut must not come back behind what is appended next.</summary>
    void SyncCut()
    {
        Sync(_segments[^1].LogFile);
        _directory.Disk.SyncDirectory(_folder.FolderPath);
    }

    void NameRebuilt()
    {
        foreach (var (segment, times) in _rebuilt)
        {
            SyncIndexes(segment);
            _directory.Disk.SyncDirectory(_folder.FolderPath);
            segment.Times.File.Rename(times);
        }
        foreach (var segment in _remade) SyncIndexes(segment);
        if (_rebuilt.Count + _remade.Count > 0) _directory.Disk.SyncDirectory(_folder.FolderPath);
    }

    static void SyncIndexes(Segment segment)
    {
        segment.Offsets.WriteOut();
        segment.Times.WriteOut();
        Sync(segment.Offsets.File);
        Sync(segment.Times.File);
    }

    static void Sync(SegmentFile file)
    {
        using var lease = file.Lease();
        lease.File.Flush();
    }

    /// <summary>The segment with its indexes cut to so many entries, made anew where there are none.</summary>
    Segment WithIndexes(SegmentEntry entry, int offsets, int times)
    {
        CutOrCreate(entry.BaseOffset, LogFileName.OffsetIndex, offsets * OffsetIndex.EntryBytes, entry.OffsetIndexBytes);
        CutOrCreate(entry.BaseOffset, LogFileName.TimeIndex, times * TimeIndex.EntryBytes, entry.TimeIndexBytes);
        return NewSegment(entry, entry.Sizes with { OffsetEntries = offsets, TimeEntries = times });
    }

    void CutOrCreate(long baseOffset, string suffix, long length, long present)
    {
        string path = Path.Combine(_folder.FolderPath, LogFileName.Of(baseOffset, suffix));
        using var file = present < 0 ? _directory.Disk.Create(path) : _directory.Disk.Open(path);
        if (file.Length > length) file.Truncate(length);
    }

    /// <summary>A segment that will not grow any more has its indexes complete, with the largest timestamp last.</summary>
    static void SealIndexes(Segment segment)
    {
        if (segment.LargestTimestamp is { } largest) segment.Times.MaybeAppend(largest);
        segment.Offsets.WriteOut();
        segment.Times.WriteOut();
    }

    /// <summary>Null when they have to be gathered from the batches.</summary>
    LeaderEpochs? LoadEpochs()
    {
        string path = Path.Combine(_folder.FolderPath, LogFileName.LeaderEpochs);
        byte[]? content = _directory.Disk.ReadAll(path);
        if (content == null) return _entries.Length == 0 ? LeaderEpochs.None : null;
        var entries = LeaderEpochCheckpoint.Parse(content, out string? problem);
        if (entries != null) return new LeaderEpochs(entries);
        LogTrace.CheckpointUnusable(Log, path, problem, "the epochs are read from the records");
        return null;
    }

    LeaderEpochs EpochsOfBatches()
    {
        var epochs = LeaderEpochs.None;
        foreach (var segment in _segments)
        {
            using var lease = segment.LogFile.Lease();
            var scanner = new BatchScanner(lease.File, 0, segment.Size, _scanBuffer);
            while (scanner.Next(out var header) == ScanResult.Batch)
                if (header.LeaderEpoch > epochs.Latest.Value)
                    epochs = epochs.Assign(new LeaderEpoch(header.LeaderEpoch), new Offset(header.BaseOffset));
        }
        return epochs;
    }

    DamagedStretch[] FindKnownDamage()
    {
        var known = KnownDamage.Read(_directory.Disk, _folder.FolderPath, _segments, out string? problem);
        if (problem != null) LogTrace.CheckpointUnusable(Log, PathOf(KnownDamage.Name), problem, "the next check finds anew what cannot be read");
        foreach (var damage in known)
            LogTrace.StillUnreadable(
                Log, _partition.DirectoryName, damage.First.Value, damage.Behind.Value - 1, damage.File.Path, damage.From, damage.Problem);
        return known;
    }

    LogDamagedException Damaged(string path, long position, string whatIsWrong)
    {
        new DamageVerdict(_end, path, position, whatIsWrong).TryLeave(_directory.Disk, _folder.FolderPath);
        return new LogDamagedException(
            path, position, $"{(_end > 0 ? $"from offset {_end} on: " : "")}{whatIsWrong}",
            "The files were left as they are. To lose nothing, stop the broker and restore the directory from a backup. To drop everything from "
            + $"there to the end: akkastream accept-damage {_folder.FolderPath} (it tells first what that is).");
    }
}
