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

    internal static ClassicGroup Of(GroupMetadataKey key, GroupMetadataValue value, Group? before)
    {
        var group = new ClassicGroup(key.Group, value.CurrentStateTimestamp)
        {
            Offsets = before?.Offsets ?? new(),
            History = before?.History ?? new(),
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
