using System.Buffers.Binary;
using System.Diagnostics;
using AkkaStream.Client;
using AkkaStream.Client.Settings;

namespace AkkaStream.Benchmarks.Clients;

/// <summary>The loads of ClientBench with our own client, in this process.</summary>
static class OwnClient
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static (double Seconds, double[] Latencies) Drive(
        string mode, string bootstrap, string topic, int size, int count, string config, int rate)
    {
        var properties = new Dictionary<string, string>();
        foreach (string pair in config.Split(',', StringSplitOptions.RemoveEmptyEntries)) properties[pair.Split('=')[0]] = pair[(pair.IndexOf('=') + 1)..];
        properties["bootstrap.servers"] = bootstrap;
        return (mode switch
        {
            "produce" => Produce(properties, topic, size, count),
            "fetch" => Fetch(properties, topic, count),
            "paced" => Paced(properties, topic, size, count, rate),
            _ => Follow(properties, topic, size, count, rate),
        }).GetAwaiter().GetResult();
    }

    static byte[] Value(int size)
    {
        var value = new byte[size];
        var random = new Random(1);
        const string letters = "abcdefghijklmnop {}:,\"0123456789";
        for (int i = 0; i < size; i++) value[i] = (byte)letters[random.Next(letters.Length)];
        return value;
    }

    sealed class Counter : IDeliveryHandler
    {
        public List<double> Milliseconds { get; } = [];

        public int Failed;

        public void OnDelivery(long token, in Delivery delivery)
        {
            if (delivery.Error is not null) Interlocked.Increment(ref Failed);
            if (token == 0) return;
            double took = Stopwatch.GetElapsedTime(token).TotalMilliseconds;
            lock (Milliseconds) Milliseconds.Add(took);
        }

        public void Check()
        {
            if (Failed > 0) throw new InvalidOperationException($"{Failed} records were not delivered");
        }
    }

    static async Task<(double, double[])> Produce(Dictionary<string, string> properties, string topic, int size, int count)
    {
        byte[][] values = [.. Enumerable.Range(0, 50).Select(_ => Value(size))];
        var counter = new Counter();
        long begin = Stopwatch.GetTimestamp();
        await using var producer = new Producer(ProducerSettings.FromProperties(properties));
        for (int i = 0; i < count; i++) await producer.EnqueueAsync(new ProducerRecord(topic, default, values[i % 50]), counter);
        await producer.FlushAsync();
        counter.Check();
        return (Stopwatch.GetElapsedTime(begin).TotalSeconds, []);
    }

    static async Task<(double, double[])> Fetch(Dictionary<string, string> properties, string topic, int count)
    {
        long begin = Stopwatch.GetTimestamp();
        await using var consumer = new Consumer(ConsumerSettings.FromProperties(properties) with { MaxPollRecords = 10_000 });
        await AssignAsync(consumer, topic);
        consumer.SeekToBeginning();
        for (int have = 0; have < count;)
        {
            using var records = await consumer.PollAsync(Patience);
            if (records.Count == 0) throw new InvalidOperationException($"{have} of {count} records came");
            have += records.Count;
        }
        return (Stopwatch.GetElapsedTime(begin).TotalSeconds, []);
    }

    static async Task AssignAsync(Consumer consumer, string topic)
    {
        var view = await consumer.TopicAsync(topic);
        consumer.Assign(view.Partitions.Select(p => new TopicPartition(topic, p.Index)));
    }

    static async Task PaceAsync(int count, int rate, Func<int, ValueTask> send)
    {
        long begin = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++)
        {
            var ahead = TimeSpan.FromSeconds((double)i / rate) - Stopwatch.GetElapsedTime(begin);
            if (ahead > TimeSpan.FromMilliseconds(1)) await Task.Delay(ahead);
            await send(i);
        }
    }

    static async Task<(double, double[])> Paced(Dictionary<string, string> properties, string topic, int size, int count, int rate)
    {
        byte[] value = Value(size);
        var counter = new Counter();
        await using var producer = new Producer(ProducerSettings.FromProperties(properties));
        await PaceAsync(count, rate, _ => producer.EnqueueAsync(new ProducerRecord(topic, default, value), counter, Stopwatch.GetTimestamp()));
        await producer.FlushAsync();
        counter.Check();
        return (0, Percentiles(counter.Milliseconds));
    }

    static async Task<(double, double[])> Follow(Dictionary<string, string> properties, string topic, int size, int count, int rate)
    {
        await using var producer = new Producer(ProducerSettings.FromProperties(properties));
        await using var consumer = new Consumer(ConsumerSettings.FromProperties(properties));
        await AssignAsync(consumer, topic);
        consumer.SeekToEnd();
        foreach (var partition in consumer.Assignment) await consumer.PositionAsync(partition);
        var sending = Task.Run(() => PaceAsync(count, rate, _ =>
        {
            var value = new byte[Math.Max(sizeof(long), size)];
            BinaryPrimitives.WriteInt64LittleEndian(value, Stopwatch.GetTimestamp());
            return producer.EnqueueAsync(new ProducerRecord(topic, default, value));
        }));
        var latencies = new List<double>(count);
        while (latencies.Count < count)
        {
            using var records = await consumer.PollAsync(Patience);
            if (records.Count == 0) throw new InvalidOperationException($"{latencies.Count} of {count} records came");
            foreach (var record in records)
                latencies.Add(Stopwatch.GetElapsedTime(BinaryPrimitives.ReadInt64LittleEndian(record.Value.Span)).TotalMilliseconds);
        }
        await sending;
        return (0, Percentiles(latencies));
    }

    static double[] Percentiles(List<double> values)
    {
        values.Sort();
        return [.. ((double[])[0.5, 0.99, 0.999]).Select(p => values[Math.Min(values.Count - 1, (int)(values.Count * p))])];
    }
}
