using AkkaStream.Client.Consuming;
using AkkaStream.Client.Settings;
using AkkaStream.Net.Links;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Client.Groups;

/// <summary>
/// The membership of one consumer in a group of the newer protocol (KIP-848): the coordinator assigns, and tells in the answers to heartbeats
/// what this member is to have; the member gives up what it must, takes what it may, and tells what it has.
/// </summary>
sealed class AssignedMember : IMembership
{
    const int Joining = 0, Out = -1, Leaving = -1, LeavingForAWhile = -2;

    // In version 0 the coordinator makes up the member's id.
    static readonly VersionRange Versions = new(1, 1);

    readonly ConsumerSettings _settings;
    readonly ClusterView _cluster;
    readonly AsyncSignal _signal, _wake;
    readonly string _group;
    readonly string _memberId = Guid.NewGuid().ToString();
    readonly CancellationTokenSource _closing = new();
    readonly Lock _lock = new();
    int _epoch = Out;
    bool _isLost, _runs;
    TimeSpan _interval = TimeSpan.FromSeconds(5);
    KafkaException? _fatal;
    IReadOnlyCollection<string> _topics = [];
    IReadOnlyCollection<TopicPartition> _owned = [];

    // What the coordinator has confirmed to know; null if it has to be told again.
    IReadOnlyCollection<string>? _toldTopics;
    IReadOnlyCollection<TopicPartition>? _toldOwned;

    // What the coordinator wants this member to have, and how far it is known by names.
    ConsumerGroupHeartbeatResponseTopicPartitions[]? _target;
    long _resolvedAt = -1;

    public AssignedMember(ConsumerSettings settings, ClusterView cluster, AsyncSignal signal)
    {
        _settings = settings;
        _cluster = cluster;
        _signal = signal;
        _wake = new AsyncSignal(settings.Client.Completions);
        _group = settings.GroupId ?? throw new InvalidOperationException("a member needs a group");
        Coordinator = new Coordinator(cluster, CoordinatorKind.Group, _group);
        Polls = new PollClock(settings);
    }

    public Coordinator Coordinator { get; }

    public PollClock Polls { get; }

    public GroupIdentity Identity
    {
        get { lock (_lock) return new GroupIdentity(_memberId, _epoch > 0 ? _epoch : -1, _settings.GroupInstanceId); }
    }

    public void Subscribe(IReadOnlyCollection<string> topics, string reason)
    {
        bool start;
        lock (_lock)
        {
            _topics = topics;
            _fatal = null;
            if (_epoch == Out) _epoch = Joining;
            start = !_runs;
            _runs = true;
        }
        if (start) _ = BeatAsync();
        else _wake.Set();
    }

    public MemberNews Take(out Joined? joined)
    {
        joined = null;
        lock (_lock)
        {
            // Nothing goes on by itself after that: every poll tells, until the application subscribes anew.
            if (_fatal is { } fatal) throw fatal;
            if (_isLost)
            {
                _isLost = false;
                return MemberNews.Lost;
            }
            // Whoever was away for too long joins again with the next poll.
            if (_epoch == Out && _topics.Count > 0) Rejoin();
            if (_epoch <= 0 || _target is null) return MemberNews.Nothing;
            var snapshot = _cluster.Snapshot;
            if (_resolvedAt == snapshot.Version) return MemberNews.Nothing;
            _resolvedAt = snapshot.Version;
            List<TopicPartition>? partitions = NamesOf(_target, snapshot);
            if (partitions is null) return MemberNews.Nothing;
            _target = null;
            joined = new Joined(_epoch, IsCooperative: true, partitions);
            return MemberNews.Joined;
        }
    }

    void Rejoin()
    {
        _epoch = Joining;
        _wake.Set();
    }

    /// <summary>Null while a topic is not known: it is asked for.</summary>
    List<TopicPartition>? NamesOf(ConsumerGroupHeartbeatResponseTopicPartitions[] target, ClusterSnapshot snapshot)
    {
        var partitions = new List<TopicPartition>();
        foreach (var topic in target)
        {
            if (snapshot.TopicOf(topic.TopicId) is not { } view)
            {
                _cluster.RefreshSoon();
                return null;
            }
            partitions.AddRange(topic.Partitions.Select(p => new TopicPartition(view.Name, p)));
        }
        return partitions;
    }

