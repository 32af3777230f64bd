using System.Text;
using AkkaStream.Log.Cleaning;
using AkkaStream.Log.Tests.Support;
using AkkaStream.Protocol.Records;
using AkkaStream.TestKit;
using AkkaStream.TestKit.Disk;

namespace AkkaStream.Log.Tests.Cleaning;

/// <summary>
/// The life of a compacted log on a simulated disk, beside its model: appends and transactions, rolls, compactions that are interrupted and cut
/// off by crashes at any write, restarts, and after each step what readers find.
/// </summary>
sealed partial class CompactionRun : IDisposable
{
    const string Folder = "/logs/topic-0";
    const int Producers = 3;

    static readonly PartitionName Name = new("topic", 0);
    static readonly CompressionCodec[] Codecs = [CompressionCodec.None, CompressionCodec.None, CompressionCodec.Lz4, CompressionCodec.Gzip];

    readonly Random _random;
    readonly SimulatedDisk _disk;
    readonly KeyedModel _model = new();
    readonly NativeBatches _memory = new();
    readonly List<string> _done = [];
    readonly LogConfig _config;
    readonly CleaningLimits _limits;
    readonly int _keys;
    readonly bool _deletes;
    LogDirectory _directory;
    PartitionLog _log;
    long _now = 1_700_000_000_000;
    int _epoch = 1;
    long _replicated;

    public CompactionRun(long seed)
    {
        _random = Seeds.Random(seed, 23);
        _disk = new SimulatedDisk(seed) { LosesPages = _random.Next(2) == 0, Clock = () => _now };
        _keys = _random.Next(3, 40);
        _deletes = _random.Next(2) == 0;
        _config = new LogConfig
        {
            SegmentBytes = _random.Next(1, 5) * 800,
            IndexIntervalBytes = _random.Next(1, 6) * 100,
            Cleanup = _deletes ? CleanupPolicy.Compact | CleanupPolicy.Delete : CleanupPolicy.Compact,
            DeleteRetentionMs = _random.Next(3) * 50_000,
            TimestampAfterMaxMs = long.MaxValue,
            RetentionMs = -1,
            ProducerIdExpirationMs = long.MaxValue,
            FileDeleteDelayMs = 10,
        };
        _limits = new CleaningLimits
        {
            Hash = new KeyHash((ulong)seed, 77),
            DedupeBufferBytes = OffsetMap.SlotBytes * (_random.Next(2) == 0 ? 16 : 1000),
            IoBufferBytes = _random.Next(512, 4096),
        };
        (_directory, _log) = (null!, null!);
        _directory = LogDirectory.Open("/logs", _disk);
        _directory.CreatePartition(Name, "some-topic-id");
        _log = Open();
    }

    /// <summary>What was done, for the message of a failure.</summary>
    public string History => string.Join("\n", _done.TakeLast(40));

    public int Cleanings { get; private set; }

    public void Step()
    {
        if (_random.Next(8) == 0) _disk.CrashAfter(_random.Next(25));
        try
        {
            DoSomething();
            _disk.CrashAfter(int.MaxValue);
            Compare();
        }
        catch (SimulatedCrashException)
        {
            Reopen("crash", _random.Next(2) == 0 ? CrashKind.Kill : CrashKind.PowerLoss);
        }
    }

    public void Finish()
    {
        StopClean();
        Compare();
    }

    void DoSomething()
    {
        switch (_random.Next(100))
        {
            case < 48: Append(); break;
            case < 58: EndTransaction(); break;
            case < 66: AdvanceHighWatermark(); break;
            case < 72: Roll(); break;
            case < 78: Flush(); break;
            case < 90: Clean(); break;
            case < 92: _now += _random.Next(60_000); break;
            case < 93: Reopen("stop without notice", _random.Next(2) == 0 ? CrashKind.Kill : CrashKind.PowerLoss); break;
            case < 95: StopClean(); break;
            case < 97: WriteCheckpoints(); break;
            case < 98: Truncate(); break;
            default: DeleteOld(); break;
        }
    }

    PartitionLog Open() => PartitionLog.Open(_directory, Name, _config, LogOpenOptions.After(_directory, Name, _now));

    void Note(string what) => _done.Add(
        $"{_model.Start}..{_model.HighWatermark}..{_model.End} synced {_model.Synced} touched {_model.UntouchedFrom} compacted {_model.CompactedTo}: {what}");

    void Append()
    {
        long producer = Math.Max(-1, _random.Next(Producers + 2) - 2);
        var last = producer < 0 ? null : _model.LastOf(producer);
        bool open = producer >= 0 && _model.IsOpen(producer);
        bool transactional = producer >= 0 && (open || _random.Next(2) == 0);
        short epoch = last?.ProducerEpoch ?? 0;
        int sequence = last == null || last.Commits != null && last.LastSequence < 0 ? 0 : last.LastSequence + 1;
        var builder = new RecordBatchBuilder { Codec = Codecs[_random.Next(Codecs.Length)] };
        if (producer >= 0)
        {
            (builder.ProducerId, builder.ProducerEpoch, builder.BaseSequence) = (producer, epoch, sequence);
            if (transactional) builder.Attributes = BatchAttributes.Transactional;
        }
        var records = new List<KeyedRecord>();
        int count = _random.Next(1, 5);
        for (int i = 0; i < count; i++)
        {
            var record = new KeyedRecord(
                _model.End + i, $"key-{_random.Next(_keys)}", _random.Next(5) == 0 ? null : new string('v', _random.Next(60)) + (_model.End + i),
                _now + _random.Next(-3000, 3000));
            records.Add(record);
            builder.Append(
                record.Timestamp, true, Encoding.UTF8.GetBytes(record.Key), record.Value != null, Encoding.UTF8.GetBytes(record.Value ?? ""),
                default, 0, i);
        }
        Note($"append {count} of producer {producer} sequence {sequence}{(transactional ? " in a transaction" : "")}");
        _model.Batches.Add(new KeyedBatch(
            _model.End, _model.End + count - 1, records, producer, producer < 0 ? (short)-1 : epoch, producer < 0 ? -1 : sequence + count - 1,
            transactional));
        Write(_memory.Validate(builder.ToArray(), _config, _now));
    }

