using System.Buffers.Binary;

namespace AkkaStream.Protocol.Records;

/// <summary>The changes a broker makes to a batch where it lies, before it is written. The span begins at the batch.</summary>
public static class BatchStamp
{
    /// <summary>Offset and leader epoch lie outside the checksum.</summary>
    public static void Place(Span<byte> batch, long baseOffset, int leaderEpoch)
    {
        BinaryPrimitives.WriteInt64BigEndian(batch, baseOffset);
        BinaryPrimitives.WriteInt32BigEndian(batch[12..], leaderEpoch);
    }

    /// <summary>Attributes and largest timestamp lie inside the checksum, which is computed anew.</summary>
    public static void Retime(Span<byte> batch, BatchAttributes attributes, long maxTimestamp)
    {
        BinaryPrimitives.WriteInt16BigEndian(batch[RecordBatch.CrcStart..], (short)attributes);
        BinaryPrimitives.WriteInt64BigEndian(batch[35..], maxTimestamp);
        int size = (int)new RecordBatch(batch).SizeInBytes;
        uint crc = Crc32C.Compute(batch[RecordBatch.CrcStart..size]);
        BinaryPrimitives.WriteUInt32BigEndian(batch[RecordBatch.CrcOffset..], crc);
    }
}
