using System.Text;
using AkkaStream.Log.Tests.Support;
using AkkaStream.Protocol.Records;

namespace AkkaStream.Log.Tests.Model;

/// <summary>Batches of every kind, with what should become of each.</summary>
sealed partial class LogRun
{
    const int Producers = 4;

    static readonly CompressionCodec[] Codecs = [CompressionCodec.None, CompressionCodec.None, CompressionCodec.Lz4, CompressionCodec.Gzip];

    /// <summary>Batches of an append that has not returned: after a crash some of them may be there.</summary>
    readonly List<ModelBatch> _underWay = [];

    /// <summary>
    /// The log with batches at its end that were refused, as the disk was full or failed in the midst of them. Until the next append a loss of power may
    /// bring them back; nobody was promised that they are not there.
    /// </summary>
    readonly List<List<ModelBatch>> _ghosts = [];

    void Append()
    {
        long begin = _model.End;
        bool committed = _random.Next(2) == 0;
        var batches = new ProducedBatch[_random.Next(1, 5)];
        var expected = new ErrorCode[batches.Length];
        var duplicates = new bool[batches.Length];
        for (int i = 0; i < batches.Length; i++) batches[i] = NextBatch(out expected[i], out duplicates[i]);
        Note($"append {string.Join(", ", _underWay)}");
        var summary = _log.AppendAsLeader(batches, new LeaderEpoch(_epoch), _now, committed);
        _underWay.Clear();
        if (summary.Error != ErrorCode.None)
        {
            Note($"refused: {summary.Error} {summary.Fault}");
            Assert.Equal(ErrorCode.KafkaStorageError, summary.Error);
            ForgetUnwritten(summary.EndOffset.Value);
        }
        else
        {
            for (int i = 0; i < batches.Length; i++) Assert.Equal((expected[i], duplicates[i]), (batches[i].Error, batches[i].IsDuplicate));
        }
        if (summary.Appended > 0) _ghosts.Clear();
        Assert.Equal(_model.End, summary.EndOffset.Value);
        if (committed && _model.End > begin) _model.HighWatermark = _model.End;
    }

    void ForgetUnwritten(long end)
    {
        _ghosts.Add([.. _model.Batches]);
        _model.Batches.RemoveAll(batch => batch.LastOffset >= end);
        Assert.Equal(end, _model.End);
    }

    /// <summary>What should be appended counts for the model at once.</summary>
    ProducedBatch NextBatch(out ErrorCode expected, out bool isDuplicate)
    {
        expected = ErrorCode.None;
        isDuplicate = false;
        long id = _random.Next(Producers);
        var producers = _model.Producers();
        var producer = producers.GetValueOrDefault(id) ?? new ModelProducer();
        switch (_random.Next(10))
        {
            case < 4: return Add(Plain());
            case < 5 when producer.TransactionStart >= 0: return Add(Marker(id, producer));
            case < 6 when producer.LastSequence >= 0 && producer.Epoch >= 0:
                expected = ErrorCode.OutOfOrderSequenceNumber;
                return Take(Idempotent(id, producer.Epoch, producer.LastSequence + 5, producer.TransactionStart >= 0));
            case < 7 when LastOf(id, producer) is { } last:
                isDuplicate = true;
                return Take(Resent(last));
            default:
                bool transactional = producer.TransactionStart >= 0 || _random.Next(3) == 0;
                short epoch = Math.Max(producer.Epoch, (short)0);
                int next = producer.LastSequence + 1;
                if (producer.TransactionStart < 0 && _random.Next(6) == 0) (epoch, next) = ((short)(epoch + 1), 0);
                return Add(Idempotent(id, epoch, next, transactional));
        }
    }

    byte[] Plain() => Build(_ => { });

    byte[] Idempotent(long id, short epoch, int sequence, bool transactional) => Build(builder =>
    {
        (builder.ProducerId, builder.ProducerEpoch, builder.BaseSequence) = (id, epoch, sequence);
        if (transactional) builder.Attributes = BatchAttributes.Transactional;
    });

