namespace AkkaStream.Replication;

/// <summary>
/// Who waits for news of one replica. Usually empty or one, so a small lock and an intrusive list. Telling the news only marks and
/// hands over; nobody's answer is made on the thread of the append.
/// </summary>
public sealed class FetchWaiters
{
    readonly Lock _lock = new();
    FetchInterest? _first;

    public void Add(FetchInterest interest)
    {
        lock (_lock)
        {
            interest.Next = _first;
            interest.Previous = null;
            if (_first is not null) _first.Previous = interest;
            _first = interest;
        }
    }

    /// <summary>After this returns the interest is told nothing more.</summary>
    public void Remove(FetchInterest interest)
    {
        lock (_lock)
        {
            if (interest.Previous is not null) interest.Previous.Next = interest.Next;
            else if (_first == interest) _first = interest.Next;
            else return;
            if (interest.Next is not null) interest.Next.Previous = interest.Previous;
            interest.Next = interest.Previous = null;
        }
    }

    /// <summary>Something changed: data, watermark, standing. On a loop's thread it waits until the producers' replies are out.</summary>
    public void Signal()
    {
        if (Volatile.Read(ref _first) is null) return;
        if (NewsOfRound.Current is { } round) round.Add(this);
        else Tell();
    }

    internal void Tell()
    {
        lock (_lock)
        {
            for (var interest = _first; interest is not null; interest = interest.Next) interest.OnNews();
        }
    }
}

/// <summary>One waiter's tie to one replica.</summary>
public abstract class FetchInterest
{
    internal FetchInterest? Next, Previous;

    /// <summary>On any thread, under the list's lock: mark and hand over, nothing else.</summary>
    protected internal abstract void OnNews();
}

/// <summary>
/// The news of one round of a network loop. Appends of the round are answered first, then those who wait for them are woken: a
/// waiting consumer costs the producer nothing.
/// </summary>
public sealed class NewsOfRound
{
    [ThreadStatic] static NewsOfRound? t_current;

    readonly List<FetchWaiters> _with = [];

    public static NewsOfRound? Current => t_current;

    /// <summary>From here on this thread collects news instead of telling them. Called once on a loop's thread.</summary>
    public void CollectHere() => t_current = this;

    internal void Add(FetchWaiters waiters)
    {
        // An append after an append of the same round brings the same list again, mostly right behind.
        if (_with.Count == 0 || _with[^1] != waiters) _with.Add(waiters);
    }

    public void TellAll()
    {
        foreach (var waiters in _with) waiters.Tell();
        _with.Clear();
    }
}
