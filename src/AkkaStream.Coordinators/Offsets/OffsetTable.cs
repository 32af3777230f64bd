using AkkaStream.Protocol;

namespace AkkaStream.Coordinators.Offsets;

/// <summary>
/// The committed offsets of one group, and those that open transactions would commit. Changes only by records, at run time as in replay, so
/// what is here is what the log says. A commit outside of transactions counts from when it is applied; one inside when its transaction ends.
/// </summary>
public sealed class OffsetTable
{
    readonly Dictionary<string, Dictionary<int, CommittedOffset>> _topics = new(StringComparer.Ordinal);
    Dictionary<ProducerId, Dictionary<(string Topic, int Partition), CommittedOffset>>? _pending;

    public bool IsEmpty => _topics.Count == 0 && !HasPending;

    /// <summary>Open transactions have committed offsets here; they keep the group from being deleted for want of offsets.</summary>
    public bool HasPending => _pending is { Count: > 0 };

    public IReadOnlyDictionary<string, Dictionary<int, CommittedOffset>> Topics => _topics;

    /// <summary>Topics that have offsets, or would have if an open transaction were committed.</summary>
    public IEnumerable<string> AllTopicNames => _pending is null
        ? _topics.Keys
        : _topics.Keys.Concat(_pending.Values.SelectMany(p => p.Keys).Select(k => k.Topic)).Distinct();

    public bool TryFind(string topic, int partition, out CommittedOffset offset)
    {
        offset = default;
        return _topics.TryGetValue(topic, out var partitions) && partitions.TryGetValue(partition, out offset);
    }

    /// <summary>An open transaction may still change this offset.</summary>
    public bool IsPending(string topic, int partition)
    {
        if (_pending is null) return false;
        foreach (var offsets in _pending.Values)
        {
            if (offsets.ContainsKey((topic, partition))) return true;
        }
        return false;
    }

    public IEnumerable<int> PendingPartitions(string topic) => _pending is null
        ? []
        : _pending.Values.SelectMany(p => p.Keys).Where(k => k.Topic == topic).Select(k => k.Partition).Distinct();

    internal void Put(string topic, int partition, in CommittedOffset offset)
    {
        if (!_topics.TryGetValue(topic, out var partitions)) _topics.Add(topic, partitions = []);
        partitions[partition] = offset;
    }

    internal void PutPending(ProducerId producer, string topic, int partition, in CommittedOffset offset)
    {
        _pending ??= [];
        if (!_pending.TryGetValue(producer, out var offsets)) _pending.Add(producer, offsets = []);
        offsets[(topic, partition)] = offset;
    }

    /// <summary>A tombstone: what was committed goes, and what open transactions had in store for it.</summary>
    internal void Remove(string topic, int partition)
    {
        if (_topics.TryGetValue(topic, out var partitions) && partitions.Remove(partition) && partitions.Count == 0) _topics.Remove(topic);
        if (_pending is null) return;
        foreach (var (producer, offsets) in _pending)
        {
            if (offsets.Remove((topic, partition)) && offsets.Count == 0) _pending.Remove(producer);
        }
    }

    /// <summary>
    /// The producer's transaction has ended. Committed: its offsets count now, except where a later commit outside of it came in between.
    /// </summary>
    internal void Resolve(ProducerId producer, bool committed)
    {
        if (_pending is null || !_pending.Remove(producer, out var offsets) || !committed) return;
        foreach (var ((topic, partition), offset) in offsets)
        {
            if (!TryFind(topic, partition, out var existing) || existing.Order < offset.Order) Put(topic, partition, offset);
        }
    }

    /// <summary>Writes a tombstone for each offset of the topic, committed or pending.</summary>
    internal void DeleteTopic(string group, string topic, Decision decision)
    {
        if (_topics.TryGetValue(topic, out var partitions))
        {
            foreach (int partition in partitions.Keys) Bury(group, topic, partition, decision);
        }
        foreach (int partition in PendingPartitions(topic))
        {
            if (!TryFind(topic, partition, out _)) Bury(group, topic, partition, decision);
        }
    }

    internal void DeleteAll(string group, Decision decision)
    {
        foreach (string topic in AllTopicNames) DeleteTopic(group, topic, decision);
    }

    /// <summary>Writes a tombstone for each offset whose time is over. True when nothing would be left.</summary>
    internal bool Expire(string group, OffsetExpiry expiry, Predicate<string> isSubscribed, Decision decision)
    {
        bool nothingLeft = !HasPending;
        foreach (var (topic, partitions) in _topics)
        {
            if (isSubscribed(topic))
            {
                nothingLeft = false;
                continue;
            }
            foreach (var (partition, offset) in partitions)
            {
                bool goes = expiry.HasExpired(offset, decision.Now.WallMs, decision.Settings.OffsetsRetentionMs) && !IsPending(topic, partition);
                nothingLeft &= goes;
                if (goes) Bury(group, topic, partition, decision);
            }
        }
        return nothingLeft;
    }

    internal static void Bury(string group, string topic, int partition, Decision decision) =>
        decision.Write(StoredRecord.Tombstone(CommittedOffset.KeyOf(group, topic, partition)));
}
