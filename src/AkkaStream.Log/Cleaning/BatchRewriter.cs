using System.Buffers;
using AkkaStream.Protocol.Records;

namespace AkkaStream.Log.Cleaning;

enum Rewriting
{
    /// <summary>As it was, byte for byte.</summary>
    Unchanged,
    Changed,
    Gone,
}

/// <summary>
/// One batch through the filter. What is left keeps its offsets, its place in its producer's sequence and its codec; it is packed anew only
/// if a record went or a time for its tombstones was set. One thread; keeps its buffers from batch to batch.
/// </summary>
sealed class BatchRewriter(CleaningFilter filter, LogConfig config, long nowMs)
{
    readonly RecordBatchBuilder _builder = new();
    bool[] _keeps = new bool[64];

    public long RecordsRead { get; private set; }
    public long RecordsKept { get; private set; }

    /// <summary>The new bytes are added to <paramref name="into"/> when the batch is changed. Null and a reason when it cannot be read.</summary>
    public Rewriting? Run(ReadOnlySpan<byte> bytes, in BatchHeader header, ArrayBufferWriter<byte> into, out string? problem)
    {
        problem = null;
        var batch = new RecordBatch(bytes);
        long? horizon = batch.HasDeleteHorizon ? batch.BaseTimestamp : null;
        using var plain = PlainRecords.Open(bytes, int.MaxValue);
        if (plain.Fault != RecordFault.None)
        {
            problem = $"{plain.Reason}.";
            return null;
        }
        var marker = header.IsControl ? MarkerOf(batch, plain.Bytes) : ControlRecordType.Unknown;
        var verdict = filter.Judge(header, horizon, marker);
        problem = Choose(batch, plain.Bytes, verdict, horizon, out int kept, out bool hasTombstones);
        if (problem != null) return null;
        RecordsRead += batch.RecordCount;
        RecordsKept += kept;
        if (kept == 0) return Empty(batch, verdict, into);
        bool setsHorizon = horizon == null && (hasTombstones || verdict.EndsNothing);
        if (kept == batch.RecordCount && !setsHorizon) return Rewriting.Unchanged;
        Pack(batch, plain.Bytes, setsHorizon ? Horizon() : horizon, into);
        return Rewriting.Changed;
    }

    long Horizon() => nowMs > long.MaxValue - config.DeleteRetentionMs ? long.MaxValue : nowMs + config.DeleteRetentionMs;

    /// <summary>Of a control batch; they are never compressed.</summary>
    public static ControlRecordType MarkerOf(ReadOnlySpan<byte> control)
    {
        var batch = new RecordBatch(control);
        using var plain = PlainRecords.Open(control, int.MaxValue);
        return MarkerOf(batch, plain.Bytes);
    }

    static ControlRecordType MarkerOf(in RecordBatch batch, ReadOnlySpan<byte> records)
    {
        var reader = new RecordReader(batch, records);
        return reader.Read(out var record) ? ControlRecords.TypeOf(record.Key) : ControlRecordType.Unknown;
    }

    string? Choose(
        in RecordBatch batch, ReadOnlySpan<byte> records, in BatchVerdict verdict, long? horizon, out int kept, out bool hasTombstones)
    {
        (kept, hasTombstones) = (0, false);
        if (_keeps.Length < batch.RecordCount) _keeps = new bool[Math.Max(batch.RecordCount, _keeps.Length * 2)];
        var reader = new RecordReader(batch, records);
        for (int i = 0; reader.Read(out var record); i++)
        {
            _keeps[i] = !verdict.DropsRecords && (batch.IsControl || filter.Keeps(record, horizon));
            if (!_keeps[i]) continue;
            kept++;
            hasTombstones |= !record.HasValue;
        }
        return reader.Fault == RecordFault.None ? null : $"{RecordFaults.Describe(reader.Fault)}.";
    }

    static Rewriting Empty(in RecordBatch batch, in BatchVerdict verdict, ArrayBufferWriter<byte> into)
    {
        if (verdict.Empty == EmptyBatch.Goes) return Rewriting.Gone;
        if (batch.RecordCount == 0) return Rewriting.Unchanged;
        var head = new RecordBatchBuilder(1);
        CopyHead(batch, head);
        head.MaxTimestamp = batch.MaxTimestamp;
        head.WriteTo(into);
        return Rewriting.Changed;
    }

    void Pack(in RecordBatch batch, ReadOnlySpan<byte> records, long? horizon, ArrayBufferWriter<byte> into)
    {
        _builder.Reset();
        CopyHead(batch, _builder);
        _builder.Codec = batch.Codec;
        _builder.CompressionLevel = config.Compression == batch.Codec ? config.CompressionLevel : 0;
        _builder.DeleteHorizon = horizon;
        _builder.MaxTimestamp = batch.IsLogAppendTime ? batch.MaxTimestamp : null;
        var reader = new RecordReader(batch, records);
        for (int i = 0; reader.Read(out var record); i++)
        {
            if (!_keeps[i]) continue;
            _builder.Append(
                record.Timestamp, record.HasKey, record.Key, record.HasValue, record.Value, record.Headers.Bytes, record.Headers.Count,
                (int)(record.Offset - batch.BaseOffset));
        }
        _builder.WriteTo(into);
    }

    static void CopyHead(in RecordBatch batch, RecordBatchBuilder to)
    {
        to.BaseOffset = batch.BaseOffset;
        to.LastOffsetDelta = batch.LastOffsetDelta;
        to.PartitionLeaderEpoch = batch.PartitionLeaderEpoch;
        to.Attributes = batch.Attributes & ~(BatchAttributes.CodecMask | BatchAttributes.DeleteHorizon);
        to.ProducerId = batch.ProducerId;
        to.ProducerEpoch = batch.ProducerEpoch;
        to.BaseSequence = batch.BaseSequence;
    }
}
