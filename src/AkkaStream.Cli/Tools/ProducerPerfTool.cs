using System.Globalization;
using System.Text;
using AkkaStream.Client;
using AkkaStream.Client.Settings;
using AkkaStream.Cli.Options;

namespace AkkaStream.Cli.Tools;

/// <summary>kafka-producer-perf-test: sends records as fast as it may, and says how fast that was.</summary>
static class ProducerPerfTool
{
    static OptionSet Options() => new OptionSet("producer-perf-test", "Measure how fast records can be produced.")
        .Value("bootstrap-server", "HOST:PORT", "The server(s) to connect to; comes before bootstrap.servers of the properties.")
        .Value("topic", "TOPIC", "REQUIRED: Produce records to this topic.")
        .Value("num-records", "NUMBER", "REQUIRED: How many records to produce.")
        .Value("throughput", "NUMBER", "REQUIRED: At most so many records a second; -1 for as many as go.")
        .Value("record-size", "BYTES", "The size of each record; this, --payload-file or --payload-monotonic is needed.")
        .Value("payload-file", "FILE", "Records are drawn at random from the lines of this file.")
        .Value("payload-delimiter", "TEXT", "What stands between payloads in the file (default: the end of the line).")
        .Flag("payload-monotonic", "Records are rising numbers.")
        .Add(new Option("command-property", Takes.Value, "Producer properties, several may follow.")
        {
            Argument = "NAME=VALUE...", Older = ["producer-props"], Repeats = true, IsList = true,
        })
        .Value("command-config", "FILE", "Producer properties file; --command-property comes first.", "producer.config")
        .Value("warmup-records", "NUMBER", "The first records are left out of a second summary (default: 0).")
        .Value("reporting-interval", "MS", "How often to print how it goes (default: 5000).")
        .Flag("print-metrics", "Print settings and totals of the producer at the end.")
        .Refused("transactional-id", Takes.Value, "--transactional-id: this producer has no transactions")
        .Refused("transaction-duration-ms", Takes.Value, "--transaction-duration-ms: this producer has no transactions");

    public static async Task<int> RunAsync(ToolContext context)
    {
        if (context.Parse(Options()) is not { } parsed) return 0;
        if (parsed.Count("record-size", "payload-file", "payload-monotonic") != 1)
            throw new UsageException("one of the arguments --record-size --payload-file --payload-monotonic is required");
        string topic = parsed.Required("topic");
        long count = parsed.Long("num-records") ?? throw new UsageException("argument --num-records is required");
        double rate = double.TryParse(parsed.Text("throughput"), CultureInfo.InvariantCulture, out double told)
            ? told : throw new UsageException("argument --throughput is required: a number of records a second, or -1");
        var payload = Payload.Of(parsed);
        var settings = Settings(context, parsed);
        long warmup = parsed.Long("warmup-records") ?? 0;
        if (warmup < 0 || warmup >= count && warmup > 0)
            throw new UsageException("The value for --warmup-records must be below --num-records.");
        var interval = TimeSpan.FromMilliseconds(parsed.Long("reporting-interval") ?? 5000);
        var run = new Run(context, interval, warmup);
        await using var producer = new Producer(settings);
        await run.SendAsync(producer, topic, payload, count, rate).ConfigureAwait(false);
        run.Print();
        if (parsed.Has("print-metrics"))
        {
            context.Output.WriteLine(
                $"\nbatch.size={settings.BatchBytes} linger.ms={settings.Linger.TotalMilliseconds:0} acks={settings.Acks} failed={run.Failed}");
        }
        return run.Failed == 0 ? 0 : 1;
    }

    static ProducerSettings Settings(ToolContext context, Parsed parsed)
    {
        var properties = context.Properties(parsed, "command-config", "command-property");
        if (!properties.ContainsKey("bootstrap.servers"))
            throw new UsageException("At least one of --bootstrap-server and bootstrap.servers in --command-property or --command-config is needed");
        properties.TryAdd("client.id", "perf-producer-client");
        var settings = ProducerSettings.FromProperties(properties);
        return settings with { Client = context.Prepare(settings.Client) };
    }

    /// <summary>What is sent.</summary>
    sealed class Payload(byte[][] choice, bool monotonic)
    {
        readonly Dice _dice = new();

        public static Payload Of(Parsed parsed)
        {
            if (parsed.Has("payload-monotonic")) return new Payload([], true);
            if (parsed.Text("payload-file") is { } path)
            {
                string delimiter = parsed.Text("payload-delimiter") is { } d ? d.Replace("\\n", "\n", StringComparison.Ordinal) : "\n";
                byte[][] lines = [.. File.ReadAllText(path).Split(delimiter, StringSplitOptions.RemoveEmptyEntries).Select(Encoding.UTF8.GetBytes)];
                return lines.Length > 0 ? new Payload(lines, false) : throw new ToolFailedException($"File does not contain any payloads: {path}");
            }
            int size = parsed.Int("record-size") ?? 0;
            if (size <= 0) throw new UsageException("--record-size should be greater than zero.");
            var letters = new Dice();
            byte[] record = new byte[size];
            for (int i = 0; i < size; i++) record[i] = (byte)('A' + letters.Next(26));
            return new Payload([record], false);
        }

