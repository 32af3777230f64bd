using System.Buffers.Binary;
using AkkaStream.Log;
using AkkaStream.Metadata;
using AkkaStream.Protocol.Records;
using AkkaStream.Protocol.Stored;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Cluster.Store;

/// <summary>
/// Metadata records in Kafka's batches, as bytes: how they are written, and what one stored batch holds. Pure. Used for our
/// own log and snapshots and for Kafka's, which are the same.
/// </summary>
static class MetadataBatches
{
    /// <summary>A batch of records as it is handed to the log, which gives it its offsets.</summary>
    public static byte[] Encode(IReadOnlyList<IStoredMessage> records, ControllerEpoch epoch, long nowMs, long baseOffset = 0)
    {
        var builder = new RecordBatchBuilder { PartitionLeaderEpoch = epoch.Value, BaseOffset = baseOffset };
        for (int i = 0; i < records.Count; i++) AppendValue(builder, records[i], nowMs, i);
        return builder.ToArray();
    }

    /// <summary>A control batch of one record: what begins and ends a snapshot.</summary>
    public static byte[] EncodeControl(ControlRecordType type, IMessage value, ControllerEpoch epoch, long nowMs, long baseOffset)
    {
        Span<byte> key = stackalloc byte[4];
        BinaryPrimitives.WriteInt16BigEndian(key[2..], (short)type);
        var bytes = new byte[value.Size(0)];
        var writer = new WireWriter(bytes);
        value.Write(ref writer, 0);
        var builder = new RecordBatchBuilder
        {
            PartitionLeaderEpoch = epoch.Value,
            BaseOffset = baseOffset,
            Attributes = BatchAttributes.Control,
        };
        builder.Append(nowMs, key, bytes);
        return builder.ToArray();
    }

    /// <summary>How many bytes the batch at the start of the span takes, or what is wrong with its first bytes.</summary>
    public static long SizeOf(ReadOnlySpan<byte> bytes, out string? problem)
    {
        problem = null;
        if (bytes.Length < RecordBatch.HeaderLength)
        {
            problem = "the file ends within the head of a batch.";
            return 0;
        }

        var batch = new RecordBatch(bytes);
        if (batch.Magic != RecordBatch.CurrentMagic) problem = $"magic is {(sbyte)batch.Magic}, known is {RecordBatch.CurrentMagic}.";
        else if (batch.SizeInBytes is < RecordBatch.HeaderLength or > int.MaxValue) problem = $"the batch length is {batch.BatchLength}.";
        return batch.SizeInBytes;
    }

    /// <summary>Reads one whole batch into the replay, or says what is wrong with it.</summary>
    /// <exception cref="MetadataRecordException">A record does not fit to what came before it.</exception>
    public static string? Read(ReadOnlySpan<byte> bytes, MetadataReplay replay)
    {
        var batch = new RecordBatch(bytes);
        if (Crc32C.Compute(bytes[RecordBatch.CrcStart..]) != batch.Crc) return "the checksum is wrong.";
        using var plain = PlainRecords.Open(bytes, int.MaxValue);
        if (plain.Fault != RecordFault.None) return $"its records cannot be read: {plain.Reason}.";
        var reader = new RecordReader(batch, plain.Bytes);
        while (reader.Read(out Record record))
        {
            if (batch.IsControl) replay.Control(ControlRecords.TypeOf(record.Key), record.Offset);
            else if (!record.HasValue) return $"the record at offset {record.Offset} has no value.";
            else if (ReadValue(record, replay) is { } problem) return problem;
        }

        return reader.Fault == RecordFault.None ? null : $"its records cannot be read: {RecordFaults.Describe(reader.Fault)}.";
    }

    static string? ReadValue(in Record record, MetadataReplay replay)
    {
        byte[] value = record.Value.ToArray();
        try
        {
            if (StoredTable.ReadMetadata(value) is { } message) replay.Apply(message, record.Offset);
            else replay.KeepUnknown(value, record.Offset);
            return null;
        }
        catch (Exception e) when (e is WireFormatException or WireVersionException)
        {
            return $"the record at offset {record.Offset} is none that can be read: {e.Message}.";
        }
    }

    static void AppendValue(RecordBatchBuilder builder, IStoredMessage record, long nowMs, int delta)
    {
        byte[] value = StoredTable.ToBytes(record, ImageRecords.VersionOf(record));
        AppendRaw(builder, value, nowMs, delta);
    }

    public static void AppendRaw(RecordBatchBuilder builder, ReadOnlySpan<byte> value, long nowMs, int delta) =>
        builder.Append(nowMs, hasKey: false, default, hasValue: true, value, default, headerCount: 0, delta);
}