    unsafe void EndTransaction()
    {
        long producer = _random.Next(Producers);
        if (!_model.IsOpen(producer)) return;
        var last = _model.LastOf(producer)!;
        bool commits = _random.Next(2) == 0;
        Note($"producer {producer} {(commits ? "commits" : "aborts")}");
        byte[] bytes = ControlRecords.BuildEndTransaction(commits, producer, last.ProducerEpoch, 0, _now);
        _model.Batches.Add(new KeyedBatch(_model.End, _model.End, [], producer, last.ProducerEpoch, last.LastSequence, true) { Commits = commits });
        Write(BatchValidator.Describe(_memory.Copy(bytes), bytes.Length, BatchOrigin.Coordinator));
    }

    void Write(ProducedBatch batch)
    {
        ProducedBatch[] batches = [batch];
        var summary = _log.AppendAsLeader(batches, new LeaderEpoch(_epoch), _now);
        Assert.Equal((ErrorCode.None, ErrorCode.None, false), (summary.Error, batches[0].Error, batches[0].IsDuplicate));
        Assert.Equal(_model.End, summary.EndOffset.Value);
    }

    void AdvanceHighWatermark()
    {
        long to = _random.Next(2) == 0 ? _model.End : _random.NextInt64(_model.HighWatermark, _model.End + 1);
        Note($"watermark to {to}");
        _model.HighWatermark = to;
        _replicated = Math.Max(_replicated, to);
        _log.AdvanceHighWatermark(new Offset(to));
    }

    void Roll()
    {
        Note("roll");
        if (_random.Next(3) == 0) _log.BeginLeaderEpoch(new LeaderEpoch(++_epoch));
        _log.Roll(_now);
    }

    void Flush()
    {
        Note("flush");
        var flush = _log.BeginFlush();
        if (flush == null) return;
        if (_random.Next(3) == 0) Clean(); // while it is under way
        flush.Run();
        _log.CompleteFlush(flush);
        Assert.Null(flush.Failure);
        _model.Synced = Math.Max(_model.Synced, flush.UpTo.Value);
    }

    void WriteCheckpoints()
    {
        Note("checkpoints");
        _directory.NoteHighWatermark(Name, _log.HighWatermark);
        _directory.WriteCheckpoints();
    }

    /// <summary>With other work between its steps, as the keeper and the replica would do it.</summary>
    void Clean()
    {
        if (_log.BeginCleaning(_limits, _now) is not { } cleaning) return;
        Note($"compaction from {cleaning.Plan.FirstDirty} to {cleaning.Plan.FirstUncleanable}");
        Cleanings++;
        _model.OnCleaningBegun(cleaning.Plan.FirstUncleanable.Value, _now);
        while (cleaning.Stage is CleaningStage.Working or CleaningStage.SwapDue)
        {
            if (cleaning.Stage == CleaningStage.Working) cleaning.Step();
            else if (_random.Next(20) == 0) cleaning.Abandon();
            else _log.SwapIn(cleaning, _now);
            switch (_random.Next(12))
            {
                case 0: Append(); break;
                case 1: Compare(); break;
                case 2: AdvanceHighWatermark(); break;
                case 3: DeleteOld(); break;
            }
        }
        Note($"it is {cleaning.Stage}: {cleaning.Report}");
        if (cleaning.Stage != CleaningStage.Done) return;
        _log.CompleteCleaning(cleaning);
        _model.OnCleaningDone(cleaning.UpTo.Value);
        if (_random.Next(2) == 0) _directory.WriteCleanerPositions();
    }

    void DeleteOld()
    {
        if (!_deletes) return;
        long to = _random.NextInt64(_model.Start, Math.Min(_model.HighWatermark, _model.Start + 20) + 1);
        Note($"start to {to}");
        _model.Start = Math.Max(_model.Start, to);
        _log.AdvanceLogStart(new Offset(to));
        _log.ApplyRetention(_now);
        if (_random.Next(2) == 0) _log.UnlinkDeleted(_now + _random.Next(20));
    }

    void Truncate()
    {
        // A watermark that was lost in a crash stands all the same: what is replicated is not taken back.
        long to = _random.NextInt64(Math.Min(_replicated, _model.End), _model.End + 1);
        Note($"truncate to {to}");
        _model.Synced = Math.Min(_model.Synced, _model.Batches.FirstOrDefault(batch => batch.LastOffset >= to)?.BaseOffset ?? to);
        _log.TruncateTo(new Offset(to), _now);
        _model.CutEnd(to);
        Assert.Equal(_model.End, _log.EndOffset.Value);
    }

    void StopClean()
    {
        Note("clean stop");
        _log.Close(clean: true);
        _directory.CloseClean(5);
        _disk.Restart(_random.Next(2) == 0 ? CrashKind.Kill : CrashKind.PowerLoss);
        _directory = LogDirectory.Open("/logs", _disk);
        _log = Open();
        _model.Synced = _model.End;
        Assert.Equal((_model.Start, _model.End), (_log.StartOffset.Value, _log.EndOffset.Value));
    }

    public void Dispose()
    {
        _log.Dispose();
        _memory.Dispose();
    }
}
