using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Stored;

namespace AkkaStream.Coordinators.Groups;

/// <summary>Where a member stands on its way to its target. The numbers are on disk.</summary>
public enum MemberState : sbyte
{
    Stable = 0,

    /// <summary>It was told to give partitions up and has not said yet that it did.</summary>
    UnrevokedPartitions = 1,

    /// <summary>It has reached the newest epoch, but partitions of its target still belong to others.</summary>
    UnreleasedPartitions = 2,
}

/// <summary>For members that speak the classic protocol in a group of the consumer protocol, while it changes over.</summary>
public sealed record ClassicPart(int SessionTimeoutMs, JoinGroupRequestProtocol[] Protocols);

/// <summary>
/// One member of a consumer group: what it said of itself, and what it owns. Immutable: a decision works on the member as it is going to be, and
/// that takes the old one's place when its records are applied.
/// </summary>
public sealed record ConsumerMember(string Id)
{
    internal const int Left = -1, Away = -2;

    public string? InstanceId { get; init; }
    public string? RackId { get; init; }
    public string ClientId { get; init; } = "";
    public string ClientHost { get; init; } = "";

    /// <summary>In ordinal order, each once.</summary>
    public IReadOnlyList<string> Topics { get; init; } = [];

    /// <summary>Empty when the member subscribes by names alone.</summary>
    public string Regex { get; init; } = "";
    public int RebalanceTimeoutMs { get; init; } = -1;
    public string? Assignor { get; init; }
    public ClassicPart? Classic { get; init; }

    /// <summary>The epoch that the member has reached; 0 before its first assignment, -2 while a static member is away.</summary>
    public int Epoch { get; init; }
    public int PreviousEpoch { get; init; }
    public MemberState State { get; init; }
    public OwnedPartitions Assigned { get; init; } = OwnedPartitions.Empty;
    public OwnedPartitions PendingRevocation { get; init; } = OwnedPartitions.Empty;

    public bool IsClassic => Classic is not null;

    public bool IsReconciledTo(int epoch) => State == MemberState.Stable && Epoch == epoch;

    /// <summary>Nothing that stands in the member's subscription record differs.</summary>
    public bool SaysTheSameAs(ConsumerMember other) =>
        InstanceId == other.InstanceId && RackId == other.RackId && ClientId == other.ClientId && ClientHost == other.ClientHost
        && SubscribesTheSameAs(other) && RebalanceTimeoutMs == other.RebalanceTimeoutMs && Assignor == other.Assignor
        && SameClassic(Classic, other.Classic);

    public bool SubscribesTheSameAs(ConsumerMember other) => Regex == other.Regex && Topics.SequenceEqual(other.Topics);

    public bool OwnsTheSameAs(ConsumerMember other) =>
        Epoch == other.Epoch && PreviousEpoch == other.PreviousEpoch && State == other.State
        && Assigned.Equals(other.Assigned) && PendingRevocation.Equals(other.PendingRevocation);

    static bool SameClassic(ClassicPart? a, ClassicPart? b)
    {
        if (a is null || b is null) return a is null && b is null;
        if (a.SessionTimeoutMs != b.SessionTimeoutMs || a.Protocols.Length != b.Protocols.Length) return false;
        for (int i = 0; i < a.Protocols.Length; i++)
        {
            if (a.Protocols[i].Name != b.Protocols[i].Name) return false;
            if (!a.Protocols[i].Metadata.Span.SequenceEqual(b.Protocols[i].Metadata.Span)) return false;
        }
        return true;
    }

    public ConsumerMember With(ConsumerGroupMemberMetadataValue value) => this with
    {
        InstanceId = value.InstanceId,
        RackId = value.RackId,
        ClientId = value.ClientId,
        ClientHost = value.ClientHost,
        Topics = Ordered(value.SubscribedTopicNames),
        Regex = value.SubscribedTopicRegex ?? "",
        RebalanceTimeoutMs = value.RebalanceTimeoutMs,
        Assignor = value.ServerAssignor,
        Classic = value.ClassicMemberMetadata is not { } classic ? null : new ClassicPart(
            classic.SessionTimeoutMs,
            Array.ConvertAll(classic.SupportedProtocols, p => new JoinGroupRequestProtocol { Name = p.Name, Metadata = p.Metadata })),
    };

    public ConsumerMember With(ConsumerGroupCurrentMemberAssignmentValue value) => this with
    {
        Epoch = value.MemberEpoch,
        PreviousEpoch = value.PreviousMemberEpoch,
        State = (MemberState)value.State,
        Assigned = OwnedPartitions.Of(value.AssignedPartitions, value.MemberEpoch),
        PendingRevocation = OwnedPartitions.Of(value.PartitionsPendingRevocation, value.MemberEpoch),
    };

    public static IReadOnlyList<string> Ordered(IEnumerable<string> topics) => [.. topics.Distinct().Order(StringComparer.Ordinal)];

    public StoredRecord SubscriptionRecord(string group) => new(
        new ConsumerGroupMemberMetadataKey { GroupId = group, MemberId = Id },
        new ConsumerGroupMemberMetadataValue
        {
            InstanceId = InstanceId,
            RackId = RackId,
            ClientId = ClientId,
            ClientHost = ClientHost,
            SubscribedTopicNames = [.. Topics],
            SubscribedTopicRegex = Regex,
            RebalanceTimeoutMs = RebalanceTimeoutMs,
            ServerAssignor = Assignor,
            ClassicMemberMetadata = Classic is null ? null : new ConsumerGroupMemberMetadataValueClassicMember
            {
                SessionTimeoutMs = Classic.SessionTimeoutMs,
                SupportedProtocols = Array.ConvertAll(
                    Classic.Protocols, p => new ConsumerGroupMemberMetadataValueClassicProtocol { Name = p.Name, Metadata = p.Metadata }),
            },
        }, 0);

    public StoredRecord AssignmentRecord(string group) => new(
        new ConsumerGroupCurrentMemberAssignmentKey { GroupId = group, MemberId = Id },
        new ConsumerGroupCurrentMemberAssignmentValue
        {
            MemberEpoch = Epoch,
            PreviousMemberEpoch = PreviousEpoch,
            State = (sbyte)State,
            AssignedPartitions = Assigned.ToRecord(),
            PartitionsPendingRevocation = PendingRevocation.ToRecord(),
        }, 0);
}
