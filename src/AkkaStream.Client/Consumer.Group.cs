using System.Runtime.ExceptionServices;
using System.Text.RegularExpressions;
using AkkaStream.Client.Consuming;
using AkkaStream.Client.Groups;
using AkkaStream.Client.Groups.Assignors;
using AkkaStream.Client.Settings;
using AkkaStream.Protocol;

namespace AkkaStream.Client;

// Membership in a group. Partitions change hands only here, within a poll, so that the application never works on what is not its own.
public sealed partial class Consumer
{
    readonly Assignor[] _assignors;
    IMembership? _member;
    IRebalanceListener? _listener;
    IReadOnlyCollection<string> _named = [];
    Regex? _pattern;
    HashSet<string> _topics = [];
    bool _isSubscribed, _inCallback;
    int _drops;
    ExceptionDispatchInfo? _callbackFailure;
    (ClusterSnapshot? Snapshot, object? AssignedFrom) _followed;

    /// <summary>The topics that it is subscribed to; with a pattern, those that match at the moment.</summary>
    public IReadOnlyCollection<string> Subscription => _topics;

    /// <summary>Whether it is a member of its group, or about to be one.</summary>
    public bool IsSubscribed => _isSubscribed;

    bool IsCooperative => Array.TrueForAll(_assignors, a => a.IsCooperative);

    /// <summary>Reads these topics as a member of its group, which shares out their partitions.</summary>
    public void Subscribe(IEnumerable<string> topics, IRebalanceListener? listener = null)
    {
        using var _ = Enter();
        string[] named = [.. topics.Distinct()];
        if (named.Length == 0) throw new ArgumentException("Name at least one topic, or call UnsubscribeAsync.", nameof(topics));
        if (Array.Exists(named, string.IsNullOrWhiteSpace)) throw new ArgumentException(
            "Topic collection to subscribe to cannot contain null or empty topic");
        Begin(listener);
        _named = named;
        _pattern = null;
        SetTopics(named, "consumer subscribed to other topics");
    }

    /// <summary>Reads all topics whose whole name matches, also those that come later.</summary>
    public void SubscribePattern(string pattern, IRebalanceListener? listener = null)
    {
        using var _ = Enter();
        var regex = new Regex($"^(?:{pattern})$", RegexOptions.CultureInvariant);
        Begin(listener);
        _named = [];
        _pattern = regex;
        Cluster.WantAll();
        SetTopics(Matching(Cluster.Snapshot), "consumer subscribed by another pattern");
    }

    void Begin(IRebalanceListener? listener)
    {
        RequireGroup();
        if (!_isSubscribed && Assignment.Count > 0)
            throw new InvalidOperationException("Subscription to topics, partitions and pattern are mutually exclusive");
        _isSubscribed = true;
        _listener = listener;
        _member ??= Settings.Protocol == GroupProtocolKind.Consumer
            ? new AssignedMember(Settings, Cluster, _engine.Signal) : new GroupMember(Settings, Cluster, _engine.Signal);
    }

    string RequireGroup() => Settings.GroupId ?? throw new InvalidOperationException(
        "To use the group management or offset commit APIs, you must provide a valid group.id in the consumer configuration.");

    HashSet<string> Matching(ClusterSnapshot snapshot) =>
    [
        .. snapshot.Topics.Values.Where(t => _pattern?.IsMatch(t.Name) == true && !(t.IsInternal && Settings.ExcludesInternalTopics))
            .Select(t => t.Name),
    ];

    void SetTopics(IReadOnlyCollection<string> topics, string reason)
    {
        _topics = [.. topics];
        WantTopics();
        _member?.Subscribe(_topics, reason);
    }

    // The one that leads has to see all topics of the group, not only its own.
    void WantTopics()
    {
        if (_pattern is null) Cluster.WantOnly(_topics.Concat(_member is GroupMember { AssignedFrom: not null } leader ? leader.GroupTopics : []));
    }

    /// <summary>Leaves the group, if it is in one, and reads nothing any more.</summary>
    public async ValueTask UnsubscribeAsync()
    {
        using var _ = Enter();
        await LeaveGroupAsync("the consumer unsubscribed from all topics", Settings.Client.RequestTimeout).ConfigureAwait(false);
        _engine.Assign([], awaitsCommitted: false);
        _isSubscribed = false;
        _topics = [];
        _named = [];
        _pattern = null;
        _listener = null;
        ThrowOfListener();
    }

    void OnAssignedByHand()
    {
        if (_isSubscribed) throw new InvalidOperationException("Subscription to topics, partitions and pattern are mutually exclusive");
    }

    async ValueTask PollGroupAsync(CancellationToken cancel)
    {
        if (Settings.GroupId is null)
        {
            foreach (var state in _engine.States) state.AwaitsCommitted = false;
            return;
        }
        if (_member is not null)
        {
            _member.Polls.OnPoll();
            // What a pattern matches is not known before the cluster has answered; joining with nothing would only cost a rebalance.
            if (_pattern is not null && Cluster.Snapshot.Version == 0) return;
            FollowTopics();
            await ActOnNewsAsync(_member, cancel).ConfigureAwait(false);
            ThrowOfListener();
        }
        FetchCommitted();
        AutoCommit();
    }

