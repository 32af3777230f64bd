using AkkaStream.Net.Links;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Client.Consuming;

// Fetches run ahead: while the application works on records, the next ones are on their way, up to a bound for each partition.
sealed partial class ConsumerEngine
{
    /// <summary>Asks every broker that is not being asked for what its partitions can take.</summary>
    public void Fetch()
    {
        List<(BrokerLink Link, FetchCall Call)>? calls = null;
        lock (Gate)
        {
            if (_closed) return;
            foreach (var (broker, wanted) in WantedByBroker())
            {
                if (!_fetchers.TryGetValue(broker, out var fetcher)) _fetchers[broker] = fetcher = new BrokerFetcher(broker);
                if (fetcher.IsInFlight || fetcher.NotBefore > Settings.Client.Time.GetTimestamp()) continue;
                if (Cluster.LinkTo(broker, LinkUse.Fetch) is not { } link) continue;
                fetcher.IsInFlight = true;
                var eras = new Dictionary<TopicPartition, int>(wanted.Count);
                foreach (var w in wanted) eras[w.Partition] = _partitions[w.Partition].Era;
                (calls ??= []).Add((link, new FetchCall(this, fetcher, fetcher.Session.Next(wanted), eras)));
            }
        }
        foreach (var (link, call) in calls ?? []) link.Send(call);
    }

    Dictionary<int, List<WantedFetch>> WantedByBroker()
    {
        var byBroker = new Dictionary<int, List<WantedFetch>>();
        HashSet<int>? holdBack = null;
        var snapshot = Cluster.Snapshot;
        long now = Settings.Client.Time.GetTimestamp();
        foreach (var state in _turns)
        {
            if (state.FetchPosition < 0 || state.IsPaused || state.IsOutOfRange || state.NotBefore > now || state.Error is not null) continue;
            if (!snapshot.Topics.TryGetValue(state.Partition.Topic, out var topic)) continue;
            var view = snapshot.PartitionOf(state.Partition.Topic, state.Partition.Partition);
            bool hasPreferred = state.PreferredReplica >= 0 && snapshot.BrokerOf(state.PreferredReplica) is not null;
            int broker = hasPreferred ? state.PreferredReplica : view?.Leader ?? -1;
            if (view is null || broker < 0)
            {
                Cluster.RefreshSoon();
                continue;
            }
            if (state.BufferedBytes >= Settings.PartitionFetchBytes)
            {
                (holdBack ??= []).Add(broker);
                continue;
            }
            if (!byBroker.TryGetValue(broker, out var wanted)) byBroker[broker] = wanted = [];
            wanted.Add(new WantedFetch(state.Partition, topic.Id, state.FetchPosition, view.LeaderEpoch, Settings.PartitionFetchBytes));
        }
        foreach (int broker in holdBack ?? [])
            if (byBroker.TryGetValue(broker, out var wanted) && wanted.TrueForAll(IsAtEnd)) byBroker.Remove(broker);
        return byBroker;
    }

    // A request for nothing but partitions at their end waits at the broker, and would hold up the ones that have a full buffer
    // now and will want more in a moment.
    bool IsAtEnd(WantedFetch wanted) => _partitions[wanted.Partition] is { HighWatermark: >= 0 } state && wanted.Offset >= state.HighWatermark;

    public void OnFetched(BrokerFetcher fetcher, FetchCall call, FetchResponse response, short version, FrameLease lease)
    {
        bool refresh = false;
        lock (Gate)
        {
            fetcher.IsInFlight = false;
            fetcher.Failures = 0;
            if (_closed) return;
            fetcher.Session.OnAnswer(response);
            foreach (var topic in response.Responses)
            {
                string? name = version >= 13 ? NameOf(call, topic.TopicId) : topic.Topic;
                if (name is null) continue;
                foreach (var p in topic.Partitions) refresh |= Take(call, new TopicPartition(name, p.PartitionIndex), p, lease);
            }
        }
        foreach (var topic in response.Responses) ApplyLeaders(call, topic, response.NodeEndpoints, version);
        if (refresh) Cluster.RefreshSoon();
        Fetch();
        Signal.Set();
    }

    string? NameOf(FetchCall call, TopicId id)
    {
        foreach (var w in call.Plan.Wanted)
            if (w.TopicId == id) return w.Partition.Topic;
        // A session answers for partitions that this request did not tell again.
        return Cluster.Snapshot.TopicOf(id)?.Name;
    }

