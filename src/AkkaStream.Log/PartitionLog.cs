using AkkaStream.Log.Checkpoints;
using AkkaStream.Log.Files;
using AkkaStream.Log.Indexes;
using AkkaStream.Log.Producers;
using AkkaStream.Log.Recovery;

namespace AkkaStream.Log;

/// <summary>
/// One partition on disk. Its replica appends, truncates, rolls and moves the watermarks, one call at a time (the replica actor's turn); any
/// number of readers use <see cref="View"/> meanwhile, without locks. What it acknowledged stays: the end moves only after the bytes
/// are written, the recovery point only after they are synced, and a disk that fails to sync ends the log's service.
/// </summary>
/// <remarks>
/// Nothing here syncs except where it says "waits for the disk": the replica begins a flush in its turn, runs it elsewhere and completes it
/// in a later turn. After an exception other than <see cref="IOException"/> the log must be closed uncleanly and opened again.
/// </remarks>
public sealed partial class PartitionLog : IDisposable
{
    readonly LogDirectory _directory;
    readonly string _path;
    readonly OffsetSet _snapshots;
    readonly LeaderEpoch _highestEpochFound;

    ProducerTable _producers;
    LogConfig _config;
    Segment[] _segments;
    LeaderEpochs _epochs;
    LogReadView _view;
    long _start;
    long _end;
    long _highWatermark;

    /// <summary>
    /// Where the log ended when it last read its producers from the disk: of transactions that ended below nobody can tell any more whether their
    /// end is replicated, until the watermark has passed.
    /// </summary>
    long _producersReadAt;

    /// <summary>The last stable offset as it would be after a loss of power: what ended the transactions below is on the disk.</summary>
    long _syncedStable;
    long _recoveryPoint;

    /// <summary>The epoch file on the disk may be older than <see cref="_epochs"/>.</summary>
    bool _epochsUnsynced;

    /// <summary>Something was written since the log was opened, or then.</summary>
    bool _isDirty;
    bool _closed;

    PartitionLog(LogDirectory directory, PartitionName name, LogConfig config, LogOpenOptions options, RecoveredLog found)
    {
        _directory = directory;
        Name = name;
        _path = directory.PathOf(name);
        _config = config;
        _segments = [.. found.Segments];
        _end = found.End;
        _start = Math.Clamp(options.LogStart?.Value ?? 0, _segments[0].BaseOffset, Math.Max(_end, _segments[0].BaseOffset));
        _highWatermark = Math.Clamp(options.HighWatermark?.Value ?? 0, _start, _end);
        _recoveryPoint = Math.Min(options.RecoveryPoint?.Value ?? 0, _end);
        _epochs = found.Epochs;
        _highestEpochFound = found.HighestEpoch;
        _producers = found.Producers;
        _snapshots = found.Snapshots;
        _damage = found.Damage;
        _producers.Transactions.OnHighWatermark(_highWatermark);
        _producersReadAt = _end;
        if (found.EpochsChanged) WriteEpochs(_epochs);
        _isDirty |= !options.CleanStop;
        _view = MakeView(_end, Active.Size);
        _syncedStable = _recoveryPoint == _end ? _view.LastStableOffset.Value : 0;

        // A flush leaves the indexes of the last segment to the next one; it may have been rolled since.
        _indexesSyncedBelow = options.CleanStop ? _end : _segments[_view.FloorSegment(_recoveryPoint - 1)].BaseOffset;
    }

    public PartitionName Name { get; }

    /// <summary>The newest; take it once for each piece of work and stay with it. Any thread.</summary>
    public LogReadView View => Volatile.Read(ref _view);

    public LogConfig Config => _config;
    public Offset EndOffset => new(_end);
    public Offset StartOffset => new(_start);
    public Offset HighWatermark => new(_highWatermark);

    /// <summary>Everything below is on the disk.</summary>
    public Offset RecoveryPoint => new(_recoveryPoint);

    /// <summary>Why nothing can be appended any more; null while all is well.</summary>
    public string? OfflineReason { get; private set; }

    /// <summary>
    /// The largest leader epoch met in this log, even if its records are gone. A new leader's epoch must be above it.
    /// </summary>
    public LeaderEpoch HighestEpoch => _epochs.Latest > _highestEpochFound ? _epochs.Latest : _highestEpochFound;

    public int ProducerCount => _producers.Count;

    Segment Active => _segments[^1];

    /// <summary>
    /// Waits for the disk. Throws <see cref="LogDamagedException"/> when stored data cannot be trusted, and other
    /// <see cref="IOException"/>s when the disk fails.
    /// </summary>
    public static PartitionLog Open(LogDirectory directory, PartitionName name, LogConfig config, LogOpenOptions options)
    {
        var log = new PartitionLog(directory, name, config, options, LogRecovery.Run(directory, name, config, options));
        directory.NoteWhole(name);
        return log;
    }

