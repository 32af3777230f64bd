using System.Globalization;
using AkkaStream.Protocol.Records;

namespace AkkaStream.Log;

/// <summary>Why a batch was refused, more precisely than the error code can say.</summary>
public enum BatchFault : byte
{
    None,
    NoBatch,
    SecondBatch,
    BadLength,
    BadMagic,
    OldFormat,
    BaseOffsetNotZero,
    TooLarge,
    LargerThanSegment,
    BadChecksum,
    BadCount,
    BadOffsetRange,
    ControlFromClient,
    SequenceMissing,
    BadProducerId,
    CodecNotAllowed,
    BadRecords,
    KeyMissing,
    TimestampOutOfRange,
    AppendTimeFromClient,
    NotRecompressible,
    OutOfSequence,
    SequenceOfNewEpoch,
    OldProducerEpoch,
    OldCoordinator,
    OutsideTransaction,
    TransactionNotVerified,
    NotOurOffsets,
    DiskFailed,
    DiskFull,
    LogOffline,
}

public static class BatchFaults
{
    /// <summary>For the answer's error message and for logs. Built only for batches that were refused.</summary>
    public static string Describe(in ProducedBatch batch) => batch.Fault switch
    {
        BatchFault.None => "nothing is wrong",
        BatchFault.NoBatch => "the records hold no complete record batch",
        BatchFault.SecondBatch => "the records hold more than one record batch",
        BatchFault.BadLength => Text($"the batch length is {batch.Detail}"),
        BatchFault.BadMagic => Text($"the batch has magic {batch.Detail}, known is 2"),
        BatchFault.OldFormat => Text($"the batch has magic {batch.Detail}; only magic 2 is accepted"),
        BatchFault.BaseOffsetNotZero => Text($"the base offset is {batch.Detail}, a producer's is 0"),
        BatchFault.TooLarge => Text($"the batch has {batch.Length} bytes, the topic takes {batch.Detail} (max.message.bytes)"),
        BatchFault.LargerThanSegment => Text($"the batch has {batch.Length} bytes, a segment takes {batch.Detail} (segment.bytes)"),
        BatchFault.BadChecksum => "the checksum is not that of the bytes",
        BatchFault.BadCount => Text($"the record count is {batch.Detail}"),
        BatchFault.BadOffsetRange => Text($"the last offset delta is {batch.Detail}, which the record count does not bear out"),
        BatchFault.ControlFromClient => "producers may not write control records",
        BatchFault.SequenceMissing => Text($"the batch has a producer id and the sequence number {batch.Detail}"),
        BatchFault.BadProducerId => Text($"the producer id is {batch.Detail}"),
        BatchFault.CodecNotAllowed => "zstd needs Produce version 7 or later",
        BatchFault.BadRecords => Text($"record {batch.Detail}: {RecordFaults.Describe(batch.RecordFault)}"),
        BatchFault.KeyMissing => Text($"record {batch.Detail} has no key, which a compacted topic needs"),
        BatchFault.TimestampOutOfRange => "One or more records have been rejected due to invalid timestamp",
        BatchFault.AppendTimeFromClient => "the producer set the timestamp type to LogAppendTime, which only the broker may",
        BatchFault.NotRecompressible => "the topic's compression.type cannot be written here",
        BatchFault.OutOfSequence => Text($"sequence number {batch.BaseSequence} does not follow {batch.Detail}"),
        BatchFault.SequenceOfNewEpoch => Text($"a new producer epoch begins with sequence number 0, not {batch.BaseSequence}"),
        BatchFault.OldProducerEpoch => Text($"producer epoch {batch.ProducerEpoch} is behind the current {batch.Detail}"),
        BatchFault.OldCoordinator => Text($"the marker is of coordinator epoch {batch.CoordinatorEpoch}, known is {batch.Detail}"),
        BatchFault.OutsideTransaction => "the producer has a transaction open and sent a batch outside it",
        BatchFault.TransactionNotVerified => "the batch belongs to no ongoing transaction that the coordinator knows",
        BatchFault.NotOurOffsets => Text($"the batch begins at offset {batch.Detail}, which does not follow the log's end"),
        BatchFault.DiskFailed => "the disk refused the write",
        BatchFault.DiskFull => "the disk is full",
        BatchFault.LogOffline => "the log is offline after a disk failure",
        _ => batch.Fault.ToString(),
    };

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
