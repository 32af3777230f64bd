using System.Globalization;
using AkkaStream.Client;
using AkkaStream.Client.Settings;
using AkkaStream.Cli.Options;

namespace AkkaStream.Cli.Tools;

/// <summary>kafka-consumer-perf-test: reads records as fast as it can, and says how fast that was.</summary>
static class ConsumerPerfTool
{
    static readonly TimeSpan PollTime = TimeSpan.FromMilliseconds(100);

    static OptionSet Options() => new OptionSet("consumer-perf-test", "Measure how fast records can be consumed.")
        .Value("bootstrap-server", "HOST:PORT", "REQUIRED: The server(s) to connect to.", "broker-list")
        .Value("topic", "TOPIC", "The topic to consume; this or --include is needed.")
        .Value("include", "REGEX", "The topics to consume, as a regular expression.")
        .Value("num-records", "NUMBER", "REQUIRED: How many records to consume.", "messages")
        .Value("group", "GROUP", "The group to consume as (default: a new one).")
        .Flag("from-latest", "Without an earlier position begin with the next record and not with the oldest one.")
        .Value("fetch-size", "BYTES", "max.partition.fetch.bytes (default: 1048576)")
        .Value("socket-buffer-size", "BYTES", "receive.buffer.bytes (default: 2097152)")
        .Value("timeout", "MS", "The longest time between two records (default: 10000).")
        .Flag("show-detailed-stats", "A line for each interval.")
        .Value("reporting-interval", "MS", "How often, with --show-detailed-stats (default: 5000).")
        .Value("date-format", "FORMAT", "How times look, as .NET writes it (default: yyyy-MM-dd HH:mm:ss:fff).")
        .Flag("hide-header", "No header.")
        .Flag("print-metrics", "Print settings of the consumer at the end.")
        .Value("threads", "NUMBER", "Does nothing any more.")
        .Value("num-fetch-threads", "NUMBER", "Does nothing any more.")
        .Values("command-property", "NAME=VALUE", "Consumer properties.", "consumer-property")
        .Value("command-config", "FILE", "Consumer properties file; --command-property comes first.", "consumer.config");

    public static async Task<int> RunAsync(ToolContext context)
    {
        if (context.Parse(Options()) is not { } parsed) return 0;
        ToolContext.RequireServers(parsed);
        if (parsed.Count("topic", "include") != 1) throw new UsageException("Exactly one of the following arguments is required: [topic], [include]");
        long count = parsed.Long("num-records") ?? throw new UsageException("Missing required argument \"[num-records]\"");
        var properties = context.Properties(parsed, "command-config", "command-property");
        properties["group.id"] = parsed.Text("group") ?? $"perf-consumer-{context.Io.Time.GetUtcNow().Ticks % 100_000}";
        properties["receive.buffer.bytes"] = parsed.Text("socket-buffer-size") ?? "2097152";
        properties["max.partition.fetch.bytes"] = parsed.Text("fetch-size") ?? "1048576";
        properties["auto.offset.reset"] = parsed.Has("from-latest") ? "latest" : "earliest";
        properties["check.crcs"] = "false";
        properties.TryAdd("client.id", "perf-consumer-client");
        var settings = ConsumerSettings.FromProperties(properties);
        await using var consumer = new Consumer(settings with { Client = context.Prepare(settings.Client) });
        var run = new Run(context, parsed);
        if (parsed.Text("topic") is { } topic) consumer.Subscribe([topic], run);
        else consumer.SubscribePattern(TopicFilter.PatternOf(parsed.Required("include")), run);
        run.WriteHeader();
        await run.ReadAsync(consumer, count).ConfigureAwait(false);
        if (parsed.Has("print-metrics"))
            context.Output.WriteLine($"\nmax.poll.records={settings.MaxPollRecords} max.partition.fetch.bytes={settings.PartitionFetchBytes}");
        return 0;
    }

