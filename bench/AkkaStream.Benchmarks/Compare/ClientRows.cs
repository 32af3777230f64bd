using System.Diagnostics;
using System.Globalization;
using AkkaStream.Benchmarks.Load;

namespace AkkaStream.Benchmarks.Compare;

/// <summary>Rows whose load is a whole librdkafka, driven by a small Python program (python3-confluent-kafka).</summary>
static class ClientRows
{
    public static IEnumerable<Row> All =>
    [
        Row("rdkafka-100b", "librdkafka, records of 100 B", 100, 3_000_000, "", perRecord: true),
        Row("rdkafka-1k", "librdkafka, records of 1 KB", 1_000, 1_000_000, ""),
        Row("rdkafka-100k", "librdkafka, records of 100 KB", 100_000, 10_000, ""),
        Row("rdkafka-lz4", "librdkafka, records of 1 KB, lz4", 1_000, 1_000_000, "compression.type=lz4"),
        Row("rdkafka-zstd", "librdkafka, records of 1 KB, zstd", 1_000, 1_000_000, "compression.type=zstd"),
        Row("rdkafka-idempotent", "librdkafka, records of 1 KB, idempotent", 1_000, 1_000_000, "enable.idempotence=true"),
        Row("rdkafka-linger-0", "librdkafka, records of 200 B, no linger", 200, 1_000_000, "linger.ms=0"),
    ];

    static Row Row(string name, string about, int recordBytes, int records, string config, bool perRecord = false)
    {
        StoredBatches? stored = null;
        double units = perRecord ? 1e6 : 1e9 / recordBytes; // how many records a unit of the first metric has
        return new Row(
            name, about,
            [new Metric("cpu", perRecord ? "s/M records" : "s/GB", 0.35), new Metric("throughput", "records/s", 1, MoreIsBetter: true)],
            (target, size) =>
            {
                int count = (int)(records * size);
                using var admin = new RawClient(target.Address);
                string topic = LoadBench.NewTopic(admin, 4);
                Load(target, topic, recordBytes, count / 10, config);
                double cpu = ProcStat.CpuSeconds(target.Pid);
                double seconds = Load(target, topic, recordBytes, count, config);
                cpu = ProcStat.CpuSeconds(target.Pid) - cpu;
                if (target.Name == "ours") stored = StoredBatches.From(admin, topic);
                admin.DeleteTopic(topic);
                return new Sample([cpu / count * units, count / seconds]);
            })
            {
                Floor = () => [stored!.BareSecondsPerRecord(records) * units],
            };
    }

    static double Load(Target target, string topic, int recordBytes, int count, string config)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "clients", "rdkafka_load.py");
        var start = new ProcessStartInfo("/usr/bin/python3") { RedirectStandardOutput = true };
        foreach (string arg in (string[])[script, target.Address.ToString(), topic, $"{recordBytes}", $"{count}", config]) start.ArgumentList.Add(arg);
        using var process = Process.Start(start) ?? throw new InvalidOperationException("python3 does not start");
        string told = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"the librdkafka load failed: {told} (is python3-confluent-kafka installed?)");
        return double.Parse(told, CultureInfo.InvariantCulture);
    }
}
