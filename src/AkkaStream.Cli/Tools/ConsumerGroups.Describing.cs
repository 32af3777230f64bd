using AkkaStream.Client;
using AkkaStream.Client.Administration;

namespace AkkaStream.Cli.Tools;

// --describe: offsets, members or state.
sealed partial class ConsumerGroups
{
    public async Task DescribeAsync()
    {
        var groups = await GroupsAsync().ConfigureAwait(false);
        var described = await admin.DescribeGroupsAsync(groups, context.Stop).ConfigureAwait(false);
        foreach (string name in groups)
        {
            if (described[name].Error is { } error)
            {
                PrintError($"Executing consumer group command failed due to {error.Reason}");
                continue;
            }
            var group = described[name].Get();
            if (!Announce(group)) continue;
            bool verbose = parsed.Has("verbose");
            var table = parsed.Has("members") ? GroupTables.Members(group, verbose)
                : parsed.Has("state") ? GroupTables.State(group, verbose)
                : GroupTables.Offsets(name, await OffsetsAsync(group).ConfigureAwait(false), verbose);
            if (table.Rows == 0 && !parsed.Has("members")) continue;
            context.Output.WriteLine();
            table.Write(context.Output);
        }
    }

    bool Announce(GroupDescription group)
    {
        switch (group.State)
        {
            case "Empty":
                context.Error.WriteLine($"\nConsumer group '{group.GroupId}' has no active members.");
                break;
            case "PreparingRebalance" or "CompletingRebalance" or "Assigning" or "Reconciling":
                context.Error.WriteLine($"\nWarning: Consumer group '{group.GroupId}' is rebalancing.");
                break;
            case "Dead":
                PrintError($"Consumer group '{group.GroupId}' does not exist.");
                return false;
        }
        return true;
    }

    /// <summary>What members have, those with most first; then offsets of partitions that nobody has.</summary>
    async ValueTask<List<GroupOffset>> OffsetsAsync(GroupDescription group)
    {
        var committed = await admin.ListGroupOffsetsAsync(group.GroupId, cancel: context.Stop).ConfigureAwait(false);
        var assigned = group.Members.SelectMany(m => m.Assignment).ToHashSet();
        var ends = await EndsAsync([.. assigned.Union(committed.Keys)]).ConfigureAwait(false);
        var rows = new List<GroupOffset>();
        foreach (var member in group.Members.Where(m => m.Assignment.Count > 0).OrderByDescending(m => m.Assignment.Count))
            rows.AddRange(member.Assignment.Order().Select(p => Row(p, member)));
        rows.AddRange(committed.Keys.Where(p => !assigned.Contains(p)).Order().Select(p => Row(p, null)));
        return rows;

        GroupOffset Row(TopicPartition partition, GroupMemberDescription? member) => new(
            partition, committed.TryGetValue(partition, out var offset) ? offset : null,
            ends.TryGetValue(partition, out long end) ? end : null, member);
    }

    async ValueTask<Dictionary<TopicPartition, long>> EndsAsync(IReadOnlyCollection<TopicPartition> partitions) =>
        (await AskOffsetsAsync(partitions, OffsetQuestion.Latest).ConfigureAwait(false))
            .Where(e => e.Value.IsOk).ToDictionary(e => e.Key, e => e.Value.Value.Offset);

    async ValueTask<IReadOnlyDictionary<TopicPartition, Outcome<OffsetAnswer>>> AskOffsetsAsync(
        IReadOnlyCollection<TopicPartition> partitions, OffsetQuestion question) => partitions.Count == 0
            ? new Dictionary<TopicPartition, Outcome<OffsetAnswer>>()
            : await admin.ListOffsetsAsync(partitions.ToDictionary(p => p, _ => question), cancel: context.Stop).ConfigureAwait(false);
}
