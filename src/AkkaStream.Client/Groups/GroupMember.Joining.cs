using AkkaStream.Client.Consuming;
using AkkaStream.Client.Groups.Assignors;
using AkkaStream.Net.Links;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Stored;

namespace AkkaStream.Client.Groups;

// JoinGroup and SyncGroup: one after the other until the group has given this member an assignment.
sealed partial class GroupMember
{
    const string ProtocolType = "consumer";

    IReadOnlyDictionary<string, int>? _assignedFrom;
    IReadOnlySet<string> _groupTopics = new HashSet<string>();

    /// <summary>
    /// Only for the leader: how many partitions the topics of the group had when it shared them out. When that changes the group has to share
    /// anew; null while this member does not lead.
    /// </summary>
    public IReadOnlyDictionary<string, int>? AssignedFrom
    {
        get { lock (_lock) return _assignedFrom; }
    }

    /// <summary>All topics that members of the group read, as far as this member has to know.</summary>
    public IReadOnlySet<string> GroupTopics
    {
        get { lock (_lock) return _groupTopics; }
    }

    /// <summary>What the member brings to a rebalance.</summary>
    public sealed record Offer(IReadOnlyCollection<string> Topics, IReadOnlyCollection<TopicPartition> Owned, IReadOnlyList<Assignor> Assignors);

    /// <summary>Begins to join; returns at once.</summary>
    public void BeginJoin(Offer offer)
    {
        lock (_lock)
        {
            if (_isJoining) return;
            _isJoining = true;
        }
        _ = JoinAsync(offer);
    }

    async Task JoinAsync(Offer offer)
    {
        try
        {
            for (int failures = 0; ; failures++)
            {
                if (failures > 0)
                {
                    var wait = _settings.Client.Retry.After(failures, _cluster.Chance.NextDouble());
                    await Task.Delay(wait, _settings.Client.Time, _closing.Token).ConfigureAwait(false);
                }
                if (await JoinOnceAsync(offer).ConfigureAwait(false)) return;
            }
        }
        catch (KafkaException e) when (e.IsRetriable || e.Error == ErrorCode.CoordinatorNotAvailable)
        {
            // The coordinator could not be found in time: the application hears of it when it asks for something that needs it.
            ClientTrace.NotJoined(_settings.Client.Log, _group, e.Message);
            lock (_lock)
            {
                _isJoining = false;
                _mustRejoin = true;
            }
            _signal.Set();
        }
        catch (KafkaException e)
        {
            Fail(e);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            lock (_lock) _isJoining = false;
        }
        catch (Exception e)
        {
            Fail(new KafkaException(ErrorCode.UnknownServerError, $"Joining group {_group} failed: {e.Message}", e));
        }
    }

    /// <summary>True when there is an assignment; false to try again.</summary>
    async ValueTask<bool> JoinOnceAsync(Offer offer)
    {
        long deadline = _cluster.Deadline(_settings.Client.ApiTimeout);
        var link = await Coordinator.FindAsync(deadline, _closing.Token).ConfigureAwait(false);
        var identity = Identity;
        JoinGroupResponse response;
        try
        {
            response = await link.Ask(
                ApiKey.JoinGroup, ApiTable.Advertised(ApiKey.JoinGroup), v => RequestFor(offer, identity, v), _settings.MaxPollInterval + JoinSlack,
                _closing.Token).ConfigureAwait(false);
        }
        catch (LinkException e) when (e.Failure.IsTransient)
        {
            Coordinator.Forget(link);
            return false;
        }
        if (response.ErrorCode != ErrorCode.None) return await OnRefused(response, link, offer).ConfigureAwait(false);
        lock (_lock)
        {
            _memberId = response.MemberId;
            _generation = response.GenerationId;
        }
        var assignor = offer.Assignors.FirstOrDefault(a => a.Name == response.ProtocolName)
            ?? throw new KafkaException(ErrorCode.InconsistentGroupProtocol, $"Group {_group} chose {response.ProtocolName}, which was not offered.");
        ClientTrace.JoinedGroup(_settings.Client.Log, _group, response.MemberId, response.GenerationId, assignor.Name);
        bool leads = response.Leader == response.MemberId;
        lock (_lock) _assignedFrom = null;
        var assignments = leads && !response.SkipAssignment ? await ShareOutAsync(response, assignor).ConfigureAwait(false) : [];
        return await SyncAsync(link, response, assignor, assignments).ConfigureAwait(false);
    }

    JoinGroupRequest RequestFor(Offer offer, GroupIdentity identity, short version) => new()
    {
        GroupId = _group,
        SessionTimeoutMs = (int)_settings.SessionTimeout.TotalMilliseconds,
        RebalanceTimeoutMs = (int)_settings.MaxPollInterval.TotalMilliseconds,
        MemberId = identity.MemberId,
        GroupInstanceId = version >= 5 ? identity.InstanceId : null,
        ProtocolType = ProtocolType,
        Protocols = [.. offer.Assignors.Select(a => new JoinGroupRequestProtocol
        {
            Name = a.Name,
            Metadata = GroupProtocol.Subscription(
                offer.Topics, offer.Owned, identity.Generation, _settings.Client.Rack.Length == 0 ? null : _settings.Client.Rack,
                a.Name == "sticky" ? GroupProtocol.StickyUserData(_previous, _previousGeneration) : null),
        })],
        Reason = Reason,
    };

