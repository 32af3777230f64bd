using System.Globalization;
using System.Text;
using AkkaStream.Client;
using AkkaStream.Client.Settings;
using AkkaStream.Cli.Options;
using AkkaStream.Protocol;

namespace AkkaStream.Cli.Tools;

/// <summary>kafka-console-consumer: prints records as they come.</summary>
static class ConsoleConsumerTool
{
    static OptionSet Options() => new OptionSet("console-consumer", "Read records and print them.")
        .Value("bootstrap-server", "HOST:PORT", "REQUIRED: The server(s) to connect to.", "broker-list")
        .Value("topic", "TOPIC", "The topic to consume.")
        .Value("include", "REGEX", "The topics to consume, as a regular expression.", "whitelist")
        .Flag("from-beginning", "Without an earlier position begin with the oldest record and not with the next one.")
        .Value("partition", "NUMBER", "The partition to consume; from its end, unless --offset or --from-beginning says otherwise.")
        .Value("offset", "OFFSET", "With --partition: a number, 'earliest' or 'latest' (default: latest).")
        .Value("group", "GROUP", "The group to consume as; it keeps the position. Without one nothing is kept.")
        .Value("max-messages", "NUMBER", "End after so many records.")
        .Value("timeout-ms", "MS", "End when no record came for so long.")
        .Value("isolation-level", "LEVEL", "read_committed leaves out what is not committed (default: read_uncommitted).")
        .Values("formatter-property", "NAME=VALUE",
            "print.timestamp, print.key, print.offset, print.partition, print.epoch, print.headers, print.value: "
            + "true or false; key.separator, line.separator, headers.separator, null.literal; key.deserializer, value.deserializer, "
            + "headers.deserializer", "property")
        .Value("formatter-config", "FILE", "Properties file for the same; --formatter-property comes first.")
        .Value("formatter", "CLASS", "Kafka's DefaultMessageFormatter, LoggingMessageFormatter or NoOpMessageFormatter.")
        .Value("key-deserializer", "CLASS", "One of Kafka's deserializers.")
        .Value("value-deserializer", "CLASS", "One of Kafka's deserializers.")
        .Values("command-property", "NAME=VALUE", "Consumer properties.", "consumer-property", "producer-property")
        .Value("command-config", "FILE", "Consumer properties file; --command-property comes first.", "consumer.config")
        .Flag("skip-message-on-error", "Go on with the next record when one cannot be printed.")
        .Flag("enable-systest-events", "Print a line when the consumer is closed.")
        .Add(new Option("new-consumer", Takes.Nothing, "") { IsHidden = true })
        .Refused("delete-consumer-offsets", Takes.Nothing,
            "delete-consumer-offsets belonged to the consumer of ZooKeeper's times: use consumer-groups --delete or --reset-offsets");

    public static async Task<int> RunAsync(ToolContext context)
    {
        if (context.Parse(Options()) is not { } parsed) return 0;
        Check(parsed);
        var properties = context.Properties(parsed, "command-config", "command-property");
        var settings = Settings(context, parsed, properties);
        var formatProperties = context.Properties(parsed, "formatter-config", "formatter-property");
        var format = FormatterOf(parsed) == Formatter.Nothing
            ? null : new MessageFormat(formatProperties, parsed.Text("key-deserializer"), parsed.Text("value-deserializer"));
        var printing = new Printing(context, parsed, format);
        await using var consumer = new Consumer(settings);
        int code = 0;
        try
        {
            await printing.RunAsync(consumer).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.Stop.IsCancellationRequested)
        {
            // The user has seen enough.
        }
        catch (Exception e) when (e is KafkaException or ToolFailedException)
        {
            context.Io.Flush();
            context.Error.WriteLine($"ERROR Error processing message, terminating consumer process: {e.Message}");
            code = 1;
        }
        context.Io.Flush();
        context.Error.WriteLine($"Processed a total of {printing.Count} messages");
        if (parsed.Has("enable-systest-events")) context.Output.WriteLine("shutdown_complete");
        return code;
    }

    static void Check(Parsed parsed)
    {
        ToolContext.RequireServers(parsed);
        if (parsed.Count("topic", "include") != 1) throw new UsageException("Exactly one of the following arguments is required: [topic], [include]");
        if (parsed.Has("partition")) parsed.Required("topic");
        if (parsed.Has("partition") && parsed.Has("group"))
            throw new UsageException("Options group and partition cannot be specified together.");
        if (parsed.Has("offset") && !parsed.Has("partition")) throw new UsageException("The partition is required when offset is specified.");
        if (parsed.Has("offset")
            && parsed.Has("from-beginning")) throw new UsageException("Options from-beginning and offset cannot be specified together.");
        OffsetOf(parsed);
        FormatterOf(parsed);
    }

