using AkkaStream.Log.Tests.Support;
using AkkaStream.Protocol.Records;
using AkkaStream.TestKit.Disk;

namespace AkkaStream.Log.Tests.Cleaning;

/// <summary>What readers find beside what they should, and what a crash may have done.</summary>
sealed partial class CompactionRun
{
    void Reopen(string why, CrashKind kind)
    {
        Note($"{why}: {kind}");
        _disk.Restart(kind);
        for (int crashes = _random.Next(3); ; crashes--)
        {
            if (crashes > 0) _disk.CrashAfter(_random.Next(20));
            try
            {
                _directory = LogDirectory.Open("/logs", _disk);
                _log = Open();
                _disk.CrashAfter(int.MaxValue);
                break;
            }
            catch (SimulatedCrashException)
            {
                _disk.Restart(kind);
            }
        }
        long end = _log.EndOffset.Value;
        long certain = kind == CrashKind.PowerLoss ? _model.Synced : _model.End;
        Note($"opened: {_log.StartOffset}..{end}");
        if (kind == CrashKind.PowerLoss) Assert.True(end >= certain, $"the log ends at {end}, below {certain}");

        // An append, a truncation or a deletion that was under way may have happened or not.
        _model.CutEnd(end);
        if (end > _model.End && end == _log.StartOffset.Value) _model.BeginAnewAt(end);
        Assert.Equal(end, _model.End);
        _model.Start = _log.StartOffset.Value;
        _model.HighWatermark = _log.HighWatermark.Value;
        if (kind == CrashKind.PowerLoss) _model.Synced = end;
        Assert.DoesNotContain(_disk.List(Folder), file => LogFileName.Parse(file.Name, out _) is LogFileKind.Cleaned or LogFileKind.Swap);
        Compare();
    }

    void Compare()
    {
        var view = _log.View;
        Assert.Equal((_model.Start, _model.HighWatermark, _model.End), (view.StartOffset.Value, view.HighWatermark.Value, view.EndOffset.Value));
        var found = LogReading.ReadAll(view, maxBytes: _random.Next(50, 2000));
        CompareRecords(found);
        CompareCommitted(view, found);
        if (!_deletes) CompareProducers();
        CompareLookups(view, found);
    }

    void CompareRecords(List<ReadRecord> found)
    {
        for (int i = 1; i < found.Count; i++) Assert.True(found[i].Offset > found[i - 1].Offset, "offsets do not rise");
        var there = found.Where(record => !record.IsControl).ToDictionary(record => record.Offset);
        foreach (var batch in _model.Batches)
        {
            foreach (var record in batch.Records)
            {
                if (!there.Remove(record.Offset, out var got)) continue;
                Assert.Equal((record.Key, record.Value, record.Timestamp), (got.Key, got.Value, got.Timestamp));
                Assert.Equal(batch.ProducerId, got.ProducerId);
            }
        }
        Assert.Empty(there);
        var (must, mustNot) = _model.Expected(_config.DeleteRetentionMs);
        var offsets = found.Select(record => record.Offset).ToHashSet();
        Assert.True(must.IsSubsetOf(offsets), $"missing: {string.Join(", ", must.Except(offsets).Select(_model.Describe))}");
        Assert.True(!mustNot.Overlaps(offsets), $"still there: {string.Join(", ", mustNot.Intersect(offsets))}");
    }

    void CompareCommitted(LogReadView view, List<ReadRecord> found)
    {
        var aborted = _model.Aborted();
        var told = view.AbortedBetween(view.StartOffset, view.LastStableOffset);
        foreach (var record in found.Where(record => !record.IsControl && record.Offset < view.LastStableOffset.Value))
        {
            bool skipped = record.IsTransactional && told.Any(one =>
                one.ProducerId == record.ProducerId && one.FirstOffset.Value <= record.Offset && record.Offset <= one.LastOffset.Value);
            if (aborted.Contains(record.Offset) != skipped)
                Assert.Fail($"record {record.Offset} is {(skipped ? "" : "not ")}told to be aborted: {string.Join(", ", told)}");
        }
    }

    void CompareProducers()
    {
        var found = _log.DescribeProducers().ToDictionary(producer => producer.ProducerId);
        for (long id = 0; id < Producers; id++)
        {
            if (_model.LastOf(id) is not { } last) continue;
            Assert.True(found.ContainsKey(id), $"producer {id} is not known any more");
            Assert.Equal((id, last.ProducerEpoch, last.LastSequence), (id, found[id].ProducerEpoch, found[id].LastSequence));
            Assert.Equal(_model.IsOpen(id), found[id].TransactionStart.IsKnown);
        }
    }

    void CompareLookups(LogReadView view, List<ReadRecord> found)
    {
        if (_model.Start == _model.End) return;
        var asked = new Offset(_random.NextInt64(_model.Start, _model.End));
        byte[]? one = LogReading.ReadOnce(view, asked, view.EndOffset, 1);
        var first = found.FirstOrDefault(record => record.Offset >= asked.Value);
        if (first != null)
        {
            Assert.NotNull(one);
            var batch = new RecordBatch(one);
            Assert.True(batch.LastOffset >= asked.Value && batch.BaseOffset <= first.Offset, $"asked for {asked}, got {batch.BaseOffset}..{batch.LastOffset}");
        }
        long time = _now + _random.Next(-100_000, 3000);
        var expected = found.FirstOrDefault(record => record.Timestamp >= time);
        var upTo = view.HighWatermark;
        long offset = expected == null || expected.Offset >= upTo.Value ? -1 : expected.Offset;
        Assert.Equal(offset, view.OffsetForTime(time, upTo).Offset.Value);
        foreach (var record in found)
            Assert.True(record.Epoch == view.Epochs.EpochAt(new Offset(record.Offset)).Value, $"{record} is under epoch {view.Epochs.EpochAt(new Offset(record.Offset))}");
    }
}