    public void Configure(LogConfig config) => _config = config;

    /// <summary>
    /// For a batch that begins a transaction: a number to put into <see cref="ProducedBatch.Verification"/> once the coordinator confirmed that
    /// it knows the transaction; 0 when one is open here and nobody needs to be asked.
    /// </summary>
    public long BeginVerification(long producerId, short producerEpoch, int firstSequence, long nowMs) =>
        _producers.BeginVerification(producerId, producerEpoch, firstSequence, nowMs);

    public bool HasOpenTransaction(long producerId, short producerEpoch) => _producers.HasOpenTransaction(producerId, producerEpoch);

    /// <summary>Forgets producers that have been silent for producer.id.expiration.ms; called now and then.</summary>
    public int RemoveExpiredProducers(long nowMs) => _producers.RemoveExpired(nowMs, _config.ProducerIdExpirationMs);

    /// <summary>What DescribeProducers tells: each producer with its last sequence number and open transaction.</summary>
    public IReadOnlyList<ProducerDescription> DescribeProducers() =>
        [.. _producers.Producers.Select(entry => new ProducerDescription(
            entry.State.ProducerId, entry.State.Epoch, entry.State.LastSequence, entry.State.LastTimestamp,
            entry.State.CoordinatorEpoch, new Offset(entry.State.TransactionStart)))];

    /// <summary>
    /// Ends the log's use. A clean close waits for the disk, and leaves nothing to check for the next start; after it the recovery point is
    /// the end. An unclean one only lets go of the files.
    /// </summary>
    public void Close(bool clean)
    {
        if (_closed) return;
        bool isWhole = !_isDirty;
        try
        {
            if (clean && OfflineReason == null)
            {
                Settle();
                isWhole = true;
            }
        }
        finally
        {
            _closed = true;
            if (!isWhole) _directory.NoteUnchecked(Name);
            UnlinkDeleted(long.MaxValue);
            foreach (var segment in _segments)
                foreach (var file in segment.Files) file.CloseIfUnused();
        }
    }

    public void Dispose() => Close(clean: false);

    void Settle()
    {
        Bug.Assert(!_flushing);
        if (_isDirty || _recoveryPoint < _end)
        {
            Seal(Active);
            WriteSnapshot();
            var flush = BeginFlush(isLast: true);
            flush.Run();
            CompleteFlush(flush);
        }
        if (OfflineReason != null) throw new IOException($"{Name}: {OfflineReason}");
        _directory.NoteRecoveryPoint(Name, EndOffset);
        _directory.NoteHighWatermark(Name, HighWatermark);
        if (_start > _segments[0].BaseOffset) _directory.PersistLogStart(Name, StartOffset);
    }

    /// <summary>Not before the bytes it speaks of are written.</summary>
    void Publish(long tailOffset, int tailPosition) => Volatile.Write(ref _view, MakeView(tailOffset, tailPosition));

    void Publish() => Publish(_view.TailOffset, _view.TailPosition);

    LogReadView MakeView(long tailOffset, int tailPosition)
    {
        long stable = _highWatermark;
        if (_producers.Transactions.FirstUnstable is { } unstable) stable = Math.Min(stable, Math.Max(unstable, _start));
        return new LogReadView(_segments, _epochs)
        {
            EndPosition = Active.Size,
            TailOffset = tailOffset,
            TailPosition = tailPosition,
            LargestInLast = Active.LargestTimestamp ?? TimestampOffset.None(Active.BaseOffset),
            StartOffset = new Offset(_start),
            EndOffset = new Offset(_end),
            HighWatermark = new Offset(_highWatermark),
            LastStableOffset = new Offset(stable),
            Damage = DamageInService(),
        };
    }

    void GoOffline(string reason)
    {
        if (OfflineReason != null) return;
        OfflineReason = reason;
        _directory.NoteInDoubt(Name);
        LogTrace.WentOffline(_directory.Log, Name.DirectoryName, reason);
    }

    /// <summary>Into the page cache; durable with the next flush. Throws when the disk is full.</summary>
    void WriteEpochs(LeaderEpochs epochs)
    {
        _directory.Disk.WriteAtomically(EpochPath, LeaderEpochCheckpoint.Format(epochs.Entries), durable: false);
        _epochs = epochs;
        _epochsUnsynced = true;
        _isDirty = true;
    }

    string EpochPath => Path.Combine(_path, LogFileName.LeaderEpochs);
}

/// <summary>One producer as the partition sees it. TransactionStart is Unknown without an open transaction.</summary>
public readonly record struct ProducerDescription(
    long ProducerId, short ProducerEpoch, int LastSequence, long LastTimestamp, int CoordinatorEpoch, Offset TransactionStart);
