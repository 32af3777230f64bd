using AkkaStream.Client;
using AkkaStream.Client.Administration;
using AkkaStream.Cli.Options;

namespace AkkaStream.Cli.Tools;

/// <summary>kafka-topics: create, list, describe, alter, delete.</summary>
static partial class TopicsTool
{
    static readonly string[] Actions = ["list", "describe", "create", "alter", "delete"];

    static OptionSet Options() => new OptionSet("topics", "Create, delete, describe, or change a topic.")
        .Value("bootstrap-server", "HOST:PORT", "REQUIRED: The server(s) to connect to.", "broker-list")
        .Value("command-config", "FILE", "Property file containing configs to be passed to the admin client.")
        .Flag("create", "Create a new topic.")
        .Flag("list", "List all available topics.")
        .Flag("describe", "List details for the given topics.")
        .Flag("alter", "Alter the number of partitions.")
        .Flag("delete", "Delete a topic.")
        .Value("topic", "TOPIC", "The topic; a regular expression except with --create.")
        .Value("topic-id", "ID", "The id of the topic to describe.")
        .Value("partitions", "NUMBER", "The number of partitions of the topic being created or altered (default: the cluster's). "
            + "More partitions change which partition a key belongs to.")
        .Value("replication-factor", "NUMBER", "The replication factor of the topic being created (default: the cluster's).")
        .Value("replica-assignment", "LIST", "Brokers by hand: broker ids joined by ':' for each partition, partitions joined by ','.")
        .Values("config", "NAME=VALUE", "A topic config that differs from the cluster's; only with --create.")
        .Refused("delete-config", Takes.Value, "--delete-config is no longer supported: use 'configs --alter --entity-type topics --delete-config'.")
        .Flag("if-exists", "With --alter, --delete, --describe: do nothing if the topic does not exist.")
        .Flag("if-not-exists", "With --create: do nothing if the topic exists.")
        .Flag("exclude-internal", "Leave out internal topics.")
        .Flag("topics-with-overrides", "With --describe: only topics with configs of their own.")
        .Flag("under-replicated-partitions", "With --describe: only partitions with replicas that are not in sync.")
        .Flag("unavailable-partitions", "With --describe: only partitions without a leader.")
        .Flag("under-min-isr-partitions", "With --describe: only partitions with fewer in-sync replicas than min.insync.replicas.")
        .Flag("at-min-isr-partitions", "With --describe: only partitions with exactly min.insync.replicas in-sync replicas.")
        .Value("partition-size-limit-per-response", "NUMBER", "Partitions in one answer; without effect here.")
        .Flag("force", "Without effect; earlier tools asked before they deleted.")
        .Flag("disable-rack-aware", "Without effect.");

    public static async Task<int> RunAsync(ToolContext context)
    {
        if (context.Parse(Options()) is not { } parsed) return 0;
        Check(parsed);
        await using var admin = context.Admin(parsed);
        try
        {
            if (parsed.Has("create")) await CreateAsync(context, parsed, admin).ConfigureAwait(false);
            else if (parsed.Has("list")) await ListAsync(context, parsed, admin).ConfigureAwait(false);
            else if (parsed.Has("describe")) await DescribeAsync(context, parsed, admin).ConfigureAwait(false);
            else if (parsed.Has("alter")) await AlterAsync(context, parsed, admin).ConfigureAwait(false);
            else await DeleteAsync(context, parsed, admin).ConfigureAwait(false);
            return 0;
        }
        catch (ToolFailedException e)
        {
            context.Output.WriteLine($"Error while executing topic command : {e.Message}");
        }
        catch (KafkaException e)
        {
            context.Output.WriteLine($"Error while executing topic command : {e.Reason}");
        }
        return 1;
    }

    static void Check(Parsed parsed)
    {
        if (parsed.Count(Actions) != 1)
            throw new UsageException("Command must include exactly one action: --list, --describe, --create, --alter or --delete");
        if (!parsed.Has("bootstrap-server")) throw new UsageException("--bootstrap-server must be specified");
        if (parsed.Has("describe") && parsed.Has("topic") && parsed.Has("topic-id"))
            throw new UsageException("Only one of --topic and --topic-id can be used with --describe");
        if (parsed.Has("alter") && parsed.Has("config"))
        {
            throw new UsageException(
                "Option combination \"[[config], [bootstrap-server]]\" can't be used with option \"[alter]\" "
                + "(To alter topic configurations, the kafka-configs tool can be used.)");
        }
        if (parsed.Has("create") || parsed.Has("alter") || parsed.Has("delete")) parsed.Required("topic");
        if (parsed.Has("alter") && !parsed.Has("replica-assignment")) parsed.Required("partitions");
        foreach (string action in (string[])["list", "describe", "delete"])
        {
            if (!parsed.Has(action)) continue;
            foreach (string option in (string[])["config", "partitions", "replication-factor", "replica-assignment"]) parsed.Forbid(option, action);
        }
        parsed.Forbid("replication-factor", "alter");
        if (parsed.Has("create")) parsed.Forbid("replica-assignment", "partitions", "replication-factor");
        string[] reports = ["under-replicated-partitions", "unavailable-partitions", "under-min-isr-partitions", "at-min-isr-partitions",
            "topics-with-overrides"];
        foreach (string report in reports) parsed.Forbid(report, "create", "list", "alter", "delete");
        if (parsed.Count(reports) > 1) throw new UsageException($"Only one of --{string.Join(", --", reports)} can be used");
        parsed.Forbid("exclude-internal", "create", "alter", "delete");
        parsed.Forbid("if-exists", "create", "list");
        parsed.Forbid("if-not-exists", "alter", "delete", "describe", "list");
    }

