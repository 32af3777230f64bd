using System.Text;
using AkkaStream.Client;
using AkkaStream.Cli.Options;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Cli.Tools;

/// <summary>kafka-broker-api-versions: which APIs and versions each broker serves, and which of them are used.</summary>
static class BrokerApiVersionsTool
{
    static OptionSet Options() => new OptionSet("broker-api-versions", "Retrieve broker version information.")
        .Value("bootstrap-server", "HOST:PORT", "REQUIRED: The server(s) to connect to.", "broker-list")
        .Value("command-config", "FILE", "A property file containing configs to be passed to the admin client.");

    public static async Task<int> RunAsync(ToolContext context)
    {
        if (context.Parse(Options()) is not { } parsed) return 0;
        ToolContext.RequireServers(parsed);
        await using var admin = context.Admin(parsed);
        var cluster = await admin.DescribeClusterAsync(cancel: context.Stop).ConfigureAwait(false);
        foreach (var broker in cluster.Brokers)
        {
            string fenced = broker.IsFenced ? "true" : "false";
            string name = $"{broker.Host}:{broker.Port} (id: {broker.Id} rack: {broker.Rack ?? "null"} isFenced: {fenced})";
            try
            {
                var apis = await admin.DescribeApisAsync(broker.Id, context.Stop).ConfigureAwait(false);
                context.Output.WriteLine($"{name} -> {Text(apis)}");
            }
            catch (KafkaException e)
            {
                context.Output.WriteLine($"{name} -> ERROR: {e.Message}");
            }
        }
        return 0;
    }

    static string Text(ApiVersionsResponse apis)
    {
        var lines = new List<string>();
        var told = apis.ApiKeys.ToDictionary(a => a.ApiKey);
        // What clients know and the broker does not is told as well; what only brokers say to each other is not.
        foreach (var key in ApiTable.Known.Where(k => told.ContainsKey((short)k) || IsForClients(k)))
        {
            if (!told.Remove((short)key, out var api))
            {
                lines.Add($"\t{key}({(short)key}): UNSUPPORTED");
                continue;
            }
            string range = api.MinVersion == api.MaxVersion ? $"{api.MinVersion}" : $"{api.MinVersion} to {api.MaxVersion}";
            var usable = new VersionRange(api.MinVersion, api.MaxVersion).NewestCommon(ApiTable.Advertised(key));
            lines.Add($"\t{key}({(short)key}): {range} [usable: {usable?.ToString() ?? "NONE"}]");
        }
        foreach (var api in told.Values)
            lines.Add($"\tUNKNOWN({api.ApiKey}): {api.MinVersion} to {api.MaxVersion}");
        var text = new StringBuilder("(\n");
        text.AppendJoin(",\n", lines);
        return text.Append("\n)").ToString();
    }

    static bool IsForClients(ApiKey key) => key is not (ApiKey.Vote or ApiKey.BeginQuorumEpoch or ApiKey.EndQuorumEpoch or ApiKey.Envelope
        or ApiKey.FetchSnapshot or ApiKey.BrokerRegistration or ApiKey.BrokerHeartbeat or ApiKey.AllocateProducerIds or ApiKey.AlterPartition
        or ApiKey.ControllerRegistration or ApiKey.AssignReplicasToDirs or ApiKey.UpdateRaftVoter);
}
