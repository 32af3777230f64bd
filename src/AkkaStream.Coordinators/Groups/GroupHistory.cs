namespace AkkaStream.Coordinators.Groups;

/// <summary>The last events of one group, oldest first. In memory only: it tells what happened just now, and a restart tells that too.</summary>
public sealed class GroupHistory
{
    public const int Capacity = 100;

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

    internal void Add(GroupEvent news)
    {
        // Most groups see a handful of events: the ring grows with what happens.
        if (Count == _ring.Length && Count < Capacity) Grow();
        _ring[_next] = news;
        _next = (_next + 1) % _ring.Length;
        if (Count < _ring.Length) Count++;
    }

    void Grow()
    {
        GroupEvent[] kept = [.. Events];
        Array.Resize(ref kept, Math.Min(Capacity, Math.Max(4, kept.Length * 4)));
        _ring = kept;
        _next = Count;
    }
}