        public byte[] Next(long number) =>
            monotonic ? Encoding.UTF8.GetBytes($"{number}") : choice.Length == 1 ? choice[0] : choice[_dice.Next(choice.Length)];
    }

    /// <summary>The same throws in every run.</summary>
    sealed class Dice
    {
        uint _state = 0x9E3779B9;

        public int Next(int limit)
        {
            _state ^= _state << 13;
            _state ^= _state >> 17;
            _state ^= _state << 5;
            return (int)(_state % (uint)limit);
        }
    }

    /// <summary>One measurement: all records, those of the present interval, and those after the warm-up.</summary>
    sealed class Run(ToolContext context, TimeSpan interval, long warmup) : IDeliveryHandler
    {
        readonly TimeProvider _time = context.Io.Time;
        readonly long _begin = context.Io.Time.GetTimestamp();
        readonly Latencies _all = new(), _steady = new();
        Latencies _window = new();
        long _windowBegin, _steadyBegin, _bytes, _windowBytes, _steadyBytes, _done;
        int _failed;

        public int Failed => Volatile.Read(ref _failed);

        public async Task SendAsync(Producer producer, string topic, Payload payload, long count, double rate)
        {
            _windowBegin = _begin;
            for (long i = 0; i < count; i++)
            {
                byte[] value = payload.Next(i);
                Interlocked.Add(ref _bytes, value.Length);
                var record = new ProducerRecord(topic, default, value);
                await producer.EnqueueAsync(record, this, _time.GetTimestamp(), context.Stop).ConfigureAwait(false);
                if ((i & 0xff) == 0 && _time.GetElapsedTime(_windowBegin) >= interval) PrintWindow();
                if (rate > 0) await HoldBackAsync(i + 1, rate).ConfigureAwait(false);
            }
            await producer.FlushAsync(context.Stop).ConfigureAwait(false);
        }

        async ValueTask HoldBackAsync(long sent, double rate)
        {
            var ahead = TimeSpan.FromSeconds(sent / rate) - _time.GetElapsedTime(_begin);
            if (ahead > TimeSpan.FromMilliseconds(5)) await Task.Delay(ahead, _time, context.Stop).ConfigureAwait(false);
        }

        public void OnDelivery(long token, in Delivery delivery)
        {
            if (delivery.Error is { } error)
            {
                if (Interlocked.Increment(ref _failed) <= 10) context.Error.WriteLine($"ERROR {error.Message}");
                return;
            }
            var took = _time.GetElapsedTime(token);
            long number = Interlocked.Increment(ref _done);
            _all.Add(took);
            _window.Add(took);
            if (warmup == 0 || number <= warmup) return;
            if (number == warmup + 1) (_steadyBegin, _steadyBytes) = (_time.GetTimestamp(), Volatile.Read(ref _bytes));
            _steady.Add(took);
        }

        void PrintWindow()
        {
            var window = Interlocked.Exchange(ref _window, new Latencies());
            double seconds = _time.GetElapsedTime(_windowBegin).TotalSeconds;
            double rate = window.Count / seconds, megabytes = (_bytes - _windowBytes) / seconds / (1024 * 1024);
            context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{window.Count} records sent, {rate:0.0} records/sec ({megabytes:0.00} MB/sec), {window.Average:0.0} ms avg latency, ")
                + string.Create(CultureInfo.InvariantCulture, $"{(double)window.Most:0.0} ms max latency."));
            context.Io.Flush();
            _windowBegin = _time.GetTimestamp();
            _windowBytes = _bytes;
        }

        public void Print()
        {
            PrintTotal(_all, _time.GetElapsedTime(_begin), _bytes, "records sent");
            if (_steady.Count > 0) PrintTotal(_steady, _time.GetElapsedTime(_steadyBegin), _bytes - _steadyBytes, "steady state records sent");
        }

        void PrintTotal(Latencies of, TimeSpan took, long bytes, string what)
        {
            double rate = of.Count / took.TotalSeconds, megabytes = bytes / took.TotalSeconds / (1024 * 1024);
            context.Output.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{of.Count} {what}, {rate:0.000000} records/sec ({megabytes:0.00} MB/sec), ")
                + string.Create(CultureInfo.InvariantCulture, $"{of.Average:0.00} ms avg latency, {(double)of.Most:0.00} ms max latency, ")
                + $"{of.Percentile(0.5)} ms 50th, {of.Percentile(0.95)} ms 95th, {of.Percentile(0.99)} ms 99th, {of.Percentile(0.999)} ms 99.9th.");
        }
    }
}
