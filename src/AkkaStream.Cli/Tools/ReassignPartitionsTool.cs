using System.Globalization;
using System.Text.Json;
using AkkaStream.Client;
using AkkaStream.Client.Administration;
using AkkaStream.Cli.Options;
using AkkaStream.Protocol;

namespace AkkaStream.Cli.Tools;

/// <summary>kafka-reassign-partitions: moves replicas of partitions to other brokers.</summary>
static class ReassignPartitionsTool
{
    static readonly string[] Actions = ["generate", "execute", "verify", "cancel", "list"];

    static OptionSet Options() => new OptionSet("reassign-partitions", "Move replicas of partitions to other brokers.")
        .Value("bootstrap-server", "HOST:PORT", "REQUIRED: The server(s) to connect to.")
        .Flag("generate", "Propose where the partitions of some topics may go; changes nothing.")
        .Flag("execute", "Begin the moves of --reassignment-json-file.")
        .Flag("verify", "Say how far the moves of --reassignment-json-file have come.")
        .Flag("cancel", "Stop the moves of --reassignment-json-file.")
        .Flag("list", "List the moves that are under way.")
        .Value("reassignment-json-file", "FILE",
            "{\"version\": 1, \"partitions\": [{\"topic\": \"foo\", \"partition\": 1, \"replicas\": [1, 2, 3]}]}")
        .Value("topics-to-move-json-file", "FILE", "With --generate: {\"topics\": [{\"topic\": \"foo\"}], \"version\": 1}")
        .Value("broker-list", "IDS", "With --generate: the brokers that may hold replicas: 0,1,2.")
        .Flag("disable-rack-aware", "With --generate: pay no regard to racks.")
        .Flag("additional", "With --execute: also while other moves are under way.")
        .Flag("disallow-replication-factor-change", "With --execute: every partition keeps its number of replicas.")
        .Flag("preserve-throttles", "With --verify or --cancel: leave throttles as they are.")
        .Value("throttle", "BYTES", "Has no effect: moves are not throttled here, which is said in a warning.")
        .Value("replica-alter-log-dirs-throttle", "BYTES", "Has no effect, as --throttle.")
        .Value("timeout", "MS", "How long to wait (default: 10000).")
        .Value("command-config", "FILE", "Property file containing configs to be passed to the admin client.");

    public static async Task<int> RunAsync(ToolContext context)
    {
        if (context.Parse(Options()) is not { } parsed) return 0;
        if (parsed.Count(Actions) != 1)
            throw new UsageException($"Command must include exactly one action: {string.Join(", ", Actions.Select(a => "--" + a))}");
        ToolContext.RequireServers(parsed);
        if (parsed.Count("throttle", "replica-alter-log-dirs-throttle") > 0) context.Error.WriteLine("WARN Moves are not throttled here.");
        await using var admin = context.Admin(parsed);
        try
        {
            if (parsed.Has("list")) await ListAsync(context, admin).ConfigureAwait(false);
            else if (parsed.Has("generate")) await GenerateAsync(context, parsed, admin).ConfigureAwait(false);
            else if (parsed.Has("execute")) await ExecuteAsync(context, parsed, admin).ConfigureAwait(false);
            else if (parsed.Has("verify")) await VerifyAsync(context, parsed, admin).ConfigureAwait(false);
            else await CancelAsync(context, parsed, admin).ConfigureAwait(false);
            return 0;
        }
        catch (Exception e) when (e is KafkaException or ToolFailedException)
        {
            context.Output.WriteLine($"Error: {(e as KafkaException)?.Reason ?? e.Message}");
            return 1;
        }
    }

    static async Task ListAsync(ToolContext context, Admin admin)
    {
        var moves = await admin.ListReassignmentsAsync(cancel: context.Stop).ConfigureAwait(false);
        if (moves.Count == 0)
        {
            context.Output.WriteLine("No partition reassignments found.");
            return;
        }
        context.Output.WriteLine("Current partition reassignments:");
        foreach (var (partition, move) in moves.OrderBy(m => m.Key))
        {
            string adding = move.Adding.Count == 0 ? "" : $" adding: {string.Join(",", move.Adding)}.";
            string removing = move.Removing.Count == 0 ? "" : $" removing: {string.Join(",", move.Removing)}.";
            context.Output.WriteLine($"{partition}: replicas: {string.Join(",", move.Replicas)}.{adding}{removing}");
        }
    }

