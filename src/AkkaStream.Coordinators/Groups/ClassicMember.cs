using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Stored;

namespace AkkaStream.Coordinators.Groups;

/// <summary>One member of a classic group. At most one of its calls waits: to join, or for its assignment.</summary>
sealed class ClassicMember(ClassicGroup group, string id, string? instanceId, string clientId, string clientHost)
{
    public string Id => id;
    public string? InstanceId => instanceId;
    public string ClientId => clientId;
    public string ClientHost => clientHost;
    public bool IsStatic => instanceId is not null;

    public int SessionTimeoutMs { get; set; }
    public int RebalanceTimeoutMs { get; set; }

    /// <summary>In order of preference.</summary>
    public JoinGroupRequestProtocol[] Protocols { get; set; } = [];
    public ReadOnlyMemory<byte> Assignment { get; set; }

    public CoordinatorCall? AwaitingJoin { get; set; }
    public CoordinatorCall? AwaitingSync { get; set; }

    /// <summary>Has not been through a rebalance yet: its deadline counts although it waits, or those who gave up would stay for ever.</summary>
    public bool IsNew { get; set; }

    public Deadline Session { get; } = new SessionDeadline(group, id);

    public ReadOnlyMemory<byte> MetadataFor(string? protocol)
    {
        foreach (var offered in Protocols)
        {
            if (offered.Name == protocol) return offered.Metadata;
        }
        return default;
    }

    /// <summary>The first of its protocols that all members can.</summary>
    public string? Vote(Predicate<string> isCandidate)
    {
        foreach (var offered in Protocols)
        {
            if (isCandidate(offered.Name)) return offered.Name;
        }
        return null;
    }

    public bool Offers(JoinGroupRequestProtocol[] protocols)
    {
        if (protocols.Length != Protocols.Length) return false;
        for (int i = 0; i < protocols.Length; i++)
        {
            if (protocols[i].Name != Protocols[i].Name || !protocols[i].Metadata.Span.SequenceEqual(Protocols[i].Metadata.Span)) return false;
        }
        return true;
    }

    public GroupMetadataValueMember ToRecord(string? protocol) => new()
    {
        MemberId = id,
        GroupInstanceId = instanceId,
        ClientId = clientId,
        ClientHost = clientHost,
        RebalanceTimeout = RebalanceTimeoutMs,
        SessionTimeout = SessionTimeoutMs,
        Subscription = MetadataFor(protocol),
        Assignment = Assignment,
    };

    public DescribeGroupsResponseMember Describe(string? protocol) => new()
    {
        MemberId = id,
        GroupInstanceId = instanceId,
        ClientId = clientId,
        ClientHost = clientHost,
        MemberMetadata = MetadataFor(protocol),
        MemberAssignment = Assignment,
    };

    public override string ToString() => id;
}

/// <summary>
/// A member, or an id that was given out and not used yet, was not heard from. Which of the two it is, is looked up when it is due: an id
/// becomes a member in between.
/// </summary>
sealed class SessionDeadline(ClassicGroup group, string memberId) : Deadline
{
    internal override void OnDue(Decision decision) => group.OnSessionDue(memberId, decision);
}
