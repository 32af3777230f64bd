using System.Globalization;
using System.Text;
using AkkaStream.Client;
using AkkaStream.Client.Administration;
using AkkaStream.Client.Settings;
using AkkaStream.Cli.Options;
using AkkaStream.Protocol;

namespace AkkaStream.Cli.Tools;

/// <summary>kafka-e2e-latency: sends one record after the other and takes the time until it is read.</summary>
static class EndToEndLatencyTool
{
    const int PrintEvery = 1000;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    static readonly string[] ByPosition = ["bootstrap-server", "topic", "num-records", "producer-acks", "record-size", "command-config"];

    static OptionSet Options() => new OptionSet("e2e-latency", "Measure how long records are on their way from the producer to the consumer.")
        .Value("bootstrap-server", "HOST:PORT", "REQUIRED: The server(s) to connect to.")
        .Value("topic", "TOPIC", "REQUIRED: The topic to use; it is created if it does not exist.")
        .Value("num-records", "NUMBER", "REQUIRED: How many records to send.")
        .Value("producer-acks", "ACKS", "REQUIRED: 1 or all.")
        .Value("record-size", "BYTES", "REQUIRED: The size of each value.")
        .Value("command-config", "FILE", "Properties file for producer, consumer and admin.")
        .Value("record-key-size", "BYTES", "The size of each key (default: no key).")
        .Value("num-headers", "NUMBER", "How many headers each record has (default: 0).")
        .Value("record-header-key-size", "BYTES", "The size of each header's key (default: 0).")
        .Value("record-header-size", "BYTES", "The size of each header's value; -1 is none (default: 0).");

    public static async Task<int> RunAsync(ToolContext context)
    {
        if (context.Parse(Options(), ByPosition, PositionWarning) is not { } parsed) return 0;
        foreach (string name in ByPosition[..^1]) parsed.Required(name);
        string topic = parsed.Required("topic");
        int count = parsed.Int("num-records") ?? 0, size = parsed.Int("record-size") ?? 0;
        string acks = parsed.Required("producer-acks");
        if (acks is not ("1" or "all"))
            throw new UsageException(
                "Invalid value for --producer-acks. Latency testing requires synchronous acknowledgement. Please use '1' or 'all'.");
        if (size < 0) throw new UsageException("Value for --record-size must be a non-negative integer.");
        var sample = new Sample(
            size, parsed.Int("record-key-size") ?? 0, parsed.Int("num-headers") ?? 0, parsed.Int("record-header-key-size") ?? 0,
            parsed.Int("record-header-size") ?? 0);

        var properties = context.Properties(parsed, "command-config", null);
        await MakeTopicAsync(context, parsed, topic).ConfigureAwait(false);
        var sending = ProducerSettings.FromProperties(With(properties, ("acks", acks), ("linger.ms", "0")));
        var reading = ConsumerSettings.FromProperties(With(properties, ("enable.auto.commit", "false"), ("fetch.max.wait.ms", "0")));
        await using var producer = new Producer(sending with { Client = context.Prepare(sending.Client) });
        await using var consumer = new Consumer(reading with { GroupId = null, Client = context.Prepare(reading.Client) });
        var view = await consumer.TopicAsync(topic, context.Stop).ConfigureAwait(false);
        consumer.Assign(view.Partitions.Select(p => new TopicPartition(topic, p.Index)));
        consumer.SeekToEnd();
        // Positions at the end have to be known before the first record is sent.
        foreach (var partition in consumer.Assignment) await consumer.PositionAsync(partition, context.Stop).ConfigureAwait(false);
        await MeasureAsync(context, producer, consumer, topic, count, sample).ConfigureAwait(false);
        return 0;
    }

    const string PositionWarning = "WARNING: Positional argument usage is deprecated and will be removed in Apache Kafka 5.0. "
        + "Please use named arguments instead: --bootstrap-server, --topic, --num-records, --producer-acks, --record-size, --command-config";

    static Dictionary<string, string> With(Dictionary<string, string> properties, params (string Name, string Value)[] more)
    {
        var all = new Dictionary<string, string>(properties);
        foreach (var (name, value) in more) all[name] = value;
        return all;
    }

    static async Task MakeTopicAsync(ToolContext context, Parsed parsed, string topic)
    {
        await using var admin = context.Admin(parsed);
        var found = (await admin.DescribeTopicsAsync([topic], cancel: context.Stop).ConfigureAwait(false))[topic];
        if (found.Error is not { Error: ErrorCode.UnknownTopicOrPartition })
        {
            found.Get();
            return;
        }
        context.Output.WriteLine($"Topic \"{topic}\" does not exist. Will create topic with 1 partition(s) and replication factor = 1");
        (await admin.CreateTopicsAsync([new NewTopic(topic, 1, 1)], cancel: context.Stop).ConfigureAwait(false))[topic].Get();
    }

    static async Task MeasureAsync(ToolContext context, Producer producer, Consumer consumer, string topic, int count, Sample sample)
    {
        var time = context.Io.Time;
        var taken = new double[count];
        double total = 0;
        for (int i = 0; i < count; i++)
        {
            var record = sample.Next(topic);
            long begin = time.GetTimestamp();
            await producer.SendAsync(record, context.Stop).ConfigureAwait(false);
            await ReadAsync(context, consumer, record).ConfigureAwait(false);
            taken[i] = time.GetElapsedTime(begin).TotalMilliseconds;
            total += taken[i];
            if (i % PrintEvery != 0) continue;
            context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{i}\t{total / (i + 1)}"));
            context.Io.Flush();
        }
        if (count == 0) return;
        Array.Sort(taken);
        context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Avg latency: {total / count:0.0000} ms"));
        context.Output.WriteLine($"Percentiles: 50th = {At(0.5)}, 99th = {At(0.99)}, 99.9th = {At(0.999)}");

        long At(double part) => (long)taken[Math.Min(count - 1, (int)(count * part))];
    }

    static async Task ReadAsync(ToolContext context, Consumer consumer, ProducerRecord sent)
    {
        using var records = await consumer.PollAsync(Patience, context.Stop).ConfigureAwait(false);
        if (records.Count == 0)
            throw new ToolFailedException($"poll() timed out before finding a result (timeout:[{Patience.TotalMilliseconds:0}ms])");
        var read = records[0];
        if (!read.Value.Span.SequenceEqual(sent.Value.Span) || !read.Key.Span.SequenceEqual(sent.Key.Span))
            throw new ToolFailedException("The record that was read is not the one that was sent: another producer writes to the topic.");
        if (records.Count > 1)
            throw new ToolFailedException($"Only one result was expected during this test. We found [{records.Count}]");
    }

    /// <summary>Records of one shape; no two of them are alike.</summary>
    sealed class Sample(int size, int keySize, int headers, int headerKeySize, int headerSize)
    {
        ulong _state = 0x9E3779B97F4A7C15;

        public ProducerRecord Next(string topic) => new(topic, keySize > 0 ? Letters(keySize) : default(RecordBytes), Letters(size))
        {
            Headers = headers == 0 ? null : [.. Enumerable.Range(0, headers).Select(_ => new RecordHeader(
                Encoding.ASCII.GetString(Letters(headerKeySize)), headerSize < 0 ? default(RecordBytes) : Letters(headerSize)))],
        };

        byte[] Letters(int count)
        {
            byte[] letters = new byte[count];
            for (int i = 0; i < count; i++)
            {
                _state ^= _state << 13;
                _state ^= _state >> 7;
                _state ^= _state << 17;
                letters[i] = (byte)('A' + _state % 26);
            }
            return letters;
        }
    }
}
