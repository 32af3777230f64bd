using System.Buffers;
using AkkaStream.Log.Indexes;
using AkkaStream.Protocol.Records;

namespace AkkaStream.Log.Cleaning;

/// <summary>From a group of segments to one with what stays, beside the log.</summary>
public sealed partial class LogCompaction
{
    /// <summary>Bytes of the new segment that are in its file.</summary>
    int _flushedTo;

    /// <summary>What was made of the first batch that changed, when it came before there was a segment to write it to.</summary>
    byte[]? _first;

    /// <summary>The last batch of the group that went.</summary>
    BatchHeader? _lastGone;

    /// <summary>
    /// As many neighbours as fit into one segment, what goes from them not counted, so that small leftovers grow together. A single segment
    /// in which nothing changes stays as it is: then nothing is made.
    /// </summary>
    IEnumerable<long> Rewrite(int first, int count)
    {
        Bug.Assert(Cleaned == null);
        _transactions.TakeKept();
        _lastGone = null;
        int next = first;
        do
        {
            var segment = _view.Segments[next];
            if (next > first && Cleaned == null)
            {
                var unchanged = _view.Segments[first];
                Begin(unchanged);
                foreach (long bytes in CopyFront(unchanged, unchanged.Size)) yield return bytes;
            }
            _source.Begin(0, segment.Size);
            while (!_source.IsAtEnd)
            {
                long before = _source.Position + _written;
                int change = RewriteSlice(segment);
                yield return _source.Position + _written - before;
                if (change < 0) continue;
                Begin(segment);
                foreach (long bytes in CopyFront(segment, change)) yield return bytes;
            }
            next++;
        }
        while (next < count && Fits(Cleaned ?? _view.Segments[first], _view.Segments[next], _view.Segments[next + 1].BaseOffset));
        Replaced = _view.Segments[first..next];
        if (Cleaned == null) yield break;
        Finish(Cleaned, Replaced[^1].LastWriteMs);
    }

    bool Fits(Segment target, Segment next, long end) =>
        (long)target.Size + next.Size <= _config.SegmentBytes
        && target.Offsets.Count + next.Offsets.Count <= _config.MaxOffsetEntries
        && target.Times.Count + next.Times.Count < _config.MaxTimeEntries
        && (next.Size == 0 || end - 1 - target.BaseOffset <= int.MaxValue);

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
            if (outcome == Rewriting.Gone) _lastGone = header;
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

    void Begin(Segment first)
    {
        _out.Clear();
        _flushedTo = 0;
        var cleaned = new Segment(_directory.Files, _path, first.BaseOffset, first.CreatedMs, SegmentSizes.None)
        {
            LargestTimestamp = TimestampOffset.None(first.BaseOffset),
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

    /// <summary>
    /// Of a segment without any batch the time of its file would be taken for that of its records, and look-ups by time would end in it. It goes
    /// with the next round.
    /// </summary>
    void AddPlaceholder(Segment target, in BatchHeader last)
    {
        var head = new RecordBatchBuilder(1)
        {
            BaseOffset = last.BaseOffset,
            LastOffsetDelta = (int)(last.LastOffset - last.BaseOffset),
            PartitionLeaderEpoch = last.LeaderEpoch,
            MaxTimestamp = last.MaxTimestamp,
        };
        Add(target, head.ToArray());
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

    void Finish(Segment cleaned, long lastWriteMs)
    {
        cleaned.LastWriteMs = lastWriteMs;
        if (cleaned.Size == 0 && _lastGone is { } last) AddPlaceholder(cleaned, last);
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