    /// <summary>Where reading begins: an offset, -2 for the oldest record, -1 for the next one.</summary>
    static long OffsetOf(Parsed parsed)
    {
        string? text = parsed.Text("offset")?.ToLowerInvariant();
        if (text is null) return parsed.Has("from-beginning") ? -2 : -1;
        if (text is "earliest") return -2;
        if (text is "latest") return -1;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long offset)) return offset;
        throw new UsageException($"The provided offset value '{text}' is incorrect. Valid values are 'earliest', 'latest', or a non-negative long.");
    }

    enum Formatter : byte { Default, Nothing }

    static Formatter FormatterOf(Parsed parsed)
    {
        string name = parsed.Text("formatter") ?? "DefaultMessageFormatter";
        return name[(name.LastIndexOf('.') + 1)..] switch
        {
            "DefaultMessageFormatter" or "LoggingMessageFormatter" => Formatter.Default,
            "NoOpMessageFormatter" => Formatter.Nothing,
            _ => throw new UsageException($"--formatter {name}: classes of Java cannot be loaded here; DefaultMessageFormatter, "
                + "LoggingMessageFormatter and NoOpMessageFormatter are known"),
        };
    }

    static ConsumerSettings Settings(ToolContext context, Parsed parsed, Dictionary<string, string> properties)
    {
        if (properties.GetValueOrDefault("auto.offset.reset") is { } reset && parsed.Has("from-beginning") && reset != "earliest")
            throw new UsageException($"Can't simultaneously specify --from-beginning and 'auto.offset.reset={reset}', please remove one option");
        if (parsed.Has("from-beginning")) properties["auto.offset.reset"] = "earliest";
        if (parsed.Text("isolation-level") is { } isolation) properties["isolation.level"] = isolation;
        properties.TryAdd("client.id", "console-consumer");
        if (parsed.Text("group") is { } group)
        {
            if (properties.GetValueOrDefault("group.id") is { } other && other != group)
            {
                throw new UsageException(
                    "The group ids provided in different places (directly using '--group', via '--command-property', or via '--command-config') "
                    + $"do not match. Detected group ids: '{group}', '{other}'");
            }
            properties["group.id"] = group;
        }
        var settings = ConsumerSettings.FromProperties(properties);
        return settings with { Client = context.Prepare(settings.Client) };
    }

    /// <summary>Reads and prints until there is a reason to end.</summary>
    sealed class Printing(ToolContext context, Parsed parsed, MessageFormat? format)
    {
        static readonly TimeSpan WhileQuiet = TimeSpan.FromSeconds(1);

        readonly BufferedStream _output = new(context.Io.RawOutput, 64 * 1024);
        readonly TimeSpan? _timeout = parsed.Long("timeout-ms") is { } ms and >= 0 ? TimeSpan.FromMilliseconds(ms) : null;
        readonly long _most = parsed.Long("max-messages") is { } most and >= 0 ? most : long.MaxValue;

        public long Count { get; private set; }

        public async Task RunAsync(Consumer consumer)
        {
            var follower = parsed.Has("partition") || consumer.Settings.GroupId is not null ? null
                : new TopicFollower(consumer, parsed.Text("topic"), parsed.Text("include"), parsed.Has("from-beginning"));
            if (follower is null) Begin(consumer);
            long last = context.Io.Time.GetTimestamp();
            while (Count < _most)
            {
                if (follower is not null) await follower.FollowAsync(context.Stop).ConfigureAwait(false);
                var wait = WhileQuiet;
                if (_timeout is { } timeout)
                {
                    var left = timeout - context.Io.Time.GetElapsedTime(last);
                    if (left <= TimeSpan.Zero) return;
                    if (left < wait) wait = left;
                }
                using var records = await consumer.PollAsync(wait, context.Stop).ConfigureAwait(false);
                if (records.Count == 0) continue;
                last = context.Io.Time.GetTimestamp();
                int printed = 0;
                for (; printed < records.Count && Count < _most; printed++) Print(records[printed]);
                _output.Flush();
                if (Count == _most) GiveBackRest(consumer, records, printed);
            }
        }

        // What was not printed is not done: the group reads it next time.
        static void GiveBackRest(Consumer consumer, ConsumerRecords records, int printed)
        {
            if (consumer.Settings.GroupId is null) return;
            for (int i = records.Count - 1; i >= printed; i--)
                consumer.Seek(new TopicPartition(records[i].Topic, records[i].Partition), records[i].Offset);
        }

        void Begin(Consumer consumer)
        {
            if (!parsed.Has("partition"))
            {
                if (parsed.Text("topic") is { } topic) consumer.Subscribe([topic]);
                else consumer.SubscribePattern(TopicFilter.PatternOf(parsed.Required("include")));
                return;
            }
            var partition = new TopicPartition(parsed.Required("topic"), parsed.Int("partition") ?? 0);
            consumer.Assign(partition);
            long offset = OffsetOf(parsed);
            if (offset >= 0) consumer.Seek(partition, offset);
            else if (offset == -2) consumer.SeekToBeginning();
            else consumer.SeekToEnd();
        }

        void Print(in ConsumerRecord record)
        {
            Count++;
            try
            {
                format?.Write(_output, record);
            }
            catch (ToolFailedException e) when (parsed.Has("skip-message-on-error"))
            {
                context.Error.WriteLine($"ERROR Error processing message, skipping this message: {e.Message}");
            }
        }
    }
}
