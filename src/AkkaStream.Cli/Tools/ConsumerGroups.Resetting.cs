using AkkaStream.Client;
using AkkaStream.Client.Administration;
using AkkaStream.Cli.Options;
using AkkaStream.Protocol;

namespace AkkaStream.Cli.Tools;

// --reset-offsets
sealed partial class ConsumerGroups
{
    public async Task ResetAsync()
    {
        if (parsed.Count("dry-run", "execute") == 0)
        {
            context.Error.WriteLine(
                "WARN: No action will be performed as the --execute option is missing. Say --dry-run if that is meant: Kafka's tool will require "
                + "one of the two in version 5.0.");
        }
        var groups = await GroupsAsync().ConfigureAwait(false);
        var file = parsed.Text("from-file") is { } path ? OffsetMoves.ReadFile(path, groups) : null;
        var moves = new List<(string Group, TopicPartition Partition, long Offset)>();
        var described = await admin.DescribeGroupsAsync(groups, context.Stop).ConfigureAwait(false);
        foreach (string group in groups)
        {
            if (StateThatForbids(described[group]) is { } state)
            {
                PrintError($"Assignments can only be reset if the group '{group}' is inactive, but the current state is {state}.");
                continue;
            }
            var offsets = file is null
                ? await NewOffsetsAsync(group).ConfigureAwait(false) : await OfFileAsync(file[group]).ConfigureAwait(false);
            if (parsed.Has("execute") && offsets.Count > 0) await SetAsync(group, offsets).ConfigureAwait(false);
            moves.AddRange(offsets.OrderBy(o => o.Key).Select(o => (group, o.Key, o.Value)));
        }
        if (parsed.Has("export")) Export(moves, groups.Count > 1);
        else Print(moves);
    }

    // A group that does not exist is made by its first offset.
    static string? StateThatForbids(Outcome<GroupDescription> group)
    {
        if (group.Error is { } error) return error.Error == ErrorCode.GroupIdNotFound ? null : throw error;
        return group.Get().State is "Empty" or "Dead" ? null : group.Get().State;
    }

    void Print(List<(string Group, TopicPartition Partition, long Offset)> moves)
    {
        context.Output.WriteLine();
        var table = new Columns().Growing("GROUP", 15).Growing("TOPIC", 15).Fixed("PARTITION", 10).Fixed("NEW-OFFSET", 0);
        foreach (var (group, partition, offset) in moves) table.Add(group, partition.Topic, $"{partition.Partition}", $"{offset}");
        table.Write(context.Output);
    }

    void Export(List<(string Group, TopicPartition Partition, long Offset)> moves, bool withGroup)
    {
        foreach (var (group, partition, offset) in moves)
            context.Output.WriteLine($"{(withGroup ? group + "," : "")}{partition.Topic},{partition.Partition},{offset}");
    }

    async ValueTask SetAsync(string group, Dictionary<TopicPartition, long> offsets)
    {
        var errors = await admin.AlterGroupOffsetsAsync(
            group, offsets.ToDictionary(o => o.Key, o => new OffsetAndMetadata(o.Value)), context.Stop).ConfigureAwait(false);
        foreach (var error in errors.Values) throw error;
    }

