using System.Buffers;
using AkkaStream.Log.Indexes;

namespace AkkaStream.Log.Cleaning;

/// <summary>From a group of segments to one with what stays, beside the log.</summary>
public sealed partial class LogCompaction
{
    /// <summary>Bytes of the new segment that are in its file.</summary>
    int _flushedTo;

    /// <summary>What was made of the first batch that changed, when it came before there was a segment to write it to.</summary>
    byte[]? _first;

    /// <summary>A single segment in which nothing changes stays as it is: then nothing is made.</summary>
    IEnumerable<long> Rewrite(Segment[] group)
    {
        Bug.Assert(Cleaned == null);
        _transactions.TakeKept();
        Replaced = group;
        if (group.Length > 1) Begin(group);
        foreach (var segment in group)
        {
            _source.Begin(0, segment.Size);
            while (!_source.IsAtEnd)
            {
                long before = _source.Position + _written;
                int unchanged = RewriteSlice(segment);
                yield return _source.Position + _written - before;
                if (unchanged < 0) continue;
                Begin(group);
                foreach (long bytes in CopyFront(segment, unchanged)) yield return bytes;
            }
        }
        if (Cleaned != null) Finish(Cleaned);
    }

    /// <summary>Where the first change of the segment is, if it came just now and nothing was written yet; else -1.</summary>
    int RewriteSlice(Segment segment)
    {
        using var lease = segment.LogFile.Lease();
        int begin = _source.Position, firstChange = -1;
        while (!_source.IsAtEnd && _source.Position - begin < StepBytes && firstChange < 0)
        {
            var bytes = NextBatch(segment, lease.File, out var header);
            int size = _out.WrittenCount;
            var outcome = _rewriter!.Run(bytes, header, _out, out string? problem) ?? throw Damaged(segment, header.Position, problem ?? "");
            if (Cleaned == null)
            {
                if (outcome == Rewriting.Unchanged) continue;
                firstChange = header.Position;
                _first = _out.WrittenSpan.ToArray();
                _out.Clear();
            }
            else if (outcome == Rewriting.Unchanged)
            {
                Add(Cleaned, bytes);
            }
            else if (outcome == Rewriting.Changed)
            {
                Count(Cleaned, _out.WrittenSpan[size..]);
            }
            WriteOutIfLarge();
        }
        _read += _source.Position - begin;
        return firstChange;
    }

    /// <summary>What lies before the first change, and then that.</summary>
    IEnumerable<long> CopyFront(Segment segment, int upTo)
    {
        int resume = _source.Position;
        var target = Cleaned ?? throw new InvalidOperationException("nothing is being written");
        _source.Begin(0, upTo);
        while (!_source.IsAtEnd)
        {
            int begin = _source.Position;
            CopySlice(segment, target);
            yield return 2L * (_source.Position - begin);
        }
        if (_first is { Length: > 0 } first) Add(target, first);
        _first = null;
        _source.Begin(resume, segment.Size);
    }

    void CopySlice(Segment segment, Segment target)
    {
        using var lease = segment.LogFile.Lease();
        for (int begin = _source.Position; !_source.IsAtEnd && _source.Position - begin < StepBytes;)
        {
            Add(target, NextBatch(segment, lease.File, out _));
            WriteOutIfLarge();
        }
    }

    void Begin(Segment[] group)
    {
        _out.Clear();
        _flushedTo = 0;
        var last = group[^1];
        var cleaned = new Segment(_directory.Files, _path, group[0].BaseOffset, last.CreatedMs, SegmentSizes.None)
        {
            LargestTimestamp = TimestampOffset.None(group[0].BaseOffset),
            LastWriteMs = last.LastWriteMs,
            NameIsSynced = true,
        };
        Cleaned = cleaned;
        foreach (var file in new[] { cleaned.LogFile, cleaned.Offsets.File, cleaned.Times.File, cleaned.Transactions.File })
            file.Moved(file.Path + LogFileName.Cleaned);
        foreach (var file in cleaned.Files) file.Create().Dispose();
    }

    void Add(Segment target, ReadOnlySpan<byte> batch)
    {
        _out.Write(batch);
        Count(target, batch);
    }

    void Count(Segment target, ReadOnlySpan<byte> batch)
    {
        if (batch.Length > int.MaxValue - target.Size)
            throw new IOException($"{target.LogFile.Path} would be larger than any segment may be; lower segment.bytes.");
        SegmentTail.Note(target, BatchHeader.From(batch, target.Size), _config.IndexIntervalBytes);
        target.Size += batch.Length;
    }

    void WriteOutIfLarge()
    {
        if (_out.WrittenCount >= _limits.IoBufferBytes) WriteOut();
    }

    void WriteOut()
    {
        if (Cleaned == null || _out.WrittenCount == 0) return;
        using var lease = Cleaned.LogFile.Lease();
        lease.File.Write(_out.WrittenSpan, _flushedTo);
        _flushedTo += _out.WrittenCount;
        _written += _out.WrittenCount;
        _out.Clear();
    }

    void Finish(Segment cleaned)
    {
        WriteOut();
        foreach (var aborted in _transactions.TakeKept()) cleaned.Transactions.Append(aborted);
        if (cleaned.LargestTimestamp is { } largest) cleaned.Times.MaybeAppend(largest);
        cleaned.Offsets.WriteOut();
        cleaned.Times.WriteOut();
        foreach (var file in cleaned.Files)
        {
            using var lease = file.Lease();
            lease.File.Flush();
        }
        _directory.Disk.SyncDirectory(_path);
    }
}
