using AkkaStream.Log.Tests.Support;
using AkkaStream.Protocol.Records;

namespace AkkaStream.Log.Tests.Model;

/// <summary>The log's answers beside the model's.</summary>
sealed partial class LogRun
{
    void Compare()
    {
        var view = _log.View;
        Assert.Equal(
            (_model.Start, _model.HighWatermark, _model.End),
            (view.StartOffset.Value, view.HighWatermark.Value, view.EndOffset.Value));

        // A log that was opened again does not know which of the ended transactions were not replicated yet.
        Assert.InRange(view.LastStableOffset.Value, _model.LastStable(), _model.LastStable(_openedAt, _model.LostHistory ? _model.Start : 0));
        CompareBatches(view);
        var found = LogReading.ReadAll(view, maxBytes: _random.Next(50, 2000));
        CompareRecords(found);
        CompareProducers();
        CompareAborts(view, found);
        for (int i = 0; i < 3; i++) CompareTime(view, found);
        foreach (var record in found)
            Assert.True(
                record.Epoch == view.Epochs.EpochAt(new Offset(record.Offset)).Value,
                $"{record} is under epoch {view.Epochs.EpochAt(new Offset(record.Offset))} of {string.Join(", ", view.Epochs.Entries.ToArray())}");
    }

    /// <summary>Where nothing was compacted every byte is as it came.</summary>
    void CompareBatches(LogReadView view)
    {
        var there = LogReading.ReadBatches(view, _random.Next(50, 2000));
        var expected = _model.Readable.Where(batch => batch.BaseOffset >= _model.UntouchedFrom).ToList();
        var untouched = there.Where(bytes => new RecordBatch(bytes).BaseOffset >= _model.UntouchedFrom).ToList();
        Assert.Equal(expected.Select(batch => batch.BaseOffset), untouched.Select(bytes => new RecordBatch(bytes).BaseOffset));
        for (int i = 0; i < expected.Count; i++)
            Assert.True(expected[i].Bytes.AsSpan().SequenceEqual(untouched[i]), $"other bytes at offset {expected[i].BaseOffset}");
        if (_model.Start == _model.End) return;
        var asked = new Offset(_random.NextInt64(_model.Start, _model.End));
        byte[]? one = LogReading.ReadOnce(view, asked, view.EndOffset, 1), holder = there.Find(bytes => new RecordBatch(bytes).LastOffset >= asked.Value);
        Assert.Equal(holder == null ? -1 : new RecordBatch(holder).BaseOffset, one == null ? -1 : new RecordBatch(one).BaseOffset);
    }

    void CompareRecords(List<ReadRecord> found)
    {
        for (int i = 1; i < found.Count; i++) Assert.True(found[i].Offset > found[i - 1].Offset, "offsets do not rise");
        var there = found.Where(record => !record.IsControl).ToDictionary(record => record.Offset);
        foreach (var batch in _model.Batches.Where(batch => !batch.IsControl))
        {
            foreach (var record in batch.Records)
            {
                if (!there.Remove(record.Offset, out var got)) continue;
                Assert.Equal((record, batch.ProducerId), (new ModelRecord(got.Offset, got.Timestamp, got.Key, got.Value), got.ProducerId));
            }
        }
        Assert.Empty(there);
        var (must, mustNot) = _model.Expected(_config.DeleteRetentionMs);
        var offsets = found.Select(record => record.Offset).ToHashSet();
        Assert.True(must.IsSubsetOf(offsets), $"missing: {string.Join(", ", must.Except(offsets).Select(_model.Describe))}");
        Assert.True(!mustNot.Overlaps(offsets), $"still there: {string.Join(", ", mustNot.Intersect(offsets).Select(_model.Describe))}");
    }

    void CompareProducers()
    {
        var expected = _model.Producers();
        var found = _log.DescribeProducers().ToDictionary(producer => producer.ProducerId);
        Assert.Empty(found.Keys.Except(expected.Keys));
        foreach (var (id, known) in expected)
        {
            var producer = known;

            // What was deleted may have told more of a producer than what is left; with a snapshot it is known all the same.
            if (_model.LostHistory && !found.ContainsKey(id) && !_model.Readable.Any(batch => batch.ProducerId == id))
            {
                _model.Forgotten[id] = _model.End;
                continue;
            }
            var got = found[id];
            if (_model.LostHistory && (producer.Epoch, producer.LastSequence) != (got.ProducerEpoch, got.LastSequence))
            {
                _model.Forgotten[id] = _log.View.Segments[0].BaseOffset;
                producer = _model.Producers()[id];
            }
            Assert.Equal((producer.Epoch, producer.LastSequence), (got.ProducerEpoch, got.LastSequence));
            if (_model.LostHistory) continue;
            Assert.Equal(producer.TransactionStart >= 0, got.TransactionStart.IsKnown);
            if (_model.WasCleaned) continue;
            Assert.Equal(
                (producer.LastTimestamp, producer.CoordinatorEpoch, producer.TransactionStart),
                (got.LastTimestamp, got.CoordinatorEpoch, got.TransactionStart.Value));
        }
    }

    void CompareAborts(LogReadView view, List<ReadRecord> found)
    {
        var told = view.AbortedBetween(view.StartOffset, view.EndOffset);
        foreach (var abort in _model.Aborts())
        {
            if (abort.Last < _model.Start || (_model.LostHistory && abort.First < _model.Start) || abort.First < _model.UntouchedFrom) continue;
            Assert.True(
                told.Any(one => one.ProducerId == abort.ProducerId && one.FirstOffset.Value == abort.First && one.LastOffset.Value == abort.Last),
                $"{abort} is missing in {string.Join(", ", told)}");
        }
        told = view.AbortedBetween(view.StartOffset, view.LastStableOffset);
        var aborted = _model.Aborted();
        foreach (var record in found.Where(record => !record.IsControl && record.Offset < view.LastStableOffset.Value))
        {
            bool skipped = record.IsTransactional && told.Any(one =>
                one.ProducerId == record.ProducerId && one.FirstOffset.Value <= record.Offset && record.Offset <= one.LastOffset.Value);
            if (aborted.Contains(record.Offset) != skipped)
                Assert.Fail($"record {record.Offset} is {(skipped ? "" : "not ")}told to be aborted: {string.Join(", ", told)}");
        }
    }

    void CompareTime(LogReadView view, List<ReadRecord> found)
    {
        long time = _model.Batches.Count == 0
            ? _now
            : _model.Batches[_random.Next(_model.Batches.Count)].MaxTimestamp + _random.Next(-2000, 2000);
        var expected = found.Find(record => record.Timestamp >= time);
        var (offset, timestamp) = expected == null || expected.Offset >= _model.HighWatermark ? (-1, -1) : (expected.Offset, expected.Timestamp);
        var told = view.OffsetForTime(time, view.HighWatermark);
        Assert.Equal((offset, timestamp), (told.Offset.Value, told.Timestamp));
    }
}
