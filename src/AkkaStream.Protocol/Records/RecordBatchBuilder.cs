using System.Buffers;
using System.Buffers.Binary;
using AkkaStream.Protocol.Stored;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Protocol.Records;

/// <summary>
/// Builds one v2 batch, record by record; used by the client, the coordinators, recompression, compaction and tests. Set the
/// properties, append, take the bytes; <see cref="Reset"/> makes it ready for the next batch and keeps its buffer. One
/// thread at a time.
/// </summary>
public sealed class RecordBatchBuilder
{
    /// <summary>Length, attributes, two deltas, two lengths and the number of headers.</summary>
    const int MostRecordOverhead = 5 + 1 + 10 + 5 + 5 + 5 + 1;

    readonly ArrayBufferWriter<byte> _records;
    readonly ArrayBufferWriter<byte> _packed = new();
    long _firstTimestamp;

    public RecordBatchBuilder(int capacity = 512) => _records = new ArrayBufferWriter<byte>(capacity);

    public long BaseOffset { get; set; }
    public int PartitionLeaderEpoch { get; set; } = -1;
    public BatchAttributes Attributes { get; set; }
    public CompressionCodec Codec { get; set; }

    /// <summary>Meaning as the codec has it; 0 takes its default.</summary>
    public int CompressionLevel { get; set; }
    public long ProducerId { get; set; } = RecordBatch.NoProducerId;
    public short ProducerEpoch { get; set; } = RecordBatch.NoProducerEpoch;
    public int BaseSequence { get; set; } = RecordBatch.NoSequence;

    /// <summary>Where log-append time is set in the attributes this is the time of all records.</summary>
    public long? MaxTimestamp { get; set; }

    /// <summary>Given by compaction: the base timestamp becomes the time from which tombstones may go.</summary>
    public long? DeleteHorizon { get; set; }

    /// <summary>Given by compaction, where the last offset is kept although its record went.</summary>
    public int? LastOffsetDelta { get; set; }

    public int Count { get; private set; }
    public long LargestTimestamp { get; private set; } = RecordBatch.NoTimestamp;

    /// <summary>Size of the batch if it were taken now without compression: an upper estimate for producers.</summary>
    public int PlainSize => RecordBatch.HeaderLength + _records.WrittenCount;

    int NextDelta { get; set; }

    public void Append(long timestamp, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) =>
        Append(timestamp, true, key, true, value, default, 0, NextDelta);

    /// <summary>Null key or value where the flags say so; headers are given encoded (see <see cref="RecordHeaders.Bytes"/>).</summary>
    public void Append(
        long timestamp, bool hasKey, ReadOnlySpan<byte> key, bool hasValue, ReadOnlySpan<byte> value,
        ReadOnlySpan<byte> headers, int headerCount, int offsetDelta)
    {
        if (Count == 0) _firstTimestamp = DeleteHorizon ?? timestamp;
        long timestampDelta = timestamp - _firstTimestamp;
        int body = 1 + RecordVarint.SizeOf(timestampDelta) + RecordVarint.SizeOf(offsetDelta)
            + RecordVarint.SizeOf(hasKey ? key.Length : -1) + key.Length
            + RecordVarint.SizeOf(hasValue ? value.Length : -1) + value.Length
            + RecordVarint.SizeOf(headerCount) + headers.Length;
        int size = RecordVarint.SizeOf(body) + body;
        var to = _records.GetSpan(size);
        int at = RecordVarint.Write(to, body);
        to[at++] = 0;
        at += RecordVarint.Write(to[at..], timestampDelta);
        at += RecordVarint.Write(to[at..], offsetDelta);
        at += WriteBytes(to[at..], hasKey, key);
        at += WriteBytes(to[at..], hasValue, value);
        at += RecordVarint.Write(to[at..], headerCount);
        headers.CopyTo(to[at..]);
        _records.Advance(size);
        Count++;
        NextDelta = offsetDelta + 1;
        if (timestamp > LargestTimestamp) LargestTimestamp = timestamp;
    }

    /// <summary>A record of an internal topic, written where it will lie; without a value it is a tombstone.</summary>
    public void Append(long timestamp, IStoredMessage key, IStoredMessage? value, short valueVersion)
    {
        if (Count == 0) _firstTimestamp = DeleteHorizon ?? timestamp;
        long timestampDelta = timestamp - _firstTimestamp;
        int offsetDelta = NextDelta;
        int keySize = StoredTable.Size(key, 0);
        int valueSize = value is null ? -1 : StoredTable.Size(value, valueVersion);
        int body = 1 + RecordVarint.SizeOf(timestampDelta) + RecordVarint.SizeOf(offsetDelta) + RecordVarint.SizeOf(keySize) + keySize
            + RecordVarint.SizeOf(valueSize) + Math.Max(valueSize, 0) + RecordVarint.SizeOf(0);
        int size = RecordVarint.SizeOf(body) + body;
        var to = _records.GetSpan(size)[..size];
        int at = RecordVarint.Write(to, body);
        to[at++] = 0;
        at += RecordVarint.Write(to[at..], timestampDelta);
        at += RecordVarint.Write(to[at..], offsetDelta);
        at += WriteStored(to[at..], key, keySize, 0);
        at += value is null ? RecordVarint.Write(to[at..], -1) : WriteStored(to[at..], value, valueSize, valueVersion);
        RecordVarint.Write(to[at..], 0);
        _records.Advance(size);
        Count++;
        NextDelta = offsetDelta + 1;
        if (timestamp > LargestTimestamp) LargestTimestamp = timestamp;
    }

