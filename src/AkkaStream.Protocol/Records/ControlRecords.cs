using System.Buffers.Binary;

namespace AkkaStream.Protocol.Records;

/// <summary>What a control batch says, by the second number of its record's key. Frozen: these numbers are on every disk.</summary>
public enum ControlRecordType : short
{
    Unknown = -1,
    Abort = 0,
    Commit = 1,
    LeaderChange = 2,
    SnapshotHeader = 3,
    SnapshotFooter = 4,
    KRaftVersion = 5,
    KRaftVoters = 6,
}

/// <summary>
/// Control records: key = version, type; for the end of a transaction the value = version, coordinator epoch. Newer
/// versions append fields, so longer ones are read by their known front.
/// </summary>
public static class ControlRecords
{
    const int KeyLength = 4;
    const int EndTransactionLength = 6;

    public static ControlRecordType TypeOf(ReadOnlySpan<byte> key)
    {
        if (key.Length < KeyLength) return ControlRecordType.Unknown;
        short version = BinaryPrimitives.ReadInt16BigEndian(key);
        short type = BinaryPrimitives.ReadInt16BigEndian(key[2..]);
        return version < 0 || type is < 0 or > (short)ControlRecordType.KRaftVoters
            ? ControlRecordType.Unknown
            : (ControlRecordType)type;
    }

    /// <summary>False when the value is no end of a transaction.</summary>
    public static bool TryReadEndTransaction(ReadOnlySpan<byte> value, out int coordinatorEpoch)
    {
        coordinatorEpoch = 0;
        if (value.Length < EndTransactionLength || BinaryPrimitives.ReadInt16BigEndian(value) < 0) return false;
        coordinatorEpoch = BinaryPrimitives.ReadInt32BigEndian(value[2..]);
        return true;
    }

    /// <summary>A whole batch that ends a transaction. Its offset and leader epoch are given when it is appended.</summary>
    public static byte[] BuildEndTransaction(
        bool commit, long producerId, short producerEpoch, int coordinatorEpoch, long timestamp)
    {
        Span<byte> key = stackalloc byte[KeyLength];
        Span<byte> value = stackalloc byte[EndTransactionLength];
        BinaryPrimitives.WriteInt16BigEndian(key, 0);
        BinaryPrimitives.WriteInt16BigEndian(key[2..], (short)(commit ? ControlRecordType.Commit : ControlRecordType.Abort));
        BinaryPrimitives.WriteInt16BigEndian(value, 0);
        BinaryPrimitives.WriteInt32BigEndian(value[2..], coordinatorEpoch);
        var builder = new RecordBatchBuilder
        {
            ProducerId = producerId,
            ProducerEpoch = producerEpoch,
            Attributes = BatchAttributes.Transactional | BatchAttributes.Control,
        };
        builder.Append(timestamp, key, value);
        return builder.ToArray();
    }
}
