using AkkaStream.Client.Administration;
using AkkaStream.Cli.Options;

namespace AkkaStream.Cli.Tools;

/// <summary>kafka-metadata-quorum: who keeps the metadata, and how far each has come.</summary>
static class MetadataQuorumTool
{
    const string NoControllers = "The brokers keep the metadata themselves here: there are no controllers that could be added or removed.";

    static OptionSet Options() => new OptionSet(
        "metadata-quorum", "describe --status or describe --replication: who keeps the metadata of the cluster.")
        .Value("bootstrap-server", "HOST:PORT", "REQUIRED: The server(s) to connect to.")
        .Refused("bootstrap-controller", Takes.Value,
            "--bootstrap-controller: there is no listener for controllers here; write --bootstrap-server.")
        .Value("command-config", "FILE", "Property file containing configs to be passed to the admin client.")
        .Flag("status", "With describe: a summary.")
        .Flag("replication", "With describe: each node, with how far it has come.")
        .Flag("human-readable", "With describe --replication: how long ago in place of times.")
        .Add(new Option("controller-id", Takes.Value, "") { IsHidden = true, Older = ["i"] })
        .Add(new Option("controller-directory-id", Takes.Value, "") { IsHidden = true, Older = ["d"] })
        .Add(new Option("dry-run", Takes.Nothing, "") { IsHidden = true });

    public static async Task<int> RunAsync(ToolContext context)
    {
        if (context.Parse(Options(), out string? action, "describe", "add-controller", "remove-controller") is not { } parsed) return 0;
        ToolContext.RequireServers(parsed);
        if (action != "describe") throw new ToolFailedException(NoControllers);
        bool replication = parsed.Has("replication"), readable = parsed.Has("human-readable");
        if (parsed.Count("status", "replication") == 2)
            throw new ToolFailedException("Only one of --status or --replication should be specified with describe sub-command");
        if (parsed.Count("status", "replication") == 0)
            throw new ToolFailedException("One of --status or --replication must be specified with describe sub-command");
        if (readable && !replication) throw new ToolFailedException("The option --human-readable is only supported along with --replication");
        await using var admin = context.Admin(parsed);
        var quorum = await admin.DescribeQuorumAsync(context.Stop).ConfigureAwait(false);
        if (replication) PrintReplication(context, quorum, readable);
        else PrintStatus(context, quorum, (await admin.DescribeClusterAsync(cancel: context.Stop).ConfigureAwait(false)).ClusterId);
        return 0;
    }

    static void PrintStatus(ToolContext context, QuorumDescription quorum, string clusterId)
    {
        var leader = quorum.Voters.FirstOrDefault(v => v.Id == quorum.Leader);
        var last = quorum.Voters.Where(v => v.Id != quorum.Leader).MinBy(v => v.LogEnd);
        long lag = last is null || leader is null ? 0 : leader.LogEnd - last.LogEnd;
        long behind = last is null || leader is null || lag == 0 ? 0
            : leader.LastCaughtUp < 0 || last.LastCaughtUp < 0 ? -1 : leader.LastCaughtUp - last.LastCaughtUp;
        Line("ClusterId", clusterId);
        Line("LeaderId", quorum.Leader);
        Line("LeaderEpoch", quorum.LeaderEpoch);
        Line("HighWatermark", quorum.HighWatermark);
        Line("MaxFollowerLag", lag);
        Line("MaxFollowerLagTimeMs", behind);
        Line("CurrentVoters", Nodes(quorum.Voters));
        Line("CurrentObservers", Nodes(quorum.Observers));

        void Line(string name, object value) => context.Output.WriteLine($"{name + ":",-24}{value}");
    }

    static string Nodes(IReadOnlyList<QuorumReplica> replicas) => $"[{string.Join(", ", replicas.Select(Node))}]";

    static string Node(QuorumReplica replica)
    {
        List<string> fields = [$"\"id\": {replica.Id}"];
        if (replica.Directory != default) fields.Add($"\"directoryId\": \"{replica.Directory}\"");
        if (replica.Endpoints.Count > 0) fields.Add($"\"endpoints\": [{string.Join(", ", replica.Endpoints.Select(e => $"\"{e}\""))}]");
        return $"{{{string.Join(", ", fields)}}}";
    }

    static void PrintReplication(ToolContext context, QuorumDescription quorum, bool readable)
    {
        long now = context.Io.Time.GetUtcNow().ToUnixTimeMilliseconds();
        long end = quorum.Voters.FirstOrDefault(v => v.Id == quorum.Leader)?.LogEnd ?? quorum.HighWatermark;
        List<string[]> rows = [["NodeId", "DirectoryId", "LogEndOffset", "Lag", "LastFetchTimestamp", "LastCaughtUpTimestamp", "Status"]];
        foreach (var v in quorum.Voters.OrderBy(v => v.Id == quorum.Leader ? 0 : 1).ThenBy(v => v.Id))
            rows.Add(Row(v, v.Id == quorum.Leader ? "Leader" : "Follower"));
        foreach (var o in quorum.Observers.OrderBy(o => o.Id)) rows.Add(Row(o, "Observer"));
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(i => rows.Max(r => r[i].Length))];
        foreach (string[] row in rows) context.Output.WriteLine(string.Concat(row.Select((cell, i) => cell.PadRight(widths[i]) + "\t")));

        string[] Row(QuorumReplica r, string status) =>
            [$"{r.Id}", $"{r.Directory}", $"{r.LogEnd}", $"{end - r.LogEnd}", Time(r.LastFetch), Time(r.LastCaughtUp), status];

        string Time(long ms) => readable && ms >= 0 ? $"{Math.Max(0, now - ms)} ms ago" : $"{ms}";
    }
}
