using AkkaStream.Log.Cleaning;
using AkkaStream.Log.Tests.Support;
using AkkaStream.TestKit;
using AkkaStream.Protocol.Records;
using AkkaStream.TestKit.Disk;

namespace AkkaStream.Log.Tests.Model;

/// <summary>
/// One partition on a simulated disk beside its model: random work, faults and crashes from one seed, and after each step the two must
/// say the same.
/// </summary>
sealed partial class LogRun : IDisposable
{
    const string Folder = "/logs/topic-3";

    static readonly PartitionName Name = new("topic", 3);

    readonly Random _random;
    readonly SimulatedDisk _disk;
    readonly LogModel _model = new();
    readonly NativeBatches _memory = new();
    readonly List<string> _done = [];
    LogDirectory _directory;
    PartitionLog _log;
    LogConfig _config;
    long _now = 1_700_000_000_000;
    int _epoch = 1;

    /// <summary>Where the log ended when it last read its producers from the disk.</summary>
    long _openedAt;

    public LogRun(long seed)
    {
        _random = Seeds.Random(seed, 17);
        _disk = new SimulatedDisk(seed) { LosesPages = _random.Next(2) == 0, Clock = () => _now };
        _keys = _random.Next(3, 40);
        _compacts = _random.Next(2) == 0;
        _deletes = !_compacts || _random.Next(2) == 0;
        _limits = new CleaningLimits
        {
            Hash = new KeyHash((ulong)seed, 77),
            DedupeBufferBytes = OffsetMap.SlotBytes * (_random.Next(2) == 0 ? 16 : 1000),
            IoBufferBytes = _random.Next(512, 4096),
        };
        _config = new LogConfig
        {
            Cleanup = (_compacts ? CleanupPolicy.Compact : 0) | (_deletes ? CleanupPolicy.Delete : 0),
            DeleteRetentionMs = _random.Next(3) * 50_000,
            SegmentBytes = _random.Next(1, 8) * 1000,
            IndexIntervalBytes = _random.Next(1, 10) * 100,
            TimestampType = _random.Next(8) == 0 ? TimestampType.LogAppendTime : TimestampType.CreateTime,
            TimestampAfterMaxMs = long.MaxValue,
            RetentionMs = -1,
            ProducerIdExpirationMs = long.MaxValue,
            FileDeleteDelayMs = 10,
        };
        (_directory, _log) = (null!, null!);
        _directory = LogDirectory.Open("/logs", _disk);
        _directory.CreatePartition(Name, "some-topic-id");
        _directory.SyncNames();
        _log = Open();
    }

    /// <summary>What was done, for the message of a failure.</summary>
    public string History => string.Join("\n", _done.TakeLast(40));

    public void Step()
    {
        bool crashes = _random.Next(12) == 0;
        if (crashes) _disk.CrashAfter(_random.Next(14));
        try
        {
            DoSomething();
            _disk.CrashAfter(int.MaxValue);
            if (_log.OfflineReason != null) Reopen($"it was offline: {_log.OfflineReason}", CrashKind.Kill);
            Compare();
        }
        catch (SimulatedCrashException)
        {
            Reopen("crash", _random.Next(2) == 0 ? CrashKind.Kill : CrashKind.PowerLoss);
        }
    }

    /// <summary>At the end all that is there is read and compared once more, after a clean stop.</summary>
    public void Finish()
    {
        StopClean();
        Compare();
    }

    void DoSomething()
    {
        switch (_random.Next(100))
        {
            case < 42: Append(); break;
            case < 48: AppendFromLeader(); break;
            case < 55: AdvanceHighWatermark(); break;
            case < 62: Flush(); break;
            case < 66: Roll(); break;
            case < 75: Clean(); break;
            case < 78: AdvanceStart(); break;
            case < 81: Retain(); break;
            case < 84: Truncate(); break;
            case < 85: TruncateFully(); break;
            case < 87: BeginEpoch(); break;
            case < 89: WriteCheckpoints(); break;
            case < 91: Reopen("stop without notice", _random.Next(2) == 0 ? CrashKind.Kill : CrashKind.PowerLoss); break;
            case < 94: StopClean(); break;
            case < 96: FillDisk(); break;
            case < 97: FailSync(); break;
            case < 98: FailWrite(); break;
            case < 99: LoseIndexes(); break;
            default: _now += _random.Next(100_000); break;
        }
    }

