using AkkaStream.Coordinators.Groups.Assignors;
using AkkaStream.Coordinators.Offsets;
using AkkaStream.Metadata;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Stored;

namespace AkkaStream.Coordinators.Groups;

/// <summary>
/// A group of the consumer protocol (KIP-848): members say what they read, the coordinator assigns, and each member walks to its target at its own
/// pace. Three epochs tell how far things are: the group's (what is asked for), the assignment's (what was shared out), each member's (what it has
/// reached). Everything here comes from records; requests decide on copies and write.
/// </summary>
public sealed partial class ConsumerGroup : Group
{
    /// <summary>New groups begin here, so that the first epoch is one that no member can have by chance.</summary>
    const int FirstEpoch = 1;

    readonly Dictionary<string, ConsumerMember> _members = new(StringComparer.Ordinal);
    readonly Dictionary<string, string> _staticMembers = new(StringComparer.Ordinal);
    readonly Dictionary<string, PartitionsByTopic> _target = new(StringComparer.Ordinal);
    readonly Dictionary<(TopicId Topic, int Partition), (string Member, int Epoch)> _owners = [];
    readonly Dictionary<string, ResolvedPattern> _patterns = new(StringComparer.Ordinal);
    readonly Dictionary<string, MemberDeadlines> _deadlines = new(StringComparer.Ordinal);
    readonly RebalanceWatch _watch = new();
    readonly GroupShard _shard;
    readonly Deadline _assignmentDue;

    /// <summary>The topics of the image that the group last looked at; another one may mean new partitions.</summary>
    TopicsImage? _seenTopics;

    internal ConsumerGroup(string id, GroupShard shard, GroupFile file) : base(id, file)
    {
        _shard = shard;
        _downgradeDue = new DowngradeDeadline(this);
        _assignmentDue = new AssignmentDeadline(this);
    }

    public int Epoch { get; private set; } = FirstEpoch;
    public int AssignmentEpoch { get; private set; }

    /// <summary>Wall clock of the last assignment; the next one waits for consumer.assignment.interval.ms.</summary>
    public long AssignedAtMs { get; private set; }
    public long MetadataHash { get; private set; }

    public override GroupType Type => GroupType.Consumer;
    public override string ProtocolType => ClassicGroup.ConsumerProtocolType;
    public override int MemberCount => _members.Count;
    public override bool IsEmpty => _members.Count == 0;

    internal IReadOnlyDictionary<string, ConsumerMember> Members => _members;
    internal IReadOnlyDictionary<string, PartitionsByTopic> Target => _target;

    public override string StateName
    {
        get
        {
            if (_members.Count == 0) return "Empty";
            if (Epoch > AssignmentEpoch) return "Assigning";
            foreach (var member in _members.Values)
            {
                if (!member.IsReconciledTo(AssignmentEpoch)) return "Reconciling";
            }
            return "Stable";
        }
    }

    internal GroupLimits Limits(Decision decision) => GroupLimits.Of(decision.Settings, _shard.OverridesOf(Id));

    /// <summary>What most members prefer, or else the broker's first.</summary>
    string AssignorOf(IEnumerable<ConsumerMember> members, GroupSettings settings)
    {
        var votes = members.Where(m => m.Assignor is not null).GroupBy(m => m.Assignor ?? "").OrderByDescending(g => g.Count()).FirstOrDefault();
        return votes?.Key ?? settings.ConsumerAssignors[0];
    }

    internal override OffsetExpiry OffsetExpiry => new(OffsetExpiryRule.FromCommit);

    internal override bool IsSubscribedTo(string topic)
    {
        foreach (var member in _members.Values)
        {
            if (SubscriptionOf(member).Contains(topic)) return true;
        }
        return false;
    }

    /// <summary>By name, and what the member's pattern stood for when it was last looked up.</summary>
    IEnumerable<string> SubscriptionOf(ConsumerMember member) =>
        member.Regex.Length > 0 && _patterns.TryGetValue(member.Regex, out var pattern) ? member.Topics.Union(pattern.Topics) : member.Topics;

