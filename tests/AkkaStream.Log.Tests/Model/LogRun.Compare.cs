using AkkaStream.Log.Indexes;
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
        CompareBytes(view);
        CompareProducers();
        CompareAborts(view);
        for (int i = 0; i < 3; i++) CompareTime(view);
        foreach (var batch in _model.Readable.Where(batch => batch.BaseOffset >= _model.Start))
            Assert.True(
                batch.Epoch == view.Epochs.EpochAt(new Offset(batch.BaseOffset)).Value,
                $"{batch} is under epoch {view.Epochs.EpochAt(new Offset(batch.BaseOffset))} of {string.Join(", ", view.Epochs.Entries.ToArray())}");
    }

    void CompareBytes(LogReadView view)
    {
        var expected = _model.Readable.ToList();
        int at = 0;
        for (var from = view.StartOffset; from < view.EndOffset;)
        {
            byte[]? bytes = LogReading.ReadOnce(view, from, view.EndOffset, _random.Next(50, 2000));
            if (bytes == null) break;
            foreach (var range in LogReading.Split(bytes))
            {
                Assert.Equal(expected[at].BaseOffset, new RecordBatch(bytes.AsSpan(range)).BaseOffset);
                Assert.True(expected[at].Bytes.AsSpan().SequenceEqual(bytes.AsSpan(range)), $"other bytes at offset {expected[at].BaseOffset}");
                from = new Offset(expected[at++].LastOffset + 1);
            }
        }
        Assert.Equal(expected.Count, at);
        if (_model.Start == _model.End) return;
        var asked = new Offset(_random.NextInt64(_model.Start, _model.End));
        byte[]? one = LogReading.ReadOnce(view, asked, view.EndOffset, 1);
        var holder = expected.FirstOrDefault(batch => batch.LastOffset >= asked.Value);
        Assert.Equal(holder?.BaseOffset, one == null ? null : new RecordBatch(one).BaseOffset);
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
            Assert.Equal(
                (producer.LastTimestamp, producer.CoordinatorEpoch, producer.TransactionStart),
                (got.LastTimestamp, got.CoordinatorEpoch, got.TransactionStart.Value));
        }
    }

    void CompareAborts(LogReadView view)
    {
        var told = view.AbortedBetween(view.StartOffset, view.EndOffset);
        foreach (var abort in _model.Aborts())
        {
            if (abort.Last < _model.Start || (_model.LostHistory && abort.First < _model.Start)) continue;
            Assert.True(
                told.Any(one => one.ProducerId == abort.ProducerId && one.FirstOffset.Value == abort.First && one.LastOffset.Value == abort.Last),
                $"{abort} is missing in {string.Join(", ", told)}");
        }
        Assert.Equal(_model.Committed(view.LastStableOffset.Value), Committed(view, view.AbortedBetween(view.StartOffset, view.LastStableOffset)));
    }

    static List<long> Committed(LogReadView view, IReadOnlyList<AbortedTransaction> aborts) =>
        [.. from record in LogReading.ReadAll(view)
            where !record.IsControl && record.Offset < view.LastStableOffset.Value
            where !(record.IsTransactional && aborts.Any(abort =>
                abort.ProducerId == record.ProducerId && abort.FirstOffset.Value <= record.Offset && record.Offset <= abort.LastOffset.Value))
            select record.Offset];

    void CompareTime(LogReadView view)
    {
        long time = _model.Batches.Count == 0
            ? _now
            : _model.Batches[_random.Next(_model.Batches.Count)].MaxTimestamp + _random.Next(-2000, 2000);
        var found = view.OffsetForTime(time, view.HighWatermark);
        Assert.Equal(_model.OffsetForTime(time, _model.HighWatermark), (found.Offset.Value, found.Timestamp));
    }
}