    static async Task GenerateAsync(ToolContext context, Parsed parsed, Admin admin)
    {
        int[] brokers = [.. parsed.Required("broker-list").Split(',').Select(IdOf)];
        using var json = JsonFiles.Open(parsed.Required("topics-to-move-json-file"));
        string[] topics = [.. JsonFiles.Required(json.RootElement, "topics").EnumerateArray()
            .Select(t => JsonFiles.Required(t, "topic").GetString() ?? "").Distinct().Order(StringComparer.Ordinal)];
        await RequireBrokersAsync(context, admin, brokers).ConfigureAwait(false);
        var current = await ReplicasAsync(context, admin, topics).ConfigureAwait(false);
        var proposal = new SortedDictionary<TopicPartition, IReadOnlyList<int>>();
        foreach (var topic in current.GroupBy(c => c.Key.Topic))
        {
            int factor = topic.First().Value.Count;
            if (factor > brokers.Length)
            {
                throw new ToolFailedException(
                    $"Topic {topic.Key} needs a replication factor of {factor}, and only {brokers.Length} broker(s) are named.");
            }
            foreach (var (partition, _) in topic)
                proposal[partition] = [.. Enumerable.Range(0, factor).Select(i => brokers[(partition.Partition + i) % brokers.Length])];
        }
        context.Output.WriteLine($"Current partition replica assignment\n{Json(current)}\n");
        context.Output.WriteLine($"Proposed partition reassignment configuration\n{Json(proposal)}");
    }

    static async Task ExecuteAsync(ToolContext context, Parsed parsed, Admin admin)
    {
        var targets = Read(parsed);
        if (targets.Count == 0) throw new ToolFailedException("Partition reassignment list cannot be empty");
        if (!parsed.Has("additional") && (await admin.ListReassignmentsAsync(cancel: context.Stop).ConfigureAwait(false)).Count > 0)
        {
            throw new ToolFailedException(
                "Cannot execute because there is an existing partition assignment. Use --additional to override this and create a new partition "
                + "assignment in addition to the existing one.");
        }
        await RequireBrokersAsync(context, admin, targets.Values.SelectMany(r => r)).ConfigureAwait(false);
        var current = await ReplicasAsync(context, admin, [.. targets.Keys.Select(p => p.Topic).Distinct()]).ConfigureAwait(false);
        foreach (var partition in targets.Keys)
            if (!current.ContainsKey(partition)) throw new ToolFailedException($"Unable to find partition: {partition}");
        var before = new SortedDictionary<TopicPartition, IReadOnlyList<int>>(targets.Keys.ToDictionary(p => p, p => current[p]));
        context.Output.WriteLine(
            $"Current partition replica assignment\n\n{Json(before)}\n\nSave this to use as the --reassignment-json-file option during rollback");
        var results = await admin.ReassignAsync(
            targets.ToDictionary(t => t.Key, t => (IReadOnlyList<int>?)t.Value), !parsed.Has("disallow-replication-factor-change"), context.Stop)
            .ConfigureAwait(false);
        string failed = string.Join('\n', results.Where(r => !r.Value.IsOk).OrderBy(r => r.Key).Select(r => $"{r.Key}: {r.Value.Error?.Reason}"));
        if (failed.Length > 0) throw new ToolFailedException($"Error reassigning partition(s):\n{failed}");
        context.Output.WriteLine(
            $"Successfully started partition reassignment{(targets.Count == 1 ? "" : "s")} for {string.Join(",", targets.Keys)}");
    }

    static async Task VerifyAsync(ToolContext context, Parsed parsed, Admin admin)
    {
        var targets = Read(parsed);
        var moves = await admin.ListReassignmentsAsync(targets.Keys, context.Stop).ConfigureAwait(false);
        var current = await ReplicasAsync(context, admin, [.. targets.Keys.Select(p => p.Topic).Distinct()]).ConfigureAwait(false);
        context.Output.WriteLine("Status of partition reassignment:");
        foreach (var (partition, replicas) in targets)
        {
            string status = moves.ContainsKey(partition) ? $"Reassignment of partition {partition} is still in progress."
                : !current.TryGetValue(partition, out var now) ? $"Partition {partition} does not exist."
                : now.SequenceEqual(replicas) ? $"Reassignment of partition {partition} is completed."
                : $"There is no active reassignment of partition {partition}, but replica set is {string.Join(",", now)} rather than "
                    + $"{string.Join(",", replicas)}.";
            context.Output.WriteLine(status);
        }
        // There are no throttles here that could have been left behind.
        context.Output.WriteLine();
    }

