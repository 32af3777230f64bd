using System.Globalization;
using AkkaStream.Client.Administration;

namespace AkkaStream.Cli.Tools;

// --history and --undo-reset: what only AkkaStream's brokers remember.
sealed partial class ConsumerGroups
{
    static string Text(long? offset) => offset?.ToString(CultureInfo.InvariantCulture) ?? "-";

    public async Task HistoryAsync()
    {
        foreach (string group in await NamedAsync("history").ConfigureAwait(false))
        {
            var events = await admin.GroupHistoryAsync(group, context.Stop).ConfigureAwait(false);
            context.Output.WriteLine(events.Count == 0 ? $"\nNothing has happened to group '{group}' since its coordinator began." : "");
            if (events.Count > 0) WriteHistory(group, events);
        }
    }

    void WriteHistory(string group, IReadOnlyList<GroupHistoryEvent> events)
    {
        var table = new Columns().Growing("GROUP", 15).Fixed("TIME", 24).Growing("EVENT", 15).Fixed("GENERATION", 10).Fixed("MEMBERS", 7)
            .Fixed("TOOK-MS", 7).Growing("CLIENT-ID", 15).Fixed("REASON", 0);
        foreach (var e in events)
        {
            string time = e.Time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
            string took = e.Duration > TimeSpan.Zero ? $"{e.Duration.TotalMilliseconds:0}" : "-";
            string client = e.ClientId.Length > 0 ? e.ClientId : "-";
            table.Add(group, time, e.Kind, $"{e.Generation}", $"{e.Members}", took, client, ReasonOf(e));
        }
        table.Write(context.Output);
    }

    static string ReasonOf(GroupHistoryEvent e)
    {
        const int most = 8;
        if (e.Offsets.Count == 0) return e.Count > 0 ? $"{e.Reason} ({e.Count})" : e.Reason;
        string moves = string.Join(", ", e.Offsets.Take(most).Select(o => $"{o.Partition}: {Text(o.Before)} -> {Text(o.After)}"));
        return e.Offsets.Count > most ? $"{e.Reason} ({moves} and {e.Offsets.Count - most} more)" : $"{e.Reason} ({moves})";
    }

    public async Task UndoAsync()
    {
        var table = new Columns().Growing("GROUP", 15).Growing("TOPIC", 15).Fixed("PARTITION", 10).Fixed("OFFSET-BEFORE", 15).Fixed("NEW-OFFSET", 0);
        foreach (string group in await NamedAsync("undo-reset").ConfigureAwait(false))
            foreach (var move in await admin.UndoGroupResetAsync(group, parsed.Has("dry-run"), context.Stop).ConfigureAwait(false))
                table.Add(group, move.Partition.Topic, $"{move.Partition.Partition}", Text(move.Before), Text(move.After));
        context.Output.WriteLine();
        table.Write(context.Output);
    }

    /// <summary>The group may stand behind the action itself.</summary>
    async ValueTask<IReadOnlyList<string>> NamedAsync(string action) =>
        parsed.Text(action) is { } group ? [group] : await GroupsAsync().ConfigureAwait(false);
}
