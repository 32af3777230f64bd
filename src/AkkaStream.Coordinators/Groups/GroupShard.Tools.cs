using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Coordinators.Groups;

/// <summary>What tools ask: which groups there are, and what they are doing.</summary>
public sealed partial class GroupShard
{
    const short FirstDescribeVersionWithNotFound = 6;

    public DescribeGroupsResponseGroup DescribeClassic(string groupId, short version)
    {
        if (Find(groupId) is ClassicGroup group) return group.Describe();
        bool tells = version >= FirstDescribeVersionWithNotFound;
        return new DescribeGroupsResponseGroup
        {
            GroupId = groupId,
            GroupState = "Dead",
            ErrorCode = tells ? ErrorCode.GroupIdNotFound : ErrorCode.None,
            ErrorMessage = !tells ? null : Find(groupId) is not null
                ? $"Group {groupId} is not a classic group."
                : $"Group {groupId} not found.",
        };
    }

    public ConsumerGroupDescribeResponseGroup DescribeConsumer(string groupId) => Find(groupId) switch
    {
        ConsumerGroup group => group.Describe(Settings),
        null => NotThere(groupId, $"Group {groupId} not found."),
        _ => NotThere(groupId, $"Group {groupId} is not a consumer group."),
    };

    static ConsumerGroupDescribeResponseGroup NotThere(string groupId, string message) =>
        new() { GroupId = groupId, ErrorCode = ErrorCode.GroupIdNotFound, ErrorMessage = message };

    /// <summary>States and types are compared without regard to case; an empty filter lets all through.</summary>
    public IEnumerable<ListGroupsResponseGroup> List(IReadOnlyCollection<string> states, IReadOnlyCollection<string> types)
    {
        foreach (var group in _groups.Values)
        {
            string type = GroupTypes.NameOf(group.Type);
            if (states.Count > 0 && !states.Contains(group.StateName, StringComparer.OrdinalIgnoreCase)) continue;
            if (types.Count > 0 && !types.Contains(type, StringComparer.OrdinalIgnoreCase)) continue;
            yield return new ListGroupsResponseGroup
            {
                GroupId = group.Id,
                ProtocolType = group.ProtocolType,
                GroupState = group.StateName,
                GroupType = type,
            };
        }
    }
}

public static class GroupTypes
{
    /// <summary>As it stands in answers.</summary>
    public static string NameOf(GroupType type) => type == GroupType.Consumer ? "consumer" : "classic";
}
