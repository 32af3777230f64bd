using AkkaStream.Log.Files;
using AkkaStream.Log.Indexes;

namespace AkkaStream.Log;

/// <summary>
/// One file of batches with its indexes. The last segment of a log grows and is changed by the writer only; the others never change, but for
/// their names. Readers come through <see cref="LogReadView"/>, which says how far the last one may be read. Truncation replaces a
/// segment by a new object, so that an old view keeps the old indexes.
/// </summary>
sealed class Segment
{
    public Segment(SegmentFiles files, string directory, long baseOffset, long createdMs, in SegmentSizes sizes)
    {
        BaseOffset = baseOffset;
        CreatedMs = createdMs;
        Size = sizes.Log;
        LogFile = new SegmentFile(files, Path.Combine(directory, LogFileName.Of(baseOffset, LogFileName.Log)));
        Offsets = new OffsetIndex(
            new SegmentFile(files, Path.Combine(directory, LogFileName.Of(baseOffset, LogFileName.OffsetIndex))),
            baseOffset, sizes.OffsetEntries);
        Times = new TimeIndex(
            new SegmentFile(files, Path.Combine(directory, LogFileName.Of(baseOffset, LogFileName.TimeIndex))),
            baseOffset, sizes.TimeEntries);
        Transactions = new TransactionIndex(
            new SegmentFile(files, Path.Combine(directory, LogFileName.Of(baseOffset, LogFileName.TransactionIndex))),
            sizes.TransactionEntries);
    }

    public long BaseOffset { get; }

    /// <summary>When this process met it: the age of a segment whose records have no timestamps.</summary>
    public long CreatedMs { get; }

    public SegmentFile LogFile { get; }
    public OffsetIndex Offsets { get; }
    public TimeIndex Times { get; }
    public TransactionIndex Transactions { get; }

    /// <summary>Bytes written. For the last segment readers take the view's, which lags behind by the append under way.</summary>
    public int Size { get; set; }

    /// <summary>Since the last entry of the offset index; the writer's.</summary>
    public int BytesSinceIndexEntry { get; set; }

    /// <summary>Null until somebody needed it (see <see cref="SegmentTimes"/>); the writer's.</summary>
    public TimestampOffset? LargestTimestamp { get; set; }

    /// <summary>Null until somebody needed it; -1 when the records carry none. The writer's.</summary>
    public long? FirstTimestamp { get; set; }

    /// <summary>Its names are durable; the writer's.</summary>
    public bool NameIsSynced { get; set; }

    /// <summary>The age of a finished segment whose records have no timestamps; the writer's.</summary>
    public long LastWriteMs { get; set; }

    public IEnumerable<SegmentFile> Files => Transactions.Exists
        ? [LogFile, Offsets.File, Times.File, Transactions.File]
        : [LogFile, Offsets.File, Times.File];

    public long LastPossibleOffset => BaseOffset + int.MaxValue;

    /// <summary>
    /// Where to begin looking for an offset: the beginning of a batch at or before it. An index entry that does not stand for the batch it
    /// points to is not believed. Waits for the disk.
    /// </summary>
    public int FloorPosition(long offset, int size, ILogFile file, Span<byte> buffer)
    {
        Offsets.TryFindFloor(offset, ReadMode.MayWait, out var entry);
        if (entry.Position <= 0 || entry.Position >= size) return 0;
        var scanner = new BatchScanner(file, entry.Position, size, buffer);
        return scanner.Next(out var header) == ScanResult.Batch && header.BaseOffset <= entry.Offset ? entry.Position : 0;
    }

    public override string ToString() => LogFile.Path;
}

/// <summary>What a directory listing says of a segment's files. Transaction entries are -1 where there is no such file.</summary>
readonly record struct SegmentSizes(int Log, int OffsetEntries, int TimeEntries, int TransactionEntries)
{
    /// <summary>Of a segment that is about to be made.</summary>
    public static readonly SegmentSizes None = new(0, 0, 0, -1);
}
