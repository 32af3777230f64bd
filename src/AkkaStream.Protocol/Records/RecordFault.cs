namespace AkkaStream.Protocol.Records;

/// <summary>What is wrong with the records of a batch. Frozen names: they appear in answers to clients and in logs.</summary>
public enum RecordFault : byte
{
    None,
    Truncated,
    VarintTooLong,
    NegativeLength,
    LengthMismatch,
    BadKeyLength,
    BadValueLength,
    BadHeaderCount,
    BadHeaderKey,
    BadHeaderValue,
    WrongOffsetDelta,
    BytesLeftOver,
    UnknownCodec,
    NotDecompressible,
}

public static class RecordFaults
{
    public static string Describe(RecordFault fault) => fault switch
    {
        RecordFault.None => "nothing is wrong",
        RecordFault.Truncated => "the bytes end inside a record: there are fewer records than the count says",
        RecordFault.VarintTooLong => "a number in a record is longer than its type allows",
        RecordFault.NegativeLength => "a record has a negative length",
        RecordFault.LengthMismatch => "a record's length does not match its fields",
        RecordFault.BadKeyLength => "a key length points outside its record",
        RecordFault.BadValueLength => "a value length points outside its record",
        RecordFault.BadHeaderCount => "a header count does not fit its record",
        RecordFault.BadHeaderKey => "a header key is null or points outside its record",
        RecordFault.BadHeaderValue => "a header value points outside its record",
        RecordFault.WrongOffsetDelta => "the records' offset deltas are not 0, 1, 2, ...",
        RecordFault.BytesLeftOver => "bytes are left after the last record: there are more records than the count says",
        RecordFault.UnknownCodec => "the attributes name a compression codec that does not exist",
        RecordFault.NotDecompressible => "the compressed records cannot be decompressed",
        _ => fault.ToString(),
    };
}
