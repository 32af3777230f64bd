using AkkaStream.Client;
using AkkaStream.Client.Administration;

namespace AkkaStream.Cli.Tools;

/// <summary>One row of the offsets of a group.</summary>
readonly record struct GroupOffset(TopicPartition? Partition, OffsetAndMetadata? Committed, long? End, GroupMemberDescription? Member);

/// <summary>How groups look on the screen.</summary>
static class GroupTables
{
    const string Nothing = "-";

    static string Text<T>(T? value) where T : struct => value?.ToString() ?? Nothing;

    public static Columns Offsets(string group, IReadOnlyList<GroupOffset> rows, bool verbose)
    {
        var table = new Columns().Growing("GROUP", 15).Growing("TOPIC", 15).Fixed("PARTITION", 10);
        if (verbose) table.Fixed("LEADER-EPOCH", 15);
        table.Fixed("CURRENT-OFFSET", 15).Fixed("LOG-END-OFFSET", 15).Fixed("LAG", 15)
            .Growing("CONSUMER-ID", 15).Growing("HOST", 15).Fixed("CLIENT-ID", 0);
        foreach (var row in rows)
        {
            long? offset = row.Committed?.Offset;
            string[] first = [group, row.Partition?.Topic ?? Nothing, Text(row.Partition?.Partition)];
            string[] epoch = verbose ? [row.Committed is { LeaderEpoch: >= 0 } c ? $"{c.LeaderEpoch}" : Nothing] : [];
            string[] rest =
            [
                Text(offset), Text(row.End), Text(row.End - offset), row.Member?.MemberId ?? Nothing, row.Member?.Host ?? Nothing,
                row.Member?.ClientId ?? Nothing,
            ];
            table.Add([.. first, .. epoch, .. rest]);
        }
        return table;
    }

    public static Columns Members(GroupDescription group, bool verbose)
    {
        bool hasInstances = group.Members.Any(m => m.InstanceId is not null);
        bool hasOld = group.Members.Any(m => m.IsUpgraded == false);
        var table = new Columns().Growing("GROUP", 15).Growing("CONSUMER-ID", 15);
        if (hasInstances) table.Growing("GROUP-INSTANCE-ID", 17);
        table.Growing("HOST", 15).Growing("CLIENT-ID", 15).Fixed("#PARTITIONS", verbose ? 15 : 16);
        if (verbose)
        {
            table.Fixed("CURRENT-EPOCH", 15).Growing("CURRENT-ASSIGNMENT", 20).Fixed("TARGET-EPOCH", 15).Growing("TARGET-ASSIGNMENT", 20);
            if (hasOld) table.Fixed("UPGRADED", 10);
        }
        foreach (var member in group.Members)
        {
            string[] instance = hasInstances ? [member.InstanceId ?? Nothing] : [];
            string[] more = verbose
                ? [Text(member.Epoch), Of(member.Assignment), member.Target is null ? Nothing : Text(group.TargetEpoch), Of(member.Target ?? [])]
                : [];
            string[] upgraded = verbose && hasOld ? [member.IsUpgraded == true ? "true" : "false"] : [];
            string[] who = [group.GroupId, member.MemberId, .. instance, member.Host, member.ClientId];
            table.Add([.. who, $"{member.Assignment.Count}", .. more, .. upgraded]);
        }
        return table;
    }

    /// <summary>topic:0,1;other:2</summary>
    static string Of(IReadOnlyCollection<TopicPartition> partitions) => partitions.Count == 0
        ? Nothing
        : string.Join(';', partitions.GroupBy(p => p.Topic).OrderBy(t => t.Key, StringComparer.Ordinal)
            .Select(t => $"{t.Key}:{string.Join(',', t.Select(p => p.Partition).Order())}"));

    public static Columns State(GroupDescription group, bool verbose)
    {
        var table = new Columns().Growing("GROUP", 15).Growing("COORDINATOR (ID)", 25).Growing("ASSIGNMENT-STRATEGY", 20).Growing("STATE", 20);
        if (verbose) table.Fixed("GROUP-EPOCH", 15).Fixed("TARGET-ASSIGNMENT-EPOCH", 25);
        table.Fixed("#MEMBERS", 0);
        string coordinator = group.Coordinator is { } c ? $"{c.Host}:{c.Port}  ({c.Id})" : Nothing;
        string[] epochs = verbose ? [Text(group.Epoch), Text(group.TargetEpoch)] : [];
        string assignor = string.IsNullOrEmpty(group.Assignor) ? Nothing : group.Assignor;
        table.Add([group.GroupId, coordinator, assignor, group.State, .. epochs, $"{group.Members.Count}"]);
        return table;
    }
}
