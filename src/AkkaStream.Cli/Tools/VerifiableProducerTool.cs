using System.Globalization;
using AkkaStream.Client;
using AkkaStream.Client.Settings;
using AkkaStream.Cli.Options;
using AkkaStream.Protocol;

namespace AkkaStream.Cli.Tools;

/// <summary>kafka-verifiable-producer: sends rising numbers, and tells of each whether it was acknowledged. For those who check brokers.</summary>
static class VerifiableProducerTool
{
    static OptionSet Options() => new OptionSet(
        "verifiable-producer", "Produce rising numbers; each that is acknowledged, or is not, is told as a line of JSON.")
        .Value("bootstrap-server", "HOST:PORT", "REQUIRED: The server(s) to connect to.", "broker-list")
        .Value("topic", "TOPIC", "REQUIRED: Produce to this topic.")
        .Value("max-messages", "NUMBER", "Produce so many; -1 goes on until the process is ended (default: -1).")
        .Value("throughput", "NUMBER", "About so many a second; -1 for as many as go (default: -1).")
        .Value("acks", "ACKS", "0, 1 or -1 (default: -1).")
        .Value("message-create-time", "MS", "The time of the first record, in milliseconds since 1970 (default: now).")
        .Value("value-prefix", "NUMBER", "Values begin with this number and a point.")
        .Value("repeating-keys", "NUMBER", "Keys count from 0 to below this number, again and again (default: no keys).")
        .Value("command-config", "FILE", "Producer properties file; the other options come first.", "producer.config");

    public static async Task<int> RunAsync(ToolContext context)
    {
        if (context.Parse(Options()) is not { } parsed) return 0;
        ToolContext.RequireServers(parsed);
        string topic = parsed.Required("topic");
        long most = parsed.Long("max-messages") ?? -1;
        double rate = parsed.Text("throughput") is not { } told ? -1
            : double.TryParse(told, CultureInfo.InvariantCulture, out double number) ? number
            : throw new UsageException($"argument --throughput: could not convert '{told}' to a number");
        var settings = Settings(context, parsed);
        var numbers = new Numbers(topic, parsed.Int("value-prefix"), parsed.Int("repeating-keys") ?? 0, parsed.Long("message-create-time") ?? -1);
        var events = new EventLines(context.Io);
        events.Write("startup_complete");
        var run = new Run(context, events, numbers);
        await using (var producer = new Producer(settings)) await run.SendAsync(producer, most, rate).ConfigureAwait(false);
        events.Write("shutdown_complete");
        events.Write("tool_data", json =>
        {
            json.WriteNumber("sent", run.Sent);
            json.WriteNumber("acked", run.Acked);
            json.WriteNumber("target_throughput", (long)rate);
            EventLines.WriteDouble(json, "avg_throughput", run.Throughput);
        });
        return run.Acked == run.Sent ? 0 : 1;
    }

    static ProducerSettings Settings(ToolContext context, Parsed parsed)
    {
        string acks = parsed.Text("acks") ?? "-1";
        if (acks is not ("0" or "1" or "-1")) throw new UsageException($"argument --acks: invalid choice: '{acks}' (choose from {{0,1,-1}})");
        var properties = context.Properties(parsed, "command-config", null);
        properties["acks"] = acks;
        // What was not acknowledged at once is told, and not tried again unnoticed.
        properties.TryAdd("retries", "0");
        if (properties["retries"] == "0") properties.TryAdd("enable.idempotence", "false");
        var settings = ProducerSettings.FromProperties(properties);
        return settings with { Client = context.Prepare(settings.Client) };
    }

    /// <summary>The records by their numbers.</summary>
    sealed class Numbers(string topic, int? prefix, int keys, long createTime)
    {
        public string Value(long number) => prefix is { } first ? $"{first}.{number}" : $"{number}";

        public string? Key(long number) => keys > 0 ? $"{number % keys}" : null;

        public string Topic => topic;

        public ProducerRecord Record(long number, TimeSpan sinceBegin) => new(topic, RecordBytes.Utf8(Key(number)), RecordBytes.Utf8(Value(number)))
        {
            Timestamp = createTime < 0 ? null : createTime + (long)sinceBegin.TotalMilliseconds,
        };
    }

    sealed class Run(ToolContext context, EventLines events, Numbers numbers) : IDeliveryHandler
    {
        readonly long _begin = context.Io.Time.GetTimestamp();
        long _acked;

        public long Sent { get; private set; }

        public long Acked => Volatile.Read(ref _acked);

        public double Throughput => Acked / Math.Max(0.001, context.Io.Time.GetElapsedTime(_begin).TotalSeconds);

        public async Task SendAsync(Producer producer, long most, double rate)
        {
            try
            {
                while ((most < 0 || Sent < most) && !context.Stop.IsCancellationRequested)
                {
                    long number = Sent++;
                    await SendOneAsync(producer, number).ConfigureAwait(false);
                    var ahead = rate > 0 ? TimeSpan.FromSeconds(Sent / rate) - context.Io.Time.GetElapsedTime(_begin) : TimeSpan.Zero;
                    if (ahead > TimeSpan.FromMilliseconds(1)) await Task.Delay(ahead, context.Io.Time, context.Stop).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (context.Stop.IsCancellationRequested)
            {
                // What was taken is still delivered when the producer closes.
            }
        }

        async ValueTask SendOneAsync(Producer producer, long number)
        {
            try
            {
                var record = numbers.Record(number, context.Io.Time.GetElapsedTime(_begin));
                await producer.EnqueueAsync(record, this, number, context.Stop).ConfigureAwait(false);
            }
            catch (KafkaException e)
            {
                Refused(number, e);
            }
        }

        public void OnDelivery(long token, in Delivery delivery)
        {
            if (delivery.Error is { } error)
            {
                Refused(token, error);
                return;
            }
            Interlocked.Increment(ref _acked);
            var (offset, partition) = (delivery.Offset, delivery.Partition);
            events.Write("producer_send_success", json =>
            {
                json.WriteString("key", numbers.Key(token));
                json.WriteString("value", numbers.Value(token));
                json.WriteNumber("offset", offset);
                json.WriteString("topic", numbers.Topic);
                json.WriteNumber("partition", partition);
            });
        }

        void Refused(long number, KafkaException error) => events.Write("producer_send_error", json =>
        {
            json.WriteString("key", numbers.Key(number));
            json.WriteString("value", numbers.Value(number));
            json.WriteString("topic", numbers.Topic);
            json.WriteString("exception", ErrorCodes.NameOf(error.Error));
            json.WriteString("message", error.Message);
        });
    }
}
