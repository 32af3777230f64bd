namespace AkkaStream.Log.Cleaning;

/// <summary>
/// Which neighbours become one segment: as many as fit into segment.bytes and the index limits before anything is removed, so that the result
/// fits for certain and small leftovers of earlier rounds grow together again. Pure.
/// </summary>
static class SegmentGroups
{
    /// <summary>The segments follow each other; <paramref name="end"/> is where the one behind them begins.</summary>
    public static List<Segment[]> Of(ReadOnlySpan<Segment> segments, long end, LogConfig config)
    {
        var groups = new List<Segment[]>();
        for (int first = 0; first < segments.Length;)
        {
            long bytes = segments[first].Size, offsets = segments[first].Offsets.Count, times = segments[first].Times.Count;
            int next = first + 1;
            for (; next < segments.Length; next++)
            {
                long behind = next + 1 < segments.Length ? segments[next + 1].BaseOffset : end;
                bytes += segments[next].Size;
                offsets += segments[next].Offsets.Count;
                times += segments[next].Times.Count;
                bool fits = bytes <= config.SegmentBytes && offsets <= config.MaxOffsetEntries && times < config.MaxTimeEntries
                    && (segments[next].Size == 0 || behind - 1 - segments[first].BaseOffset <= int.MaxValue);
                if (!fits) break;
            }
            groups.Add(segments[first..next].ToArray());
            first = next;
        }
        return groups;
    }
}
