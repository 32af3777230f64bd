using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Stored;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Coordinators.Groups;

public enum ClassicState : byte
{
    Empty,
    PreparingRebalance,
    CompletingRebalance,
    Stable,
}

/// <summary>
/// A group of the classic protocol: members join, the leader among them assigns, everybody fetches its part. Also what holds offsets for
/// clients that are in no group at all: then it is empty and has no protocol type.
///
/// Only a stable or an emptied group is written to the log; a rebalance under way is memory, and after a restart its members join again.
/// Pure, one thread: the shard's. Behaviour is Kafka's; where a waiting call would be forgotten there, it is answered here.
/// </summary>
public sealed partial class ClassicGroup : Group
{
    internal const string ConsumerProtocolType = "consumer";

    readonly Dictionary<string, ClassicMember> _members = new(StringComparer.Ordinal);
    readonly Dictionary<string, string> _staticMembers = new(StringComparer.Ordinal);

    /// <summary>Ids that were given out and with which nobody has joined yet.</summary>
    readonly Dictionary<string, Deadline> _pendingJoin = new(StringComparer.Ordinal);
    readonly HashSet<string> _pendingSync = new(StringComparer.Ordinal);
    readonly Dictionary<string, int> _offered = new(StringComparer.Ordinal);
    readonly RebalanceWatch _watch = new();
    readonly Deadline _joinDeadline, _syncDeadline;
    int _awaitingJoin;
    string? _protocolType;
    ClassicState _previousState = ClassicState.Empty;

    /// <summary>Null when the group is no consumers' group, or their metadata cannot be read.</summary>
    HashSet<string>? _subscribedTopics;

    internal ClassicGroup(string id, GroupFile file, long nowMs) : base(id, file)
    {
        _joinDeadline = new JoinDeadline(this);
        _syncDeadline = new SyncDeadline(this);
        StateSinceMs = nowMs;
    }

    public ClassicState State { get; private set; }
    public int Generation { get; private set; }

    /// <summary>The assignment strategy that was voted for; null before the first vote and when empty.</summary>
    public string? Protocol { get; private set; }
    public string? Leader { get; private set; }

    /// <summary>Wall clock; decides when an empty group's offsets expire. -1 in groups that an old Kafka wrote.</summary>
    public long StateSinceMs { get; private set; }

    public override GroupType Type => GroupType.Classic;
    public override string StateName => State.ToString();
    public override string ProtocolType => _protocolType ?? "";
    public override int MemberCount => _members.Count;
    public override bool IsEmpty => State == ClassicState.Empty;

    internal IReadOnlyDictionary<string, ClassicMember> Members => _members;
    internal override bool MayVanish => _pendingJoin.Count == 0;
    internal bool IsConsumers => _protocolType == ConsumerProtocolType;

    bool HasAllJoined => _members.Count == _awaitingJoin && _pendingJoin.Count == 0;
    bool IsLeader(ClassicMember member) => member.Id == Leader;

    int RebalanceTimeoutMs
    {
        get
        {
            int longest = 0;
            foreach (var member in _members.Values) longest = Math.Max(longest, member.RebalanceTimeoutMs);
            return longest;
        }
    }

    void Become(ClassicState state, Decision decision)
    {
        _previousState = State;
        State = state;
        StateSinceMs = decision.Now.WallMs;
    }

    void Add(ClassicMember member)
    {
        Leader ??= member.Id;
        _members.Add(member.Id, member);
        if (member.InstanceId is { } instance) _staticMembers[instance] = member.Id;
        CountOffers(member, +1);
        if (_pendingJoin.Remove(member.Id, out var pending)) DeadlineQueue.Cancel(pending);
    }

    /// <summary>The member, or the id that waits for one, is gone. Whoever waited in its name is answered first, by the caller.</summary>
    void Remove(string memberId)
    {
        if (_members.Remove(memberId, out var member))
        {
            CountOffers(member, -1);
            if (member.AwaitingJoin is not null) _awaitingJoin--;
            if (member.InstanceId is { } instance && _staticMembers.GetValueOrDefault(instance) == memberId) _staticMembers.Remove(instance);
            DeadlineQueue.Cancel(member.Session);
        }
        if (Leader == memberId) Leader = _members.Keys.FirstOrDefault();
        if (_pendingJoin.Remove(memberId, out var pending)) DeadlineQueue.Cancel(pending);
        _pendingSync.Remove(memberId);
    }

