using AkkaStream.Log.Files;
using AkkaStream.Protocol.Records;

namespace AkkaStream.Log.Cleaning;

/// <summary>
/// Reads a segment batch by batch, whole and checked, many at a time. Its buffer grows to the largest batch met. One thread; waits for
/// the disk.
/// </summary>
sealed class BatchSource(int bufferBytes)
{
    byte[] _buffer = new byte[Math.Max(bufferBytes, BatchScanner.SmallestBuffer)];
    int _bufferAt;
    int _buffered;
    int _position;
    int _end;

    public int Position => _position;
    public bool IsAtEnd => _position >= _end;

    public void Begin(int position, int end)
    {
        (_position, _end) = (position, end);
        (_bufferAt, _buffered) = (position, 0);
    }

    /// <summary>The bytes live until the next call. Null and a reason when what lies here is no good batch.</summary>
    public string? Next(ILogFile file, out BatchHeader header, out ReadOnlySpan<byte> bytes)
    {
        header = default;
        bytes = default;
        if (!Holds(file, Math.Min(RecordBatch.HeaderLength, _end - _position))) return "the file is shorter than it should be.";
        var head = _buffer.AsSpan(_position - _bufferAt, _buffered - (_position - _bufferAt));
        if (head.Length < RecordBatch.HeaderLength) return $"{_end - _position} bytes are fewer than a batch has.";
        if (BatchHeader.WhatIsWrong(head) is { } problem) return problem;
        header = BatchHeader.From(head, _position);
        if (header.Size > _end - _position) return "the last batch is not there in full.";
        if (!Holds(file, header.Size)) return "the file is shorter than it should be.";
        bytes = _buffer.AsSpan(_position - _bufferAt, header.Size);
        uint crc = Crc32C.Compute(bytes[RecordBatch.CrcStart..]), stored = new RecordBatch(bytes).Crc;
        if (crc != stored) return $"the batch at offset {header.BaseOffset} has checksum {crc:x8}, its head says {stored:x8}.";
        _position += header.Size;
        return null;
    }

    bool Holds(ILogFile file, int count)
    {
        if (_position >= _bufferAt && _position + count <= _bufferAt + _buffered) return true;
        if (_buffer.Length < count) _buffer = new byte[count];
        _bufferAt = _position;
        _buffered = file.Read(_buffer.AsSpan(0, Math.Min(_buffer.Length, _end - _position)), _position);
        return _buffered >= count;
    }
}
