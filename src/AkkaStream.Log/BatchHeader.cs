using AkkaStream.Protocol.Records;

namespace AkkaStream.Log;

/// <summary>What the log needs to know of a stored batch, copied out of its first bytes.</summary>
struct BatchHeader
{
    public long BaseOffset;
    public long LastOffset;
    public long MaxTimestamp;
    public long ProducerId;
    public int Size;
    public int LeaderEpoch;
    public int BaseSequence;
    public int RecordCount;
    public int Position;
    public short ProducerEpoch;
    public BatchAttributes Attributes;

    public readonly bool IsControl => (Attributes & BatchAttributes.Control) != 0;
    public readonly bool IsTransactional => (Attributes & BatchAttributes.Transactional) != 0;
    public readonly bool HasProducerId => ProducerId > RecordBatch.NoProducerId;
    public readonly long NextOffset => LastOffset + 1;
    public readonly int LastSequence => BaseSequence == RecordBatch.NoSequence
        ? RecordBatch.NoSequence
        : RecordBatch.NextSequence(BaseSequence, (int)(LastOffset - BaseOffset));

    /// <summary>The span holds a whole header that passed <see cref="WhatIsWrong"/>.</summary>
    public static BatchHeader From(ReadOnlySpan<byte> bytes, int position)
    {
        var batch = new RecordBatch(bytes);
        return new BatchHeader
        {
            BaseOffset = batch.BaseOffset,
            LastOffset = batch.LastOffset,
            MaxTimestamp = batch.MaxTimestamp,
            ProducerId = batch.ProducerId,
            Size = (int)batch.SizeInBytes,
            LeaderEpoch = batch.PartitionLeaderEpoch,
            BaseSequence = batch.BaseSequence,
            RecordCount = batch.RecordCount,
            Position = position,
            ProducerEpoch = batch.ProducerEpoch,
            Attributes = batch.Attributes,
        };
    }

    /// <summary>Null when the header can be walked over: nothing is said about the records behind it.</summary>
    public static string? WhatIsWrong(ReadOnlySpan<byte> bytes)
    {
        var batch = new RecordBatch(bytes);
        if (batch.Magic is 0 or 1)
            return $"this is a message in the format of before Kafka 0.11 (magic {batch.Magic}), which is not read here.";
        if (batch.Magic != RecordBatch.CurrentMagic) return $"magic is {(sbyte)batch.Magic}, known is 2.";
        if (batch.SizeInBytes is < RecordBatch.HeaderLength or > int.MaxValue) return $"the batch length is {batch.BatchLength}.";
        if (batch.BaseOffset < 0 || batch.BaseOffset > long.MaxValue - int.MaxValue) return $"the base offset is {batch.BaseOffset}.";
        if (batch.LastOffsetDelta < 0) return $"the last offset delta is {batch.LastOffsetDelta}.";
        return null;
    }
}
