namespace AkkaStream.TestKit.Disk;

/// <summary>The bytes of one simulated file: as programs see them, and as the disk has them. Guarded by the disk's lock.</summary>
sealed class FileNode
{
    /// <summary>The smallest piece that a disk writes or loses.</summary>
    const int SectorBytes = 512;

    readonly List<Unsynced> _unsynced = [];
    byte[] _seen = [];
    byte[] _durable = [];
    int _length;
    int _durableLength;

    public long Length => _length;
    public long LastWriteMs { get; set; }

    public byte[] ToArray() => _seen.AsSpan(0, _length).ToArray();

    public int Read(Span<byte> buffer, long position)
    {
        int count = (int)Math.Clamp(_length - position, 0, buffer.Length);
        if (count > 0) _seen.AsSpan((int)position, count).CopyTo(buffer);
        return count;
    }

    public void Write(ReadOnlySpan<byte> bytes, int position)
    {
        Put(ref _seen, ref _length, bytes, position);

        // Sectors go to the disk as programs see them, also what an earlier sync could not write of them.
        int from = position / SectorBytes * SectorBytes;
        int to = Math.Min(_length, (position + bytes.Length + SectorBytes - 1) / SectorBytes * SectorBytes);
        _unsynced.Add(new Unsynced(from, _seen.AsSpan(from, to - from).ToArray()));
    }

    public void Cut(int length)
    {
        _unsynced.Add(new Unsynced(length, null));
        CutTo(ref _seen, ref _length, length);
    }

    public void Sync()
    {
        foreach (var change in _unsynced) Apply(change);
        _unsynced.Clear();
    }

    /// <summary>Some of the bytes were written, the rest never will be; programs still see all of them. Lengths are not among what is lost.</summary>
    public void FailSync(Random random, bool losesPages)
    {
        ApplySome(random, losesPages);
        CutTo(ref _durable, ref _durableLength, _length);
        _unsynced.Clear();
    }

    public void LosePower(Random random, bool losesPages)
    {
        ApplySome(random, losesPages);
        _unsynced.Clear();
        _seen = _durable.AsSpan(0, _durableLength).ToArray();
        _length = _durableLength;
    }

    public void Flip(int position, int bit)
    {
        _seen[position] ^= (byte)(1 << bit);
        if (position < _durableLength) _durable[position] ^= (byte)(1 << bit);
        foreach (var change in _unsynced)
            if (change.Bytes != null && position >= change.Position && position < change.Position + change.Bytes.Length)
                change.Bytes[position - change.Position] ^= (byte)(1 << bit);
    }

    /// <summary>
    /// Changes reach the disk in their order up to one of them, which is torn. Where pages get lost, single sectors before it are as they were
    /// after fewer of the changes: they were written, changed again, and not written any more. Not as they were before a cut, which keeps its
    /// place in the journal.
    /// </summary>
    void ApplySome(Random random, bool losesPages)
    {
        int whole = random.Next(_unsynced.Count + 1);
        byte[] before = _durable.AsSpan(0, _durableLength).ToArray();
        for (int i = 0; i < whole; i++) Apply(_unsynced[i]);
        if (whole < _unsynced.Count && _unsynced[whole].Bytes is { } bytes)
        {
            int torn = Math.Min(bytes.Length, random.Next(bytes.Length / SectorBytes + 2) * SectorBytes);
            Put(ref _durable, ref _durableLength, bytes.AsSpan(0, torn), _unsynced[whole].Position);
        }
        if (losesPages) LoseSectors(before, whole, random);
    }

    void LoseSectors(byte[] before, int changes, Random random)
    {
        byte[] image = before;
        int length = before.Length;
        int lastCut = changes == 0 ? -1 : _unsynced.FindLastIndex(changes - 1, change => change.Bytes == null);
        for (int done = 0; done < changes; done++)
        {
            // The image is that of the file after so many changes.
            for (int at = 0; at < _durableLength; at += SectorBytes)
            {
                if (done <= lastCut || random.Next(4 * changes) > 0) continue;
                var target = _durable.AsSpan(at, Math.Min(SectorBytes, _durableLength - at));
                target.Clear();
                if (at < length) image.AsSpan(at, Math.Min(target.Length, length - at)).CopyTo(target);
            }
            var change = _unsynced[done];
            if (change.Bytes == null) CutTo(ref image, ref length, change.Position);
            else Put(ref image, ref length, change.Bytes, change.Position);
        }
    }

    void Apply(in Unsynced change)
    {
        if (change.Bytes == null) CutTo(ref _durable, ref _durableLength, change.Position);
        else Put(ref _durable, ref _durableLength, change.Bytes, change.Position);
    }

    static void Put(ref byte[] target, ref int length, ReadOnlySpan<byte> bytes, int position)
    {
        int end = position + bytes.Length;
        if (end > target.Length) Array.Resize(ref target, Math.Max(end, target.Length * 2));
        bytes.CopyTo(target.AsSpan(position));
        length = Math.Max(length, end);
    }

    static void CutTo(ref byte[] target, ref int length, int to)
    {
        if (to > target.Length) Array.Resize(ref target, to);
        if (to < length) target.AsSpan(to, length - to).Clear();
        length = to;
    }

    /// <summary>Bytes at a position, or a cut to it.</summary>
    readonly record struct Unsynced(int Position, byte[]? Bytes);
}
