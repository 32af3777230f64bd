namespace AkkaStream.Cli;

/// <summary>
/// Lines of a byte stream, without their line ends, where they were read: nothing is decoded, so that what comes in as bytes goes out as
/// the same bytes. A line is valid until the next one is asked for.
/// </summary>
sealed class LineSource(Stream stream)
{
    const int FirstBuffer = 64 * 1024;

    byte[] _buffer = new byte[FirstBuffer];
    int _start, _end;
    bool _ended;

    /// <summary>Another line lies in memory: asking for it waits for nobody.</summary>
    public bool HasBuffered => _buffer.AsSpan(_start, _end - _start).Contains((byte)'\n');

    /// <summary>Null at the end. A last line without a line end counts.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken stop)
    {
        int searched = _start;
        while (true)
        {
            int found = _buffer.AsSpan(searched, _end - searched).IndexOf((byte)'\n');
            if (found >= 0)
            {
                var line = Trim(_buffer.AsMemory(_start, searched + found - _start));
                _start = searched + found + 1;
                return line;
            }
            searched = _end;
            if (_ended)
            {
                if (_start == _end) return null;
                var last = Trim(_buffer.AsMemory(_start, _end - _start));
                _start = _end;
                return last;
            }
            searched -= MakeRoom();
            // A console cannot be read with cancellation: who is asked to stop does not wait for the next key.
            int got = await stream.ReadAsync(_buffer.AsMemory(_end), CancellationToken.None).AsTask().WaitAsync(stop).ConfigureAwait(false);
            _end += got;
            _ended = got == 0;
        }
    }

    static ReadOnlyMemory<byte> Trim(ReadOnlyMemory<byte> line) => line.Length > 0 && line.Span[^1] == '\r' ? line[..^1] : line;

    int MakeRoom()
    {
        if (_end < _buffer.Length) return 0;
        int moved = _start;
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
            return moved;
        }
        Array.Resize(ref _buffer, _buffer.Length * 2);
        return 0;
    }
}
