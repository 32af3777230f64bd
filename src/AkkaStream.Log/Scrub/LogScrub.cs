using AkkaStream.Log.Cleaning;
using AkkaStream.Log.Files;
using AkkaStream.Log.Recovery;

namespace AkkaStream.Log.Scrub;

/// <summary>Where a log cannot be read: bytes of a file, and the offsets that lay there or may have.</summary>
public sealed record DamagedStretch(SegmentFile File, int From, int To, Offset First, Offset Behind, string Problem);

/// <summary>
/// Reads all that a view shows and compares the checksums, in small steps that wait for the disk, on any thread, one at a time. Fetches do not look
/// inside of batches, so without it damage would be found by consumers. Changes nothing.
/// </summary>
public sealed class LogScrub(LogReadView view)
{
    /// <summary>What a step reads at most, large batches aside.</summary>
    const int StepBytes = 512 * 1024;
    const int BufferBytes = 256 * 1024;

    readonly BatchSource _source = new(BufferBytes);
    readonly List<DamagedStretch> _found = [];
    int _taken;
    int _segment = -1;
    long _expected;

    public bool IsDone { get; private set; }
    public long BytesRead { get; private set; }

    /// <summary>Goes on for a while; how many bytes it read. Throws <see cref="IOException"/> when the disk fails.</summary>
    public int Step()
    {
        Bug.Assert(!IsDone);
        while (_segment < 0 || _source.IsAtEnd)
        {
            if (++_segment == view.Segments.Length)
            {
                IsDone = true;
                return 0;
            }
            _source.Begin(0, view.SizeOf(_segment));
            _expected = view.Segments[_segment].BaseOffset;
        }
        int begin = _source.Position;
        if (view.Segments[_segment].LogFile.TryLease(out var lease))
            using (lease) Check(view.Segments[_segment], lease.File);
        else
            _source.Begin(view.SizeOf(_segment), view.SizeOf(_segment)); // retention or compaction was faster
        BytesRead += _source.Position - begin;
        return _source.Position - begin;
    }

    /// <summary>What was found since the last call.</summary>
    public DamagedStretch[] TakeFound()
    {
        DamagedStretch[] found = [.. _found.Skip(_taken)];
        _taken = _found.Count;
        return found;
    }

    /// <summary>All that was found. Once it is done that is all there is.</summary>
    public DamagedStretch[] Found => [.. _found];

    /// <summary>What was found, and what was known before and may not have been met yet.</summary>
    public DamagedStretch[] FoundOrKnown =>
        [.. _found, .. view.Damage.Where(known => !_found.Exists(found => found.File == known.File && found.From == known.From))];

    public bool KnowsDamage => _found.Count > 0 || view.Damage.Length > 0;

    void Check(Segment segment, ILogFile file)
    {
        for (int begin = _source.Position; !_source.IsAtEnd && _source.Position - begin < StepBytes;)
        {
            int at = _source.Position;
            if (_source.Next(file, out var header, out _) is not { } problem)
            {
                _expected = header.NextOffset;
                continue;
            }
            StepOver(segment, file, at, header, problem);
        }
    }

    /// <summary>A batch whose head can be read is damaged alone; else all is up to the next good one.</summary>
    void StepOver(Segment segment, ILogFile file, int at, in BatchHeader header, string problem)
    {
        int size = view.SizeOf(_segment);
        bool hasHead = header.Size > 0 && header.Size <= size - at && header.BaseOffset >= _expected;
        int next = hasHead ? at + header.Size : DamageSearch.FirstGoodBatch(file, at + 1, size, _expected, new byte[64 * 1024]);
        long behind = hasHead ? header.NextOffset : next < 0 ? EndOf(_segment) : BaseAt(file, next, size);
        if (next < 0) next = size;
        _found.Add(new DamagedStretch(
            segment.LogFile, at, next, new Offset(hasHead ? header.BaseOffset : _expected), new Offset(behind), problem));
        _expected = behind;
        _source.Begin(next, size);
    }

    long EndOf(int segment) => segment + 1 < view.Segments.Length ? view.Segments[segment + 1].BaseOffset : view.EndOffset.Value;

    static long BaseAt(ILogFile file, int position, int end)
    {
        Span<byte> buffer = stackalloc byte[BatchScanner.SmallestBuffer];
        var scanner = new BatchScanner(file, position, end, buffer);
        scanner.Next(out var header);
        return header.BaseOffset;
    }
}
