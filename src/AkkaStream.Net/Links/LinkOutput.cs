using System.Buffers;

namespace AkkaStream.Net.Links;

/// <summary>
/// The frames of one send: small parts are written into one buffer, large ones stay where they lie and are gathered. On one
/// thread at a time.
/// </summary>
public sealed class LinkOutput : IDisposable
{
    /// <summary>Below this a copy is cheaper than one more piece in the system call.</summary>
    const int WorthGathering = 4 * 1024;
    const int FirstBuffer = 16 * 1024;
    const int LargestKept = 256 * 1024;

    readonly List<ArraySegment<byte>> _pieces = [];
    byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
    int _used;
    int _pieceStart;

    /// <summary>Bytes of all frames so far.</summary>
    public int Length { get; private set; }

    /// <summary>Room to write into; it must be filled before the next call.</summary>
    public Span<byte> Take(int length)
    {
        if (_buffer.Length - _used < length) NextBuffer(length);
        var span = _buffer.AsSpan(_used, length);
        _used += length;
        Length += length;
        return span;
    }

    /// <summary>Bytes that the caller keeps unchanged until the frame was sent.</summary>
    public void Append(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length < WorthGathering || !System.Runtime.InteropServices.MemoryMarshal.TryGetArray(bytes, out var segment))
        {
            bytes.Span.CopyTo(Take(bytes.Length));
            return;
        }
        ClosePiece();
        _pieces.Add(segment);
        Length += bytes.Length;
    }

    internal Mark Position => new(_pieces.Count, _used, _pieceStart, Length, _buffer);

    /// <summary>Takes back what was written since the mark.</summary>
    internal void Rewind(Mark mark)
    {
        // Buffers that were begun since then are left to the collector: this happens when writing a request failed.
        _buffer = mark.Buffer;
        _pieces.RemoveRange(mark.Pieces, _pieces.Count - mark.Pieces);
        _used = mark.Used;
        _pieceStart = mark.PieceStart;
        Length = mark.Length;
    }

    internal List<ArraySegment<byte>> Pieces()
    {
        ClosePiece();
        return _pieces;
    }

    internal void Reset()
    {
        if (_buffer.Length > LargestKept)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        }
        _pieces.Clear();
        _used = _pieceStart = Length = 0;
    }

    void NextBuffer(int length)
    {
        ClosePiece();

        // The old one is part of the send under way and returns to the collector; the next sends have room at once.
        _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(length, _buffer.Length * 2));
        _used = _pieceStart = 0;
    }

    void ClosePiece()
    {
        if (_used == _pieceStart) return;
        _pieces.Add(new ArraySegment<byte>(_buffer, _pieceStart, _used - _pieceStart));
        _pieceStart = _used;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    internal readonly record struct Mark(int Pieces, int Used, int PieceStart, int Length, byte[] Buffer);
}
