using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Stored;

namespace AkkaStream.Coordinators.Groups;

/// <summary>The group as a record, back from one, and as tools see it.</summary>
public sealed partial class ClassicGroup
{
    const short RecordVersion = 3;

    internal void WriteGroup(Decision decision) => decision.Write(new StoredRecord(KeyOf(Id), ToRecord(), RecordVersion));

    internal override void WriteTombstones(Decision decision) => decision.Write(StoredRecord.Tombstone(KeyOf(Id)));

    internal static GroupMetadataKey KeyOf(string group) => new() { Group = group };

    GroupMetadataValue ToRecord() => new()
    {
        ProtocolType = _protocolType ?? "",
        Generation = Generation,
        Protocol = Protocol,
        Leader = Leader,
        CurrentStateTimestamp = StateSinceMs,
        Members = [.. _members.Values.Select(m => m.ToRecord(Protocol))],
    };

    internal static ClassicGroup Of(GroupMetadataKey key, GroupMetadataValue value, GroupFile file)
    {
        var group = new ClassicGroup(key.Group, file, value.CurrentStateTimestamp)
        {
            State = value.Members.Length == 0 ? ClassicState.Empty : ClassicState.Stable,
            Generation = value.Generation,
            Protocol = value.Protocol,
            Leader = value.Leader,
            _protocolType = string.IsNullOrEmpty(value.ProtocolType) ? null : value.ProtocolType,
        };
        foreach (var member in value.Members)
        {
            group.Add(new ClassicMember(group, member.MemberId, member.GroupInstanceId, member.ClientId, member.ClientHost)
            {
                SessionTimeoutMs = member.SessionTimeout,
                RebalanceTimeoutMs = member.RebalanceTimeout < 0 ? member.SessionTimeout : member.RebalanceTimeout,
                Protocols = [new JoinGroupRequestProtocol { Name = value.Protocol ?? "", Metadata = member.Subscription }],
                Assignment = member.Assignment,
            });
        }
        group.ReadSubscriptions();
        return group;
    }

    /// <summary>A group of the consumer protocol that goes back, because only members of the classic one are left. Writes it.</summary>
    internal static ClassicGroup Of(ConsumerGroup consumers, GroupFile file, Decision decision)
    {
        var group = new ClassicGroup(consumers.Id, file, decision.Now.WallMs)
        {
            State = ClassicState.Stable,
            Generation = consumers.Epoch,
            _protocolType = ConsumerProtocolType,
        };
        foreach (var member in consumers.Members.Values)
        {
            group.Add(new ClassicMember(group, member.Id, member.InstanceId, member.ClientId, member.ClientHost)
            {
                SessionTimeoutMs = member.Classic?.SessionTimeoutMs ?? decision.Settings.MaxSessionTimeoutMs,
                RebalanceTimeoutMs = member.RebalanceTimeoutMs,
                Protocols = member.Classic?.Protocols ?? [],
                Assignment = consumers.ClassicAssignmentOf(member),
            });
        }
        group.Protocol = group.ChooseProtocol();
        group.ReadSubscriptions();
        group.WriteGroup(decision);
        return group;
    }

    /// <summary>The members learn by their next heartbeat that they have a leader again.</summary>
    internal void OnWentBack(Decision decision)
    {
        foreach (var member in _members.Values) RestartSession(member, decision);
        const string Reason = "the last member of the consumer protocol is gone: the group goes back to the classic one";
        Rebalance(new RebalanceCause(Leader, null, Reason), decision);
    }

    /// <summary>The group changes over: whoever waits is told to join again.</summary>
    internal void SendWaitersBack(Decision decision)
    {
        foreach (var member in _members.Values)
        {
            if (member.AwaitingJoin is { } join) AnswerJoin(member, Refused(join.Version, member.Id, ErrorCode.RebalanceInProgress), decision);
            AnswerSync(member, new SyncGroupResponse { ErrorCode = ErrorCode.RebalanceInProgress }, decision, atCommit: false);
        }
    }

    /// <summary>The log has been read to its end. Nobody can know how long the members have been silent, so all sessions start in full.</summary>
    internal void OnLoaded(Decision decision)
    {
        foreach (var member in _members.Values) RestartSession(member, decision);
        if (_members.Count > decision.Settings.MaxSize)
            Rebalance(new RebalanceCause(null, null, $"it has {_members.Count} members, above group.max.size"), decision);
    }

    internal DescribeGroupsResponseGroup Describe()
    {
        // What members brought means something only once the protocol is settled.
        string? protocol = State == ClassicState.Stable ? Protocol : null;
        return new DescribeGroupsResponseGroup
        {
            GroupId = Id,
            GroupState = StateName,
            ProtocolType = ProtocolType,
            ProtocolData = protocol ?? "",
            Members = [.. _members.Values.Select(m => m.Describe(protocol))],
        };
    }
}
