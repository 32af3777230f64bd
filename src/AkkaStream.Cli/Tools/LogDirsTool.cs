using System.Globalization;
using System.Text.Json;
using AkkaStream.Client;
using AkkaStream.Client.Administration;
using AkkaStream.Cli.Options;

namespace AkkaStream.Cli.Tools;

/// <summary>kafka-log-dirs: what lies in the log directories of brokers, as JSON.</summary>
static class LogDirsTool
{
    static OptionSet Options() => new OptionSet("log-dirs", "Query log directory usage on the specified brokers.")
        .Value("bootstrap-server", "HOST:PORT", "REQUIRED: The server(s) to connect to.")
        .Flag("describe", "Describe the specified log directories on the specified brokers.")
        .Value("broker-list", "LIST", "Broker ids, joined by commas (default: all).")
        .Value("topic-list", "LIST", "Topics, joined by commas (default: all).")
        .Value("command-config", "FILE", "Property file containing configs to be passed to the admin client.");

    public static async Task<int> RunAsync(ToolContext context)
    {
        if (context.Parse(Options()) is not { } parsed) return 0;
        ToolContext.RequireServers(parsed);
        if (!parsed.Has("describe")) throw new UsageException("Missing required argument \"[describe]\"");
        await using var admin = context.Admin(parsed);
        HashSet<string>? topics = parsed.Text("topic-list") is { Length: > 0 } list ? [.. list.Split(',')] : null;
        int[] known = [.. (await admin.DescribeClusterAsync(cancel: context.Stop).ConfigureAwait(false)).Brokers.Select(b => b.Id)];
        int[] brokers = parsed.Text("broker-list") is { Length: > 0 } ids ? [.. ids.Split(',').Select(Id)] : known;
        int[] strangers = [.. brokers.Except(known)];
        if (strangers.Length > 0)
        {
            throw new ToolFailedException(
                $"ERROR: The given brokers do not exist from --broker-list: {string.Join(", ", strangers)}. "
                + $"Current existent brokers: {string.Join(", ", known)}");
        }
        context.Output.WriteLine("Querying brokers for log directories information");
        var dirs = await admin.DescribeLogDirsAsync(brokers, context.Stop).ConfigureAwait(false);
        context.Output.WriteLine($"Received log directory information from brokers {string.Join(",", brokers)}");
        context.Io.Flush();
        Write(context.Io.RawOutput, dirs, topics);
        context.Output.WriteLine();
        return 0;
    }

    static int Id(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int id)
        ? id : throw new UsageException($"'{text}' in --broker-list is no broker id");

    static void Write(Stream to, IReadOnlyDictionary<int, Outcome<IReadOnlyList<LogDirDescription>>> brokers, HashSet<string>? topics)
    {
        using var json = new Utf8JsonWriter(to);
        json.WriteStartObject();
        json.WriteStartArray("brokers");
        foreach (var (broker, outcome) in brokers)
        {
            json.WriteStartObject();
            json.WriteNumber("broker", broker);
            json.WriteStartArray("logDirs");
            foreach (var dir in outcome.Get())
            {
                json.WriteStartObject();
                json.WriteStartArray("partitions");
                foreach (var (partition, replica) in dir.Replicas)
                {
                    if (topics?.Contains(partition.Topic) == false) continue;
                    json.WriteStartObject();
                    json.WriteString("partition", partition.ToString());
                    json.WriteNumber("size", replica.Size);
                    json.WriteNumber("offsetLag", replica.OffsetLag);
                    json.WriteBoolean("isFuture", replica.IsFuture);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
                if (dir.Error is null) json.WriteNull("error");
                else json.WriteString("error", dir.Error.Reason);
                json.WriteString("logDir", dir.Path);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNumber("version", 1);
        json.WriteEndObject();
    }
}