    byte[] Build(Action<RecordBatchBuilder> set)
    {
        var builder = new RecordBatchBuilder { Codec = Codecs[_random.Next(Codecs.Length)] };
        set(builder);
        int count = _random.Next(1, 4);
        for (int i = 0; i < count; i++)
        {
            byte[] value = Encoding.UTF8.GetBytes(new string('v', _random.Next(80)) + _random.Next(1000));
            bool isTombstone = _random.Next(5) == 0;
            builder.Append(Timestamp(), true, Encoding.UTF8.GetBytes($"key-{_random.Next(_keys)}"), !isTombstone, isTombstone ? [] : value, default, 0, i);
        }
        return builder.ToArray();
    }

    byte[] Marker(long id, ModelProducer producer) =>
        ControlRecords.BuildEndTransaction(_random.Next(2) == 0, id, producer.Epoch, Math.Max(0, producer.CoordinatorEpoch), Timestamp());

    /// <summary>The newest batch of the producer's epoch: every log knows at least that one again.</summary>
    ModelBatch? LastOf(long id, ModelProducer producer) =>
        producer.LastSequence < 0
            ? null
            : _model.Batches.LastOrDefault(batch => batch.ProducerId == id && !batch.IsControl && batch.LastSequence == producer.LastSequence
                && batch.ProducerEpoch == producer.Epoch && batch.LastOffset == producer.LastOffset);

    static byte[] Resent(ModelBatch original)
    {
        byte[] bytes = original.Bytes.ToArray();
        BatchStamp.Place(bytes, 0, -1);
        BatchStamp.Retime(bytes, new RecordBatch(bytes).Attributes & ~BatchAttributes.LogAppendTime, original.MaxTimestamp);
        return bytes;
    }

    long Timestamp() => _now + _random.Next(-5000, 5000);

    ProducedBatch Add(byte[] bytes)
    {
        byte[] stored = bytes.ToArray();
        BatchStamp.Place(stored, _model.End, _epoch);
        var header = new RecordBatch(stored);
        if (_config.TimestampType == TimestampType.LogAppendTime)
            BatchStamp.Retime(stored, header.Attributes | BatchAttributes.LogAppendTime, _now);
        var batch = new ModelBatch(stored);
        _model.Batches.Add(batch);
        _underWay.Add(batch);
        return Take(bytes);
    }

    unsafe ProducedBatch Take(byte[] bytes) => new RecordBatch(bytes).IsControl
        ? BatchValidator.Describe(_memory.Copy(bytes), bytes.Length, BatchOrigin.Coordinator)
        : _memory.Validate(bytes, _config, _now);

    /// <summary>As a follower: offsets and epochs are the leader's, there may be gaps, and the last batch may be cut off.</summary>
    unsafe void AppendFromLeader()
    {
        var all = new MemoryStream();
        int count = _random.Next(1, 5);
        for (int i = 0; i < count; i++)
        {
            if (_random.Next(6) == 0) _epoch++;
            byte[] bytes = Plain();
            BatchStamp.Place(bytes, _model.End + (!_compacts && _random.Next(6) == 0 ? _random.Next(5) : 0), _epoch);
            var batch = new ModelBatch(bytes);
            _model.Batches.Add(batch);
            _underWay.Add(batch);
            all.Write(bytes);
        }
        byte[] sent = [.. all.ToArray(), .. Plain().AsSpan(0, _random.Next(70))];
        Note($"append from the leader {string.Join(", ", _underWay)}");
        var summary = _log.AppendAsFollower(_memory.Copy(sent), sent.Length, _now);
        _underWay.Clear();
        if (summary.Error != ErrorCode.None) ForgetUnwritten(summary.EndOffset.Value);
        else _ghosts.Clear();
        Assert.Equal(_model.End, summary.EndOffset.Value);
    }
}