    public void OnTaken(IReadOnlyCollection<TopicPartition> owned, bool gaveUp)
    {
        lock (_lock) _owned = [.. owned];
        _wake.Set();
    }

    async Task BeatAsync()
    {
        try
        {
            for (int failures = 0; !_closing.IsCancellationRequested;)
            {
                if (Polls.HasStopped && Identity.IsMember)
                {
                    await LeaveAsync(Polls.Cause, _settings.Client.RequestTimeout).ConfigureAwait(false);
                    Lose(Polls.Cause, Out);
                }
                bool isOut;
                lock (_lock) isOut = _epoch == Out;
                bool done = isOut || await BeatOnceAsync().ConfigureAwait(false);
                failures = done ? 0 : failures + 1;
                if (done) await WaitAsync().ConfigureAwait(false);
                else await Task.Delay(_settings.Client.Retry.After(failures, _cluster.Chance.NextDouble()), _settings.Client.Time, _closing.Token)
                    .ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The consumer is closed.
        }
        catch (Exception e)
        {
            Fail(e as KafkaException ?? new KafkaException(ErrorCode.UnknownServerError, $"The heartbeat of group {_group} failed: {e.Message}", e));
        }
    }

    /// <summary>Until the next heartbeat is due, or there is something to tell.</summary>
    async ValueTask WaitAsync()
    {
        TimeSpan most;
        lock (_lock)
        {
            if (_epoch > 0 && !(ReferenceEquals(_toldTopics, _topics) && ReferenceEquals(_toldOwned, _owned))) return;
            most = _interval < _settings.MaxPollInterval ? _interval : _settings.MaxPollInterval;
        }
        await _wake.WaitAsync(most, _settings.Client.Time, _closing.Token).ConfigureAwait(false);
    }

    /// <summary>False to try again, a little later.</summary>
    async ValueTask<bool> BeatOnceAsync()
    {
        BrokerLink link;
        try
        {
            link = await Coordinator.FindAsync(_cluster.Deadline(_settings.Client.ApiTimeout), _closing.Token).ConfigureAwait(false);
        }
        catch (KafkaException e) when (e.IsRetriable || e.Error == ErrorCode.CoordinatorNotAvailable)
        {
            ClientTrace.NotJoined(_settings.Client.Log, _group, e.Message);
            return false;
        }
        int epoch;
        IReadOnlyCollection<string> topics;
        IReadOnlyCollection<TopicPartition> owned;
        ConsumerGroupHeartbeatRequest request;
        lock (_lock)
        {
            (epoch, topics, owned) = (_epoch, _topics, _owned);
            request = RequestFor(epoch);
        }
        ConsumerGroupHeartbeatResponse response;
        try
        {
            response = await link.Ask(ApiKey.ConsumerGroupHeartbeat, Versions, _ => request, null, _closing.Token).ConfigureAwait(false);
        }
        catch (LinkException e) when (e.Failure.Kind != LinkFailureKind.Unsupported)
        {
            Coordinator.Forget(link);
            // Whether it was heard nobody knows: everything is told again.
            lock (_lock) (_toldTopics, _toldOwned) = (null, null);
            return false;
        }
        catch (LinkException e)
        {
            throw new KafkaException(
                ErrorCode.UnsupportedVersion, $"{e.Failure.Text}. Set group.protocol=classic, or use a broker that knows the newer protocol.", e);
        }
        lock (_lock)
        {
            // It has left or was lost meanwhile: the answer is about somebody who is gone.
            if (_epoch != epoch) return true;
            if (response.ErrorCode == ErrorCode.None) (_toldTopics, _toldOwned) = (topics, owned);
        }
        return OnAnswer(response, link, epoch);
    }

    // Under the lock.
    ConsumerGroupHeartbeatRequest RequestFor(int epoch)
    {
        bool all = epoch == Joining || _toldOwned is null;
        return new ConsumerGroupHeartbeatRequest
        {
            GroupId = _group,
            MemberId = _memberId,
            MemberEpoch = epoch,
            InstanceId = _settings.GroupInstanceId,
            RackId = all && _settings.Client.Rack.Length > 0 ? _settings.Client.Rack : null,
            RebalanceTimeoutMs = all ? (int)_settings.MaxPollInterval.TotalMilliseconds : -1,
            SubscribedTopicNames = all || !ReferenceEquals(_toldTopics, _topics) ? [.. _topics.Order(StringComparer.Ordinal)] : null,
            ServerAssignor = all ? _settings.RemoteAssignor : null,
            TopicPartitions = epoch == Joining ? [] : all || !ReferenceEquals(_toldOwned, _owned) ? IdsOf(_owned) : null,
        };
    }

    ConsumerGroupHeartbeatRequestTopicPartitions[] IdsOf(IReadOnlyCollection<TopicPartition> owned)
    {
        var snapshot = _cluster.Snapshot;
        var known = owned.GroupBy(p => p.Topic).Where(t => snapshot.Topics.ContainsKey(t.Key));
        return [.. known.Select(t => new ConsumerGroupHeartbeatRequestTopicPartitions
        {
            TopicId = snapshot.Topics[t.Key].Id, Partitions = [.. t.Select(p => p.Partition)],
        })];
    }

    bool OnAnswer(ConsumerGroupHeartbeatResponse response, BrokerLink link, int epoch)
    {
        switch (response.ErrorCode)
        {
            case ErrorCode.None:
                lock (_lock)
                {
                    if (epoch == Joining) ClientTrace.JoinedGroup(_settings.Client.Log, _group, _memberId, response.MemberEpoch, "of the broker");
                    _epoch = response.MemberEpoch;
                    if (response.HeartbeatIntervalMs > 0) _interval = TimeSpan.FromMilliseconds(response.HeartbeatIntervalMs);
                    if (response.Assignment is { } assignment) (_target, _resolvedAt) = (assignment.TopicPartitions, -1);
                }
                if (response.Assignment is not null) _signal.Set();
                return true;
            case ErrorCode.NotCoordinator or ErrorCode.CoordinatorNotAvailable:
                Coordinator.Forget(link);
                return false;
            case ErrorCode.UnknownMemberId or ErrorCode.FencedMemberEpoch:
                Lose($"encountered {ErrorCodes.NameOf(response.ErrorCode)} from the heartbeat", Joining);
                return true;
            default:
                if (ErrorCodes.IsRetriable(response.ErrorCode)) return false;
                throw KafkaException.Of(response.ErrorCode, $"Membership in group {_group}", response.ErrorMessage);
        }
    }

    public async ValueTask LeaveAsync(string reason, TimeSpan patience)
    {
        bool isMember;
        lock (_lock)
        {
            isMember = _epoch > 0;
            _epoch = Out;
            (_target, _toldTopics, _toldOwned, _owned) = (null, null, null, []);
        }
        if (!isMember) return;
        try
        {
            await Coordinator.AskAsync(
                ApiKey.ConsumerGroupHeartbeat, Versions, _ => new ConsumerGroupHeartbeatRequest
                {
                    GroupId = _group,
                    MemberId = _memberId,
                    InstanceId = _settings.GroupInstanceId,
                    MemberEpoch = _settings.GroupInstanceId is null ? Leaving : LeavingForAWhile,
                },
                r => r.ErrorCode, null, _cluster.Deadline(patience), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is KafkaException or LinkException or ObjectDisposedException)
        {
            // The session time-out does it, later.
            ClientTrace.NotLeft(_settings.Client.Log, _group, e.Message);
        }
    }

    void Lose(string cause, int epoch)
    {
        lock (_lock)
        {
            (_target, _toldTopics, _toldOwned, _owned) = (null, null, null, []);
            _epoch = epoch;
            _isLost = true;
        }
        ClientTrace.MemberLost(_settings.Client.Log, _group, cause);
        _signal.Set();
    }

    void Fail(KafkaException error)
    {
        lock (_lock)
        {
            _fatal = error;
            _epoch = Out;
            _topics = [];
            _runs = false;
        }
        _signal.Set();
    }

    public void Dispose() => _closing.Cancel();
}
