using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using AkkaStream.Protocol;

namespace AkkaStream.TestKit.Twin;

/// <summary>
/// Plays the steps of one script against one broker and keeps what the script captures there. One player for each script: names and
/// connections are fresh. Steps that sleep take real time: what is played to is a real broker.
/// </summary>
public sealed partial class TwinPlayer : IDisposable
{
    const string Letters = "abcdefghijkmnpqrstuvwxyz23456789";
    const int Retriable = 14;

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    static readonly TimeProvider Time = TimeProvider.System;

    readonly Dictionary<string, TwinConnection> _connections = [];
    readonly Dictionary<string, TwinResult> _answers = [];
    readonly Dictionary<string, PendingAnswer> _waiting = [];
    readonly Substitution _filler;
    readonly Func<string, Task<EndPoint>>? _restart;
    EndPoint _address;
    int _correlation = 100;

    TwinPlayer(EndPoint broker, Func<string, Task<EndPoint>>? restart)
    {
        _address = broker;
        _restart = restart;
        _filler = new Substitution(TryLookup, isStrict: true);
    }

    /// <summary>What was captured, by name, in the order of capture.</summary>
    internal OrderedDictionary<string, JsonNode?> Variables { get; } = [];

    /// <summary>One hour before the script began, in whole seconds.</summary>
    internal long Now { get; } = (Time.GetUtcNow().ToUnixTimeMilliseconds() - 3_600_000) / 1000 * 1000;

    internal string RunName => Variables["run"].Text();

    internal long Node => Variables["node"].IsWhole(out long node) ? node : -1;

    /// <summary>What the broker says it serves.</summary>
    public IReadOnlyDictionary<ApiKey, VersionRange> Served { get; private set; } = new Dictionary<ApiKey, VersionRange>();

    /// <param name="restart">Restarts the broker, "clean" or "kill", and returns where it listens then; for scripts with such steps.</param>
    public static async Task<TwinPlayer> BeginAsync(EndPoint broker, Func<string, Task<EndPoint>>? restart = null)
    {
        var player = new TwinPlayer(broker, restart);
        player.Variables["run"] = "r" + RandomNumberGenerator.GetString(Letters, 7);
        player.Variables["now"] = player.Now;
        var metadata = await player.RequestAsync(new JsonObject { ["api"] = "Metadata", ["v"] = 1, ["body"] = new JsonObject() }).ConfigureAwait(false);
        if (metadata.Raw["answer"]?["brokers"] is not JsonArray { Count: > 0 } brokers)
            throw new IOException($"no broker answers at {broker}: {metadata.Raw.Line()}");
        player.Variables["node"] = brokers[0]!["nodeId"];
        var versions = await player.RequestAsync(new JsonObject { ["api"] = "ApiVersions", ["v"] = 0 }).ConfigureAwait(false);
        player.Served = versions.Raw["answer"]!["apiKeys"]!.AsArray().Cast<JsonObject>().ToDictionary(
            k => (ApiKey)k.Int("apiKey", -1), k => new VersionRange((short)k.Int("minVersion", 0), (short)k.Int("maxVersion", 0)));

        // The first producer id of a new cluster is 0, which reads like none: nobody in the recordings got it.
        if (player.Served.ContainsKey(ApiKey.InitProducerId))
        {
            var noTransactions = new JsonObject { ["transactionalId"] = null };
            await player.RequestAsync(new JsonObject { ["api"] = "InitProducerId", ["v"] = 0, ["body"] = noTransactions }).ConfigureAwait(false);
        }

        return player;
    }

    public void Dispose()
    {
        foreach (var connection in _connections.Values) connection.Dispose();
    }

    public async Task<TwinResult> PlayAsync(TwinStep step)
    {
        var json = step.Json;
        TwinResult result;
        try
        {
            json = _filler.Of(json);
            result = await PlayAsync(json).ConfigureAwait(false);
            Capture(json, result);
        }
        catch (Exception broken) when (broken is MissingVariableException or JsonException or IOException or InvalidDataException)
        {
            result = new TwinResult { Broken = broken.Message, Missing = (broken as MissingVariableException)?.Name };
            result.Raw["_broken"] = broken.Message;
        }

        result.Shown = new TwinNormal(this, json, result.Texts).Of(result.Raw);
        return result;
    }

