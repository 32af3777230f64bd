namespace AkkaStream.Log.Producers;

/// <summary>A transaction that a marker ended.</summary>
/// <param name="ProducerId">Whose it was.</param>
/// <param name="First">Its first record.</param>
/// <param name="Last">The marker.</param>
/// <param name="Aborted">Its records are to be skipped by readers of committed data.</param>
/// <param name="LastStable">Where the last stable offset stands once this one is over.</param>
readonly record struct ClosedTransaction(long ProducerId, long First, long Last, bool Aborted, long LastStable);

/// <summary>
/// The transactions that hold the last stable offset back: open ones, and ended ones whose marker is not replicated yet. Kept by first
/// offset, which is the order they begin in.
/// </summary>
sealed class OpenTransactions
{
    const long StillOpen = -1;

    readonly List<Span> _spans = [];
    readonly List<int> _closedInAppend = [];
    int _openedInAppend;

    /// <summary>Ended by batches of the append under way.</summary>
    public List<ClosedTransaction> ClosedNow { get; } = [];

    /// <summary>Null when nothing holds the last stable offset back.</summary>
    public long? FirstUnstable => _spans.Count == 0 ? null : _spans[0].First;

    public void Open(long producerId, long first)
    {
        _spans.Add(new Span(producerId, first, StillOpen));
        _openedInAppend++;
    }

    public void Close(long producerId, long first, long marker, bool aborted)
    {
        int at = _spans.FindIndex(span => span.First == first && span.ProducerId == producerId);
        Bug.Assert(at >= 0);
        _spans[at] = _spans[at] with { Last = marker };
        _closedInAppend.Add(at);
        long stable = marker + 1;
        foreach (var span in _spans)
        {
            if (span.Last != StillOpen) continue;
            stable = span.First;
            break;
        }
        ClosedNow.Add(new ClosedTransaction(producerId, first, marker, aborted, stable));
    }

    /// <summary>From a snapshot, in any order.</summary>
    public void AddLoaded(long producerId, long first)
    {
        int at = _spans.FindIndex(span => span.First > first);
        _spans.Insert(at < 0 ? _spans.Count : at, new Span(producerId, first, StillOpen));
    }

    /// <summary>Ended transactions below the high watermark hold nothing back any more.</summary>
    public bool OnHighWatermark(long highWatermark) =>
        _spans.Count > 0 && _spans.RemoveAll(span => span.Last != StillOpen && span.Last < highWatermark) > 0;

    public void Commit()
    {
        _openedInAppend = 0;
        _closedInAppend.Clear();
        ClosedNow.Clear();
    }

    public void Undo()
    {
        foreach (int at in _closedInAppend) _spans[at] = _spans[at] with { Last = StillOpen };
        _spans.RemoveRange(_spans.Count - _openedInAppend, _openedInAppend);
        Commit();
    }

    public void Clear()
    {
        _spans.Clear();
        Commit();
    }

    readonly record struct Span(long ProducerId, long First, long Last);
}
