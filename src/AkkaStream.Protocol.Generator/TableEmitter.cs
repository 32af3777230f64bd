using System.Collections.Generic;
using System.Linq;

namespace AkkaStream.Protocol.Generator;

/// <summary>
/// What is known of all messages together: versions by API key, which class reads a key, which class reads a stored
/// record type. Numbers become constant data and classes become switches, so that nothing is built at start.
/// </summary>
static class TableEmitter
{
    /// <summary>Keys of our own begin here: far from Kafka's, and not worth a row for each number in between.</summary>
    const int FirstPrivateKey = 10_000;

    public static string EmitApiTable(IReadOnlyList<MessageModel> requests, IReadOnlyList<MessageModel> responses)
    {
        var source = new SourceText("AkkaStream.Protocol");
        var byKey = requests.Where(r => r.Key < FirstPrivateKey).GroupBy(r => r.Key).ToDictionary(g => g.Key, g => g.First());
        int count = byKey.Count == 0 ? 0 : byKey.Keys.Max() + 1;
        IEnumerable<MessageModel?> all = Enumerable.Range(0, count)
            .Select(k => byKey.TryGetValue(k, out MessageModel? m) ? m : null);
        source.Line("");
        source.Open("public static partial class ApiTable");
        EmitNumbers(source, "Lowest", all.Select(m => m?.Valid.Low ?? 0));
        EmitNumbers(source, "Highest", all.Select(m => m?.Valid.High ?? -1));
        EmitNumbers(source, "HighestStable", all.Select(m => m?.Stable.High ?? -1));
        var flexible = all.Select(m => m is { Flexible.IsEmpty: false } ? m.Flexible.Low : short.MaxValue);
        EmitNumbers(source, "FlexibleFrom", flexible);
        EmitPrivate(source, requests.Where(r => r.Key >= FirstPrivateKey));
        EmitSwitch(source, "IRequest? ReadKnownRequest(ApiKey key", "(short)key", requests);
        EmitSwitch(source, "IMessage? ReadKnownResponse(ApiKey key", "(short)key", responses);
        source.Close();
        return source.ToString();
    }

    public static string EmitStoredTable(IReadOnlyList<MessageModel> stored)
    {
        var source = new SourceText("AkkaStream.Protocol.Stored");
        source.Line("");
        source.Open("public static partial class StoredTable");
        var inLogs = stored.Where(m => m.StoredKind is not ("Bare" or "Versioned")).GroupBy(m => m.StoredKind);
        foreach (IGrouping<string, MessageModel> kind in inLogs.OrderBy(g => g.Key))
            EmitSwitch(source, $"IStoredMessage? Read{kind.Key}(int id", "id", kind.ToList());
        source.Close();
        return source.ToString();
    }

    static void EmitPrivate(SourceText source, IEnumerable<MessageModel> requests)
    {
        source.Line("");
        source.Open("static (short Lowest, short Highest, short FlexibleFrom)? PrivateNumbers(ApiKey key) => (short)key switch");
        foreach (MessageModel request in requests.OrderBy(r => r.Key))
        {
            int flexible = request.Flexible.IsEmpty ? short.MaxValue : request.Flexible.Low;
            source.Line($"{request.Key} => ({request.Valid.Low}, {request.Valid.High}, {flexible}),");
        }
        source.Line("_ => null,");
        source.Close(";");
    }

    static void EmitNumbers(SourceText source, string name, IEnumerable<int> numbers) =>
        source.Line($"static System.ReadOnlySpan<short> {name} => [{string.Join(", ", numbers)}];");

    static void EmitSwitch(SourceText source, string head, string on, IReadOnlyList<MessageModel> messages)
    {
        source.Line("");
        source.Open($"static {head}, ref WireReader reader, short version) => {on} switch");
        foreach (MessageModel message in messages.OrderBy(m => m.Key))
            source.Line($"{message.Key} => global::{message.FullName}.Read(ref reader, version),");
        source.Line("_ => null,");
        source.Close(";");
    }
}
