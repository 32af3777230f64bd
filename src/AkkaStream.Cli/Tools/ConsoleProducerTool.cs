using System.Text;
using AkkaStream.Client;
using AkkaStream.Client.Settings;
using AkkaStream.Cli.Options;

namespace AkkaStream.Cli.Tools;

/// <summary>kafka-console-producer: each line of the input becomes a record.</summary>
static class ConsoleProducerTool
{
    const string PromptText = ">";

    // Each of these sets one producer property.
    static readonly (string Option, string Property)[] Shortcuts =
    [
        ("batch-size", "batch.size"), ("max-partition-memory-bytes", "batch.size"), ("max-memory-bytes", "buffer.memory"),
            ("max-block-ms", "max.block.ms"),
        ("message-send-max-retries", "retries"), ("metadata-expiry-ms", "metadata.max.age.ms"), ("request-required-acks", "acks"),
        ("request-timeout-ms", "request.timeout.ms"), ("retry-backoff-ms", "retry.backoff.ms"), ("socket-buffer-size", "send.buffer.bytes"),
        ("timeout", "linger.ms"),
    ];

    static OptionSet Options() => new OptionSet("console-producer", "Read lines from the input and send each as a record.")
        .Value("bootstrap-server", "HOST:PORT", "REQUIRED: The server(s) to connect to.", "broker-list")
        .Value("topic", "TOPIC", "REQUIRED: The topic to produce to.")
        .Values("reader-property", "NAME=VALUE",
            "How lines are taken apart: parse.key=false, parse.headers=false, ignore.error=false, key.separator=\\t, "
            + "headers.delimiter=\\t, headers.separator=,, headers.key.separator=:, null.marker=", "property")
        .Value("reader-config", "FILE", "Properties file for the same; --reader-property comes first.")
        .Values("command-property", "NAME=VALUE", "Producer properties.", "producer-property", "consumer-property")
        .Value("command-config", "FILE", "Producer properties file; --command-property comes first.", "producer.config")
        .Add(new Option("compression-codec", Takes.MayTakeValue, "none, gzip, snappy, lz4 or zstd; gzip if nothing is named.") { Argument = "CODEC" })
        .Flag("sync", "Wait for each record before the next one is sent.")
        .Value("batch-size", "BYTES", "batch.size (default: 16384)")
        .Value("max-partition-memory-bytes", "BYTES", "The same, as older tools call it.")
        .Value("max-memory-bytes", "BYTES", "buffer.memory (default: 33554432)")
        .Value("max-block-ms", "MS", "max.block.ms (default: 60000)")
        .Value("message-send-max-retries", "NUMBER", "retries (default: until delivery.timeout.ms is over)")
        .Value("metadata-expiry-ms", "MS", "metadata.max.age.ms (default: 300000)")
        .Value("request-required-acks", "ACKS", "acks: 0, 1 or all (default: all)")
        .Value("request-timeout-ms", "MS", "request.timeout.ms (default: 30000)")
        .Value("retry-backoff-ms", "MS", "retry.backoff.ms (default: 100)")
        .Value("socket-buffer-size", "BYTES", "send.buffer.bytes")
        .Value("timeout", "MS", "linger.ms: how long records wait for others to go with them.")
        .Value("line-reader", "CLASS", "Only Kafka's LineMessageReader, which is the default.")
        .Refused("from-beginning", Takes.Nothing, "--from-beginning belongs to the consumer: use console-consumer (kafka-console-consumer.sh).")
        .Refused("group", Takes.Value, "--group belongs to the consumer: use console-consumer (kafka-console-consumer.sh).");

    public static async Task<int> RunAsync(ToolContext context)
    {
        if (context.Parse(Options()) is not { } parsed) return 0;
        ToolContext.RequireServers(parsed);
        string topic = parsed.Required("topic");
        string reader = parsed.Text("line-reader") ?? "LineMessageReader";
        if (!reader.EndsWith("LineMessageReader", StringComparison.Ordinal))
            throw new UsageException(
                $"--line-reader {reader}: classes of Java cannot be loaded here; lines are read as LineMessageReader reads them");
        var readerProperties = context.Properties(parsed, "reader-config", "reader-property");
        var format = new LineFormat(readerProperties);
        var settings = Settings(context, parsed);
        var failures = new Failures(context, topic);
        await using var producer = new Producer(settings);
        int code;
        try
        {
            code = await SendAllAsync(context, parsed, producer, topic, format, failures).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.Stop.IsCancellationRequested)
        {
            code = 0;
        }
        await producer.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        return failures.Any ? 1 : code;
    }

    static ProducerSettings Settings(ToolContext context, Parsed parsed)
    {
        var properties = context.Properties(parsed, "command-config", null);
        properties.TryAdd("client.id", "console-producer");
        foreach (var (option, property) in Shortcuts)
            if (parsed.Text(option) is { } value) properties[property] = value;
        if (parsed.Has("compression-codec")) properties["compression.type"] = parsed.Text("compression-codec") ?? "gzip";
        foreach (string pair in parsed.All("command-property")) ToolContext.Add(properties, pair, "command-property");
        var settings = ProducerSettings.FromProperties(properties);
        return settings with { Client = context.Prepare(settings.Client) };
    }

    static async Task<int> SendAllAsync(ToolContext context, Parsed parsed, Producer producer, string topic, LineFormat format, Failures failures)
    {
        var lines = new LineSource(context.Io.Input);
        for (long number = 1; ; number++)
        {
            if (context.Io.IsInteractive && !lines.HasBuffered) Prompt(context);
            if (await lines.ReadAsync(context.Stop).ConfigureAwait(false) is not { } line) return 0;
            ProducerRecord record;
            try
            {
                record = format.Parse(topic, line, number);
            }
            catch (ToolFailedException e)
            {
                context.Error.WriteLine(e.Message);
                return 1;
            }
            try
            {
                if (parsed.Has("sync")) await producer.SendAsync(record, context.Stop).ConfigureAwait(false);
                else await producer.EnqueueAsync(record, failures, number, context.Stop).ConfigureAwait(false);
            }
            catch (KafkaException e)
            {
                failures.Add(record.Key, record.Value, e);
                if (e.Error is Protocol.ErrorCode.InvalidTopicException or Protocol.ErrorCode.TopicAuthorizationFailed) return 1;
            }
        }
    }

    static void Prompt(ToolContext context)
    {
        context.Output.Write(PromptText);
        context.Io.Flush();
    }

    /// <summary>Records that were not delivered are told one by one, as Kafka's tool does.</summary>
    sealed class Failures(ToolContext context, string topic) : IDeliveryHandler
    {
        readonly Lock _lock = new();
        int _count;

        public bool Any => Volatile.Read(ref _count) > 0;

        public void OnDelivery(long token, in Delivery delivery)
        {
            if (delivery.Error is not { } error) return;
            Interlocked.Increment(ref _count);
            lock (_lock) context.Error.WriteLine($"ERROR Error when sending message to topic {topic} (line {token}): {error.Message}");
        }

        public void Add(RecordBytes key, RecordBytes value, KafkaException error)
        {
            Interlocked.Increment(ref _count);
            string keyText = key.HasValue ? $"{key.Length} bytes" : "null";
            string valueText = value.HasValue ? $"{value.Length} bytes" : "null";
            lock (_lock)
            {
                context.Error.WriteLine(
                    $"ERROR Error when sending message to topic {topic} with key: {keyText}, value: {valueText} with error: {error.Message}");
            }
        }
    }
}