    /// <summary>How much <see cref="PlainSize"/> grows by that record, at most.</summary>
    public static int SizeOf(IStoredMessage key, IStoredMessage? value, short valueVersion) =>
        StoredTable.Size(key, 0) + (value is null ? 0 : StoredTable.Size(value, valueVersion)) + MostRecordOverhead;

    /// <summary>Encodes one header; a record's headers are these, one behind the other.</summary>
    public static void WriteHeader(IBufferWriter<byte> to, ReadOnlySpan<byte> key, bool hasValue, ReadOnlySpan<byte> value)
    {
        var span = to.GetSpan(2 * RecordVarint.MaxLength32 + key.Length + value.Length);
        int at = WriteBytes(span, true, key);
        at += WriteBytes(span[at..], hasValue, value);
        to.Advance(at);
    }

    public byte[] ToArray()
    {
        var records = Packed();
        byte[] batch = new byte[RecordBatch.HeaderLength + records.Length];
        Write(batch, records);
        return batch;
    }

    /// <summary>The size of what <see cref="WriteTo"/> adds.</summary>
    public int WriteTo(IBufferWriter<byte> target)
    {
        var records = Packed();
        int size = RecordBatch.HeaderLength + records.Length;
        Write(target.GetSpan(size)[..size], records);
        target.Advance(size);
        return size;
    }

    /// <summary>Into a span of at least <see cref="PlainSize"/> bytes; how many were written. With a codec it may be a little more.</summary>
    public int WriteTo(Span<byte> target)
    {
        var records = Packed();
        int size = RecordBatch.HeaderLength + records.Length;
        Write(target[..size], records);
        return size;
    }

    /// <summary>Empties the records and counters; the properties that were set stay.</summary>
    public void Reset()
    {
        _records.ResetWrittenCount();
        Count = 0;
        NextDelta = 0;
        LargestTimestamp = RecordBatch.NoTimestamp;
    }

    ReadOnlySpan<byte> Packed()
    {
        if (Codec == CompressionCodec.None || Count == 0) return _records.WrittenSpan;
        _packed.ResetWrittenCount();
        if (!RecordCodecs.TryCompress(Codec, CompressionLevel, _records.WrittenSpan, _packed))
            throw new NotSupportedException($"Records cannot be compressed with {Codec} here.");
        return _packed.WrittenSpan;
    }

    void Write(Span<byte> batch, ReadOnlySpan<byte> records)
    {
        var attributes = Attributes & ~(BatchAttributes.CodecMask | BatchAttributes.DeleteHorizon);
        attributes |= (BatchAttributes)Codec;
        if (DeleteHorizon != null) attributes |= BatchAttributes.DeleteHorizon;
        BinaryPrimitives.WriteInt64BigEndian(batch, BaseOffset);
        BinaryPrimitives.WriteInt32BigEndian(batch[8..], batch.Length - RecordBatch.LogOverhead);
        BinaryPrimitives.WriteInt32BigEndian(batch[12..], PartitionLeaderEpoch);
        batch[16] = RecordBatch.CurrentMagic;
        BinaryPrimitives.WriteInt16BigEndian(batch[21..], (short)attributes);
        BinaryPrimitives.WriteInt32BigEndian(batch[23..], LastOffsetDelta ?? NextDelta - 1);
        BinaryPrimitives.WriteInt64BigEndian(batch[27..], Count == 0 ? DeleteHorizon ?? RecordBatch.NoTimestamp : _firstTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(batch[35..], MaxTimestamp ?? LargestTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(batch[43..], ProducerId);
        BinaryPrimitives.WriteInt16BigEndian(batch[51..], ProducerEpoch);
        BinaryPrimitives.WriteInt32BigEndian(batch[53..], BaseSequence);
        BinaryPrimitives.WriteInt32BigEndian(batch[57..], Count);
        records.CopyTo(batch[RecordBatch.HeaderLength..]);
        BinaryPrimitives.WriteUInt32BigEndian(batch[RecordBatch.CrcOffset..], Crc32C.Compute(batch[RecordBatch.CrcStart..]));
    }

    static int WriteStored(Span<byte> to, IStoredMessage message, int size, short version)
    {
        int at = RecordVarint.Write(to, size);
        var writer = new WireWriter(to.Slice(at, size));
        StoredTable.Write(ref writer, message, version);
        return at + size;
    }

    static int WriteBytes(Span<byte> to, bool present, ReadOnlySpan<byte> bytes)
    {
        int at = RecordVarint.Write(to, present ? bytes.Length : -1);
        bytes.CopyTo(to[at..]);
        return at + bytes.Length;
    }
}