    /// <summary>One measurement. The time of rebalances is counted apart: nothing can be fetched then.</summary>
    sealed class Run(ToolContext context, Parsed parsed) : IRebalanceListener
    {
        readonly TimeProvider _time = context.Io.Time;
        readonly bool _detailed = parsed.Has("show-detailed-stats");
        readonly TimeSpan _interval = TimeSpan.FromMilliseconds(parsed.Long("reporting-interval") ?? 5000);
        readonly TimeSpan _timeout = TimeSpan.FromMilliseconds(parsed.Long("timeout") ?? 10_000);
        readonly string _format = parsed.Text("date-format") ?? "yyyy-MM-dd HH:mm:ss:fff";
        long _joining;
        TimeSpan _joinTime, _lastJoinTime;
        long _bytes, _records, _lastBytes, _lastRecords, _lastReport;

        public void WriteHeader()
        {
            if (parsed.Has("hide-header")) return;
            context.Output.WriteLine(
                (_detailed ? "time, threadId" : "start.time, end.time") + ", data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec, "
                + "rebalance.time.ms, fetch.time.ms, fetch.MB.sec, fetch.nMsg.sec");
        }

        public async Task ReadAsync(Consumer consumer, long count)
        {
            string started = Now();
            long begin = _joining = _lastReport = _time.GetTimestamp(), last = begin;
            while (_records < count)
            {
                using var records = await consumer.PollAsync(PollTime, context.Stop).ConfigureAwait(false);
                long now = _time.GetTimestamp();
                if (records.Count > 0) last = now;
                else if (_time.GetElapsedTime(last, now) > _timeout) break;
                _bytes += records.Bytes;
                _records += records.Count;
                if (_detailed && _time.GetElapsedTime(_lastReport, now) >= _interval) Report();
            }
            if (_records < count)
            {
                context.Output.WriteLine(
                    $"WARNING: Exiting before consuming the expected number of records: timeout ({_timeout.TotalMilliseconds:0} ms) exceeded. "
                    + "You can use the --timeout option to increase the timeout.");
            }
            if (!_detailed) Write($"{started}, {Now()}", _time.GetElapsedTime(begin), _joinTime, _bytes, _bytes, _records, _records);
        }

        string Now() => TimeZoneInfo.ConvertTime(_time.GetUtcNow(), _time.LocalTimeZone).ToString(_format, CultureInfo.InvariantCulture);

        void Report()
        {
            Write($"{Now()}, 0", _time.GetElapsedTime(_lastReport), _joinTime - _lastJoinTime, _bytes, _bytes - _lastBytes, _records,
                _records - _lastRecords);
            context.Io.Flush();
            (_lastBytes, _lastRecords, _lastReport, _lastJoinTime) = (_bytes, _records, _time.GetTimestamp(), _joinTime);
        }

        void Write(string when, TimeSpan took, TimeSpan joining, long allBytes, long bytes, long allRecords, long records)
        {
            const double mega = 1024 * 1024;
            double seconds = took.TotalSeconds, fetching = Math.Max(0.001, (took - joining).TotalSeconds);
            string line = string.Create(CultureInfo.InvariantCulture,
                $"{when}, {allBytes / mega:0.0000}, {bytes / mega / seconds:0.0000}, {allRecords}, {records / seconds:0.0000}, ");
            context.Output.WriteLine(line + string.Create(CultureInfo.InvariantCulture,
                $"{joining.TotalMilliseconds:0}, {fetching * 1000:0}, {bytes / mega / fetching:0.0000}, {records / fetching:0.0000}"));
        }

        public ValueTask OnRevokedAsync(IReadOnlyCollection<TopicPartition> partitions)
        {
            _joining = _time.GetTimestamp();
            return ValueTask.CompletedTask;
        }

        public ValueTask OnAssignedAsync(IReadOnlyCollection<TopicPartition> partitions)
        {
            _joinTime += _time.GetElapsedTime(_joining);
            return ValueTask.CompletedTask;
        }
    }
}