    static async Task CreateAsync(ToolContext context, Parsed parsed, Admin admin)
    {
        string name = parsed.Required("topic");
        if (name.Contains('.') || name.Contains('_'))
        {
            context.Output.WriteLine(
                "WARNING: Due to limitations in metric names, topics with a period ('.') or underscore ('_') could collide. "
                + "To avoid issues it is best to use either, but not both.");
        }
        if (parsed.Int("partitions") < 1) throw new ToolFailedException("The partitions must be greater than 0");
        if (parsed.Int("replication-factor") is < 1 or > short.MaxValue)
            throw new ToolFailedException($"The replication factor must be between 1 and {short.MaxValue} inclusive");
        var configs = new Dictionary<string, string>();
        foreach (string config in parsed.All("config"))
        {
            int equals = config.IndexOf('=');
            if (equals <= 0)
                throw new ToolFailedException("requirement failed: Invalid topic config: all configs to be added must be in the format \"key=val\".");
            configs[config[..equals].Trim()] = config[(equals + 1)..].Trim();
        }
        var topic = new NewTopic(name, parsed.Int("partitions") ?? -1, (short)(parsed.Int("replication-factor") ?? -1))
        {
            Assignments = parsed.Text("replica-assignment") is { } assignment ? Assignments(assignment) : null,
            Configs = configs,
        };
        var created = (await admin.CreateTopicsAsync([topic], cancel: context.Stop).ConfigureAwait(false))[name];
        if (created.Error is { Error: Protocol.ErrorCode.TopicAlreadyExists } && parsed.Has("if-not-exists")) return;
        created.Get();
        context.Output.WriteLine($"Created topic {name}.");
    }

    static Dictionary<int, IReadOnlyList<int>> Assignments(string text)
    {
        var result = new Dictionary<int, IReadOnlyList<int>>();
        foreach (string partition in text.Split(','))
        {
            int[] brokers = [.. partition.Split(':').Select(b => int.TryParse(b, out int id) ? id
                : throw new ToolFailedException(
                    $"'{b}' in the replica assignment is no broker id: write 1:2,2:3 for two partitions of two replicas"))];
            var twice = brokers.GroupBy(b => b).Where(g => g.Count() > 1).Select(g => g.Key).ToList();
            if (twice.Count > 0)
                throw new ToolFailedException($"Partition replica lists may not contain duplicate entries: {string.Join(",", twice)}");
            if (result.Count > 0 && result[0].Count != brokers.Length)
                throw new ToolFailedException($"Partition {result.Count} has different replication factor: {string.Join(",", brokers)}");
            result[result.Count] = brokers;
        }
        return result;
    }

    static async Task<List<string>> MatchingAsync(ToolContext context, Parsed parsed, Admin admin)
    {
        var filter = parsed.Text("topic") is { } text ? new TopicFilter(text) : null;
        var topics = await admin.ListTopicsAsync(!parsed.Has("exclude-internal"), context.Stop).ConfigureAwait(false);
        return [.. topics.Select(t => t.Name).Where(t => filter?.Matches(t) != false).Order(StringComparer.Ordinal)];
    }

    static async Task ListAsync(ToolContext context, Parsed parsed, Admin admin)
    {
        foreach (string topic in await MatchingAsync(context, parsed, admin).ConfigureAwait(false)) context.Output.WriteLine(topic);
    }

    static void EnsureFound(List<string> topics, Parsed parsed)
    {
        if (topics.Count == 0 && parsed.Text("topic") is { } wanted && !parsed.Has("if-exists"))
            throw new ToolFailedException($"Topic '{wanted}' does not exist as expected");
    }

    static async Task AlterAsync(ToolContext context, Parsed parsed, Admin admin)
    {
        var topics = await MatchingAsync(context, parsed, admin).ConfigureAwait(false);
        EnsureFound(topics, parsed);
        if (topics.Count == 0) return;
        var changes = new Dictionary<string, (int, IReadOnlyList<IReadOnlyList<int>>?)>();
        var described = await admin.DescribeTopicsAsync(topics, context.Stop).ConfigureAwait(false);
        foreach (string topic in topics)
        {
            int now = described[topic].Get().Partitions.Count;
            var assignments = parsed.Text("replica-assignment") is { } text ? Assignments(text) : null;
            // The list names all partitions; those that exist stay where they are.
            changes[topic] = (parsed.Int("partitions") ?? assignments?.Count ?? now, assignments is null ? null
                : [.. assignments.Skip(now).Select(a => a.Value)]);
        }
        foreach (var (_, outcome) in await admin.CreatePartitionsAsync(changes, cancel: context.Stop).ConfigureAwait(false)) outcome.Get();
    }

    static async Task DeleteAsync(ToolContext context, Parsed parsed, Admin admin)
    {
        var topics = await MatchingAsync(context, parsed, admin).ConfigureAwait(false);
        EnsureFound(topics, parsed);
        if (topics.Find(TopicFilter.IsInternal) is { } forbidden)
            throw new ToolFailedException($"Topic {forbidden} is a kafka internal topic and is not allowed to be marked for deletion.");
        if (topics.Count == 0) return;
        foreach (var (_, outcome) in await admin.DeleteTopicsAsync(topics, context.Stop).ConfigureAwait(false)) outcome.Get();
    }
}
