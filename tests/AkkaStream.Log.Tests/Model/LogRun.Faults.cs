using AkkaStream.Log.Files;
using AkkaStream.Log.Tests.Support;
using AkkaStream.Protocol.Records;
using AkkaStream.TestKit.Disk;

namespace AkkaStream.Log.Tests.Model;

/// <summary>Crashes, full disks and failing ones, and what must be true of the log behind them.</summary>
sealed partial class LogRun
{
    /// <summary>A full truncation was under way: the log may begin there, or not yet.</summary>
    long? _beginsAnewAt;

    /// <summary>A truncation to there, or a deletion up to there, was under way.</summary>
    long? _mayShrinkTo, _mayStartAt;

    /// <summary>A crash while the stop is made or the next run begins may leave the mark of a clean stop, or not.</summary>
    bool _isBetweenRuns;

    /// <summary>Something was damaged: what cannot be read may be given up.</summary>
    bool _givesUp;

    void StopClean()
    {
        Note("clean stop");
        _log.Close(clean: true);
        _model.Synced = _model.End;
        _model.DurableStart = _model.Start;
        _ghosts.Clear();
        _isBetweenRuns = true;
        _directory.CloseClean(5);
        _disk.Restart(_random.Next(2) == 0 ? CrashKind.Kill : CrashKind.PowerLoss);
        _directory = LogDirectory.Open("/logs", _disk);
        Assert.True(_directory.WasCleanStop);
        _isBetweenRuns = false;
        if (_random.Next(3) == 0) BreakIndexes();
        _log = Open();
        Assert.Equal((_model.Start, _model.End), (_log.StartOffset.Value, _log.EndOffset.Value));
        Assert.Equal(_model.HighWatermark, _log.HighWatermark.Value);
    }

    void Reopen(string why, CrashKind kind)
    {
        Note($"{why}: {kind}");
        _disk.Fails = null;
        _disk.Capacity = long.MaxValue;
        _disk.Restart(kind);
        if (kind == CrashKind.Kill && _random.Next(3) == 0) LoseIndexFiles();
        _givesUp = kind == CrashKind.PowerLoss && _random.Next(4) == 0 && DamageUnsyncedBatch();
        OpenAfterCrash();
        _givesUp = false;

        // Doing it again, with a crash on the way or without, comes to the same.
        var (start, end) = (_log.StartOffset, _log.EndOffset);
        for (int round = _random.Next(3); round > 0; round--)
        {
            _disk.CrashAfter(_random.Next(20));
            try
            {
                _log.Dispose();
                OpenAfterCrash();
            }
            catch (SimulatedCrashException)
            {
                _disk.Restart(kind);
                OpenAfterCrash();
            }
            _disk.CrashAfter(int.MaxValue);
            Assert.Equal((start, end), (_log.StartOffset, _log.EndOffset));
        }
        Assert.DoesNotContain(_disk.List(Folder), file => LogFileName.Parse(file.Name, out _) is LogFileKind.Cleaned or LogFileKind.Swap);
        TakeOver(kind);
        Compare();
    }

    void OpenAfterCrash()
    {
        _directory = LogDirectory.Open("/logs", _disk);
        Assert.True(_isBetweenRuns || !_directory.WasCleanStop);
        _isBetweenRuns = false;
        try
        {
            _log = Open();
        }
        catch (LogDamagedException damage) when (_givesUp)
        {
            // It was not the last batch: the files were kept, and somebody decided.
            Assert.StartsWith(Folder, damage.DamagedPath);
            _directory = LogDirectory.Open("/logs", _disk);
            _log = PartitionLog.Open(_directory, Name, _config, LogOpenOptions.After(_directory, Name, _now) with { GiveUpDamage = true });
            _openedAt = _log.EndOffset.Value;
        }
    }

    /// <summary>
    /// One bit of a batch that nobody was promised turns. Not in its offset or leader epoch: no checksum covers those.
    /// </summary>
    bool DamageUnsyncedBatch()
    {
        var damageable = new List<(string Path, int Position, int Size)>();
        foreach (var file in _disk.List(Folder))
        {
            if (LogFileName.Parse(file.Name, out _) != LogFileKind.Log) continue;
            string path = Path.Combine(Folder, file.Name);
            byte[] bytes = _disk.ReadAll(path) ?? [];
            foreach (var range in LogReading.Split(bytes))
            {
                var batch = new RecordBatch(bytes.AsSpan(range));
                if (batch.SizeInBytes < RecordBatch.HeaderLength || batch.BaseOffset < _model.Synced) continue;
                damageable.Add((path, range.Start.Value, (int)batch.SizeInBytes));
            }
        }
        if (damageable.Count == 0) return false;
        var (damaged, at, size) = damageable[_random.Next(damageable.Count)];
        int place = _random.Next(RecordBatch.CrcOffset - 1, size);
        if (_random.Next(8) == 0) place = _random.Next(8, 12);
        Note($"a bit turns in {damaged} at {at} + {place}");
        _disk.FlipBit(damaged, at + place, _random.Next(8));
        return true;
    }