    // The eager sticky assignor gives everything up before a rebalance, and yet wants it back.
    IReadOnlyList<TopicPartition> _previous = [];
    int _previousGeneration = -1;

    async ValueTask<bool> OnRefused(JoinGroupResponse response, BrokerLink link, Offer offer)
    {
        switch (response.ErrorCode)
        {
            case ErrorCode.MemberIdRequired:
                lock (_lock) _memberId = response.MemberId;
                return await JoinOnceAsync(offer).ConfigureAwait(false);
            default:
                PrepareToJoinAgain(response.ErrorCode, link, "Joining group");
                return false;
        }
    }

    /// <summary>Forgets what the error says is no longer true. Throws when joining again is of no use.</summary>
    void PrepareToJoinAgain(ErrorCode error, BrokerLink link, string what)
    {
        switch (error)
        {
            case ErrorCode.UnknownMemberId:
                lock (_lock) (_memberId, _generation) = ("", -1);
                return;
            case ErrorCode.IllegalGeneration:
                lock (_lock) _generation = -1;
                return;
            case ErrorCode.NotCoordinator or ErrorCode.CoordinatorNotAvailable:
                Coordinator.Forget(link);
                return;
            case ErrorCode.CoordinatorLoadInProgress or ErrorCode.RebalanceInProgress:
                return;
            default:
                throw KafkaException.Of(error, $"{what} {_group}");
        }
    }

    async ValueTask<SyncGroupRequestAssignment[]> ShareOutAsync(JoinGroupResponse response, Assignor assignor)
    {
        var members = response.Members.Select(m => ViewOf(m, assignor)).ToList();
        var topics = members.SelectMany(m => m.Topics).ToHashSet();
        lock (_lock) _groupTopics = topics;
        foreach (string topic in topics) _cluster.Want(topic);
        var partitions = await PartitionsOf(topics).ConfigureAwait(false);
        var assignment = assignor.Assign(members, partitions);
        lock (_lock) _assignedFrom = partitions;
        return [.. assignment.Select(a => new SyncGroupRequestAssignment { MemberId = a.Key, Assignment = GroupProtocol.Assignment(a.Value) })];
    }

    static GroupMemberView ViewOf(JoinGroupResponseMember member, Assignor assignor)
    {
        var subscription = GroupProtocol.ReadSubscription(member.Metadata);
        IReadOnlyCollection<TopicPartition> owned =
            [.. subscription.OwnedPartitions.SelectMany(t => t.Partitions.Select(p => new TopicPartition(t.Topic, p)))];
        int generation = subscription.GenerationId;
        if (assignor.Name == "sticky" && owned.Count == 0 && subscription.UserData is { } bytes
            && GroupProtocol.ReadStickyUserData(bytes) is { } told)
            (owned, generation) = (told.Previous, told.Generation);
        return new GroupMemberView(member.MemberId, member.GroupInstanceId, subscription.Topics.ToHashSet(), owned, generation);
    }

    /// <summary>Topics that do not exist have no partitions; the group shares anew when they come.</summary>
    async ValueTask<IReadOnlyDictionary<string, int>> PartitionsOf(HashSet<string> topics)
    {
        var snapshot = _cluster.Snapshot;
        if (topics.Any(t => !snapshot.Topics.ContainsKey(t))) snapshot = await _cluster.RefreshAsync(_closing.Token).ConfigureAwait(false);
        return Counts(snapshot, topics);
    }

    internal static Dictionary<string, int> Counts(ClusterSnapshot snapshot, IEnumerable<string> topics) => topics
        .Where(t => snapshot.Topics.TryGetValue(t, out var view) && view.Error == ErrorCode.None && view.Partitions.Count > 0)
        .ToDictionary(t => t, t => snapshot.Topics[t].Partitions.Count);

    async ValueTask<bool> SyncAsync(BrokerLink link, JoinGroupResponse join, Assignor assignor, SyncGroupRequestAssignment[] assignments)
    {
        SyncGroupResponse response;
        try
        {
            response = await link.Ask(
                ApiKey.SyncGroup, ApiTable.Advertised(ApiKey.SyncGroup), v => new SyncGroupRequest
                {
                    GroupId = _group,
                    GenerationId = join.GenerationId,
                    MemberId = join.MemberId,
                    GroupInstanceId = v >= 3 ? _settings.GroupInstanceId : null,
                    ProtocolType = ProtocolType,
                    ProtocolName = join.ProtocolName,
                    Assignments = assignments,
                },
                _settings.MaxPollInterval + JoinSlack, _closing.Token).ConfigureAwait(false);
        }
        catch (LinkException e) when (e.Failure.IsTransient)
        {
            Coordinator.Forget(link);
            return false;
        }
        if (response.ErrorCode != ErrorCode.None)
        {
            PrepareToJoinAgain(response.ErrorCode, link, "The assignment of group");
            return false;
        }
        OnAssigned(join, assignor, GroupProtocol.ReadAssignment(response.Assignment));
        return true;
    }

    void OnAssigned(JoinGroupResponse join, Assignor assignor, IReadOnlyList<TopicPartition> partitions)
    {
        _previous = partitions;
        _previousGeneration = join.GenerationId;
        bool start;
        lock (_lock)
        {
            _isJoining = false;
            _joined = new Joined(join.GenerationId, assignor.IsCooperative, partitions);
            start = !_beats;
            _beats = true;
        }
        if (start) _ = BeatAsync();
        _signal.Set();
    }
}
