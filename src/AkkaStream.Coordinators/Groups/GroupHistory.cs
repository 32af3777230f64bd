namespace AkkaStream.Coordinators.Groups;

/// <summary>The last events of one group, oldest first. In memory only: it tells what happened just now, and a restart tells that too.</summary>
public sealed class GroupHistory
{
    public const int Capacity = 100;

    /// <summary>Offsets that are kept for a group to be put back, over all its events.</summary>
    internal const int MostOffsets = 10_000;

    GroupEvent[] _ring = [];
    int _next;

    public int Count { get; private set; }

    public IEnumerable<GroupEvent> Events
    {
        get
        {
            for (int i = 0; i < Count; i++) yield return _ring[(_next - Count + i + _ring.Length) % _ring.Length];
        }
    }

    /// <summary>The last event that changed offsets, if what it changed was kept.</summary>
    public GroupEvent? LastChangeOfOffsets => Events.LastOrDefault(e =>
        e.Kind is GroupEventKind.OffsetsReset or GroupEventKind.OffsetsExpired or GroupEventKind.OffsetsDeleted && e.Offsets.Count > 0);

    internal void Add(GroupEvent news)
    {
        ForgetOldOffsets(news.Offsets.Count);
        // Most groups see a handful of events: the ring grows with what happens.
        if (Count == _ring.Length && Count < Capacity) Grow();
        _ring[_next] = news;
        _next = (_next + 1) % _ring.Length;
        if (Count < _ring.Length) Count++;
    }

    /// <summary>Old events keep their lines, but not each offset that they touched.</summary>
    void ForgetOldOffsets(int coming)
    {
        if (coming == 0) return;
        int kept = coming;
        for (int back = 1; back <= Count; back++)
        {
            ref var old = ref _ring[(_next - back + _ring.Length) % _ring.Length];
            kept += old.Offsets.Count;
            if (kept > MostOffsets && old.Offsets.Count > 0) old = old with { Offsets = [] };
        }
    }

    void Grow()
    {
        GroupEvent[] kept = [.. Events];
        Array.Resize(ref kept, Math.Min(Capacity, Math.Max(4, kept.Length * 4)));
        _ring = kept;
        _next = Count;
    }
}
