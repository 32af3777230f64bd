using System.Text.Json;
using AkkaStream.Client;
using AkkaStream.Client.Administration;
using AkkaStream.Cli.Options;
using AkkaStream.Protocol;

namespace AkkaStream.Cli.Tools;

/// <summary>kafka-leader-election: elects leaders of partitions anew.</summary>
static class LeaderElectionTool
{
    static OptionSet Options() => new OptionSet("leader-election", "Elect the leaders of partitions anew.")
        .Value("bootstrap-server", "HOST:PORT", "REQUIRED: The server(s) to connect to.")
        .Value("election-type", "TYPE", "REQUIRED: preferred (the first replica, if it is in sync) or unclean (any living one; records may be lost).")
        .Value("topic", "TOPIC", "The topic; needs --partition.")
        .Value("partition", "NUMBER", "The partition; needs --topic.")
        .Flag("all-topic-partitions", "All partitions that may be elected anew.")
        .Value("path-to-json-file", "FILE", "{\"partitions\": [{\"topic\": \"foo\", \"partition\": 1}]}")
        .Value("admin.config", "FILE", "The same as --command-config.")
        .Value("command-config", "FILE", "Property file containing configs to be passed to the admin client.");

    public static async Task<int> RunAsync(ToolContext context)
    {
        if (context.Parse(Options()) is not { } parsed) return 0;
        ToolContext.RequireServers(parsed);
        var type = TypeOf(parsed.Text("election-type") ?? throw new UsageException("Missing required option(s): election-type"));
        if (parsed.Count("topic", "all-topic-partitions", "path-to-json-file") != 1)
        {
            throw new UsageException(
                "One and only one of the following options is required: topic, all-topic-partitions, path-to-json-file");
        }
        if (parsed.Has("topic") && !parsed.Has("partition")) throw new UsageException("Missing required option(s): partition");
        if (parsed.Has("partition") && !parsed.Has("topic")) throw new UsageException("Option partition is only allowed if topic is used");
        List<TopicPartition>? partitions = parsed.Text("topic") is { } topic ? [new TopicPartition(topic, parsed.Int("partition") ?? 0)]
            : parsed.Text("path-to-json-file") is { } path ? Read(path) : null;
        await using var admin = context.Admin(parsed, parsed.Has("admin.config") ? "admin.config" : "command-config");
        return Tell(context, type, await admin.ElectLeadersAsync(type, partitions, context.Stop).ConfigureAwait(false));
    }

    static ElectionType TypeOf(string text) => text.ToLowerInvariant() switch
    {
        "preferred" => ElectionType.Preferred,
        "unclean" => ElectionType.Unclean,
        _ => throw new UsageException($"Cannot parse argument '{text}' of option election-type: preferred or unclean is needed"),
    };

    static List<TopicPartition> Read(string path)
    {
        using var json = JsonFiles.Open(path);
        var partitions = new List<TopicPartition>();
        foreach (var entry in JsonFiles.Required(json.RootElement, "partitions").EnumerateArray())
        {
            partitions.Add(new TopicPartition(
                JsonFiles.Required(entry, "topic").GetString() ?? "", JsonFiles.Required(entry, "partition").GetInt32()));
        }
        if (partitions.Count == 0) throw new ToolFailedException($"{path}: Replica election data is empty");
        return partitions.Distinct().Count() == partitions.Count
            ? partitions : throw new ToolFailedException($"{path}: Replica election data contains duplicate partitions");
    }

    static int Tell(ToolContext context, ElectionType type, IReadOnlyDictionary<TopicPartition, Outcome<Done>> results)
    {
        string name = type.ToString().ToUpperInvariant();
        string elected = List(results, r => r.IsOk), valid = List(results, r => r.Error is { Error: ErrorCode.ElectionNotNeeded });
        if (elected.Length > 0) context.Output.WriteLine($"Successfully completed leader election ({name}) for partitions {elected}");
        if (valid.Length > 0) context.Output.WriteLine($"Valid replica already elected for partitions {valid}");
        int failed = 0;
        foreach (var (partition, result) in results.OrderBy(r => r.Key))
        {
            if (result.Error is not { Error: not ErrorCode.ElectionNotNeeded } error) continue;
            context.Output.WriteLine($"Error completing leader election ({name}) for partition: {partition}: {error.Reason}");
            failed++;
        }
        return failed == 0 ? 0 : throw new ToolFailedException($"{failed} replica(s) could not be elected");
    }

    static string List(IReadOnlyDictionary<TopicPartition, Outcome<Done>> results, Func<Outcome<Done>, bool> which) =>
        string.Join(", ", results.Where(r => which(r.Value)).Select(r => r.Key).Order());
}
