using System.Text.RegularExpressions;
using AkkaStream.Client;
using AkkaStream.Client.Settings;
using AkkaStream.Cli.Options;

namespace AkkaStream.Cli.Tools;

/// <summary>kafka-consumer-groups: lists, describes and deletes groups, and moves their offsets.</summary>
static class ConsumerGroupsTool
{
    static readonly string[] Actions = ["list", "describe", "delete", "reset-offsets", "delete-offsets", "validate-regex", "history", "undo-reset"];

    static OptionSet Options() => new OptionSet("consumer-groups", "List, describe or delete consumer groups, and reset their offsets.")
        .Value("bootstrap-server", "HOST:PORT", "REQUIRED except for --validate-regex: The server(s) to connect to.", "broker-list")
        .Flag("list", "List all groups.")
        .Flag("describe", "Describe groups and list their lag.")
        .Flag("delete", "Delete groups that have no members, with all of their offsets.")
        .Flag("reset-offsets", "Move the offsets of a group without members; shows what it would do unless --execute is given.")
        .Flag("delete-offsets", "Delete offsets of a group for one topic or several.")
        .Value("validate-regex", "REGEX", "Say whether the expression can be used to subscribe.")
        .Add(new Option("history", Takes.MayTakeValue, "What happened to the group lately: rebalances, resets and expiry of offsets.")
        {
            Argument = "GROUP",
        })
        .Add(new Option("undo-reset", Takes.MayTakeValue, "Put back what was committed before the last reset, deletion or expiry of offsets.")
        {
            Argument = "GROUP",
        })
        .Values("group", "GROUP", "The group to work on.")
        .Flag("all-groups", "Work on all groups.")
        .Values("topic", "TOPIC[:PARTITIONS]", "The topic to work on; for --reset-offsets also 'topic1:0,1,2'.")
        .Flag("all-topics", "All topics that the group has offsets of.")
        .Flag("members", "With --describe: the members.")
        .Flag("offsets", "With --describe: the offsets, which is the default.")
        .Add(new Option("state", Takes.MayTakeValue, "With --describe: the state; with --list: shows states, or only groups in these.")
        {
            Argument = "STATES",
        })
        .Add(new Option("type", Takes.MayTakeValue, "With --list: shows types, or only groups of these: classic, consumer.") { Argument = "TYPES" })
        .Flag("verbose", "With --describe: more of it.")
        .Flag("dry-run", "Only show what --reset-offsets would do.")
        .Flag("execute", "Do it.")
        .Flag("export", "Print the offsets as a CSV file, for --from-file.")
        .Value("to-offset", "OFFSET", "To this offset.")
        .Value("to-datetime", "TIME", "To the first record not older than 'YYYY-MM-DDThh:mm:ss.sss', in UTC or with a zone (+02:00).")
        .Value("by-duration", "DURATION", "To the first record not older than this, as in P1DT2H (a day and two hours).")
        .Flag("to-earliest", "To the oldest record.")
        .Flag("to-latest", "To the next record that comes.")
        .Flag("to-current", "To where it stands.")
        .Value("shift-by", "NUMBER", "So many records forward, or backward if negative.")
        .Value("from-file", "FILE", "To the offsets of a CSV file: topic,partition,offset; with several groups group,topic,partition,offset.")
        .Value("timeout", "MS", "How long to wait for an answer (default: 30000).")
        .Value("command-config", "FILE", "Property file containing configs to be passed to the admin client.")
        .Add(new Option("new-consumer", Takes.Nothing, "") { IsHidden = true })
        .Refused("delete-consumer-offsets", Takes.Nothing,
            "delete-consumer-offsets belonged to the console consumer of ZooKeeper's times: use --delete or --delete-offsets");

    public static async Task<int> RunAsync(ToolContext context)
    {
        if (context.Parse(Options()) is not { } parsed) return 0;
        if (parsed.Count(Actions) != 1)
            throw new UsageException($"Command must include exactly one action: {string.Join(", ", Actions.Select(a => "--" + a))}");
        if (parsed.Text("validate-regex") is { } regex) return Validate(context, regex);
        ToolContext.RequireServers(parsed);
        Check(parsed);
        try
        {
            await using var admin = AdminOf(context, parsed);
            var groups = new ConsumerGroups(context, parsed, admin);
            if (parsed.Has("list")) await groups.ListAsync().ConfigureAwait(false);
            else if (parsed.Has("describe")) await groups.DescribeAsync().ConfigureAwait(false);
            else if (parsed.Has("delete")) await groups.DeleteAsync().ConfigureAwait(false);
            else if (parsed.Has("reset-offsets")) await groups.ResetAsync().ConfigureAwait(false);
            else if (parsed.Has("history")) await groups.HistoryAsync().ConfigureAwait(false);
            else if (parsed.Has("undo-reset")) await groups.UndoAsync().ConfigureAwait(false);
            else await groups.DeleteOffsetsAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is KafkaException or ToolFailedException)
        {
            // Kafka's tool passes even then; scripts were written for that.
            PrintError(context, $"Executing consumer group command failed due to {(e as KafkaException)?.Reason ?? e.Message}");
        }
        return 0;
    }

    static void Check(Parsed parsed)
    {
        bool named = parsed.Count("group", "all-groups") > 0;
        foreach (string action in (string[])["describe", "delete", "reset-offsets"])
            if (parsed.Has(action) && !named) throw new UsageException($"Option [{action}] takes one of these options: [group], [all-groups]");
        foreach (string action in (string[])["history", "undo-reset"])
            if (parsed.Has(action) && parsed.Text(action) is null && !named) throw new UsageException($"--{action} needs a group");
        parsed.Forbid("group", "all-groups");
        parsed.Forbid("topic", "all-topics");
        if (parsed.Has("describe") && parsed.Count("members", "offsets", "state") > 1)
            throw new UsageException("Option [describe] takes at most one of these options: [members], [offsets], [state]");
        if (parsed.Has("describe") && parsed.Text("state") is not null)
            throw new UsageException("Option [describe] does not take a value for [state]");
        if (parsed.Has("delete-offsets") && !(parsed.Has("group") && parsed.Has("topic")))
            throw new UsageException("Option [delete-offsets] takes the following options: [topic], [group]");
        if (parsed.Has("delete") && parsed.Has("topic"))
            throw new UsageException("Offsets of single topics are deleted by --delete-offsets; --delete removes the whole group");
        parsed.Needs("members", "describe");
        parsed.Needs("offsets", "describe");
        parsed.Needs("verbose", "describe");
        parsed.Needs("state", "describe", "list");
        parsed.Needs("type", "list");
        if (parsed.Has("reset-offsets")) OffsetMoves.Check(parsed);
    }

    static Admin AdminOf(ToolContext context, Parsed parsed)
    {
        var properties = context.Properties(parsed, "command-config", null);
        properties.TryAdd("client.id", context.Name);
        var settings = AdminSettings.FromProperties(properties);
        var client = context.Prepare(settings.Client);
        if (parsed.Long("timeout") is { } timeout) client = client with { ApiTimeout = TimeSpan.FromMilliseconds(timeout) };
        return new Admin(settings with { Client = client });
    }

    // Patterns are matched by the broker, which knows those without memory of what came before.
    static int Validate(ToolContext context, string regex)
    {
        try
        {
            _ = new Regex(regex, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
            context.Output.WriteLine($"The regular expression `{regex}` is valid.");
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            context.Output.WriteLine($"The regular expression `{regex}` is invalid: {e.Message}");
        }
        return 0;
    }

    static void PrintError(ToolContext context, string text) => context.Output.WriteLine($"\nError: {text}");
}