    internal override GroupError CheckCommit(
        string memberId, string? instanceId, int epoch, bool isTransactional, short version, IEnumerable<(TopicId, int)> partitions)
    {
        if (epoch < 0 && _members.Count == 0) return GroupError.None;
        if (isTransactional && epoch < 0 && memberId.Length == 0 && instanceId is null) return GroupError.None;
        if (!_members.TryGetValue(memberId, out var member)) return NotAMember(memberId);
        if (member.IsClassic) return new GroupError(epoch == member.Epoch ? ErrorCode.None : ErrorCode.IllegalGeneration);
        if (!isTransactional && version < GroupShard.FirstCommitVersionForAllGroups)
            return new GroupError(
                ErrorCode.UnsupportedVersion, "OffsetCommit version 9 or above must be used by members using the modern group protocol");
        if (epoch == member.Epoch) return GroupError.None;
        if (epoch > member.Epoch || epoch < 0) return Stale(epoch, member);
        // An older epoch is fine for partitions that were the member's by then and still are (KIP-1251).
        foreach (var (topic, partition) in partitions)
        {
            int since = Math.Max(member.Assigned.EpochOf(topic, partition), member.PendingRevocation.EpochOf(topic, partition));
            if (since < 0 || epoch < since) return Stale(epoch, member);
        }
        return GroupError.None;
    }

    internal override ErrorCode CheckFetch(string? memberId, int memberEpoch)
    {
        if (memberId is null && memberEpoch < 0) return ErrorCode.None;
        if (memberId is null || !_members.TryGetValue(memberId, out var member)) return ErrorCode.UnknownMemberId;
        if (memberEpoch == member.Epoch) return ErrorCode.None;
        return member.IsClassic ? ErrorCode.IllegalGeneration : ErrorCode.StaleMemberEpoch;
    }

    internal override ErrorCode CheckDeleteOffsets() => ErrorCode.None;

    GroupError NotAMember(string memberId) => new(ErrorCode.UnknownMemberId, $"Member {memberId} is not a member of group {Id}.");

    static GroupError Stale(int epoch, ConsumerMember member) => new(
        ErrorCode.StaleMemberEpoch, $"The received member epoch {epoch} does not match the expected member epoch {member.Epoch}.");

    internal override void CancelDeadlines()
    {
        DeadlineQueue.Cancel(_assignmentDue);
        DeadlineQueue.Cancel(_downgradeDue);
        foreach (var deadlines in _deadlines.Values) deadlines.CancelAll();
        _deadlines.Clear();
    }

    MemberDeadlines DeadlinesOf(string memberId)
    {
        if (!_deadlines.TryGetValue(memberId, out var deadlines)) _deadlines.Add(memberId, deadlines = new MemberDeadlines(this, memberId));
        return deadlines;
    }

    void DropDeadlines(string memberId)
    {
        if (_deadlines.Remove(memberId, out var deadlines)) deadlines.CancelAll();
    }

    void RestartSession(ConsumerMember member, Decision decision) => decision.SetDeadline(
        DeadlinesOf(member.Id).Session, member.Classic?.SessionTimeoutMs ?? Limits(decision).SessionTimeoutMs);

    sealed class AssignmentDeadline(ConsumerGroup group) : Deadline
    {
        internal override void OnDue(Decision decision) => group.OnAssignmentDue(decision);
    }
}

/// <summary>A pattern and the topics that it stood for at one moment.</summary>
/// <param name="Topics">In ordinal order.</param>
/// <param name="Version">Of the metadata that was looked at.</param>
/// <param name="ResolvedAtMs">Wall clock.</param>
sealed record ResolvedPattern(IReadOnlyList<string> Topics, long Version, long ResolvedAtMs);

/// <summary>The moments at which one member of a consumer group is looked at again.</summary>
sealed class MemberDeadlines(ConsumerGroup group, string memberId)
{
    public Deadline Session { get; } = new Silence(group, memberId);

    /// <summary>To give partitions up; for members of the classic protocol, to join again when they were told to.</summary>
    public RebalanceDeadline Rebalance { get; } = new(group, memberId);

    /// <summary>For members of the classic protocol: to fetch the assignment after joining.</summary>
    public Deadline Sync { get; } = new SyncDeadline(group, memberId);

    public void CancelAll()
    {
        DeadlineQueue.Cancel(Session);
        DeadlineQueue.Cancel(Rebalance);
        DeadlineQueue.Cancel(Sync);
    }

    sealed class Silence(ConsumerGroup group, string memberId) : Deadline
    {
        internal override void OnDue(Decision decision) => group.OnSessionDue(memberId, decision);
    }

    sealed class SyncDeadline(ConsumerGroup group, string memberId) : Deadline
    {
        internal override void OnDue(Decision decision) => group.Fence(memberId, "it did not fetch its assignment in time", decision);
    }

    internal sealed class RebalanceDeadline(ConsumerGroup group, string memberId) : Deadline
    {
        /// <summary>The epoch that the member must have left by then.</summary>
        public int Epoch { get; set; }

        internal override void OnDue(Decision decision) => group.OnRebalanceDue(memberId, Epoch, decision);
    }
}
