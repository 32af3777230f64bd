using AkkaStream.Client;
using AkkaStream.Client.Administration;
using AkkaStream.Cli.Options;
using AkkaStream.Protocol;

namespace AkkaStream.Cli.Tools;

/// <summary>What kafka-consumer-groups does, once the command line is understood.</summary>
sealed partial class ConsumerGroups(ToolContext context, Parsed parsed, Admin admin)
{
    static readonly string[] States =
        ["Dead", "PreparingRebalance", "Assigning", "Stable", "CompletingRebalance", "Empty", "Reconciling"];

    static readonly string[] Types = ["Consumer", "Classic"];

    void PrintError(string text) => context.Output.WriteLine($"\nError: {text}");

    public async Task ListAsync()
    {
        var states = Known(parsed.Text("state"), States, "state");
        var types = Known(parsed.Text("type"), Types, "types");
        var groups = (await admin.ListGroupsAsync(states, types, context.Stop).ConfigureAwait(false))
            .Where(g => g.ProtocolType is "" or "consumer").ToList();
        bool showsState = parsed.Has("state"), showsType = parsed.Has("type");
        if (!showsState && !showsType)
        {
            foreach (var g in groups) context.Output.WriteLine(g.GroupId);
            return;
        }
        int width = groups.Count == 0 ? 0 : groups.Max(g => g.GroupId.Length);
        var table = new Columns().Growing("GROUP", Math.Max(25, width));
        if (showsType) table.Fixed("TYPE", 20);
        if (showsState) table.Fixed("STATE", 20);
        foreach (var g in groups)
        {
            string[] type = showsType ? [g.Type] : [], state = showsState ? [g.State] : [];
            table.Add([g.GroupId, .. type, .. state]);
        }
        table.Write(context.Output);
    }

    static List<string> Known(string? list, string[] known, string what)
    {
        var result = new List<string>();
        foreach (string text in (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            result.Add(Array.Find(known, k => k.Equals(text, StringComparison.OrdinalIgnoreCase))
                ?? throw new UsageException($"Invalid {what} list '{list}'. Valid {what.TrimEnd('s')}s are: {string.Join(", ", known)}"));
        }
        return result;
    }

    async ValueTask<IReadOnlyList<string>> GroupsAsync() => parsed.Has("all-groups")
        ? [.. (await admin.ListGroupsAsync(cancel: context.Stop).ConfigureAwait(false))
            .Where(g => g.ProtocolType is "" or "consumer").Select(g => g.GroupId)]
        : [.. parsed.All("group").Distinct().Order(StringComparer.Ordinal)];

    public async Task DeleteAsync()
    {
        var groups = await GroupsAsync().ConfigureAwait(false);
        var results = await admin.DeleteGroupsAsync(groups, context.Stop).ConfigureAwait(false);
        string deleted = string.Join(", ", groups.Where(g => results[g].IsOk).Select(g => $"'{g}'"));
        var failed = groups.Where(g => !results[g].IsOk).ToList();
        if (failed.Count == 0)
        {
            context.Output.WriteLine($"Deletion of requested consumer groups ({deleted}) was successful.");
            return;
        }
        PrintError("Deletion of some consumer groups failed:");
        foreach (string g in failed) context.Output.WriteLine($"* Group '{g}' could not be deleted due to: {results[g].Error?.Reason}");
        if (deleted.Length > 0) context.Output.WriteLine($"\nThese consumer groups were deleted successfully: {deleted}");
    }

    public async Task DeleteOffsetsAsync()
    {
        string group = parsed.Required("group");
        var wanted = new List<TopicPartition>();
        var table = new Columns().Growing("TOPIC", 15).Fixed("PARTITION", 10).Fixed("STATUS", 15);
        foreach (var (topic, partitions) in await ScopeAsync(tolerant: true).ConfigureAwait(false))
        {
            if (partitions.Error is { } error) table.Add(topic, "-", $"Error: {error.Reason}");
            else wanted.AddRange(partitions.Get().Select(p => new TopicPartition(topic, p)));
        }
        var results = new Dictionary<TopicPartition, Outcome<Done>>();
        KafkaException? failure = null;
        try
        {
            if (wanted.Count > 0)
            {
                foreach (var (p, outcome) in await admin.DeleteGroupOffsetsAsync(group, wanted, context.Stop).ConfigureAwait(false))
                    results[p] = outcome;
            }
        }
        catch (KafkaException e)
        {
            failure = e;
        }
        foreach (var p in wanted.Order())
        {
            string status = (failure ?? results[p].Error) is { } error ? $"Error: {error.Reason}" : "Successful";
            table.Add(p.Topic, $"{p.Partition}", status);
        }
        if (failure is not null) PrintError(failure.Reason);
        else if (results.Values.Any(r => !r.IsOk)) PrintError("Encountered some partition-level error, see the follow-up details.");
        else context.Output.WriteLine($"Request succeeded for deleting offsets from group {group}.");
        context.Output.WriteLine();
        table.Write(context.Output);
    }

    /// <summary>The partitions that --topic names, all of the topic's where it names none.</summary>
    async ValueTask<List<(string Topic, Outcome<List<int>> Partitions)>> ScopeAsync(bool tolerant)
    {
        var result = new List<(string, Outcome<List<int>>)>();
        foreach (string text in parsed.All("topic"))
        {
            int colon = text.IndexOf(':');
            string topic = colon < 0 ? text : text[..colon];
            if (colon >= 0)
            {
                var named = text[(colon + 1)..].Split(',').Select(p => PartitionOf(p, text)).Distinct().Order().ToList();
                result.Add((topic, new Outcome<List<int>>(named, null)));
                continue;
            }
            var described = await admin.DescribeTopicsAsync([topic], context.Stop).ConfigureAwait(false);
            if (described[topic].Error is { } error)
            {
                if (!tolerant) throw error;
                result.Add((topic, new Outcome<List<int>>(null, error)));
            }
            else
            {
                result.Add((topic, new Outcome<List<int>>([.. described[topic].Get().Partitions.Select(p => p.Partition).Order()], null)));
            }
        }
        return result;
    }

    static int PartitionOf(string text, string argument) => int.TryParse(text, out int partition) && partition >= 0
        ? partition : throw new UsageException($"Invalid partition '{text}' specified in topic arg '{argument}'");
}