    PartitionLog Open()
    {
        var log = PartitionLog.Open(_directory, Name, _config, LogOpenOptions.After(_directory, Name, _now));
        _openedAt = log.EndOffset.Value;
        return log;
    }

    void Note(string what) => _done.Add($"{_model.Start}..{_model.HighWatermark}..{_model.End} synced {_model.Synced}: {what}");

    void BeginEpoch()
    {
        _epoch += _random.Next(1, 3);
        Note($"epoch {_epoch}");
        _log.BeginLeaderEpoch(new LeaderEpoch(_epoch));
    }

    void AdvanceHighWatermark()
    {
        long to = _random.NextInt64(_model.HighWatermark, _model.End + 1);
        Note($"watermark to {to}");
        _model.HighWatermark = to;
        _log.AdvanceHighWatermark(new Offset(to));
    }

    void Flush()
    {
        Note("flush");
        var flush = _log.BeginFlush();
        if (flush == null) return;
        switch (_random.Next(6)) // while it is under way
        {
            case < 2: Append(); break;
            case 2: Clean(); break;
        }
        flush.Run();
        _log.CompleteFlush(flush);
        Assert.Null(flush.Failure);
        if (flush.UpTo.Value > _model.Synced) _ghosts.Clear();
        _model.Synced = Math.Max(_model.Synced, flush.UpTo.Value);
        Assert.Equal(_model.Synced, _log.RecoveryPoint.Value);
    }

    void Roll()
    {
        Note("roll");
        _log.Roll(_now);
    }

    void WriteCheckpoints()
    {
        Note("checkpoints");
        _directory.NoteHighWatermark(Name, _log.HighWatermark);
        _directory.WriteCheckpoints();
    }

    /// <summary>Who asks a log that is compacted alone is refused before.</summary>
    void AdvanceStart()
    {
        if (!_deletes) return;
        long to = _random.NextInt64(_model.Start, _model.HighWatermark + 1);
        Note($"start to {to}");
        long before = _model.Start;
        _model.Start = Math.Max(to, before);
        _log.AdvanceLogStart(new Offset(to));
        _model.DurableStart = _model.Start;
        if (to > before) _model.LostHistory = true;
    }

    void Retain()
    {
        if (!_deletes) return;
        var keep = _config;
        long total = _log.View.SizeInBytes;
        _log.Configure(keep with { RetentionBytes = _random.NextInt64(total + 1) });
        Note($"retention by size, {_log.Config.RetentionBytes} of {total} bytes");
        _mayStartAt = _model.HighWatermark;
        var plan = _log.ApplyRetention(_now);
        _mayStartAt = null;
        _log.Configure(keep);
        _model.LostHistory |= plan.DeleteCount > 0;
        Assert.True(_log.StartOffset.Value >= _model.Start && _log.StartOffset.Value <= _model.HighWatermark);
        _model.Start = _log.StartOffset.Value;
        if (_random.Next(2) == 0) _log.UnlinkDeleted(_now + _random.Next(20));
    }

    void Truncate()
    {
        // What is compacted was decided by what is replicated, and that is not taken back.
        long to = _random.NextInt64(_compacts ? Math.Min(_model.Replicated, _model.End) : _model.Begin, _model.End + 1);
        Note($"truncate to {to}");
        if (to >= _model.End) return;
        if (to < _log.View.Segments[0].BaseOffset)
        {
            TruncateFully(to);
            return;
        }
        // Should the disk go down meanwhile, more may be left than was asked for, never less.
        _mayShrinkTo = _model.Batches.TakeWhile(batch => batch.LastOffset < to).LastOrDefault()?.LastOffset + 1 ?? _model.Begin;
        _log.TruncateTo(new Offset(to), _now);
        _mayShrinkTo = null;
        _ghosts.Clear();
        _model.CutEnd(to);
        _openedAt = _model.End;
    }

    void TruncateFully() => TruncateFully(_random.NextInt64(_model.End + 10));

    void TruncateFully(long to)
    {
        Note($"begin anew at {to}");
        (_beginsAnewAt, _mayShrinkTo) = (to, 0);
        _log.TruncateFullyAndStartAt(new Offset(to), _now);
        (_beginsAnewAt, _mayShrinkTo) = (null, null);
        _model.DurableStart = to;
        _model.Clear(to);
    }

    public void Dispose()
    {
        _log.Dispose();
        _memory.Dispose();
    }
}