    static async Task CancelAsync(ToolContext context, Parsed parsed, Admin admin)
    {
        var targets = Read(parsed);
        var moves = await admin.ListReassignmentsAsync(targets.Keys, context.Stop).ConfigureAwait(false);
        if (moves.Count == 0)
        {
            context.Output.WriteLine("None of the specified partition reassignments are active.");
            return;
        }
        var results = await admin.ReassignAsync(moves.Keys.ToDictionary(p => p, _ => (IReadOnlyList<int>?)null), cancel: context.Stop)
            .ConfigureAwait(false);
        foreach (var (partition, result) in results)
            if (result.Error is { Error: not ErrorCode.NoReassignmentInProgress } error)
                throw new ToolFailedException($"Error cancelling partition reassignment of {partition}: {error.Reason}");
        string all = string.Join(",", moves.Keys.Order());
        context.Output.WriteLine($"Successfully cancelled partition reassignment{(moves.Count == 1 ? "" : "s")} for: {all}");
    }

    static int IdOf(string text) => int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int id)
        ? id : throw new UsageException($"'{text}' in --broker-list is no broker id");

    static async ValueTask RequireBrokersAsync(ToolContext context, Admin admin, IEnumerable<int> ids)
    {
        var cluster = await admin.DescribeClusterAsync(cancel: context.Stop).ConfigureAwait(false);
        foreach (int id in ids)
            if (!cluster.Brokers.Any(b => b.Id == id)) throw new ToolFailedException($"Unknown broker id {id}");
    }

    static async ValueTask<SortedDictionary<TopicPartition, IReadOnlyList<int>>> ReplicasAsync(
        ToolContext context, Admin admin, IReadOnlyCollection<string> topics)
    {
        var described = await admin.DescribeTopicsAsync(topics, context.Stop).ConfigureAwait(false);
        var result = new SortedDictionary<TopicPartition, IReadOnlyList<int>>();
        foreach (string topic in topics)
        {
            if (described[topic].Error is { Error: ErrorCode.UnknownTopicOrPartition }) throw new ToolFailedException($"Topic {topic} not found.");
            foreach (var p in described[topic].Get().Partitions) result[new TopicPartition(topic, p.Partition)] = p.Replicas;
        }
        return result;
    }

    static SortedDictionary<TopicPartition, IReadOnlyList<int>> Read(Parsed parsed)
    {
        using var json = JsonFiles.Open(parsed.Required("reassignment-json-file"));
        var targets = new SortedDictionary<TopicPartition, IReadOnlyList<int>>();
        if (!json.RootElement.TryGetProperty("partitions", out var partitions)) return targets;
        foreach (var entry in partitions.EnumerateArray())
        {
            var partition = new TopicPartition(
                JsonFiles.Required(entry, "topic").GetString() ?? "", JsonFiles.Required(entry, "partition").GetInt32());
            int[] replicas = [.. JsonFiles.Required(entry, "replicas").EnumerateArray().Select(r => r.GetInt32())];
            if (replicas.Distinct().Count() != replicas.Length)
                throw new ToolFailedException($"Partition replica lists may not contain duplicate entries: {partition} contains multiple entries");
            if (!targets.TryAdd(partition, replicas))
                throw new ToolFailedException($"Partition reassignment contains duplicate topic partitions: {partition}");
        }
        return targets;
    }

    static string Json(SortedDictionary<TopicPartition, IReadOnlyList<int>> replicas)
    {
        var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("version", 1);
            json.WriteStartArray("partitions");
            foreach (var (partition, ids) in replicas)
            {
                json.WriteStartObject();
                json.WriteString("topic", partition.Topic);
                json.WriteNumber("partition", partition.Partition);
                json.WriteStartArray("replicas");
                foreach (int id in ids) json.WriteNumberValue(id);
                json.WriteEndArray();
                json.WriteStartArray("log_dirs");
                foreach (int _ in ids) json.WriteStringValue("any");
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }
}