    async ValueTask<Dictionary<TopicPartition, long>> NewOffsetsAsync(string group)
    {
        var committed = await admin.ListGroupOffsetsAsync(group, cancel: context.Stop).ConfigureAwait(false);
        TopicPartition[] partitions = parsed.Has("all-topics")
            ? [.. committed.Keys.Order()]
            : [.. (await ScopeAsync(tolerant: false).ConfigureAwait(false))
                .SelectMany(t => t.Partitions.Get().Select(p => new TopicPartition(t.Topic, p)))];
        await RequireExistAsync(partitions).ConfigureAwait(false);
        if (parsed.Has("to-earliest")) return await EdgeAsync(partitions, OffsetQuestion.Earliest).ConfigureAwait(false);
        if (parsed.Has("to-latest")) return await EdgeAsync(partitions, OffsetQuestion.Latest).ConfigureAwait(false);
        if (parsed.Long("to-offset") is { } offset) return await WithinAsync(partitions.ToDictionary(p => p, _ => offset)).ConfigureAwait(false);
        if (parsed.Long("shift-by") is { } shift)
        {
            foreach (var p in partitions)
                if (!committed.ContainsKey(p))
                    throw new UsageException($"Cannot shift offset for partition {p} since there is no current committed offset");
            return await WithinAsync(partitions.ToDictionary(p => p, p => committed[p].Offset + shift)).ConfigureAwait(false);
        }
        if (parsed.Text("to-datetime") is { } time) return await AtAsync(partitions, OffsetMoves.Milliseconds(time)).ConfigureAwait(false);
        if (parsed.Text("by-duration") is { } duration)
        {
            var then = context.Io.Time.GetUtcNow() - OffsetMoves.Duration(duration);
            return await AtAsync(partitions, then.ToUnixTimeMilliseconds()).ConfigureAwait(false);
        }
        // To where it stands; where it stands nowhere, to the end.
        var result = await EdgeAsync([.. partitions.Where(p => !committed.ContainsKey(p))], OffsetQuestion.Latest).ConfigureAwait(false);
        foreach (var p in partitions)
            if (committed.TryGetValue(p, out var at)) result[p] = at.Offset;
        return result;
    }

    async ValueTask<Dictionary<TopicPartition, long>> OfFileAsync(Dictionary<TopicPartition, long> offsets)
    {
        await RequireExistAsync(offsets.Keys).ConfigureAwait(false);
        return await WithinAsync(offsets).ConfigureAwait(false);
    }

    // A partition that does not exist would be asked for again and again: it may just be coming.
    async ValueTask RequireExistAsync(IReadOnlyCollection<TopicPartition> partitions)
    {
        var described = await admin.DescribeTopicsAsync([.. partitions.Select(p => p.Topic).Distinct()], context.Stop).ConfigureAwait(false);
        string missing = string.Join(", ", partitions.Order()
            .Where(p => p.Partition >= (described[p.Topic].Error is null ? described[p.Topic].Get().Partitions.Count : 0)));
        if (missing.Length > 0) throw new ToolFailedException($"The partitions \"{missing}\" do not exist");
    }

    async ValueTask<Dictionary<TopicPartition, long>> EdgeAsync(IReadOnlyCollection<TopicPartition> partitions, OffsetQuestion question) =>
        (await AskOffsetsAsync(partitions, question).ConfigureAwait(false)).ToDictionary(a => a.Key, a => a.Value.Get().Offset);

    async ValueTask<Dictionary<TopicPartition, long>> AtAsync(IReadOnlyCollection<TopicPartition> partitions, long milliseconds)
    {
        var result = await EdgeAsync(partitions, OffsetQuestion.At(milliseconds)).ConfigureAwait(false);
        var beyond = result.Where(r => r.Value < 0).Select(r => r.Key).Order().ToList();
        foreach (var (p, end) in await EdgeAsync(beyond, OffsetQuestion.Latest).ConfigureAwait(false)) result[p] = end;
        foreach (var p in beyond)
        {
            context.Output.WriteLine(
                $"\nWarn: Partition {p.Partition} from topic {p.Topic} is empty. Falling back to latest known offset.");
        }
        return result;
    }

    /// <summary>Offsets before the oldest record or behind the newest one are moved to there, with a warning.</summary>
    async ValueTask<Dictionary<TopicPartition, long>> WithinAsync(Dictionary<TopicPartition, long> wanted)
    {
        var first = await EdgeAsync(wanted.Keys, OffsetQuestion.Earliest).ConfigureAwait(false);
        var end = await EdgeAsync(wanted.Keys, OffsetQuestion.Latest).ConfigureAwait(false);
        var result = new Dictionary<TopicPartition, long>();
        foreach (var (p, offset) in wanted.OrderBy(w => w.Key))
        {
            result[p] = Math.Clamp(offset, first[p], end[p]);
            if (offset == result[p]) continue;
            string side = offset > end[p] ? "higher than latest" : "lower than earliest";
            context.Error.WriteLine($"WARN New offset ({offset}) is {side} offset for topic partition {p}. Value will be set to {result[p]}");
        }
        return result;
    }
}
