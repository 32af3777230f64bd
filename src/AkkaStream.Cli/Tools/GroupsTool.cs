using AkkaStream.Cli.Options;

namespace AkkaStream.Cli.Tools;

/// <summary>kafka-groups: groups of all types.</summary>
static class GroupsTool
{
    static readonly string[] Types = ["Classic", "Consumer", "Share", "Streams"];

    static OptionSet Options() => new OptionSet("groups", "List groups of all types.")
        .Value("bootstrap-server", "HOST:PORT", "REQUIRED: The server(s) to connect to.")
        .Flag("list", "List the groups.")
        .Value("group-type", "TYPE", "Only groups of this type: classic, consumer, share, streams.")
        .Value("protocol", "PROTOCOL", "Only groups of this protocol type.")
        .Flag("consumer", "Only groups of consumers, of all types.")
        .Flag("share", "Only share groups.")
        .Flag("streams", "Only streams groups.")
        .Value("command-config", "FILE", "Property file containing configs to be passed to the admin client.");

    public static async Task<int> RunAsync(ToolContext context)
    {
        if (context.Parse(Options()) is not { } parsed) return 0;
        ToolContext.RequireServers(parsed);
        if (!parsed.Has("list")) throw new UsageException("Command must include exactly one action: --list.");
        int ofOneKind = parsed.Count("consumer", "share", "streams");
        if (ofOneKind > 1 || (ofOneKind == 1 && parsed.Count("group-type", "protocol") > 0))
            throw new UsageException("Use one of --consumer, --share, --streams, or --group-type and --protocol.");
        string? type = parsed.Text("group-type") ?? (parsed.Has("share") ? "share" : parsed.Has("streams") ? "streams" : null);
        string? known = type is null ? null : Array.Find(Types, t => t.Equals(type, StringComparison.OrdinalIgnoreCase))
            ?? throw new UsageException($"--group-type must be a valid group type: {string.Join(", ", Types).ToLowerInvariant()}.");
        string? protocol = parsed.Has("consumer") ? "consumer" : parsed.Text("protocol");
        await using var admin = context.Admin(parsed);
        var groups = await admin.ListGroupsAsync(cancel: context.Stop).ConfigureAwait(false);
        var table = new Columns().Growing("GROUP", 20).Fixed("TYPE", 20).Fixed("PROTOCOL", 20);
        foreach (var g in groups.Where(g => (known is null || g.Type == known) && (protocol is null || g.ProtocolType == protocol)))
            table.Add(g.GroupId, g.Type, g.ProtocolType);
        table.Write(context.Output);
        return 0;
    }
}
