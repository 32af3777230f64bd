using AkkaStream.Client.Consuming;
using AkkaStream.Client.Groups.Assignors;
using AkkaStream.Client.Settings;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Client.Groups;

/// <summary>Who a consumer is in its group at the moment. Outside of a group the generation is -1.</summary>
readonly record struct GroupIdentity(string MemberId, int Generation, string? InstanceId)
{
    public bool IsMember => Generation >= 0;
}

/// <summary>What the group gave this member.</summary>
/// <param name="Generation">Or the member's epoch, in the newer protocol.</param>
/// <param name="IsCooperative">What it does not name is to be given up; the rest is kept meanwhile.</param>
/// <param name="Partitions">All that this member is to have.</param>
sealed record Joined(int Generation, bool IsCooperative, IReadOnlyList<TopicPartition> Partitions);

/// <summary>What has happened to the membership since the last look.</summary>
enum MemberNews : byte
{
    Nothing,

    /// <summary>The group asks for a rebalance, or this member wants one.</summary>
    MustRejoin,

    /// <summary>The group has thrown this member out: what it had is somebody else's already.</summary>
    Lost,

    /// <summary>An assignment has come.</summary>
    Joined,
}

/// <summary>
/// The membership of one consumer in a group of the classic protocol: joins, hands out assignments when it leads, keeps itself alive. The
/// exchange with the coordinator runs by itself; what it brings waits until the thread that polls takes it, because only there may
/// partitions change hands. Any thread.
/// </summary>
sealed partial class GroupMember : IMembership
{
    static readonly TimeSpan JoinSlack = TimeSpan.FromSeconds(5);

    readonly ConsumerSettings _settings;
    readonly ClusterView _cluster;
    readonly AsyncSignal _signal;
    readonly string _group;
    readonly CancellationTokenSource _closing = new();
    readonly Lock _lock = new();
    string _memberId = "";
    int _generation = -1;
    bool _isJoining, _mustRejoin, _isLost, _beats;
    string _reason = "";
    Joined? _joined;
    KafkaException? _fatal;

    public GroupMember(ConsumerSettings settings, ClusterView cluster, AsyncSignal signal)
    {
        _settings = settings;
        _cluster = cluster;
        _signal = signal;
        _group = settings.GroupId ?? throw new InvalidOperationException("a member needs a group");
        Coordinator = new Coordinator(cluster, CoordinatorKind.Group, _group);
        Polls = new PollClock(settings);
    }

    public Coordinator Coordinator { get; }

    public PollClock Polls { get; }

    public GroupIdentity Identity
    {
        get { lock (_lock) return new GroupIdentity(_memberId, _generation, _settings.GroupInstanceId); }
    }

    public bool IsJoining
    {
        get { lock (_lock) return _isJoining; }
    }

    /// <summary>For the log of the broker: why the next join.</summary>
    public string Reason
    {
        get { lock (_lock) return _reason; }
    }

    /// <summary>The subscription or the topics changed, or partitions were given up: the group has to share anew.</summary>
    public void RequestRejoin(string reason)
    {
        lock (_lock)
        {
            _mustRejoin = true;
            _reason = reason;
        }
        _signal.Set();
    }

    public void Subscribe(IReadOnlyCollection<string> topics, string reason) => RequestRejoin(reason);

    public void OnTaken(IReadOnlyCollection<TopicPartition> owned, bool gaveUp)
    {
        // What was given up here is waited for elsewhere.
        if (gaveUp) RequestRejoin("need to revoke partitions and re-join");
    }

    /// <summary>What the polling thread has to act on next.</summary>
    /// <exception cref="KafkaException">The group cannot be used.</exception>
    public MemberNews Take(out Joined? joined)
    {
        lock (_lock)
        {
            joined = null;
            if (_fatal is { } fatal)
            {
                // Whoever was replaced stays so; for anything else the next poll tries once more, and tells again.
                if (fatal.Error != ErrorCode.FencedInstanceId) _fatal = null;
                throw fatal;
            }
            if (_isLost)
            {
                _isLost = false;
                _mustRejoin = true;
                _joined = null;
                return MemberNews.Lost;
            }
            if (_joined is { } outcome)
            {
                joined = outcome;
                _joined = null;
                return MemberNews.Joined;
            }
            if (!_mustRejoin || _isJoining) return MemberNews.Nothing;
            _mustRejoin = false;
            return MemberNews.MustRejoin;
        }
    }

    /// <summary>Tells the group that this member goes. Static members stay: they are expected back.</summary>
    public async ValueTask LeaveAsync(string reason, TimeSpan patience)
    {
        GroupIdentity identity;
        lock (_lock)
        {
            identity = new GroupIdentity(_memberId, _generation, _settings.GroupInstanceId);
            _memberId = "";
            _generation = -1;
        }
        if (identity.MemberId.Length == 0 || identity.InstanceId is not null) return;
        try
        {
            await Coordinator.AskAsync(
                ApiKey.LeaveGroup, ApiTable.Advertised(ApiKey.LeaveGroup), v => new LeaveGroupRequest
                {
                    GroupId = _group,
                    MemberId = v < 3 ? identity.MemberId : "",
                    Members = v < 3 ? [] : [new LeaveGroupRequestMember { MemberId = identity.MemberId, Reason = reason }],
                },
                r => r.ErrorCode, null, _cluster.Deadline(patience), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is KafkaException or Net.Links.LinkException or ObjectDisposedException)
        {
            // The session time-out does it, later.
            ClientTrace.NotLeft(_settings.Client.Log, _group, e.Message);
        }
    }

    void Fail(KafkaException error)
    {
        lock (_lock)
        {
            _fatal = error;
            _isJoining = false;
            _mustRejoin = true;
        }
        _signal.Set();
    }

    /// <summary>Thrown out: with or without the member id, as the error says.</summary>
    void Lose(string cause, bool forgetsMember)
    {
        lock (_lock)
        {
            if (forgetsMember) _memberId = "";
            _generation = -1;
            _isLost = true;
            _reason = cause;
        }
        ClientTrace.MemberLost(_settings.Client.Log, _group, cause);
        _signal.Set();
    }

    public void Dispose() => _closing.Cancel();
}
