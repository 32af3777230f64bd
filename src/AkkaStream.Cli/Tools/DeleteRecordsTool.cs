using System.Text.Json;
using AkkaStream.Client;
using AkkaStream.Cli.Options;

namespace AkkaStream.Cli.Tools;

/// <summary>kafka-delete-records: deletes what lies before the offsets of a JSON file.</summary>
static class DeleteRecordsTool
{
    static OptionSet Options() => new OptionSet("delete-records", "Delete records of the given partitions down to the specified offset.")
        .Value("bootstrap-server", "HOST:PORT", "REQUIRED: The server(s) to connect to.", "broker-list")
        .Value("offset-json-file", "FILE", "REQUIRED: {\"partitions\": [{\"topic\": \"foo\", \"partition\": 1, \"offset\": 1}], \"version\": 1}; "
            + "offset -1 deletes all.")
        .Value("command-config", "FILE", "Property file containing configs to be passed to the admin client.");

    public static async Task<int> RunAsync(ToolContext context)
    {
        if (context.Parse(Options()) is not { } parsed) return 0;
        ToolContext.RequireServers(parsed);
        var offsets = Read(parsed.Required("offset-json-file"));
        await using var admin = context.Admin(parsed);
        context.Output.WriteLine("Executing records delete operation");
        var results = await admin.DeleteRecordsAsync(offsets, context.Stop).ConfigureAwait(false);
        context.Output.WriteLine("Records delete operation completed:");
        int code = 0;
        foreach (var partition in offsets.Keys)
        {
            var result = results[partition];
            if (result.IsOk)
            {
                context.Output.WriteLine($"partition: {partition}\tlow_watermark: {result.Value}");
            }
            else
            {
                context.Output.WriteLine($"partition: {partition}\terror: {result.Error?.Reason}");
                code = 1;
            }
        }
        return code;
    }

    static Dictionary<TopicPartition, long> Read(string path)
    {
        using var json = JsonFiles.Open(path);
        var offsets = new Dictionary<TopicPartition, long>();
        if (json.RootElement.TryGetProperty("version", out var version) && version.GetInt32() != 1)
            throw new ToolFailedException($"Not supported version field value {version.GetInt32()}");
        if (!json.RootElement.TryGetProperty("partitions", out var partitions)) throw new ToolFailedException("Missing partitions field");
        foreach (var entry in partitions.EnumerateArray())
        {
            var partition = new TopicPartition(
                JsonFiles.Required(entry, "topic").GetString() ?? "", JsonFiles.Required(entry, "partition").GetInt32());
            if (!offsets.TryAdd(partition, JsonFiles.Required(entry, "offset").GetInt64()))
                throw new ToolFailedException($"Offset json file contains duplicate topic partitions: {partition}");
        }
        return offsets;
    }
}