    /// <summary>What may be lost is taken from the model, what may not be is demanded of the log.</summary>
    void TakeOver(CrashKind kind)
    {
        long end = _log.EndOffset.Value, start = _log.StartOffset.Value;
        // Empty, and not where any batch ended: it begins anew.
        bool isEmpty = _log.View.SizeInBytes == 0;
        bool isElsewhere = _model.Batches.All(batch => batch.LastOffset + 1 != end);
        if (isEmpty && _beginsAnewAt is { } anew && (isElsewhere || end == anew)) _model.Clear(end);
        else if (isEmpty && isElsewhere && (kind == CrashKind.PowerLoss || _mayShrinkTo != null) && end >= _model.DurableStart && end <= (_mayStartAt ?? _model.Start))
            _model.Clear(end);
        if (kind == CrashKind.PowerLoss) ChooseBranch();

        // The model counts the batches of an append that did not return: any number of them may be there.
        long certain = kind == CrashKind.PowerLoss ? _model.Synced : _underWay.Count > 0 ? EndBefore(_underWay[0]) : _model.End;
        certain = Math.Min(certain, _mayShrinkTo ?? long.MaxValue);
        Assert.True(end >= certain, $"the log ends at {end}, below {certain}");
        Assert.True(end <= _model.End, $"the log ends at {end}, behind {_model.End}");
        _model.LostHistory |= _model.Batches.Any(batch => batch.LastOffset < start);
        _model.CutEnd(end);
        Assert.Equal(_model.End, end);
        Assert.True(start >= Math.Min(_model.DurableStart, end), $"the log starts at {start}, the disk knew of {_model.DurableStart}");
        Assert.True(start <= Math.Max(_mayStartAt ?? _model.Start, _model.DurableStart), $"the log starts at {start}, behind {_model.Start}");
        _model.Start = start;
        Assert.InRange(_log.HighWatermark.Value, start, end);
        _model.HighWatermark = _log.HighWatermark.Value;
        if (kind == CrashKind.PowerLoss) _model.Synced = end;
        _underWay.Clear();
        (_beginsAnewAt, _mayShrinkTo, _mayStartAt) = (null, null, null);
    }

    void ChooseBranch()
    {
        var there = LogReading.ReadBatches(_log.View);
        if (!Explains(_model.Batches) && _ghosts.Find(Explains) is { } ghost)
        {
            _model.Batches.Clear();
            _model.Batches.AddRange(ghost);
        }
        _ghosts.Clear();

        bool Explains(List<ModelBatch> branch) =>
            there.All(bytes => new RecordBatch(bytes).BaseOffset < _model.UntouchedFrom || branch.Any(batch => batch.Bytes.AsSpan().SequenceEqual(bytes)))
            && (_log.EndOffset.Value == _model.Begin || branch.Any(batch => batch.LastOffset + 1 == _log.EndOffset.Value));
    }

    long EndBefore(ModelBatch batch)
    {
        int at = _model.Batches.IndexOf(batch);
        return at <= 0 ? _model.Begin : _model.Batches[at - 1].LastOffset + 1;
    }

    void FillDisk()
    {
        Note("the disk is full");
        _disk.Capacity = _disk.UsedBytes + _random.Next(300);
        for (int i = 0; i < 3; i++) Append();
        Assert.Null(_log.OfflineReason);
        Compare();
        _disk.Capacity = long.MaxValue;
        Note("there is room again");
        long end = _model.End;
        while (_model.End == end) Append();
    }

    void FailWrite()
    {
        Note("a write fails");
        _disk.Fails = (operation, path) => operation == DiskOperation.Write && path.EndsWith(".log", StringComparison.Ordinal);
        long end = _model.End;
        Append();
        Assert.Equal(end, _model.End);
        _disk.Fails = null;
    }

    void FailSync()
    {
        var flush = _log.BeginFlush();
        if (flush == null) return;
        Note("a sync fails");

        // A process that ends before it could leave its mark is one fault too many.
        _disk.CrashAfter(int.MaxValue);
        _disk.Fails = (operation, path) => operation == DiskOperation.Sync && path.EndsWith(".log", StringComparison.Ordinal);
        flush.Run();
        _disk.Fails = null;
        _log.CompleteFlush(flush);
        Assert.Equal(flush.Failure != null, _log.OfflineReason != null);
    }

    void LoseIndexes()
    {
        Note("indexes get lost");
        Reopen("stop to lose indexes", CrashKind.Kill);
    }

    /// <summary>Of a transaction index alone nobody can tell that it was there: it goes with the others of its segment.</summary>
    void LoseIndexFiles()
    {
        foreach (var file in _disk.List(Folder))
        {
            if (LogFileName.Parse(file.Name, out long at) != LogFileKind.Log || _random.Next(2) == 0) continue;
            string lost = _random.Next(2) == 0 ? LogFileName.OffsetIndex : LogFileName.TimeIndex;
            _disk.DeleteFile(Path.Combine(Folder, LogFileName.Of(at, lost)));
            _disk.DeleteFile(Path.Combine(Folder, LogFileName.Of(at, LogFileName.TransactionIndex)));
        }
    }

    /// <summary>After a clean stop: gone, cut, or with a bit turned.</summary>
    void BreakIndexes()
    {
        Note("indexes are broken");
        foreach (var file in _disk.List(Folder))
        {
            string path = Path.Combine(Folder, file.Name);
            if (!file.Name.EndsWith(".index", StringComparison.Ordinal) || _random.Next(3) > 0) continue;
            switch (_random.Next(3))
            {
                case 0: _disk.DeleteFile(path); break;
                case 1: using (var open = _disk.Open(path)) open.Truncate(_random.NextInt64(file.Length + 1)); break;
                default: if (file.Length > 0) _disk.FlipBit(path, _random.NextInt64(file.Length), _random.Next(8)); break;
            }
        }
    }
}
