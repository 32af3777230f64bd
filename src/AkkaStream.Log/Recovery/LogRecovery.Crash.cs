using AkkaStream.Log.Files;
using AkkaStream.Log.Indexes;
using Microsoft.Extensions.Logging;

namespace AkkaStream.Log.Recovery;

/// <summary>After a crash: batch by batch, with their checksums, from the first place that nothing vouches for.</summary>
sealed partial class LogRecovery
{
    const long WorthALine = 64 * 1024 * 1024;

    void CheckAfterCrash()
    {
        int first = FirstToCheck();
        for (int i = 0; i < first; i++)
        {
            if (_entries[i].HasIndexes) _segments.Add(NewSegment(_entries[i], _entries[i].Sizes));
            else RebuildIndexes(_entries[i], "a file of it is missing");
        }
        for (int i = first; i < _entries.Length; i++)
        {
            if (i > first && GapBefore(i) is { } gap)
            {
                JudgeGap(i, gap);
                break;
            }
            if (!Check(i, i == first)) break;
        }
        if (_options.RecoveryPoint is { } synced && synced.Value > _end && !IsGivenUp)
            throw Damaged(
                _segments[^1].LogFile.Path, _segments[^1].Size, $"everything below offset {synced} was synced, and the log ends at {_end}.");

        // Of ten thousand small ones nobody wants to read.
        var level = _checkedBytes >= WorthALine ? LogLevel.Information : LogLevel.Debug;
        LogTrace.Recovered(Log, level, _partition.DirectoryName, _checkedBytes, _checkedFrom, _end);
    }

    int FirstToCheck()
    {
        if (_options.PageCacheSurvived && !_options.CleanStop) return _entries.Length - 1;

        // The segment that ends at the recovery point had its last index entries written after the sync.
        long from = (_options.RecoveryPoint?.Value ?? 0) - 1;
        int first = _entries.Length - 1;
        while (first > 0 && _entries[first].BaseOffset > from) first--;
        return first;
    }

    /// <summary>
    /// Segments follow each other. A gap is what compaction leaves, also if the topic is not compacted any more; but where nothing was synced
    /// yet nothing was compacted either, and a gap means that the end of a segment never reached the disk.
    /// </summary>
    string? GapBefore(int index)
    {
        long begins = _entries[index].BaseOffset;
        if (begins < _end) return $"the segment before it ends at offset {_end}, so it should not begin at {begins}.";
        bool unsynced = _options.RecoveryPoint is { } synced && synced.Value <= _end && (_options.GapsAreLosses || !_config.IsCompacted);
        return begins > _end && unsynced ? $"the segment before it ends at offset {_end}, not at {begins}." : null;
    }

    void JudgeGap(int index, string problem)
    {
        var before = _segments[^1];
        bool pagesLost = !_options.PageCacheSurvived && _entries[index].BaseOffset > _end;
        if (!pagesLost && !IsGivenUp) throw Damaged(LogPathOf(index), 0, problem);
        LogTrace.TailCut(Log, before.LogFile.Path, before.Size, _end, BytesFrom(index), problem);
        RemoveSegments(index);
    }

    /// <summary>False when the log ends in this segment, because what follows was cut.</summary>
    bool Check(int index, bool isFirst)
    {
        var entry = _entries[index];
        long trusted = !isFirst ? entry.BaseOffset
            : _options.PageCacheSurvived && !_options.CleanStop ? long.MaxValue
            : _options.RecoveryPoint?.Value ?? 0;
        var segment = PrepareToCheck(entry, trusted, out int position, out long from);
        _segments.Add(segment);
        if (isFirst) DoubtEpochs(Math.Max(from, _options.RecoveryPoint?.Value ?? 0));
        _end = Math.Max(_end, segment.BaseOffset);
        using var lease = segment.LogFile.Lease();
        var scanner = new BatchScanner(lease.File, position, segment.Size, _scanBuffer);
        bool any = false;
        while (true)
        {
            int at = scanner.Position;
            var result = scanner.Next(out var header);
            if (result == ScanResult.End) break;
            string? problem = result == ScanResult.Batch
                ? WrongPlace(header, index, any) ?? BatchCheck.WhatIsWrong(lease.File, header, _checkBuffer)
                : scanner.Problem ?? "the last batch is not there in full.";
            if (problem != null)
            {
                Judge(index, segment, lease.File, at, problem, endsShort: result == ScanResult.Torn);
                return false;
            }
            NoteChecked(segment, header);
            any = true;
        }
        if (index < _entries.Length - 1) SealIndexes(segment);
        return true;
    }

    /// <summary>The epoch file is synced now and then only: of what lies behind the last sync the batches know better.</summary>
    void DoubtEpochs(long from)
    {
        if (_options.PageCacheSurvived || _epochs == null) return;
        _highestEpoch = _epochs.Latest;
        var certain = _epochs.CutEnd(new Offset(from));
        _epochsChanged |= certain != _epochs;
        _epochs = certain;
    }

    void NoteChecked(Segment segment, in BatchHeader header)
    {
        _checkedFrom = Math.Min(_checkedFrom, header.BaseOffset);
        _checkedBytes += header.Size;
        _end = header.NextOffset;
        SegmentTail.Note(segment, header, _config.IndexIntervalBytes);
        if (_epochs == null || header.LeaderEpoch <= _epochs.Latest.Value) return;
        _epochs = _epochs.Assign(new LeaderEpoch(header.LeaderEpoch), new Offset(header.BaseOffset));
        _epochsChanged = true;
    }

