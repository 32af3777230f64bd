using System.Buffers.Binary;
using AkkaStream.Protocol.Records;

namespace AkkaStream.Log;

/// <summary>
/// What a producer sent, before it may come near the log: is it one whole, right batch, and does the topic want it? Runs on the thread
/// that brings the frame, before the partition's turn; pure, and allocates nothing. A batch that passes here is well formed to
/// the last record: nothing broken is ever acknowledged. The verdicts are Kafka's, some stricter (docs/formats/produce-verdicts.md).
/// </summary>
public static unsafe class BatchValidator
{
    /// <summary>Up to the magic byte: with fewer bytes there is no telling what it is.</summary>
    const int ShortestHead = 17;
    const int ShortestLegacyLength = 14;
    const int WindowBytes = 64 * 1024;

    /// <summary>Far more than any client packs into a batch, and little enough that a bomb costs milliseconds.</summary>
    const long LeastPlainLimit = 64L * 1024 * 1024;
    const int MostExpansion = 128;

    /// <summary>
    /// Looks at the records field of one partition of a Produce request and fills in the batch: its facts, or why it is refused. May change
    /// attributes and largest timestamp in place where the producer got them wrong.
    /// </summary>
    public static void Validate(
        byte* records, int length, LogConfig config, long nowMs, bool zstdAllowed, out ProducedBatch batch)
    {
        batch = new ProducedBatch
        {
            Bytes = records,
            Origin = BatchOrigin.Client,
            Marker = ControlRecordType.Unknown,
            BaseOffset = Offset.Unknown,
            LogAppendTimeMs = RecordBatch.NoTimestamp,
        };
        if (!FindOnlyBatch(ref batch, length, zstdAllowed)) return;
        if (!CheckHeader(ref batch, config)) return;
        TakeFacts(ref batch);
        if (!CheckRecords(ref batch, out var findings)) return;
        if (CheckAgainstTopic(ref batch, findings, config, nowMs)) PutRight(ref batch, findings, config);
    }

    /// <summary>
    /// The facts of a batch that was built inside the house (a coordinator's records, a transaction's end). Only its frame is looked at.
    /// </summary>
    public static ProducedBatch Describe(byte* bytes, int length, BatchOrigin origin)
    {
        var batch = new ProducedBatch
        {
            Bytes = bytes,
            Length = length,
            Origin = origin,
            Marker = ControlRecordType.Unknown,
            BaseOffset = Offset.Unknown,
            LogAppendTimeMs = RecordBatch.NoTimestamp,
        };
        Bug.Assert(length >= RecordBatch.HeaderLength && BatchHeader.WhatIsWrong(batch.Span) == null);
        Bug.Assert(new RecordBatch(batch.Span).SizeInBytes == length);
        TakeFacts(ref batch);
        batch.MaxTimestamp = new RecordBatch(batch.Span).MaxTimestamp;
        if (batch.IsControl) ReadMarker(ref batch);
        return batch;
    }

    internal static void ReadMarker(ref ProducedBatch batch)
    {
        var header = new RecordBatch(batch.Span);
        using var plain = PlainRecords.Open(batch.Span, batch.Length);
        var reader = new RecordReader(header, plain.Bytes);
        if (!reader.Read(out var record)) return;
        var type = ControlRecords.TypeOf(record.Key);
        if (type is not (ControlRecordType.Abort or ControlRecordType.Commit)) return;
        if (!ControlRecords.TryReadEndTransaction(record.Value, out batch.CoordinatorEpoch)) return;
        batch.Marker = type;
        batch.MaxTimestamp = record.Timestamp;
    }

    /// <summary>Exactly one batch from the first byte on. What is cut off behind it is ignored, as Kafka does.</summary>
    static bool FindOnlyBatch(ref ProducedBatch batch, int length, bool zstdAllowed)
    {
        var all = new ReadOnlySpan<byte>(batch.Bytes, length);
        long size = SizeOfNext(ref batch, all);
        if (batch.Error != ErrorCode.None) return false;
        if (size == 0)
        {
            batch.Refuse(ErrorCode.InvalidRecord, BatchFault.NoBatch);
            return false;
        }
        batch.Length = (int)size;
        byte magic = all[16];
        if (magic != RecordBatch.CurrentMagic)
        {
            batch.Refuse(ErrorCode.InvalidRecord, BatchFault.OldFormat, magic);
        }
        else if (size < RecordBatch.HeaderLength)
        {
            batch.Refuse(ErrorCode.CorruptMessage, BatchFault.BadLength, size - RecordBatch.LogOverhead);
        }
        else if (!zstdAllowed && new RecordBatch(all).Codec == CompressionCodec.Zstd)
        {
            batch.Refuse(ErrorCode.UnsupportedCompressionType, BatchFault.CodecNotAllowed);
        }
        else
        {
            long second = SizeOfNext(ref batch, all[(int)size..]);
            if (batch.Error == ErrorCode.None && second > 0) batch.Refuse(ErrorCode.InvalidRecord, BatchFault.SecondBatch);
        }
        return batch.Error == ErrorCode.None;
    }

