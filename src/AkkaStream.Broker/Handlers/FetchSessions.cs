using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages.Hot;
using AkkaStream.Replication;

namespace AkkaStream.Broker.Handlers;

/// <summary>
/// What a client fetches, remembered so that it asks and is told only what changed (KIP-227). Its partitions stay tied to their
/// replicas between requests. Belongs to one request at a time: a second one at the same time, which no client sends, finds a wrong
/// epoch, and a session that is ended while it is in use ends when it comes back.
/// </summary>
sealed class FetchSession(int id, bool byId)
{
    public int Id => id;
    public bool ById => byId;

    /// <summary>The epoch that the next request must bring.</summary>
    public int NextEpoch { get; set; } = 1;
    public List<FetchEntry> Entries { get; } = [];
    public long LastUsedAt { get; set; }
    public bool InUse { get; set; }
    public bool Ended { get; set; }

    /// <summary>Those that brought data go to the end, so that all have their turn when a reply cannot hold all.</summary>
    public void OnTold(List<FetchEntry> told)
    {
        bool moved = false;
        foreach (var entry in told)
        {
            if (entry.Result.RecordsLength == 0) continue;
            entry.GoesToEnd = moved = true;
        }
        if (!moved) return;
        Entries.RemoveAll(e => e.GoesToEnd);
        foreach (var entry in told)
        {
            if (!entry.GoesToEnd) continue;
            entry.GoesToEnd = false;
            Entries.Add(entry);
        }
    }

    public void Forget(in FetchRequestView body)
    {
        for (int place = 0; place < body.ForgottenPartitionCount; place++)
        {
            int partition = body.ForgottenPartition(place);
            int at = 0;
            for (; at < Entries.Count; at++)
            {
                var entry = Entries[at];
                bool same = byId ? entry.TopicId == body.ForgottenTopicId : entry.TopicName.AsSpan().SequenceEqual(body.ForgottenTopicName);
                if (same && entry.Asked.Index == partition) break;
            }
            if (at == Entries.Count) continue;
            Entries[at].Untie();
            Entries.RemoveAt(at);
        }
    }

    public void End()
    {
        foreach (var entry in Entries) entry.Untie();
        Entries.Clear();
    }

    public void MoveOn(long now)
    {
        NextEpoch = NextEpoch == int.MaxValue ? 1 : NextEpoch + 1;
        LastUsedAt = now;
    }
}

/// <summary>
/// The broker's fetch sessions, bounded in number. When all places are taken one that was idle for long, or is clearly smaller,
/// makes room; otherwise the client goes without a session, which costs it nothing but bytes.
/// </summary>
sealed class FetchSessions(int capacity, TimeProvider time, Func<int> nextRandom)
{
    static readonly TimeSpan IdleForLong = TimeSpan.FromMinutes(2);

    readonly Lock _lock = new();
    readonly Dictionary<int, FetchSession> _sessions = [];

    public int Count
    {
        get { lock (_lock) return _sessions.Count; }
    }

    /// <summary>The session for a request that goes on with one, or what is wrong.</summary>
    public ErrorCode TryContinue(int id, int epoch, bool byId, out FetchSession? session)
    {
        lock (_lock)
        {
            if (!_sessions.TryGetValue(id, out session)) return ErrorCode.FetchSessionIdNotFound;
            if (session.NextEpoch != epoch || session.InUse) return ErrorCode.InvalidFetchSessionEpoch;
            if (session.ById != byId) return ErrorCode.FetchSessionTopicIdError;
            session.MoveOn(time.GetTimestamp());
            session.InUse = true;
            return ErrorCode.None;
        }
    }

    /// <summary>Null when there is no room.</summary>
    public FetchSession? TryCreate(int size, bool byId)
    {
        lock (_lock)
        {
            if (_sessions.Count >= capacity && !TryEvict(size)) return null;
            int id;
            do id = nextRandom() & int.MaxValue;
            while (id == 0 || _sessions.ContainsKey(id));
            var session = new FetchSession(id, byId) { LastUsedAt = time.GetTimestamp(), InUse = true };
            _sessions.Add(id, session);
            return session;
        }
    }

    public void Remove(int id)
    {
        lock (_lock)
        {
            if (_sessions.Remove(id, out var session)) EndNowOrLater(session);
        }
    }

    /// <summary>The request that used it is answered.</summary>
    public void Release(FetchSession session)
    {
        lock (_lock)
        {
            session.InUse = false;
            if (session.Ended) session.End();
        }
    }

    static void EndNowOrLater(FetchSession session)
    {
        session.Ended = true;
        if (!session.InUse) session.End();
    }

    bool TryEvict(int size)
    {
        if (capacity == 0) return false;
        var oldest = _sessions.Values.MinBy(s => s.LastUsedAt)!;
        var victim = time.GetElapsedTime(oldest.LastUsedAt) > IdleForLong ? oldest : _sessions.Values.MinBy(s => s.Entries.Count)!;
        if (victim != oldest && victim.Entries.Count >= size) return false;
        _sessions.Remove(victim.Id);
        EndNowOrLater(victim);
        return true;
    }
}
