using AkkaStream.Log.Files;
using AkkaStream.Log.Indexes;
using AkkaStream.Protocol.Records;

namespace AkkaStream.Log;

enum ScanResult
{
    Batch,

    /// <summary>The end was reached exactly.</summary>
    End,

    /// <summary>The last batch is not there in full.</summary>
    Torn,

    /// <summary>What lies here is no batch; <see cref="BatchScanner.Problem"/> says why.</summary>
    Invalid,
    WouldWait,
}

/// <summary>
/// Walks over the batches of a segment by their headers, from a position that is the beginning of one. Small batches are
/// read many at a time, large ones are stepped over. Looks at nothing behind the headers: see <see cref="BatchCheck"/> for that.
/// </summary>
ref struct BatchScanner
{
    public const int SmallestBuffer = 512;

    readonly ILogFile _file;
    readonly Span<byte> _buffer;
    readonly ReadMode _mode;
    readonly int _end;
    int _position;
    int _bufferAt;
    int _buffered;

    public BatchScanner(ILogFile file, int position, int end, Span<byte> buffer, ReadMode mode = ReadMode.MayWait)
    {
        Bug.Assert(buffer.Length >= SmallestBuffer);
        _file = file;
        _buffer = buffer;
        _mode = mode;
        _position = position;
        _end = end;
    }

    /// <summary>Where the next batch begins.</summary>
    public readonly int Position => _position;

    public string? Problem { get; private set; }

    public ScanResult Next(out BatchHeader header)
    {
        header = default;
        if (_position >= _end) return ScanResult.End;
        if (_end - _position < RecordBatch.HeaderLength) return TornOrInvalid();
        if (!Buffered(RecordBatch.HeaderLength)) return Problem == null ? ScanResult.WouldWait : ScanResult.Torn;
        var bytes = _buffer.Slice(_position - _bufferAt, RecordBatch.HeaderLength);
        Problem = BatchHeader.WhatIsWrong(bytes);
        if (Problem != null) return ScanResult.Invalid;
        if (new RecordBatch(bytes).SizeInBytes > _end - _position) return ScanResult.Torn;
        header = BatchHeader.From(bytes, _position);
        _position += header.Size;
        return ScanResult.Batch;
    }

    ScanResult TornOrInvalid()
    {
        Problem = $"{_end - _position} bytes are fewer than a batch has.";
        return ScanResult.Torn;
    }

    /// <summary>False when it would wait, or when the file is shorter than it should be (then there is a problem).</summary>
    bool Buffered(int count)
    {
        if (_position >= _bufferAt && _position + count <= _bufferAt + _buffered) return true;
        var target = _buffer[..Math.Min(_buffer.Length, _end - _position)];
        int read = _mode == ReadMode.CachedOnly ? _file.TryReadCached(target, _position) : _file.Read(target, _position);
        _bufferAt = _position;
        _buffered = Math.Max(read, 0);
        if (read >= count) return true;
        if (_mode == ReadMode.MayWait) Problem = $"the file ends at byte {_position + read}, not at {_end}.";
        return false;
    }
}
