using System.Buffers.Binary;

namespace AkkaStream.Protocol.Records;

/// <summary>
/// A view over the header of one v2 record batch where it lies: no copy, no allocation, no checks beyond the length of
/// the span. Layout: base offset 0 · batch length 8 · leader epoch 12 · magic 16 · crc 17 · attributes 21 · last offset
/// delta 23 · base timestamp 27 · max timestamp 35 · producer id 43 · producer epoch 51 · base sequence 53 · count 57 ·
/// records 61. The checksum covers 21 to the end, so offset and epoch may be patched by the broker without it.
/// </summary>
public readonly ref struct RecordBatch(ReadOnlySpan<byte> bytes)
{
    public const int HeaderLength = 61;

    /// <summary>Base offset and length: what the length field does not count.</summary>
    public const int LogOverhead = 12;
    public const int CrcOffset = 17;
    public const int CrcStart = 21;
    public const byte CurrentMagic = 2;

    public const long NoProducerId = -1;
    public const short NoProducerEpoch = -1;
    public const int NoSequence = -1;
    public const long NoTimestamp = -1;

    readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>From the first byte to the end of the span that was given, which may hold more than this batch.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;
    public long BaseOffset => BinaryPrimitives.ReadInt64BigEndian(_bytes);

    /// <summary>The length field as sent: all bytes behind itself.</summary>
    public int BatchLength => BinaryPrimitives.ReadInt32BigEndian(_bytes[8..]);

    /// <summary>The whole batch in bytes; long, because a hostile length field must not overflow.</summary>
    public long SizeInBytes => (long)BatchLength + LogOverhead;
    public int PartitionLeaderEpoch => BinaryPrimitives.ReadInt32BigEndian(_bytes[12..]);
    public byte Magic => _bytes[16];
    public uint Crc => BinaryPrimitives.ReadUInt32BigEndian(_bytes[CrcOffset..]);
    public BatchAttributes Attributes => (BatchAttributes)BinaryPrimitives.ReadInt16BigEndian(_bytes[21..]);
    public int LastOffsetDelta => BinaryPrimitives.ReadInt32BigEndian(_bytes[23..]);
    public long BaseTimestamp => BinaryPrimitives.ReadInt64BigEndian(_bytes[27..]);
    public long MaxTimestamp => BinaryPrimitives.ReadInt64BigEndian(_bytes[35..]);
    public long ProducerId => BinaryPrimitives.ReadInt64BigEndian(_bytes[43..]);
    public short ProducerEpoch => BinaryPrimitives.ReadInt16BigEndian(_bytes[51..]);
    public int BaseSequence => BinaryPrimitives.ReadInt32BigEndian(_bytes[53..]);
    public int RecordCount => BinaryPrimitives.ReadInt32BigEndian(_bytes[57..]);

    public CompressionCodec Codec => (CompressionCodec)(Attributes & BatchAttributes.CodecMask);
    public bool IsLogAppendTime => (Attributes & BatchAttributes.LogAppendTime) != 0;
    public bool IsTransactional => (Attributes & BatchAttributes.Transactional) != 0;
    public bool IsControl => (Attributes & BatchAttributes.Control) != 0;
    public bool HasDeleteHorizon => (Attributes & BatchAttributes.DeleteHorizon) != 0;
    public bool HasProducerId => ProducerId != NoProducerId;
    public long LastOffset => BaseOffset + LastOffsetDelta;
    public long NextOffset => LastOffset + 1;

    /// <summary>Sequence numbers run from 0 to 2^31-1 and start again at 0.</summary>
    public int LastSequence => BaseSequence == NoSequence ? NoSequence : NextSequence(BaseSequence, LastOffsetDelta);

    public static int NextSequence(int sequence, int by) => (int)(((long)sequence + by) & int.MaxValue);
}

[Flags]
public enum BatchAttributes : short
{
    None = 0,
    CodecMask = 0x07,
    LogAppendTime = 0x08,
    Transactional = 0x10,
    Control = 0x20,

    /// <summary>The base timestamp is the time from which tombstones may go (compaction).</summary>
    DeleteHorizon = 0x40,
}
