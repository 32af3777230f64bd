namespace AkkaStream.Log.Tests.Cleaning;

/// <summary>One record as it was appended. A null value is a tombstone.</summary>
sealed record KeyedRecord(long Offset, string Key, string? Value, long Timestamp);

/// <summary>A batch of records, or the end of a transaction.</summary>
sealed record KeyedBatch(
    long BaseOffset, long LastOffset, IReadOnlyList<KeyedRecord> Records, long ProducerId, short ProducerEpoch, int LastSequence, bool IsTransactional)
{
    /// <summary>Null for data.</summary>
    public bool? Commits { get; init; }
}

/// <summary>All that was ever appended and still counts, and what must be left of it.</summary>
sealed class KeyedModel
{
    /// <summary>When a tombstone was met by a compaction for the first time.</summary>
    readonly Dictionary<long, long> _met = [];

    long _begin;

    public List<KeyedBatch> Batches { get; } = [];
    public long Start { get; set; }
    public long HighWatermark { get; set; }
    public long Synced { get; set; }

    /// <summary>From here on no compaction has touched anything.</summary>
    public long UntouchedFrom { get; private set; }

    /// <summary>Below, each key has one record at most.</summary>
    public long CompactedTo { get; private set; }

    /// <summary>The latest time at which a tombstone may have gone.</summary>
    public long LastCleaningMs { get; private set; }

    public long End => Batches.Count == 0 ? _begin : Batches[^1].LastOffset + 1;

    /// <summary>Everything was lost but the word that nothing below is wanted any more.</summary>
    public void BeginAnewAt(long start)
    {
        Batches.Clear();
        _begin = Start = HighWatermark = Synced = start;
    }

    public void CutEnd(long end)
    {
        Batches.RemoveAll(batch => batch.LastOffset >= end);
        HighWatermark = Math.Min(HighWatermark, End);
        Synced = Math.Min(Synced, End);
        Start = Math.Min(Start, End);
    }

    public void OnCleaningBegun(long upTo, long nowMs)
    {
        UntouchedFrom = Math.Max(UntouchedFrom, upTo);
        LastCleaningMs = nowMs;
        foreach (var record in Batches.SelectMany(batch => batch.Records))
            if (record.Offset < upTo && record.Value == null) _met.TryAdd(record.Offset, nowMs);
    }

    public void OnCleaningDone(long upTo) => CompactedTo = Math.Max(CompactedTo, upTo);

    /// <summary>Offsets of records whose transaction was aborted; those of open ones are not among them.</summary>
    public HashSet<long> Aborted()
    {
        var aborted = new HashSet<long>();
        var open = new Dictionary<long, List<long>>();
        foreach (var batch in Batches)
        {
            if (batch.Commits is { } commits)
            {
                if (open.Remove(batch.ProducerId, out var records) && !commits) aborted.UnionWith(records);
            }
            else if (batch.IsTransactional)
            {
                if (!open.TryGetValue(batch.ProducerId, out var records)) open[batch.ProducerId] = records = [];
                records.AddRange(batch.Records.Select(record => record.Offset));
            }
        }
        return aborted;
    }

    public bool IsOpen(long producerId) => Batches.LastOrDefault(batch => batch.ProducerId == producerId) is { IsTransactional: true, Commits: null };

    public KeyedBatch? LastOf(long producerId) => Batches.LastOrDefault(batch => batch.ProducerId == producerId);

    /// <summary>A record with all of its key, for the message of a failure.</summary>
    public string Describe(long offset)
    {
        var all = Batches.SelectMany(batch => batch.Records.Select(record => (record, batch))).ToList();
        string key = all.First(one => one.record.Offset == offset).record.Key;
        var aborted = Aborted();
        return $"{offset} of {key}: " + string.Join("; ", all.Where(one => one.record.Key == key).Select(one =>
            $"{one.record.Offset}{(one.record.Value == null ? " tombstone" : "")} by {one.batch.ProducerId}"
            + (one.batch.IsTransactional ? " in a transaction" : "") + (aborted.Contains(one.record.Offset) ? ", aborted" : "")));
    }

    /// <summary>What every reader must find, and what none may.</summary>
    public (HashSet<long> Must, HashSet<long> MustNot) Expected(long deleteRetentionMs)
    {
        var (must, mustNot) = (new HashSet<long>(), new HashSet<long>());
        var aborted = Aborted();
        var newer = new HashSet<string>();
        var newerInCompacted = new HashSet<string>();
        foreach (var record in Batches.SelectMany(batch => batch.Records).Reverse())
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
            if (record.Offset < CompactedTo && !newerInCompacted.Add(record.Key)) mustNot.Add(record.Offset);
            if (newer.Add(record.Key) && (record.Value != null || LastCleaningMs < _met[record.Offset] + deleteRetentionMs)) must.Add(record.Offset);
        }
        return (must, mustNot);
    }
}
