namespace AkkaStream.Log.Producers;

/// <summary>
/// Transactions about to begin here whose coordinator is being asked whether it knows them (KIP-890). The answer may come after the
/// transaction's end: the number given at the beginning is worth nothing once a batch or a marker of that producer was appended, so a
/// late batch cannot open a transaction that nobody would close.
/// </summary>
sealed class Verifications
{
    Dictionary<long, Entry>? _entries;
    long _last;

    /// <summary>The same number while the question for this producer and epoch is open.</summary>
    public long Begin(long producerId, short epoch, int firstSequence, long nowMs)
    {
        _entries ??= [];
        if (!_entries.TryGetValue(producerId, out var entry) || entry.Epoch < epoch)
            entry = new Entry(++_last, epoch, firstSequence, nowMs);
        else if (entry.Epoch == epoch && firstSequence < entry.LowestSequence)
            entry = entry with { LowestSequence = firstSequence };
        _entries[producerId] = entry;
        return entry.Number;
    }

    public bool Confirms(long producerId, long number) =>
        number != 0 && _entries != null && _entries.TryGetValue(producerId, out var entry) && entry.Number == number;

    /// <summary>Batches sent together may overtake each other while the coordinator is asked; the first must come first.</summary>
    public int? LowestSequence(long producerId) =>
        _entries != null && _entries.TryGetValue(producerId, out var entry) ? entry.LowestSequence : null;

    public void End(long producerId) => _entries?.Remove(producerId);

    public void RemoveExpired(long nowMs, long expirationMs)
    {
        if (_entries == null) return;
        foreach (var (id, entry) in _entries)
            if (nowMs - entry.SinceMs >= expirationMs) _entries.Remove(id); // allowed while enumerating
    }

    readonly record struct Entry(long Number, short Epoch, int LowestSequence, long SinceMs);
}
