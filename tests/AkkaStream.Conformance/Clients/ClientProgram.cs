using System.Diagnostics;
using System.Text.Json.Nodes;
using AkkaStream.TestKit;

namespace AkkaStream.Conformance.Clients;

/// <summary>A client behind one of the programs in the folder clients: a command a line to it, an answer a line back. See clients/README.md.</summary>
sealed class ClientProgram : IKafkaClient
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly Process _process;
    readonly SemaphoreSlim _turn = new(1);
    readonly Task<string> _errors;

    ClientProgram(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    public string Name { get; private set; } = "";
    public IReadOnlySet<string> Codecs { get; private set; } = new HashSet<string>();
    public IReadOnlySet<string> Can { get; private set; } = new HashSet<string>();

    public static async Task<IKafkaClient> StartAsync(string servers, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        ClientProgram client;
        try
        {
            client = new ClientProgram(Process.Start(start)!);
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            throw new TestFailedException($"{program} is not there ({missing.Message}): run tests/install as root", missing);
        }

        var hello = (await client.AskAsync(new JsonObject { ["do"] = "hello", ["servers"] = servers }))!;
        client.Name = (string)hello["client"]!;
        client.Codecs = hello["codecs"]!.AsArray().Select(c => (string)c!).ToHashSet();
        client.Can = hello["can"]!.AsArray().Select(c => (string)c!).ToHashSet();
        return client;
    }

    async Task<JsonNode?> AskAsync(JsonObject command)
    {
        await _turn.WaitAsync();
        try
        {
            await _process.StandardInput.WriteLineAsync(command.ToJsonString());
            await _process.StandardInput.FlushAsync();
            string line = await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience)
                ?? throw new TestFailedException($"{_process.StartInfo.FileName} ended: {await _errors}");
            var answer = JsonNode.Parse(line)!.AsObject();
            if (!answer.ContainsKey("error")) return answer["ok"];
            throw new ClientRefusedException((int?)answer["error"], $"{(string?)answer["text"]} {(string?)answer["trace"]}");
        }
        catch (TimeoutException late)
        {
            throw new TestFailedException($"{Name}: no answer to {Brief(command)} within {Patience.TotalSeconds} s", late);
        }
        catch (IOException broken)
        {
            throw new TestFailedException($"{_process.StartInfo.FileName} {string.Join(' ', _process.StartInfo.ArgumentList)} ended: {await _errors}", broken);
        }
        finally
        {
            _turn.Release();
        }
    }

    static string Brief(JsonObject command) => command.ToJsonString() is { Length: > 200 } line ? line[..200] + "..." : command.ToJsonString();

    public async Task<IReadOnlyList<Placed>> ProduceAsync(string topic, IReadOnlyList<ClientRecord> records, ProduceWith with)
    {
        var answer = await AskAsync(new JsonObject
        {
            ["do"] = "produce", ["topic"] = topic, ["acks"] = with.Acks, ["codec"] = with.Codec, ["idempotent"] = with.IsIdempotent,
            ["records"] = new JsonArray([.. records.Select(ToJson)]),
        });
        return [.. answer!.AsArray().Select(p => new Placed((int)p![0]!, (long)p[1]!))];
    }

    public async Task<IReadOnlyList<ClientRecord>> ConsumeAsync(string topic, int partition, long offset, int count)
    {
        var answer = await AskAsync(new JsonObject
        {
            ["do"] = "consume", ["topic"] = topic, ["partition"] = partition, ["offset"] = offset, ["count"] = count,
        });
        return [.. answer!.AsArray().Select(r => FromJson(r!, partition))];
    }

    public async Task<long> OffsetAsync(string topic, int partition, long time) =>
        (long)(await AskAsync(new JsonObject { ["do"] = "offset", ["topic"] = topic, ["partition"] = partition, ["time"] = time }))!;

    public async Task<IReadOnlyDictionary<string, int>> TopicsAsync() =>
        (await AskAsync(new JsonObject { ["do"] = "topics" }))!.AsObject().ToDictionary(t => t.Key, t => (int)t.Value!);

    public Task CreateAsync(string topic, int partitions, int replication, IReadOnlyDictionary<string, string>? configs) => AskAsync(new JsonObject
    {
        ["do"] = "create", ["topic"] = topic, ["partitions"] = partitions, ["replication"] = replication, ["configs"] = ToJson(configs),
    });

    public Task GrowAsync(string topic, int partitions) =>
        AskAsync(new JsonObject { ["do"] = "grow", ["topic"] = topic, ["partitions"] = partitions });

    public Task DeleteAsync(string topic) => AskAsync(new JsonObject { ["do"] = "delete", ["topic"] = topic });

    public async Task<IReadOnlyDictionary<string, string?>> DescribeAsync(string topic) =>
        (await AskAsync(new JsonObject { ["do"] = "describe", ["topic"] = topic }))!.AsObject().ToDictionary(c => c.Key, c => (string?)c.Value);

    public Task AlterAsync(string topic, IReadOnlyDictionary<string, string> configs) =>
        AskAsync(new JsonObject { ["do"] = "alter", ["topic"] = topic, ["configs"] = ToJson(configs) });

    public async Task<IReadOnlyList<ClientRecord>> ReadAsMemberAsync(string group, string topic, int count, string protocol)
    {
        var command = new JsonObject { ["do"] = "group", ["group"] = group, ["topic"] = topic, ["count"] = count };
        if (protocol != "classic") command["protocol"] = protocol;
        return [.. (await AskAsync(command))!.AsArray().Select(r => FromJson(r!, (int)r!["p"]!))];
    }

    static JsonObject ToJson(IReadOnlyDictionary<string, string>? configs) =>
        new((configs ?? new Dictionary<string, string>()).Select(c => KeyValuePair.Create(c.Key, (JsonNode?)c.Value)));

    static JsonObject ToJson(ClientRecord record)
    {
        var json = new JsonObject { ["p"] = record.Partition, ["k"] = Base64(record.Key), ["v"] = Base64(record.Value), ["t"] = record.Timestamp };
        if (record.Headers.Count > 0)
            json["h"] = new JsonArray([.. record.Headers.Select(h => new JsonArray(h.Name, Base64(h.Value)))]);
        return json;
    }

    static JsonNode? Base64(byte[]? bytes) => bytes is null ? null : Convert.ToBase64String(bytes);

    static byte[]? Bytes(JsonNode? text) => text is null ? null : Convert.FromBase64String((string)text!);

    static ClientRecord FromJson(JsonNode json, int partition) => new(Bytes(json["k"]), Bytes(json["v"]), partition, (long?)json["t"])
    {
        Offset = (long)json["o"]!,
        Headers = [.. (json["h"] as JsonArray ?? []).Select(h => ((string)h![0]!, Bytes(h[1])))],
    };

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(5));
        }
        catch (TimeoutException)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
