namespace AkkaStream.Log.Tests.Model;

/// <summary>What compaction may have taken, and what it must have.</summary>
sealed partial class LogModel
{
    /// <summary>When a tombstone was met by a compaction for the first time.</summary>
    readonly Dictionary<long, long> _met = [];

    /// <summary>The latest time at which a tombstone may have gone.</summary>
    long _lastCleaningMs;

    /// <summary>From here on no compaction has touched anything.</summary>
    public long UntouchedFrom { get; private set; }

    /// <summary>Below, each key has one record at most.</summary>
    public long CompactedTo { get; private set; }

    public bool WasCleaned => UntouchedFrom > Begin;

    public void OnCleaningBegun(long upTo, long nowMs)
    {
        UntouchedFrom = Math.Max(UntouchedFrom, upTo);
        _lastCleaningMs = nowMs;
        foreach (var record in Batches.Where(batch => !batch.IsControl).SelectMany(batch => batch.Records))
            if (record.Offset < upTo && record.Value == null) _met.TryAdd(record.Offset, nowMs);
    }

    public void OnCleaningDone(long upTo) => CompactedTo = Math.Max(CompactedTo, upTo);

    void ForgetCleaningBeyond(long end)
    {
        (UntouchedFrom, CompactedTo) = (Math.Min(UntouchedFrom, end), Math.Min(CompactedTo, end));
        foreach (long offset in _met.Keys.Where(offset => offset >= end).ToArray()) _met.Remove(offset);
    }

    /// <summary>What every reader must find, and what none may.</summary>
    public (HashSet<long> Must, HashSet<long> MustNot) Expected(long deleteRetentionMs)
    {
        var (must, mustNot) = (new HashSet<long>(), new HashSet<long>());
        var aborted = Aborted();
        HashSet<string> newer = [], newerInCompacted = [];
        foreach (var record in Batches.Where(batch => !batch.IsControl).SelectMany(batch => batch.Records).Reverse())
        {
            if (record.Offset < Start) break;
            if (record.Offset >= UntouchedFrom)
            {
                must.Add(record.Offset);
                continue;
            }
            if (aborted.Contains(record.Offset))
            {
                if (record.Offset < CompactedTo) mustNot.Add(record.Offset);
                continue;
            }
            if (record.Offset < CompactedTo && !newerInCompacted.Add(record.Key!)) mustNot.Add(record.Offset);
            if (newer.Add(record.Key!) && (record.Value != null || _lastCleaningMs < _met[record.Offset] + deleteRetentionMs)) must.Add(record.Offset);
        }
        return (must, mustNot);
    }

    /// <summary>A record with all of its key, for the message of a failure.</summary>
    public string Describe(long offset)
    {
        var all = Batches.Where(batch => !batch.IsControl).SelectMany(batch => batch.Records.Select(record => (record, batch))).ToList();
        string? key = all.First(one => one.record.Offset == offset).record.Key;
        var aborted = Aborted();
        return $"{offset} of {key}: " + string.Join("; ", all.Where(one => one.record.Key == key).Select(one =>
            $"{one.record.Offset}{(one.record.Value == null ? " tombstone" : "")} by {one.batch.ProducerId}"
            + (one.batch.IsTransactional ? " in a transaction" : "") + (aborted.Contains(one.record.Offset) ? ", aborted" : "")));
    }
}
