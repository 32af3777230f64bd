using AkkaStream.Client.Settings;
using AkkaStream.Net.Links;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Client;

public sealed partial class ClusterView
{
    void OnTimer() => Refresh(newOnly: false);

    void Refresh(bool newOnly)
    {
        lock (_lock)
        {
            if (_closing.IsCancellationRequested) return;
            _newOnly = newOnly && (_newOnly || !_again);
            _again = true;
            if (_refreshing) return;
            _refreshing = true;
        }
        _ = RefreshWhileWanted();
    }

    async Task RefreshWhileWanted()
    {
        while (true)
        {
            bool newOnly;
            lock (_lock)
            {
                if (!_again || _closing.IsCancellationRequested)
                {
                    _refreshing = false;
                    return;
                }
                _again = false;
                newOnly = _newOnly;
                _newOnly = false;
            }
            try
            {
                await WaitForTurn(newOnly).ConfigureAwait(false);
                await AskOnce(newOnly).ConfigureAwait(false);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                lock (_lock) _refreshing = false;
                return;
            }
            catch (Exception e)
            {
                // Whatever it is, those who wait for metadata must not wait for ever because nobody asks any more.
                Failed($"an answer could not be used: {e.Message}", e);
            }
            TaskCompletionSource done;
            lock (_lock)
            {
                done = _attempt;
                _attempt = NewAttempt();
            }
            done.TrySetResult();
            if (!_closing.IsCancellationRequested) _timer.Change(_settings.MetadataMaxAge, Timeout.InfiniteTimeSpan);
        }
    }

    // A topic that was not asked for before is asked for at once; repeated questions keep their distance.
    async ValueTask WaitForTurn(bool newOnly)
    {
        string[] missing;
        TimeSpan wait;
        lock (_lock)
        {
            missing = Missing();
            if (_failures == 0 && ((newOnly && missing.Length > 0) || _lastAttempt == 0)) return;
            var since = _settings.Time.GetElapsedTime(_lastAttempt);
            wait = _settings.Retry.After(Math.Max(1, _failures), _chance.NextDouble()) - since;
        }
        if (wait > TimeSpan.Zero) await Task.Delay(wait, _settings.Time, _closing.Token).ConfigureAwait(false);
    }

    string[] Missing() => _wantsAll ? [] : [.. _wanted.Where(t => !_snapshot.Topics.ContainsKey(t))];

    async ValueTask AskOnce(bool newOnly)
    {
        string[]? topics;
        bool partial;
        lock (_lock)
        {
            var missing = newOnly ? Missing() : [];
            partial = missing.Length > 0 && !_wantsAll;
            topics = _wantsAll ? null : partial ? missing : [.. _wanted];
            _lastAttempt = Math.Max(1, _settings.Time.GetTimestamp());
        }
        string? failure = null;
        foreach (var link in LinksToAny())
        {
            try
            {
                var response = await link.Ask(
                    ApiKey.Metadata, MetadataVersions, _ => RequestFor(topics), null, _closing.Token).ConfigureAwait(false);
                if (response.ErrorCode != ErrorCode.None || response.Brokers.Length == 0)
                {
                    failure = $"{link.Peer} has no metadata to give ({ErrorCodes.NameOf(response.ErrorCode)})";
                    continue;
                }
                Publish(response, partial, link.Peer);
                return;
            }
            catch (LinkException e)
            {
                failure = e.Failure.Text;
            }
        }
        Failed(failure ?? "there is none to ask");
    }

    void Failed(string failure, Exception? bug = null)
    {
        lock (_lock)
        {
            _failures++;
            // Nobody may come to ask again, and yet somebody may be waiting.
            _again |= _wantsAll || _wanted.Count > 0;
        }
        Volatile.Write(ref _lastFailure, failure);
        ClientTrace.NoMetadata(_settings.Log, bug?.ToString() ?? failure);
    }

    MetadataRequest RequestFor(string[]? topics) => new()
    {
        Topics = topics is null ? null : [.. topics.Select(name => new MetadataRequestTopic { Name = name })],
        AllowAutoTopicCreation = CreatesTopics,
    };

