using AkkaStream.Log.Indexes;
using AkkaStream.Log.Scrub;

namespace AkkaStream.Log;

/// <summary>
/// The log as readers may see it, at one moment. Immutable: the writer publishes a new one at every append, roll, truncation and
/// watermark move, and readers on any thread keep the one they took as long as they like. What is in a view was written before the view was.
/// </summary>
public sealed partial class LogReadView
{
    internal LogReadView(Segment[] segments, LeaderEpochs epochs)
    {
        Segments = segments;
        Epochs = epochs;
    }

    internal Segment[] Segments { get; }

    /// <summary>Bytes of the last segment that belong to this view.</summary>
    internal int EndPosition { get; init; }

    /// <summary>Where the batches of the newest append begin: what readers at the end ask for next, found without a look-up.</summary>
    internal long TailOffset { get; init; }
    internal int TailPosition { get; init; }

    /// <summary>Of the last segment; the others have theirs in the time index.</summary>
    internal TimestampOffset LargestInLast { get; init; }

    /// <summary>What is known to be unreadable.</summary>
    internal DamagedStretch[] Damage { get; init; } = [];

    public int DamagedStretches => Damage.Length;

    /// <summary>The first record there is: all before was deleted.</summary>
    public Offset StartOffset { get; internal init; }

    /// <summary>The offset that the next record gets.</summary>
    public Offset EndOffset { get; internal init; }

    /// <summary>Consumers read up to here: replicated, and in fsync mode synced.</summary>
    public Offset HighWatermark { get; internal init; }

    /// <summary>Readers of committed data read up to here: no transaction is open below it.</summary>
    public Offset LastStableOffset { get; internal init; }

    public LeaderEpochs Epochs { get; }

    /// <summary>Size of all segments.</summary>
    public long SizeInBytes
    {
        get
        {
            long size = EndPosition;
            foreach (var segment in Segments.AsSpan(..^1)) size += segment.Size;
            return size;
        }
    }

    public int SegmentCount => Segments.Length;

    public Offset LastSegmentBase => new(Segments[^1].BaseOffset);

    internal Segment Last => Segments[^1];

    internal int SizeOf(int segment) => segment == Segments.Length - 1 ? EndPosition : Segments[segment].Size;

    /// <summary>The segment that holds this offset, or where it would be.</summary>
    internal int FloorSegment(long offset)
    {
        int low = 0, high = Segments.Length;
        while (high - low > 1)
        {
            int middle = low + (high - low) / 2;
            if (Segments[middle].BaseOffset <= offset) low = middle;
            else high = middle;
        }
        return low;
    }
}
