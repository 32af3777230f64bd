using AkkaStream.TestKit;

namespace AkkaStream.Conformance.Clients;

/// <summary>The clients that are driven, by name. Each is started when a test first asks for it, and then kept.</summary>
sealed class AllClients(string servers) : IAsyncDisposable
{
    public const string Kcat = "kcat", Librdkafka = "librdkafka", KafkaPython = "kafka-python", Sarama = "sarama", KafkaJs = "kafkajs",
        Platformatic = "platformatic", Own = "AkkaStream.Client";

    public static readonly string[] Names = [Kcat, Librdkafka, KafkaPython, Sarama, KafkaJs, Platformatic, Own];

    /// <summary>Those that read partitions without being members of a group.</summary>
    public static readonly string[] Readers = [Kcat, Librdkafka, KafkaPython, Sarama, Own];

    static readonly string Repository = Path.GetFullPath(Path.Combine(GoldenFiles.Root, "..", ".."));
    static readonly string Programs = Path.Combine(Repository, "tests", "AkkaStream.Conformance", "clients");

    readonly Dictionary<string, Task<IKafkaClient>> _started = [];

    public Task<IKafkaClient> this[string name]
    {
        get
        {
            lock (_started)
            {
                if (!_started.TryGetValue(name, out var client)) _started[name] = client = StartAsync(name);
                return client;
            }
        }
    }

    /// <summary>Debian's python, which has Debian's packages; another one may come first on the path.</summary>
    Task<IKafkaClient> StartAsync(string name) => name switch
    {
        Kcat => Task.FromResult<IKafkaClient>(new KcatClient(servers)),
        Librdkafka => ClientProgram.StartAsync(servers, "/usr/bin/python3", Path.Combine(Programs, "python", "rdkafka_client.py")),
        KafkaPython => ClientProgram.StartAsync(servers, "/usr/bin/python3", Path.Combine(Programs, "python", "kafka_python_client.py")),
        Sarama => ClientProgram.StartAsync(servers, Path.Combine(Repository, "artifacts", "conformance", "sarama-client")),
        KafkaJs => ClientProgram.StartAsync(servers, "node", Path.Combine(Programs, "node", "kafkajs_client.js")),
        Platformatic => ClientProgram.StartAsync(servers, "node", Path.Combine(Programs, "node", "platformatic_client.js")),
        Own => Task.FromResult<IKafkaClient>(new OwnClient(servers)),
        _ => throw new ArgumentException($"there is no client called {name}"),
    };

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _started.Values.Where(c => c.IsCompletedSuccessfully)) await (await client).DisposeAsync();
    }
}