    void CountOffers(ClassicMember member, int by)
    {
        foreach (var offered in member.Protocols)
        {
            int count = _offered.GetValueOrDefault(offered.Name) + by;
            if (count == 0) _offered.Remove(offered.Name);
            else _offered[offered.Name] = count;
        }
    }

    bool IsOfferedByAll(string protocol) => _offered.GetValueOrDefault(protocol) == _members.Count;

    /// <summary>
    /// Each member votes for the first of its protocols that all can; most votes win. When two have as many, the leader's preference decides.
    /// </summary>
    string? ChooseProtocol()
    {
        var votes = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var member in _members.Values)
        {
            if (member.Vote(IsOfferedByAll) is { } vote) votes[vote] = votes.GetValueOrDefault(vote) + 1;
        }
        if (votes.Count == 0) return null;
        int most = votes.Values.Max();
        return Leader is { } leader && _members.TryGetValue(leader, out var first)
            ? first.Vote(p => votes.GetValueOrDefault(p) == most) ?? votes.First(v => v.Value == most).Key
            : votes.First(v => v.Value == most).Key;
    }

    /// <summary>
    /// What the members' metadata says they read. Only the oldest form of a subscription is looked at: newer ones begin with it.
    /// </summary>
    void ReadSubscriptions()
    {
        _subscribedTopics = null;
        if (!IsConsumers) return;
        if (_members.Count == 0)
        {
            _subscribedTopics = [];
            return;
        }
        if (Protocol is null) return;
        try
        {
            var topics = new HashSet<string>(StringComparer.Ordinal);
            foreach (var member in _members.Values) topics.UnionWith(StoredTable.ReadSubscription(member.MetadataFor(Protocol)).Topics);
            _subscribedTopics = topics;
        }
        catch (WireFormatException)
        {
            // Members may put there what they like; then the group's topics are not known, and its offsets do not expire.
        }
    }

    /// <summary>Whether a request speaks for a member of this group, as it says.</summary>
    ErrorCode CheckMember(string memberId, string? instanceId)
    {
        if (instanceId is not null)
        {
            if (!_staticMembers.TryGetValue(instanceId, out string? holder)) return ErrorCode.UnknownMemberId;
            if (holder != memberId) return ErrorCode.FencedInstanceId;
        }
        return _members.ContainsKey(memberId) ? ErrorCode.None : ErrorCode.UnknownMemberId;
    }

    RebalanceCause Cause(ClassicMember member, string reason) => new(member.Id, member.ClientId, reason);

    void RestartSession(ClassicMember member, Decision decision) => decision.SetDeadline(member.Session, member.SessionTimeoutMs);

    void AnswerJoin(ClassicMember member, JoinGroupResponse response, Decision decision, bool atCommit = false)
    {
        if (member.AwaitingJoin is not { } call) return;
        member.AwaitingJoin = null;
        _awaitingJoin--;
        if (atCommit) decision.AnswerAtCommit(call, response);
        else decision.Answer(call, response);
    }

    static void AnswerSync(ClassicMember member, SyncGroupResponse response, Decision decision, bool atCommit)
    {
        if (member.AwaitingSync is not { } call) return;
        member.AwaitingSync = null;
        if (atCommit) decision.AnswerAtCommit(call, response);
        else decision.Answer(call, response);
    }

    internal override void TakeWaiting(List<CoordinatorCall> into)
    {
        foreach (var member in _members.Values)
        {
            if (member.AwaitingJoin is { } join) into.Add(join);
            if (member.AwaitingSync is { } sync) into.Add(sync);
            member.AwaitingJoin = member.AwaitingSync = null;
        }
        _awaitingJoin = 0;
    }

    internal override void CancelDeadlines()
    {
        DeadlineQueue.Cancel(_joinDeadline);
        DeadlineQueue.Cancel(_syncDeadline);
        foreach (var member in _members.Values) DeadlineQueue.Cancel(member.Session);
        foreach (var pending in _pendingJoin.Values) DeadlineQueue.Cancel(pending);
    }
}
