using System.Runtime.CompilerServices;

namespace AkkaStream.Protocol.Records;

/// <summary>What a walk over the records of a batch found out, beside that they are well formed.</summary>
public struct RecordFindings
{
    /// <summary>Largest record timestamp, -1 when none has one.</summary>
    public long MaxTimestamp;

    /// <summary>Smallest record timestamp that is not -1; long.MaxValue when none has one.</summary>
    public long MinTimestamp;

    /// <summary>Index of the first record without a key, or -1.</summary>
    public int FirstKeyless;

    /// <summary>Index of the record where the walk stopped, when it stopped at a fault.</summary>
    public int FaultAt;
}

/// <summary>
/// The validating walk over the records of a batch on the append path: lengths, counts, offset deltas 0, 1, 2, ... It looks at every
/// record and allocates nothing. Compressed records are streamed through the caller's window, or lie in the decoder's memory if they are
/// few enough to be decoded at once; a record that is larger than the window is skipped through piece by piece. Called by Log's BatchValidator
/// on the thread that brings the batch.
/// </summary>
public unsafe ref struct RecordWalk
{
    /// <summary>Enough for the varints of one field; below this much left in the window it is refilled first.</summary>
    const int Margin = 64;

    readonly byte* _window;
    readonly int _windowLength;
    RecordsDecompressor _source;
    byte* _cursor;
    byte* _end;
    bool _ended;

    RecordWalk(byte* records, int length)
    {
        _cursor = records;
        _end = records + length;
        _ended = true;
    }

    RecordWalk(in RecordsDecompressor source, byte* window, int windowLength)
    {
        _source = source;
        _window = window;
        _windowLength = windowLength;
        _cursor = _end = window;
    }

    public static RecordFault OverPlain(byte* records, int length, in RecordBatch batch, out RecordFindings findings)
    {
        var walk = new RecordWalk(records, length);
        return walk.Run(batch, out findings);
    }

    /// <summary>The window must hold at least 1 KiB. A codec's own words for what is wrong come out in <paramref name="reason"/>.</summary>
    public static RecordFault OverCompressed(
        byte* records, int length, byte* window, int windowLength, long maxBytes, in RecordBatch batch,
        out RecordFindings findings, out string? reason)
    {
        using var source = RecordsDecompressor.Start(batch.Codec, new ReadOnlySpan<byte>(records, length), maxBytes);
        if (source.TryReadAll(out var plain))
        {
            reason = null;
            fixed (byte* all = plain) return OverPlain(all, plain.Length, batch, out findings);
        }
        var walk = new RecordWalk(source, window, windowLength);
        var fault = walk.Run(batch, out findings);
        reason = walk._source.Fault;
        return fault;
    }

    RecordFault Run(in RecordBatch batch, out RecordFindings findings)
    {
        int count = batch.RecordCount;
        long baseTimestamp = batch.BaseTimestamp;
        findings = new RecordFindings { MaxTimestamp = -1, MinTimestamp = long.MaxValue, FirstKeyless = -1 };
        for (int i = 0; i < count; i++)
        {
            var fault = One(i, baseTimestamp, ref findings);
            if (fault == RecordFault.None) continue;
            findings.FaultAt = i;
            return fault;
        }
        findings.FaultAt = count;
        if (_cursor < _end) return RecordFault.BytesLeftOver;
        if (!Refill()) return RecordFault.NotDecompressible;
        return _cursor < _end ? RecordFault.BytesLeftOver : RecordFault.None;
    }

    RecordFault One(int index, long baseTimestamp, ref RecordFindings findings)
    {
        if (_end - _cursor < Margin && !Refill()) return RecordFault.NotDecompressible;
        int length = 0;
        byte* at = _cursor;
        if (!Take(ref at, _end, ref length))
            return _end - _cursor < RecordVarint.MaxLength32 ? RecordFault.Truncated : RecordFault.VarintTooLong;
        _cursor = at;
        if (length < 0) return RecordFault.NegativeLength;
        if (length > _end - _cursor)
        {
            if (_ended) return RecordFault.Truncated;
            if (!Refill()) return RecordFault.NotDecompressible;
            if (length > _end - _cursor) return _ended ? RecordFault.Truncated : Large(index, length, baseTimestamp, ref findings);
        }
        var fault = Whole(_cursor, _cursor + length, index, baseTimestamp, ref findings);
        _cursor += length;
        return fault;
    }

    /// <summary>The usual case: all of the record lies before us.</summary>
    static RecordFault Whole(byte* at, byte* end, int index, long baseTimestamp, ref RecordFindings findings)
    {
        if (at == end) return RecordFault.LengthMismatch;
        at++; // attributes: no meaning yet
        long timestampDelta = 0;
        int offsetDelta = 0, length = 0;
        if (!TakeLong(ref at, end, ref timestampDelta)) return RecordFault.LengthMismatch;
        if (!Take(ref at, end, ref offsetDelta)) return RecordFault.LengthMismatch;
        if (!Take(ref at, end, ref length)) return RecordFault.BadKeyLength;
        if (length < -1 || length > end - at) return RecordFault.BadKeyLength;
        if (length < 0) NoteKeyless(index, ref findings);
        else at += length;
        if (!Take(ref at, end, ref length)) return RecordFault.BadValueLength;
        if (length < -1 || length > end - at) return RecordFault.BadValueLength;
        if (length > 0) at += length;
        if (!Take(ref at, end, ref length)) return RecordFault.LengthMismatch;
        if (length != 0)
        {
            var fault = Headers(ref at, end, length);
            if (fault != RecordFault.None) return fault;
        }
        if (at != end) return RecordFault.LengthMismatch;
        NoteTimestamp(baseTimestamp + timestampDelta, ref findings);
        return offsetDelta == index ? RecordFault.None : RecordFault.WrongOffsetDelta;
    }

    static RecordFault Headers(ref byte* at, byte* end, int count)
    {
        if (count < 0 || count > end - at) return RecordFault.BadHeaderCount;
        int length = 0;
        for (int i = 0; i < count; i++)
        {
            if (!Take(ref at, end, ref length) || length < 0 || length > end - at) return RecordFault.BadHeaderKey;
            at += length;
            if (!Take(ref at, end, ref length) || length < -1 || length > end - at) return RecordFault.BadHeaderValue;
            if (length > 0) at += length;
        }
        return RecordFault.None;
    }

    /// <summary>A record larger than the window: its fields are taken one by one, its bytes skipped as they stream by.</summary>
    RecordFault Large(int index, int length, long baseTimestamp, ref RecordFindings findings)
    {
        long left = length;
        long timestampDelta = 0;
        int offsetDelta = 0, size = 0;
        if (!Skip(1, ref left)) return Broken(RecordFault.LengthMismatch);
        if (!StreamLong(ref left, ref timestampDelta)) return Broken(RecordFault.LengthMismatch);
        if (!Stream(ref left, ref offsetDelta)) return Broken(RecordFault.LengthMismatch);
        if (!Stream(ref left, ref size) || size < -1 || size > left) return Broken(RecordFault.BadKeyLength);
        if (size < 0) NoteKeyless(index, ref findings);
        else if (!Skip(size, ref left)) return Broken(RecordFault.Truncated);
        if (!Stream(ref left, ref size) || size < -1 || size > left) return Broken(RecordFault.BadValueLength);
        if (size > 0 && !Skip(size, ref left)) return Broken(RecordFault.Truncated);
        if (!Stream(ref left, ref size)) return Broken(RecordFault.LengthMismatch);
        if (size < 0 || size > left) return RecordFault.BadHeaderCount;
        for (int headers = size; headers > 0; headers--)
        {
            if (!Stream(ref left, ref size) || size < 0 || size > left) return Broken(RecordFault.BadHeaderKey);
            if (!Skip(size, ref left)) return Broken(RecordFault.Truncated);
            if (!Stream(ref left, ref size) || size < -1 || size > left) return Broken(RecordFault.BadHeaderValue);
            if (size > 0 && !Skip(size, ref left)) return Broken(RecordFault.Truncated);
        }
        if (left != 0) return RecordFault.LengthMismatch;
        NoteTimestamp(baseTimestamp + timestampDelta, ref findings);
        return offsetDelta == index ? RecordFault.None : RecordFault.WrongOffsetDelta;
    }

    /// <summary>When the source itself failed, that is the reason; the field only met it first.</summary>
    readonly RecordFault Broken(RecordFault seen) => _source.Fault != null ? RecordFault.NotDecompressible : seen;

    bool Stream(ref long left, ref int value)
    {
        if (_end - _cursor < Margin && !Refill()) return false;
        byte* from = _cursor;
        bool taken = Take(ref _cursor, Bound(left), ref value);
        left -= _cursor - from;
        return taken;
    }

    bool StreamLong(ref long left, ref long value)
    {
        if (_end - _cursor < Margin && !Refill()) return false;
        byte* from = _cursor;
        bool taken = TakeLong(ref _cursor, Bound(left), ref value);
        left -= _cursor - from;
        return taken;
    }

    readonly byte* Bound(long left) => left < _end - _cursor ? _cursor + left : _end;

    bool Skip(long count, ref long left)
    {
        if (count > left) return false;
        left -= count;
        while (count > _end - _cursor)
        {
            count -= _end - _cursor;
            _cursor = _end;
            if (_ended || !Refill()) return false;
        }
        _cursor += count;
        return true;
    }

    /// <summary>Moves what is left to the front of the window and reads on. False when the source is broken.</summary>
    bool Refill()
    {
        if (_ended) return true;
        int kept = (int)(_end - _cursor);
        if (kept > 0) Buffer.MemoryCopy(_cursor, _window, _windowLength, kept);
        _cursor = _window;
        while (kept < _windowLength)
        {
            int read = _source.Read(new Span<byte>(_window + kept, _windowLength - kept));
            if (read == 0)
            {
                _ended = true;
                break;
            }
            kept += read;
        }
        _end = _window + kept;
        return _source.Fault == null;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void NoteTimestamp(long timestamp, ref RecordFindings findings)
    {
        if (timestamp > findings.MaxTimestamp) findings.MaxTimestamp = timestamp;
        if (timestamp < findings.MinTimestamp && timestamp != RecordBatch.NoTimestamp) findings.MinTimestamp = timestamp;
    }

    static void NoteKeyless(int index, ref RecordFindings findings)
    {
        if (findings.FirstKeyless < 0) findings.FirstKeyless = index;
    }

    /// <summary>
    /// One or two bytes are taken here, as nearly all are. What goes on to <see cref="TakeLonger"/> are copies: the caller's own stay in
    /// registers.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool Take(ref byte* at, byte* end, ref int value)
    {
        byte* from = at;
        if (from < end)
        {
            uint raw = *from;
            if (raw < 0x80)
            {
                value = (int)(raw >> 1) ^ -(int)(raw & 1);
                at = from + 1;
                return true;
            }
            if (end - from > 1 && from[1] < 0x80)
            {
                raw = (raw & 0x7f) | (uint)from[1] << 7;
                value = (int)(raw >> 1) ^ -(int)(raw & 1);
                at = from + 2;
                return true;
            }
        }
        from = TakeLonger(from, end, out int longer);
        if (from == null) return false;
        value = longer;
        at = from;
        return true;
    }

    /// <summary>Where the number ends; null when it has no end.</summary>
    static byte* TakeLonger(byte* at, byte* end, out int value)
    {
        int used = RecordVarint.TryRead(new ReadOnlySpan<byte>(at, (int)Math.Min(end - at, RecordVarint.MaxLength32)), out value);
        return used > 0 ? at + used : null;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool TakeLong(ref byte* at, byte* end, ref long value)
    {
        byte* from = at;
        if (from < end && *from < 0x80)
        {
            value = (*from >> 1) ^ -(*from & 1);
            at = from + 1;
            return true;
        }
        from = TakeLonger(from, end, out long longer);
        if (from == null) return false;
        value = longer;
        at = from;
        return true;
    }

    static byte* TakeLonger(byte* at, byte* end, out long value)
    {
        int used = RecordVarint.TryRead(new ReadOnlySpan<byte>(at, (int)Math.Min(end - at, RecordVarint.MaxLength64)), out value);
        return used > 0 ? at + used : null;
    }
}
