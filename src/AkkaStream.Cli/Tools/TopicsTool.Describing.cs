using System.Globalization;
using AkkaStream.Client;
using AkkaStream.Client.Administration;
using AkkaStream.Cli.Options;
using AkkaStream.Protocol;

namespace AkkaStream.Cli.Tools;

static partial class TopicsTool
{
    static async Task DescribeAsync(ToolContext context, Parsed parsed, Admin admin)
    {
        var topics = await TopicsToDescribe(context, parsed, admin).ConfigureAwait(false);
        if (topics.Count == 0) return;
        var descriptions = await admin.DescribeTopicsAsync(topics, context.Stop).ConfigureAwait(false);
        var configs = await admin.DescribeConfigsAsync(
            [.. topics.Select(t => new ConfigResource(ConfigResourceType.Topic, t))], cancel: context.Stop).ConfigureAwait(false);
        var moves = await MovesAsync(context, admin).ConfigureAwait(false);
        var alive = (await admin.DescribeClusterAsync(cancel: context.Stop).ConfigureAwait(false)).Brokers.Select(b => b.Id).ToHashSet();
        bool onlySome = parsed.Count(
            "under-replicated-partitions", "unavailable-partitions", "under-min-isr-partitions", "at-min-isr-partitions") > 0;
        foreach (string topic in topics)
        {
            if (!descriptions.TryGetValue(topic, out var outcome) || outcome.Error is { Error: ErrorCode.UnknownTopicOrPartition }) continue;
            var description = outcome.Get();
            var entries = configs[new ConfigResource(ConfigResourceType.Topic, topic)].Get();
            if (!onlySome) WriteTopic(context, description, entries, moves, parsed.Has("topics-with-overrides"));
            if (parsed.Has("topics-with-overrides")) continue;
            foreach (var partition in description.Partitions)
            {
                var move = moves.GetValueOrDefault(new TopicPartition(topic, partition.Partition));
                if (!onlySome || IsAskedFor(parsed, partition, move, entries, alive)) WritePartition(context, topic, partition, move);
            }
        }
    }

    static async Task<List<string>> TopicsToDescribe(ToolContext context, Parsed parsed, Admin admin)
    {
        if (parsed.Text("topic-id") is not { } idText)
        {
            var topics = await MatchingAsync(context, parsed, admin).ConfigureAwait(false);
            EnsureFound(topics, parsed);
            return topics;
        }
        if (!TopicId.TryParse(idText, out var id)) throw new ToolFailedException($"'{idText}' is no topic id: 22 letters, as --describe shows them");
        var all = await admin.ListTopicsAsync(true, context.Stop).ConfigureAwait(false);
        var found = all.FirstOrDefault(t => t.Id == id);
        if (found is not null) return [found.Name];
        return parsed.Has("if-exists") ? [] : throw new ToolFailedException($"TopicId '{idText}' does not exist as expected");
    }

    // A cluster that cannot tell has no moves to show.
    static async Task<IReadOnlyDictionary<TopicPartition, PartitionMove>> MovesAsync(ToolContext context, Admin admin)
    {
        try
        {
            return await admin.ListReassignmentsAsync(cancel: context.Stop).ConfigureAwait(false);
        }
        catch (KafkaException e) when (e.Error is ErrorCode.UnsupportedVersion or ErrorCode.ClusterAuthorizationFailed)
        {
            return new Dictionary<TopicPartition, PartitionMove>();
        }
    }

    static bool IsAskedFor(
        Parsed parsed, PartitionDescription partition, PartitionMove? move, IReadOnlyList<ConfigEntry> configs, HashSet<int> alive)
    {
        if (parsed.Has("unavailable-partitions")) return partition.Leader < 0 || !alive.Contains(partition.Leader);
        // While a partition moves it has more replicas than it will keep.
        if (parsed.Has("under-replicated-partitions")) return partition.Isr.Count < partition.Replicas.Count - (move?.Adding.Count ?? 0);
        string least = configs.FirstOrDefault(c => c.Name == "min.insync.replicas")?.Value ?? "1";
        int minIsr = int.Parse(least, CultureInfo.InvariantCulture);
        return parsed.Has("under-min-isr-partitions") ? partition.Isr.Count < minIsr : partition.Isr.Count == minIsr;
    }

    static void WriteTopic(
        ToolContext context, TopicDescription topic, IReadOnlyList<ConfigEntry> configs,
        IReadOnlyDictionary<TopicPartition, PartitionMove> moves, bool onlyWithOverrides)
    {
        var own = configs.Where(c => c.Source != ConfigSource.Default).ToList();
        if (onlyWithOverrides && own.Count == 0) return;
        var first = topic.Partitions[0];
        int replicas = first.Replicas.Count - (moves.GetValueOrDefault(new TopicPartition(topic.Name, first.Partition))?.Adding.Count ?? 0);
        var output = context.Output;
        output.Write($"Topic: {topic.Name}");
        if (!topic.Id.IsZero) output.Write($"\tTopicId: {topic.Id}");
        output.Write($"\tPartitionCount: {topic.Partitions.Count}\tReplicationFactor: {replicas}");
        output.WriteLine($"\tConfigs: {string.Join(",", own.Select(c => $"{c.Name}={c.Value}"))}");
    }

    static void WritePartition(ToolContext context, string topic, PartitionDescription partition, PartitionMove? move)
    {
        var output = context.Output;
        output.Write($"\tTopic: {topic}\tPartition: {partition.Partition}\tLeader: {(partition.Leader < 0 ? "none" : partition.Leader)}");
        output.Write($"\tReplicas: {string.Join(",", partition.Replicas)}\tIsr: {string.Join(",", partition.Isr)}");
        if (move is not null) output.Write(
            $"\tAdding Replicas: {string.Join(",", move.Adding)}\tRemoving Replicas: {string.Join(",", move.Removing)}");
        output.Write($"\tElr: {Joined(partition.EligibleLeaders)}\tLastKnownElr: {Joined(partition.LastKnownEligibleLeaders)}");
        output.WriteLine();
    }

    static string Joined(IReadOnlyList<int>? ids) => ids is null ? "N/A" : string.Join(",", ids);
}
