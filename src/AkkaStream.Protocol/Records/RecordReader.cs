namespace AkkaStream.Protocol.Records;

/// <summary>
/// Walks the records of one v2 batch without allocating. Takes plain bytes: for a compressed batch open it with
/// <see cref="PlainRecords"/> first. Stops at the first fault and says which; it never reads outside the span, so it is safe on
/// bytes from anywhere. Used by time look-ups, compaction, coordinators, the client and the dump; the append path has
/// <see cref="RecordWalk"/>.
/// </summary>
public ref struct RecordReader
{
    readonly long _baseOffset;
    readonly long _baseTimestamp;
    readonly long _logAppendTime;
    readonly int _baseSequence;
    readonly int _count;
    ReadOnlySpan<byte> _rest;
    int _read;

    /// <summary>Takes the batch for its header and <paramref name="records"/> for the (decompressed) records.</summary>
    public RecordReader(in RecordBatch batch, ReadOnlySpan<byte> records)
    {
        _baseOffset = batch.BaseOffset;
        _baseTimestamp = batch.BaseTimestamp;
        _logAppendTime = batch.IsLogAppendTime ? batch.MaxTimestamp : RecordBatch.NoTimestamp;
        _baseSequence = batch.BaseSequence;
        _count = batch.RecordCount;
        _rest = records;
    }

    /// <summary>Why the last <see cref="Read"/> said no; None when all records were read.</summary>
    public RecordFault Fault { get; private set; }

    public bool Read(out Record record)
    {
        record = default;
        if (Fault != RecordFault.None) return false;
        if (_read >= _count)
        {
            if (_rest.Length > 0) Fault = RecordFault.BytesLeftOver;
            return false;
        }
        int used = RecordVarint.TryRead(_rest, out int length);
        if (used == 0) return Stop(_rest.Length < RecordVarint.MaxLength32 ? RecordFault.Truncated : RecordFault.VarintTooLong);
        if (length < 0) return Stop(RecordFault.NegativeLength);
        if (length > _rest.Length - used) return Stop(RecordFault.Truncated);
        var fault = Parse(_rest.Slice(used, length), out record);
        if (fault != RecordFault.None) return Stop(fault);
        _rest = _rest[(used + length)..];
        _read++;
        return true;
    }

    bool Stop(RecordFault fault)
    {
        Fault = fault;
        return false;
    }

    readonly RecordFault Parse(ReadOnlySpan<byte> body, out Record record)
    {
        record = default;
        int at = 1; // the attributes byte of a record has no meaning yet
        int used;
        if (body.Length < 1) return RecordFault.LengthMismatch;
        if ((used = RecordVarint.TryRead(body[at..], out long timestampDelta)) == 0) return RecordFault.LengthMismatch;
        at += used;
        if ((used = RecordVarint.TryRead(body[at..], out int offsetDelta)) == 0) return RecordFault.LengthMismatch;
        at += used;
        if (!TakeNullable(body, ref at, out bool hasKey, out var key)) return RecordFault.BadKeyLength;
        if (!TakeNullable(body, ref at, out bool hasValue, out var value)) return RecordFault.BadValueLength;
        if ((used = RecordVarint.TryRead(body[at..], out int headers)) == 0) return RecordFault.LengthMismatch;
        at += used;
        if (headers < 0 || headers > body.Length - at) return RecordFault.BadHeaderCount;
        var headerBytes = body[at..];
        var fault = RecordHeaders.Check(headerBytes, headers);
        if (fault != RecordFault.None) return fault;
        record = new Record
        {
            Offset = _baseOffset + offsetDelta,
            Timestamp = _logAppendTime != RecordBatch.NoTimestamp ? _logAppendTime : _baseTimestamp + timestampDelta,
            Sequence = _baseSequence == RecordBatch.NoSequence
                ? RecordBatch.NoSequence
                : RecordBatch.NextSequence(_baseSequence, offsetDelta),
            HasKey = hasKey,
            Key = key,
            HasValue = hasValue,
            Value = value,
            Headers = new RecordHeaders(headerBytes, headers),
        };
        return RecordFault.None;
    }

    internal static bool TakeNullable(ReadOnlySpan<byte> body, scoped ref int at, out bool present, out ReadOnlySpan<byte> bytes)
    {
        present = false;
        bytes = default;
        int used = RecordVarint.TryRead(body[at..], out int length);
        if (used == 0 || length < -1 || length > body.Length - at - used) return false;
        at += used;
        if (length == -1) return true;
        present = true;
        bytes = body.Slice(at, length);
        at += length;
        return true;
    }
}

/// <summary>One record; the spans live as long as the bytes that the reader was given.</summary>
public ref struct Record
{
    public long Offset;
    public long Timestamp;
    public int Sequence;
    public bool HasKey;
    public bool HasValue;
    public ReadOnlySpan<byte> Key;
    public ReadOnlySpan<byte> Value;
    public RecordHeaders Headers;
}

/// <summary>The headers of one record, read one after the other. The bytes were checked before.</summary>
public ref struct RecordHeaders(ReadOnlySpan<byte> bytes, int count)
{
    ReadOnlySpan<byte> _rest = bytes;
    int _left = count;

    public int Count { get; } = count;

    /// <summary>The encoded headers, as a rewriter copies them.</summary>
    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    public bool Read(out ReadOnlySpan<byte> key, out bool hasValue, out ReadOnlySpan<byte> value)
    {
        key = default;
        value = default;
        hasValue = false;
        if (_left == 0) return false;
        _left--;
        int at = 0;
        RecordReader.TakeNullable(_rest, ref at, out _, out key);
        RecordReader.TakeNullable(_rest, ref at, out hasValue, out value);
        _rest = _rest[at..];
        return true;
    }

    internal static RecordFault Check(ReadOnlySpan<byte> bytes, int count)
    {
        int at = 0;
        for (int i = 0; i < count; i++)
        {
            if (!RecordReader.TakeNullable(bytes, ref at, out bool hasKey, out _) || !hasKey) return RecordFault.BadHeaderKey;
            if (!RecordReader.TakeNullable(bytes, ref at, out _, out _)) return RecordFault.BadHeaderValue;
        }
        return at == bytes.Length ? RecordFault.None : RecordFault.LengthMismatch;
    }
}
