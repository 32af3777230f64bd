using System.Globalization;
using AkkaStream.Protocol.Records;

namespace AkkaStream.Log;

/// <summary>One record of a refused batch and what is wrong with it, for the answer (Produce v8 and later).</summary>
public readonly record struct RecordError(int BatchIndex, string Message);

/// <summary>
/// Which records of a refused batch are to blame. A second look, taken only after <see cref="BatchValidator"/> said no, so it may allocate.
/// The producer fails the named records and may send the others again.
/// </summary>
public static class RecordErrors
{
    /// <summary>Empty when the fault is not one of single records.</summary>
    public static IReadOnlyList<RecordError> Of(in ProducedBatch batch, LogConfig config, long nowMs, PartitionName partition)
    {
        if (batch.Fault == BatchFault.BadRecords && batch.RecordFault == RecordFault.WrongOffsetDelta)
            return [new RecordError((int)batch.Detail, RecordFaults.Describe(batch.RecordFault))];
        if (batch.Fault is not (BatchFault.KeyMissing or BatchFault.TimestampOutOfRange or BatchFault.AppendTimeFromClient)) return [];
        var errors = new List<RecordError>();
        using var plain = PlainRecords.Open(batch.Span, int.MaxValue);
        var reader = new RecordReader(new RecordBatch(batch.Span), plain.Bytes);
        for (int index = 0; reader.Read(out var record); index++)
        {
            string? message = Judge(batch.Fault, record, config, nowMs, partition);
            if (message != null) errors.Add(new RecordError(index, message));
        }
        return errors;
    }

    static string? Judge(BatchFault fault, in Record record, LogConfig config, long nowMs, PartitionName partition)
    {
        switch (fault)
        {
            case BatchFault.KeyMissing:
                return record.HasKey ? null : $"Compacted topic cannot accept message without key in topic partition {partition}";
            case BatchFault.AppendTimeFromClient:
                return "Producer should not set timestamp type to LogAppendTime.";
            default:
                bool outside = record.Timestamp != RecordBatch.NoTimestamp
                    && (TimestampRange.IsTooOld(record.Timestamp, config, nowMs) || TimestampRange.IsTooNew(record.Timestamp, config, nowMs));
                return outside
                    ? string.Create(
                        CultureInfo.InvariantCulture,
                        $"Timestamp {record.Timestamp} of message with offset {record.Offset} is out of range. The timestamp should be within "
                        + $"[{TimestampRange.Oldest(config, nowMs)}, {TimestampRange.Newest(config, nowMs)}]")
                    : null;
        }
    }
}
