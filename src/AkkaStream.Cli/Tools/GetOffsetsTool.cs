using System.Globalization;
using AkkaStream.Client;
using AkkaStream.Client.Administration;
using AkkaStream.Cli.Options;

namespace AkkaStream.Cli.Tools;

/// <summary>kafka-get-offsets: topic:partition:offset, one line each.</summary>
static class GetOffsetsTool
{
    static OptionSet Options() => new OptionSet("get-offsets", "Print the offsets of partitions.")
        .Value("bootstrap-server", "HOST:PORT", "REQUIRED: The server(s) to connect to.", "broker-list")
        .Value("topic", "TOPIC", "The topics, as a regular expression (default: all).")
        .Value("partitions", "LIST", "Partition numbers, joined by commas (default: all).")
        .Value("topic-partitions", "LIST",
            "Topic patterns with partitions, joined by commas: t1:1,t2:0-3,t3,t4:5-,t5:-3 (upper bounds are exclusive).")
        .Value("time", "TIME", "-1 or latest, -2 or earliest, -3 or max-timestamp, -4 or earliest-local, -5 or latest-tiered, "
            + "-6 or earliest-pending-upload, or milliseconds since 1970 (default: latest).")
        .Flag("exclude-internal-topics", "Leave out internal topics.")
        .Value("command-config", "FILE", "Property file containing configs to be passed to the admin client.")
        .Value("offsets", "NUMBER", "Without effect; of the earliest tools.")
        .Value("max-wait-ms", "MS", "Without effect; of the earliest tools.");

    public static async Task<int> RunAsync(ToolContext context)
    {
        try
        {
            return await PrintAsync(context).ConfigureAwait(false);
        }
        catch (ToolFailedException e)
        {
            throw new ToolFailedException($"Error occurred: {e.Message}");
        }
    }

    static async Task<int> PrintAsync(ToolContext context)
    {
        if (context.Parse(Options()) is not { } parsed) return 0;
        ToolContext.RequireServers(parsed);
        if (parsed.Has("topic-partitions") && parsed.Count("topic", "partitions") > 0)
            throw new ToolFailedException("--topic-partitions cannot be used with --topic or --partitions");
        var question = QuestionOf(parsed.Text("time") ?? "latest");
        var filter = FilterOf(parsed);
        await using var admin = context.Admin(parsed);
        var partitions = await PartitionsAsync(context, admin, filter, !parsed.Has("exclude-internal-topics")).ConfigureAwait(false);
        if (partitions.Count == 0) throw new ToolFailedException("Could not match any topic-partitions with the specified filters");
        var answers = await admin.ListOffsetsAsync(partitions.ToDictionary(p => p, _ => question), cancel: context.Stop).ConfigureAwait(false);
        int code = 0;
        foreach (var partition in partitions)
        {
            var answer = answers[partition];
            if (answer.Error is { } error)
            {
                context.Error.WriteLine($"Skip getting offsets for topic-partition {partition} due to error: {error.Reason}");
                if (error.Error == Protocol.ErrorCode.UnsupportedVersion) code = 1;
            }
            else if (answer.Value.Offset >= 0)
            {
                // Where there is no such record there is no line.
                context.Output.WriteLine($"{partition.Topic}:{partition.Partition}:{answer.Value.Offset}");
            }
        }
        return code;
    }

    static OffsetQuestion QuestionOf(string time) => time switch
    {
        "-1" or "latest" => OffsetQuestion.Latest,
        "-2" or "earliest" => OffsetQuestion.Earliest,
        "-3" or "max-timestamp" => OffsetQuestion.MaxTimestamp,
        "-4" or "earliest-local" => OffsetQuestion.EarliestLocal,
        "-5" or "latest-tiered" => OffsetQuestion.LatestTiered,
        "-6" or "earliest-pending-upload" => OffsetQuestion.EarliestPendingUpload,
        _ when long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out long ms) => OffsetQuestion.At(ms),
        _ => throw new ToolFailedException(
            $"Malformed time argument {time}. Please use -1 or latest / -2 or earliest / -3 or max-timestamp / -4 or earliest-local / "
            + "-5 or latest-tiered / -6 or earliest-pending-upload, or a specified long format timestamp"),
    };

    static async Task<List<TopicPartition>> PartitionsAsync(
        ToolContext context, Admin admin, Func<TopicPartition, bool> filter, bool includeInternal)
    {
        var topics = await admin.ListTopicsAsync(includeInternal, context.Stop).ConfigureAwait(false);
        var described = await admin.DescribeTopicsAsync([.. topics.Select(t => t.Name)], context.Stop).ConfigureAwait(false);
        return
        [
            .. topics.Where(t => described.TryGetValue(t.Name, out var d) && d.IsOk)
                .SelectMany(t => described[t.Name].Get().Partitions.Select(p => new TopicPartition(t.Name, p.Partition)))
                .Where(filter).Order(),
        ];
    }

    static Func<TopicPartition, bool> FilterOf(Parsed parsed)
    {
        if (parsed.Text("topic-partitions") is { } list)
        {
            var rules = list.Split(',').Select(RuleOf).ToList();
            return p => rules.Exists(r => r(p));
        }
        var topics = parsed.Text("topic") is { } topic ? new TopicFilter(topic) : null;
        HashSet<int>? numbers = parsed.Text("partitions") is { } text ? [.. text.Split(',').Select(Number)] : null;
        return p => topics?.Matches(p.Topic) != false && numbers?.Contains(p.Partition) != false;

        static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new ToolFailedException($"--partitions expects a comma separated list of numeric partition ids, but received: {text}");
    }

    static Func<TopicPartition, bool> RuleOf(string rule)
    {
        int colon = rule.IndexOf(':');
        string name = colon < 0 ? rule : rule[..colon], range = colon < 0 ? "" : rule[(colon + 1)..];
        var topic = name.Length == 0 ? null : new TopicFilter(name);
        int dash = range.IndexOf('-');
        int from = 0, to = int.MaxValue;
        bool read = dash < 0
            ? range.Length == 0 || Read(range, ref from)
            : (dash == 0 || Read(range[..dash], ref from)) && (dash == range.Length - 1 || Read(range[(dash + 1)..], ref to));
        if (!read) throw new ToolFailedException($"Invalid rule specification: {rule}");
        if (dash < 0 && range.Length > 0) to = from + 1;
        return p => topic?.Matches(p.Topic) != false && p.Partition >= from && p.Partition < to;

        static bool Read(string text, ref int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