    async Task<TwinResult> PlayAsync(JsonObject step)
    {
        if (step.Has("sleep")) return await SleepAsync(step.Int("sleep", 0)).ConfigureAwait(false);
        if (step.Has("restart")) return await RestartAsync(step["restart"].Text()).ConfigureAwait(false);
        if (step["rises"] is JsonArray numbers)
        {
            var compared = new TwinResult();
            compared.Raw["rises"] = numbers[0].IsWhole(out long first) && numbers[1].IsWhole(out long second) && second > first;
            return compared;
        }

        if (step.Has("close"))
        {
            if (_connections.Remove(step["close"].Text(), out var closed)) closed.Dispose();
            return new TwinResult();
        }

        if (step.Has("still")) return await StillAsync(step).ConfigureAwait(false);
        if (step["await"].IsText()) return await AwaitAsync(step).ConfigureAwait(false);
        if (step.Has("raw")) return await RawAsync(step).ConfigureAwait(false);
        if (step["let"] is JsonObject names)
        {
            foreach (var (name, value) in names) Variables[name] = value?.DeepClone();
            return new TwinResult();
        }

        if (!step.Has("api")) throw new InvalidDataException($"a step without anything to do: {step.Line()}");
        return await AskAsync(step).ConfigureAwait(false);
    }

    /// <summary>Sends again while the answer holds an error to wait out, or not yet what is waited for.</summary>
    async Task<TwinResult> AskAsync(JsonObject step)
    {
        HashSet<long> again = step["retry"] is JsonArray codes ? [.. codes.Select(c => c.IsWhole(out long code) ? code : 0)] : [Retriable];
        var until = step["until"] as JsonObject;
        int tries = step.Int("tries", 60);
        for (int i = 1; ; i++)
        {
            var result = await RequestAsync(step).ConfigureAwait(false);
            bool isThere = until is null || until.All(u => AtPointer(result.Raw["answer"], u.Key) == u.Value.Text());
            if (isThere && !TwinErrors.In(result.Raw).Any(again.Contains)) return result;
            if (i < tries)
            {
                await Task.Delay(Pause, Time).ConfigureAwait(false);
                continue;
            }

            if (until is not null) result.Raw["_never"] = "the condition to wait for did not come true";
            return result;
        }
    }

    static async Task<TwinResult> SleepAsync(int milliseconds)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), Time).ConfigureAwait(false);
        return new TwinResult();
    }

    async Task<TwinResult> RestartAsync(string how)
    {
        if (_restart is null) throw new InvalidDataException("this broker cannot be restarted from here");
        foreach (var connection in _connections.Values) connection.Dispose();
        _connections.Clear();
        _address = await _restart(how).ConfigureAwait(false);
        return new TwinResult();
    }

    /// <summary>The text at a JSON pointer, "?" where there is none.</summary>
    static string AtPointer(JsonNode? node, string pointer)
    {
        var found = Find(node, pointer);
        return found is null or JsonObject or JsonArray ? "?" : found.Text();
    }

    void Capture(JsonObject step, TwinResult result)
    {
        foreach (var (name, place) in step["set"] as JsonObject ?? [])
        {
            Variables[name] = Find(result.Raw["answer"], place.Text())?.DeepClone()
                ?? throw new MissingVariableException(name, $"the answer has no {place.Text()}: {result.Raw.Line()}");
        }
    }

    /// <summary>A JSON pointer; a part written name=value takes the array element whose field has that value.</summary>
    static JsonNode? Find(JsonNode? node, string pointer)
    {
        foreach (string part in pointer[1..].Split('/'))
        {
            int equals = part.IndexOf('=');
            node = node switch
            {
                JsonArray array when equals > 0 => array.FirstOrDefault(n => n?[part[..equals]].Text() == part[(equals + 1)..]),
                JsonArray array => int.TryParse(part, out int index) && index < array.Count ? array[index] : null,
                JsonObject json => json[part],
                _ => null,
            };
        }

        return node;
    }

    bool TryLookup(string name, out JsonNode? value)
    {
        value = name switch
        {
            "uuid" => JsonValue.Create(Guid.NewGuid().ToString()),
            "newid" => JsonValue.Create(Uuid.FromRandom(RandomNumberGenerator.GetBytes(Uuid.SizeInBytes)).ToString()),
            "host" => JsonValue.Create(((IPEndPoint)_address).Address.ToString()),
            "port" => JsonValue.Create(((IPEndPoint)_address).Port),
            _ => null,
        };
        return value is not null || Variables.TryGetValue(name, out value);
    }
}