    /// <summary>Believes the indexes as far as they can be, cuts the rest, and says where the check begins.</summary>
    Segment PrepareToCheck(SegmentEntry entry, long trustedBelow, out int position, out long from)
    {
        byte[] offsets = ReadIndex(entry, LogFileName.OffsetIndex);
        int count = entry.HasIndexes ? IndexTrust.Offsets(offsets, entry.BaseOffset, (int)entry.LogBytes, trustedBelow) : 0;
        var last = EntryAt(entry, offsets, count);
        if (count > 0 && !BeginsBatch(entry, last)) (count, last) = (0, EntryAt(entry, offsets, 0));
        int times = count == 0 ? 0 : IndexTrust.Times(ReadIndex(entry, LogFileName.TimeIndex), entry.BaseOffset, last.Offset);
        position = last.Position;
        from = count == 0 ? entry.BaseOffset : BaseOfBatch(entry, position);
        var segment = WithIndexes(entry, count, times);
        segment.LargestTimestamp = segment.Times.Last;
        SegmentTail.FindLargestTimestamp(segment, position, _scanBuffer);
        if (!entry.HasIndexes) _remade.Add(segment);
        return segment;
    }

    static OffsetPosition EntryAt(SegmentEntry entry, ReadOnlySpan<byte> offsets, int count)
    {
        if (count == 0) return new OffsetPosition(entry.BaseOffset, 0);
        var bytes = offsets.Slice((count - 1) * OffsetIndex.EntryBytes, OffsetIndex.EntryBytes);
        return new OffsetPosition(
            entry.BaseOffset + System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes),
            System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes[4..]));
    }

    bool BeginsBatch(SegmentEntry entry, OffsetPosition at) =>
        TryReadHeader(entry, at.Position, out var header) && header.BaseOffset >= entry.BaseOffset && header.BaseOffset <= at.Offset;

    long BaseOfBatch(SegmentEntry entry, int position) =>
        TryReadHeader(entry, position, out var header) ? header.BaseOffset : entry.BaseOffset;

    bool TryReadHeader(SegmentEntry entry, int position, out BatchHeader header)
    {
        using var file = _directory.Disk.Open(Path.Combine(_folder.FolderPath, LogFileName.Of(entry.BaseOffset, LogFileName.Log)));
        var scanner = new BatchScanner(file, position, (int)entry.LogBytes, _scanBuffer);
        return scanner.Next(out header) == ScanResult.Batch;
    }

    byte[] ReadIndex(SegmentEntry entry, string suffix) =>
        _directory.Disk.ReadAll(Path.Combine(_folder.FolderPath, LogFileName.Of(entry.BaseOffset, suffix))) ?? [];

    string? WrongPlace(in BatchHeader header, int index, bool follows)
    {
        if (header.BaseOffset < (follows ? _end : _entries[index].BaseOffset))
            return $"the batch begins at offset {header.BaseOffset}, where {_end} or more was expected.";
        long limit = index + 1 < _entries.Length ? _entries[index + 1].BaseOffset : _entries[index].BaseOffset + int.MaxValue + 1L;
        return header.LastOffset >= limit ? $"the batch ends at offset {header.LastOffset}, beyond its segment." : null;
    }

    /// <summary>
    /// The batch at this place cannot be read. Cuts there when it is the torn end of the log, or when what lies behind survived a power
    /// loss that took this one's pages; nobody was promised either. Throws when it is damage.
    /// </summary>
    void Judge(int index, Segment segment, ILogFile file, int position, string problem, bool endsShort)
    {
        string path = segment.LogFile.Path;
        if (_options.RecoveryPoint is { } synced && _end < synced.Value && !IsGivenUp)
            throw Damaged(path, position, $"{problem} Everything below offset {synced} was synced, and this begins at {_end}.");
        int good = DamageSearch.FirstGoodBatch(file, position + 1, segment.Size, _end, _checkBuffer);
        bool isLast = good < 0 && !AnyGoodBehind(index);
        bool pagesLost = !_options.PageCacheSurvived
            && ((endsShort && _options.RecoveryPoint != null) || DamageSearch.HasHole(file, position, good < 0 ? segment.Size : good, _end));
        if (!isLast && !pagesLost && !IsGivenUp)
            throw Damaged(path, position, $"{problem} There are good batches behind it, so this is not the end of an interrupted write.");
        LogTrace.TailCut(Log, path, position, _end, segment.Size - position + BytesFrom(index + 1), problem);
        RemoveSegments(index + 1);
        file.Truncate(position);
        segment.Size = position;
    }

    bool AnyGoodBehind(int index)
    {
        for (int i = index + 1; i < _entries.Length; i++)
            if (_entries[i].LogBytes > 0 && TryReadHeader(_entries[i], 0, out _)) return true;
        return false;
    }

    /// <summary>From the last to the first, so that a crash in between leaves a shorter log, not one with a hole.</summary>
    void RemoveSegments(int from)
    {
        _isCut = true;
        for (int i = _entries.Length - 1; i >= from; i--)
            foreach (string suffix in new[] { LogFileName.Log, LogFileName.OffsetIndex, LogFileName.TimeIndex, LogFileName.TransactionIndex })
                _directory.Disk.DeleteFile(Path.Combine(_folder.FolderPath, LogFileName.Of(_entries[i].BaseOffset, suffix)));
    }

    long BytesFrom(int index)
    {
        long bytes = 0;
        for (int i = index; i < _entries.Length; i++) bytes += _entries[i].LogBytes;
        return bytes;
    }

    string LogPathOf(int index) => Path.Combine(_folder.FolderPath, LogFileName.Of(_entries[index].BaseOffset, LogFileName.Log));
}