    /// <summary>Size of the batch that begins here, 0 when there is none in full; refuses what can be no batch at all.</summary>
    static long SizeOfNext(ref ProducedBatch batch, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < RecordBatch.LogOverhead) return 0;
        int length = BinaryPrimitives.ReadInt32BigEndian(bytes[8..]);
        if (length is < ShortestLegacyLength or > int.MaxValue - RecordBatch.LogOverhead)
        {
            batch.Refuse(ErrorCode.CorruptMessage, BatchFault.BadLength, length);
            return 0;
        }
        if (bytes.Length < ShortestHead) return 0;
        if (bytes[16] > RecordBatch.CurrentMagic)
        {
            batch.Refuse(ErrorCode.CorruptMessage, BatchFault.BadMagic, (sbyte)bytes[16]);
            return 0;
        }
        long size = (long)length + RecordBatch.LogOverhead;
        return size <= bytes.Length ? size : 0;
    }

    static bool CheckHeader(ref ProducedBatch batch, LogConfig config)
    {
        var header = new RecordBatch(batch.Span);
        int count = header.RecordCount;
        if (header.BaseOffset != 0)
            batch.Refuse(ErrorCode.InvalidRecord, BatchFault.BaseOffsetNotZero, header.BaseOffset);
        else if (batch.Length > config.MaxMessageBytes)
            batch.Refuse(ErrorCode.MessageTooLarge, BatchFault.TooLarge, config.MaxMessageBytes);
        else if (Crc32C.Compute(batch.Span[RecordBatch.CrcStart..]) != header.Crc)
            batch.Refuse(ErrorCode.CorruptMessage, BatchFault.BadChecksum);
        else if (count <= 0)
            batch.Refuse(ErrorCode.InvalidRecord, BatchFault.BadCount, count);
        else if (header.LastOffsetDelta != count - 1)
            batch.Refuse(ErrorCode.InvalidRecord, BatchFault.BadOffsetRange, header.LastOffsetDelta);
        else if (header.IsControl)
            batch.Refuse(ErrorCode.InvalidRecord, BatchFault.ControlFromClient);
        else if (header.ProducerId < RecordBatch.NoProducerId || (header.IsTransactional && !header.HasProducerId))
            batch.Refuse(ErrorCode.InvalidRecord, BatchFault.BadProducerId, header.ProducerId);
        else if (header.HasProducerId && header.BaseSequence < 0)
            batch.Refuse(ErrorCode.InvalidRecord, BatchFault.SequenceMissing, header.BaseSequence);
        return batch.Error == ErrorCode.None;
    }

    static void TakeFacts(ref ProducedBatch batch)
    {
        var header = new RecordBatch(batch.Span);
        batch.RecordCount = header.RecordCount;
        batch.LastOffsetDelta = header.LastOffsetDelta;
        batch.ProducerId = header.ProducerId;
        batch.ProducerEpoch = header.ProducerEpoch;
        batch.BaseSequence = header.BaseSequence;
        batch.Attributes = header.Attributes;
    }

    static bool CheckRecords(ref ProducedBatch batch, out RecordFindings findings)
    {
        var header = new RecordBatch(batch.Span);
        byte* records = batch.Bytes + RecordBatch.HeaderLength;
        int length = batch.Length - RecordBatch.HeaderLength;
        if (header.Codec == CompressionCodec.None)
        {
            batch.RecordFault = RecordWalk.OverPlain(records, length, header, out findings);
        }
        else if (!RecordCodecs.IsKnown(header.Codec))
        {
            findings = default;
            batch.RecordFault = RecordFault.UnknownCodec;
        }
        else
        {
            byte* window = stackalloc byte[WindowBytes];
            long limit = Math.Max(LeastPlainLimit, (long)MostExpansion * batch.Length);
            batch.RecordFault = RecordWalk.OverCompressed(records, length, window, WindowBytes, limit, header, out findings, out _);
        }
        if (batch.RecordFault == RecordFault.None) return true;
        batch.Refuse(ErrorCode.InvalidRecord, BatchFault.BadRecords, findings.FaultAt);
        return false;
    }

    static bool CheckAgainstTopic(ref ProducedBatch batch, in RecordFindings findings, LogConfig config, long nowMs)
    {
        bool appendTimeTopic = config.TimestampType == TimestampType.LogAppendTime;
        if (appendTimeTopic && (batch.Attributes & BatchAttributes.LogAppendTime) != 0)
            batch.Refuse(ErrorCode.InvalidTimestamp, BatchFault.AppendTimeFromClient);
        else if (!appendTimeTopic && !IsTimely(findings, config, nowMs))
            batch.Refuse(ErrorCode.InvalidTimestamp, BatchFault.TimestampOutOfRange);
        else if (config.IsCompacted && findings.FirstKeyless >= 0)
            batch.Refuse(ErrorCode.InvalidRecord, BatchFault.KeyMissing, findings.FirstKeyless);
        return batch.Error == ErrorCode.None;
    }

    static bool IsTimely(in RecordFindings findings, LogConfig config, long nowMs) =>
        findings.MinTimestamp == long.MaxValue
        || (!TimestampRange.IsTooOld(findings.MinTimestamp, config, nowMs) && !TimestampRange.IsTooNew(findings.MaxTimestamp, config, nowMs));

    /// <summary>The largest timestamp as the header should have it, and the timestamp type that is the topic's to set.</summary>
    static void PutRight(ref ProducedBatch batch, in RecordFindings findings, LogConfig config)
    {
        batch.MaxTimestamp = findings.MaxTimestamp;
        if (config.TimestampType == TimestampType.LogAppendTime) return; // the append sets the time anyway
        bool right = (batch.Attributes & BatchAttributes.LogAppendTime) == 0 && new RecordBatch(batch.Span).MaxTimestamp == findings.MaxTimestamp;
        if (right) return;
        batch.Attributes &= ~BatchAttributes.LogAppendTime;
        BatchStamp.Retime(batch.Span, batch.Attributes, findings.MaxTimestamp);
    }
}
