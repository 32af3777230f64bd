using AkkaStream.Cli.Options;

namespace AkkaStream.Cli.Tools;

/// <summary>kafka-cluster: the cluster's id and endpoints; forgets brokers.</summary>
static class ClusterTool
{
    static OptionSet Options() => new OptionSet(
        "cluster", "The cluster itself: cluster-id (its id), list-endpoints (its brokers), unregister (forget a broker that is gone).")
        .Value("bootstrap-server", "HOST:PORT", "REQUIRED: The server(s) to connect to.", "b")
        .Value("id", "ID", "With unregister: the broker to forget.", "i")
        .Flag("include-fenced-brokers", "With list-endpoints: also brokers that are not alive at the moment.")
        .Value("config", "FILE", "The same as --command-config.", "c")
        .Value("command-config", "FILE", "Property file containing configs to be passed to the admin client.");

    public static async Task<int> RunAsync(ToolContext context)
    {
        if (context.Parse(Options(), out string? action, "cluster-id", "list-endpoints", "unregister") is not { } parsed) return 0;
        ToolContext.RequireServers(parsed);
        await using var admin = context.Admin(parsed, parsed.Has("config") ? "config" : "command-config");
        switch (action)
        {
            case "unregister":
                int broker = parsed.Int("id") ?? throw new UsageException("unregister needs --id: the broker to forget");
                await admin.UnregisterBrokerAsync(broker, context.Stop).ConfigureAwait(false);
                context.Output.WriteLine($"Broker {broker} is no longer registered.");
                break;
            case "list-endpoints":
                var cluster = await admin.DescribeClusterAsync(parsed.Has("include-fenced-brokers"), context.Stop).ConfigureAwait(false);
                int host = cluster.Brokers.Max(b => b.Host.Length), rack = Math.Max(10, cluster.Brokers.Max(b => b.Rack?.Length ?? 4));
                var table = new Columns().Fixed("ID", 10).Fixed("HOST", host).Fixed("PORT", 10).Fixed("RACK", rack).Fixed("STATE", 10)
                    .Fixed("ENDPOINT_TYPE", 15);
                foreach (var b in cluster.Brokers)
                    table.Add($"{b.Id}", b.Host, $"{b.Port}", b.Rack ?? "null", b.IsFenced ? "fenced" : "unfenced", "broker");
                table.Write(context.Output);
                break;
            default:
                var described = await admin.DescribeClusterAsync(cancel: context.Stop).ConfigureAwait(false);
                context.Output.WriteLine($"Cluster ID: {described.ClusterId}");
                break;
        }
        return 0;
    }
}