    void Publish(MetadataResponse response, bool partial, string peer)
    {
        ClusterSnapshot next;
        lock (_lock)
        {
            var before = _snapshot;
            var topics = new Dictionary<string, TopicView>();
            if (partial)
            {
                foreach (var (name, view) in before.Topics)
                    if (_wantsAll || _wanted.Contains(name)) topics[name] = view;
            }
            foreach (var topic in response.Topics)
                if (topic.Name is { } name) topics[name] = ViewOf(topic, name, before);
            BrokerView[] brokers = [.. response.Brokers.Select(b => new BrokerView(b.NodeId, b.Host, b.Port, b.Rack)).OrderBy(b => b.Id)];
            next = new ClusterSnapshot(before.Version + 1, response.ClusterId, response.ControllerId, brokers, topics);
            Volatile.Write(ref _snapshot, next);
            _failures = 0;
            Volatile.Write(ref _lastFailure, null);
            // Topics that somebody began to want meanwhile.
            if (Missing().Length > 0) _again = _newOnly = true;
        }
        foreach (var topic in response.Topics)
            if (topic.ErrorCode != ErrorCode.None) ClientTrace.TopicError(_settings.Log, topic.Name ?? "", Words(topic.ErrorCode));
        ClientTrace.MetadataRefreshed(_settings.Log, next.Version, next.Brokers.Count, next.Topics.Count, peer);
        Changed?.Invoke(next);
    }

    string Words(ErrorCode error) => error == ErrorCode.UnknownTopicOrPartition && CreatesTopics
        ? "UNKNOWN_TOPIC_OR_PARTITION; the brokers may create it now, and are asked again"
        : ErrorCodes.NameOf(error);

    static TopicView ViewOf(MetadataResponseTopic topic, string name, ClusterSnapshot before)
    {
        var known = before.Topics.GetValueOrDefault(name);
        if (known is not null && known.Id != topic.TopicId) known = null;
        var partitions = new PartitionView[topic.Partitions.Length];
        foreach (var p in topic.Partitions)
        {
            if ((uint)p.PartitionIndex >= (uint)partitions.Length) continue;
            var view = new PartitionView(p.PartitionIndex, p.LeaderId, p.LeaderEpoch, p.ReplicaNodes, p.IsrNodes, p.OfflineReplicas, p.ErrorCode);
            // A broker that lags behind must not take us back to a leader that we know was replaced.
            if (known is not null && p.PartitionIndex < known.Partitions.Count && known.Partitions[p.PartitionIndex] is { } newer
                && newer.LeaderEpoch > p.LeaderEpoch && p.LeaderEpoch >= 0) view = newer;
            partitions[p.PartitionIndex] = view;
        }
        for (int i = 0; i < partitions.Length; i++)
            partitions[i] ??= new PartitionView(i, -1, -1, [], [], [], ErrorCode.LeaderNotAvailable);
        return new TopicView(name, topic.TopicId, topic.IsInternal, topic.ErrorCode, partitions)
        {
            AuthorizedOperations = topic.TopicAuthorizedOperations,
        };
    }

    /// <summary>
    /// A broker that is no longer the leader said who is (KIP-951): true if that is news, and then there is no need to ask first.
    /// </summary>
    internal bool ApplyLeader(string topic, int partition, int leader, int leaderEpoch, BrokerView? endpoint)
    {
        ClusterSnapshot next;
        lock (_lock)
        {
            var before = _snapshot;
            if (leader < 0 || !before.Topics.TryGetValue(topic, out var view) || (uint)partition >= (uint)view.Partitions.Count) return false;
            var known = view.Partitions[partition];
            if (known.LeaderEpoch >= leaderEpoch || (before.BrokerOf(leader) is null && endpoint is null)) return false;
            PartitionView[] partitions = [.. view.Partitions];
            partitions[partition] = known with { Leader = leader, LeaderEpoch = leaderEpoch, Error = ErrorCode.None };
            var topics = new Dictionary<string, TopicView>(before.Topics) { [topic] = view with { Partitions = partitions } };
            var brokers = endpoint is null ? before.Brokers : [.. before.Brokers.Where(b => b.Id != endpoint.Id), endpoint];
            next = new ClusterSnapshot(before.Version + 1, before.ClusterId, before.ControllerId, brokers, topics);
            Volatile.Write(ref _snapshot, next);
        }
        Changed?.Invoke(next);
        return true;
    }
}