    /// <summary>Under the gate. True if metadata should be asked for.</summary>
    bool Take(FetchCall call, TopicPartition partition, FetchResponsePartition answer, FrameLease lease)
    {
        if (!_partitions.TryGetValue(partition, out var state)) return false;
        // An answer to a question from before a seek, or of a partition that was assigned anew meanwhile.
        if (call.Eras.TryGetValue(partition, out int era) && era != state.Era) return false;
        if (answer.ErrorCode != ErrorCode.None) return TakeError(state, answer);
        state.HighWatermark = answer.HighWatermark;
        state.LastStableOffset = answer.LastStableOffset;
        if (answer.LogStartOffset >= 0) state.LogStartOffset = answer.LogStartOffset;
        if (answer.PreferredReadReplica >= 0) state.PreferredReplica = answer.PreferredReadReplica;
        if (answer.Records is not { Length: > 0 } records) return false;
        long next = FetchedChunk.EndOf(records.Span, state.FetchPosition);
        if (next == state.FetchPosition)
        {
            if (records.Length >= Settings.PartitionFetchBytes)
            {
                state.Error = new KafkaException(ErrorCode.MessageTooLarge,
                    $"A batch at offset {state.FetchPosition} of {partition} is larger than the broker sends at once (max.partition.fetch.bytes)");
            }
            return false;
        }
        lease.Retain();
        state.AddChunk(new FetchedChunk(partition, state.FetchPosition, records, lease, answer.AbortedTransactions, Settings.CheckCrcs), next);
        return false;
    }

    bool TakeError(PartitionState state, FetchResponsePartition answer)
    {
        var error = answer.ErrorCode;
        state.PreferredReplica = -1;
        if (error == ErrorCode.OffsetOutOfRange)
        {
            OnOutOfRange(state);
            return false;
        }
        if (error is ErrorCode.TopicAuthorizationFailed or ErrorCode.CorruptMessage or ErrorCode.InvalidTopicException)
        {
            state.Error = KafkaException.Of(error, $"Fetching {state.Partition} from offset {state.FetchPosition}");
            return false;
        }
        ClientTrace.FetchRefused(Settings.Client.Log, state.Partition.Topic, state.Partition.Partition, ErrorCodes.NameOf(error));
        state.NotBefore = Later(1);
        return true;
    }

    void OnOutOfRange(PartitionState state)
    {
        ClientTrace.OutOfRange(
            Settings.Client.Log, state.Partition.Topic, state.Partition.Partition, state.FetchPosition, Settings.OffsetReset.ToString());
        // The reset itself is for the thread that polls: it may be reading what was fetched before.
        state.IsOutOfRange = true;
        if (Settings.OffsetReset != Client.Settings.OffsetReset.None) return;
        state.Error = new KafkaException(ErrorCode.OffsetOutOfRange,
            $"Fetch position {state.FetchPosition} is out of range for partition {state.Partition}, "
            + "and no reset policy is set (auto.offset.reset=none).");
    }

    void ApplyLeaders(FetchCall call, FetchResponseTopic topic, FetchResponseNodeEndpoint[] endpoints, short version)
    {
        foreach (var p in topic.Partitions)
        {
            if (p.CurrentLeader is not { LeaderId: >= 0 } leader) continue;
            string? name = version >= 13 ? NameOf(call, topic.TopicId) : topic.Topic;
            var endpoint = Array.Find(endpoints, e => e.NodeId == leader.LeaderId);
            if (name is null) continue;
            Cluster.ApplyLeader(name, p.PartitionIndex, leader.LeaderId, leader.LeaderEpoch,
                endpoint is null ? null : new BrokerView(endpoint.NodeId, endpoint.Host, endpoint.Port, endpoint.Rack));
        }
    }

    public void OnFetchFailed(BrokerFetcher fetcher, FetchCall call, LinkFailure failure)
    {
        lock (Gate)
        {
            fetcher.IsInFlight = false;
            if (_closed) return;
            fetcher.Session.OnFailed();
            fetcher.Failures++;
            fetcher.NotBefore = Later(fetcher.Failures);
            bool passing = failure.IsTransient || failure.Kind is LinkFailureKind.Closed or LinkFailureKind.Malformed;
            foreach (var w in call.Plan.Wanted)
            {
                if (!_partitions.TryGetValue(w.Partition, out var state)) continue;
                state.PreferredReplica = -1;
                if (!passing) state.Error = new KafkaException(ErrorCode.UnsupportedVersion, $"Fetching {w.Partition}: {failure.Text}.");
            }
        }
        ClientTrace.FetchFailed(Settings.Client.Log, failure.Text);
        Cluster.RefreshSoon();
        Signal.Set();
    }

    long Later(int failures)
    {
        var wait = Settings.Client.Retry.After(failures, Cluster.Chance.NextDouble());
        return Settings.Client.Time.GetTimestamp() + (long)(wait.TotalSeconds * Settings.Client.Time.TimestampFrequency);
    }

    /// <summary>When fetching should be tried again although nothing has happened; null when nothing waits for a time.</summary>
    public TimeSpan? NextTry()
    {
        lock (Gate)
        {
            long now = Settings.Client.Time.GetTimestamp(), next = long.MaxValue;
            foreach (var state in _turns)
                if (state.NotBefore > now) next = Math.Min(next, state.NotBefore);
            foreach (var fetcher in _fetchers.Values)
                if (fetcher.NotBefore > now) next = Math.Min(next, fetcher.NotBefore);
            return next == long.MaxValue ? null : Settings.Client.Time.GetElapsedTime(now, next);
        }
    }
}
