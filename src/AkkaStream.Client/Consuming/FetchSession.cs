using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Client.Consuming;

/// <summary>What a broker is asked for of one partition.</summary>
readonly record struct WantedFetch(TopicPartition Partition, TopicId TopicId, long Offset, int LeaderEpoch, int MaxBytes);

/// <summary>
/// An incremental fetch session with one broker (KIP-227): after the first request only what changed is told. One request is under
/// way at a time; everything under the engine's lock.
/// </summary>
sealed class FetchSession
{
    readonly Dictionary<TopicPartition, WantedFetch> _known = [];
    int _id;
    int _epoch;
    bool _byId;

    /// <summary>The fields of a request for exactly these partitions.</summary>
    public FetchPlan Next(List<WantedFetch> wanted)
    {
        bool byId = wanted.TrueForAll(w => !w.TopicId.IsZero);
        // Names and ids cannot be mixed within a session.
        if (byId != _byId) Restart();
        _byId = byId;
        if (_id == 0 || _epoch == 0)
        {
            _known.Clear();
            foreach (var w in wanted) _known[w.Partition] = w;
            return new FetchPlan(_id, 0, byId, [.. wanted], []);
        }
        var told = new List<WantedFetch>();
        var now = new HashSet<TopicPartition>(wanted.Count);
        foreach (var w in wanted)
        {
            now.Add(w.Partition);
            bool isKnown = _known.TryGetValue(w.Partition, out var before);
            if (isKnown && before == w) continue;
            told.Add(w);
            _known[w.Partition] = w;
        }
        var forgotten = _known.Values.Where(w => !now.Contains(w.Partition)).ToList();
        foreach (var w in forgotten) _known.Remove(w.Partition);
        return new FetchPlan(_id, _epoch, byId, told, forgotten);
    }

    public void OnAnswer(FetchResponse response)
    {
        if (response.ErrorCode != ErrorCode.None)
        {
            // The broker no longer has the session (or disagrees about it): a new one is begun.
            if (response.ErrorCode == ErrorCode.FetchSessionIdNotFound) _id = 0;
            _epoch = 0;
            return;
        }
        if (response.SessionId == 0)
        {
            _id = _epoch = 0;
            return;
        }
        _id = response.SessionId;
        _epoch = _epoch == int.MaxValue ? 1 : _epoch + 1;
    }

    /// <summary>The answer was lost: the broker may be one request ahead. Its session is closed with the next request.</summary>
    public void OnFailed() => _epoch = 0;

    void Restart() => _epoch = 0;
}

/// <summary>What one request of a session tells.</summary>
sealed record FetchPlan(int SessionId, int Epoch, bool ById, IReadOnlyList<WantedFetch> Wanted, IReadOnlyList<WantedFetch> Forgotten);
