using AkkaStream.Log.Indexes;

namespace AkkaStream.Log.Cleaning;

/// <summary>A view's segments as <see cref="CleaningPlan"/> wants them. Reads only what the topic's settings make it need.</summary>
static class CleaningFacts
{
    public static CleaningSegment[] Of(LogReadView view, LogConfig config)
    {
        var facts = new CleaningSegment[view.Segments.Length];
        for (int i = 0; i < facts.Length; i++)
        {
            var segment = view.Segments[i];
            bool isActive = i == facts.Length - 1;
            facts[i] = new CleaningSegment(
                new Offset(segment.BaseOffset), view.SizeOf(i),
                isActive || config.MinCompactionLagMs <= 0 ? -1 : Largest(view, i),
                isActive || config.MaxCompactionLagMs == long.MaxValue ? -1 : First(segment));
        }
        return facts;
    }

    static long Largest(LogReadView view, int index)
    {
        long largest = view.LargestOf(index).Timestamp;
        return largest >= 0 ? largest : view.Segments[index].LastWriteMs;
    }

    /// <summary>Of the first batch. The segment's own memory of it belongs to the writer.</summary>
    static long First(Segment segment)
    {
        if (segment.Size == 0) return -1;
        Span<byte> buffer = stackalloc byte[BatchScanner.SmallestBuffer];
        using var lease = segment.LogFile.Lease();
        var scanner = new BatchScanner(lease.File, 0, segment.Size, buffer);
        return scanner.Next(out var header) == ScanResult.Batch ? header.MaxTimestamp : -1;
    }
}