    /// <summary>New topics that match, and new partitions, are reasons to share anew.</summary>
    void FollowTopics()
    {
        if (_member is null) return;
        var snapshot = Cluster.Snapshot;
        var member = _member as GroupMember;
        var assignedFrom = member?.AssignedFrom;
        if (ReferenceEquals(snapshot, _followed.Snapshot) && ReferenceEquals(assignedFrom, _followed.AssignedFrom)) return;
        if (_pattern is not null && snapshot.Version > 0)
        {
            var matching = Matching(snapshot);
            if (!matching.SetEquals(_topics)) SetTopics(matching, "subscribed topics changed");
        }
        if (member?.IsJoining == true) return;
        _followed = (snapshot, assignedFrom);
        if (member is null || assignedFrom is null) return;
        var now = GroupMember.Counts(snapshot, member.GroupTopics);
        bool known = member.GroupTopics.All(snapshot.Topics.ContainsKey);
        bool changed = known
            && (now.Count != assignedFrom.Count || now.Any(t => !assignedFrom.TryGetValue(t.Key, out int count) || count != t.Value));
        if (changed) member.RequestRejoin("cached metadata has changed: topics of the group have other partitions now");
    }

    async ValueTask ActOnNewsAsync(IMembership member, CancellationToken cancel)
    {
        while (true)
        {
            switch (member.Take(out var joined))
            {
                case MemberNews.Lost:
                    await DropAsync([.. Assignment], lost: true).ConfigureAwait(false);
                    break;
                case MemberNews.MustRejoin:
                    if (member is GroupMember classic) await PrepareToJoinAsync(classic, cancel).ConfigureAwait(false);
                    break;
                case MemberNews.Joined when joined is not null:
                    await TakeAssignmentAsync(member, joined).ConfigureAwait(false);
                    break;
                default:
                    return;
            }
        }
    }

    async ValueTask PrepareToJoinAsync(GroupMember member, CancellationToken cancel)
    {
        if (Settings.AutoCommit && member.Identity.IsMember) await TryCommitPositionsAsync(Settings.Client.RequestTimeout, cancel)
            .ConfigureAwait(false);
        TopicPartition[] going = IsCooperative ? [.. Assignment.Where(p => !_topics.Contains(p.Topic))] : [.. Assignment];
        if (going.Length > 0) await DropAsync(going, lost: false).ConfigureAwait(false);
        member.BeginJoin(new GroupMember.Offer([.. _topics], IsCooperative ? [.. Assignment] : [], _assignors));
    }

    /// <summary>Tells the listener, then takes the partitions away.</summary>
    async ValueTask DropAsync(TopicPartition[] partitions, bool lost)
    {
        if (partitions.Length == 0) return;
        Interlocked.Increment(ref _drops);
        ClientTrace.PartitionsGone(Settings.Client.Log, Settings.GroupId ?? "", partitions.Length, lost ? "lost" : "revoked");
        if (_listener is { } listener)
            await CallAsync(() => lost ? listener.OnLostAsync(partitions) : listener.OnRevokedAsync(partitions)).ConfigureAwait(false);
        _engine.Assign([.. Assignment.Except(partitions)], awaitsCommitted: true);
    }

    async ValueTask TakeAssignmentAsync(IMembership member, Joined joined)
    {
        TopicPartition[] revoked = [.. Assignment.Except(joined.Partitions)];
        TopicPartition[] added = [.. joined.Partitions.Except(Assignment)];
        if (revoked.Length > 0)
        {
            if (Settings.AutoCommit) await TryCommitPositionsAsync(Settings.Client.RequestTimeout, CancellationToken.None).ConfigureAwait(false);
            await DropAsync(revoked, lost: false).ConfigureAwait(false);
        }
        _engine.Assign(joined.Partitions, awaitsCommitted: true);
        member.OnTaken(joined.Partitions, gaveUp: revoked.Length > 0 && joined.IsCooperative);
        WantTopics();
        ClientTrace.PartitionsCame(Settings.Client.Log, Settings.GroupId ?? "", added.Length, joined.Generation);
        if (_nextAutoCommit == 0) ScheduleAutoCommit();
        if (_listener is { } listener) await CallAsync(() => listener.OnAssignedAsync(added)).ConfigureAwait(false);
    }

    /// <summary>What a listener throws must not stop a rebalance halfway: it comes out of the poll when that is done.</summary>
    async ValueTask CallAsync(Func<ValueTask> call)
    {
        _inCallback = true;
        try
        {
            await call().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _callbackFailure ??= ExceptionDispatchInfo.Capture(e);
        }
        finally
        {
            _inCallback = false;
        }
    }

    void ThrowOfListener()
    {
        if (_callbackFailure is not { } failure) return;
        _callbackFailure = null;
        failure.Throw();
    }

    async ValueTask LeaveGroupAsync(string reason, TimeSpan patience)
    {
        long deadline = Cluster.Deadline(patience);
        if (Settings is { AutoCommit: true, GroupId: not null } && _member is null or { Identity.IsMember: true })
            await TryCommitPositionsAsync(patience, default).ConfigureAwait(false);
        if (_member is not { } member) return;
        if (_listener is { } listener && Assignment.Count > 0)
        {
            TopicPartition[] all = [.. Assignment];
            // Who was thrown out has nothing left that could be committed.
            bool isMember = member.Identity.IsMember;
            await CallAsync(() => isMember ? listener.OnRevokedAsync(all) : listener.OnLostAsync(all)).ConfigureAwait(false);
        }
        _member = null;
        _followed = default;
        _nextAutoCommit = 0;
        await member.LeaveAsync(reason, Left(deadline)).ConfigureAwait(false);
        member.Dispose();
    }
}
