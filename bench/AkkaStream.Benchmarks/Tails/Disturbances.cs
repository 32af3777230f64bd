using System.Net;
using System.Runtime.InteropServices;
using AkkaStream.Benchmarks.Bare;
using AkkaStream.Benchmarks.Compare;
using AkkaStream.Benchmarks.Load;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Benchmarks.Tails;

/// <summary>Something else that a broker does or suffers while it serves.</summary>
/// <param name="Prepare">Before anything is measured.</param>
/// <param name="Run">On a thread of its own beside the steady load, until told to stop.</param>
/// <param name="TopicConfigs">For the topic of the disturbed load.</param>
sealed record Disturbance(string Name, Action Prepare, Action<CancellationToken> Run, params (string Name, string Value)[] TopicConfigs)
{
    /// <summary>The same of a bare server in a process of its own: what the machine and the disturbing client cost the load without the broker.</summary>
    public Action<CancellationToken>? Twin { get; init; }
}

static partial class Disturbances
{
    const long Gigabyte = 1_000_000_000;
    const int ApiVersionsBytes = 400;

    public static IEnumerable<Disturbance> All(OurBroker broker)
    {
        var address = broker.Target.Address;
        yield return new("segments roll (each MB)", () => { }, Wait, ("segment.bytes", "1048576"));
        yield return Retention(address);
        yield return Cleaner(address);
        yield return ColdRead(broker);
        yield return new("1,000 connections come and go each second", () => { }, stop => ComeAndGo.Evenly(address, 1_000, stop))
        {
            Twin = stop => WithBareServer(ApiVersionsBytes, bare => ComeAndGo.Evenly(bare, 1_000, stop)),
        };
        yield return new("1,000 connections at once, again and again", () => { }, stop => ComeAndGo.AtOnce(address, 1_000, stop))
        {
            Twin = stop => WithBareServer(ApiVersionsBytes, bare => ComeAndGo.AtOnce(bare, 1_000, stop)),
        };
        yield return LargeMetadata(address);
        foreach (var question in LargeQuestions(address)) yield return question;
        yield return LargeRecords(address);
    }

    static void Wait(CancellationToken stop) => stop.WaitHandle.WaitOne();

    static Disturbance Retention(IPEndPoint address)
    {
        int next = 0;
        void Prepare() => Fill(address, $"old-{next}", Gigabyte, ("segment.bytes", "67108864"));
        return new("retention deletes 1 GB", Prepare, stop =>
        {
            Alter(address, $"old-{next++}", ("retention.bytes", "1"), ("file.delete.delay.ms", "1000"));
            Wait(stop);
            Prepare();
        });
    }

    static Disturbance Cleaner(IPEndPoint address)
    {
        int next = 0;
        void Prepare() => Fill(address, $"dirty-{next}", Gigabyte / 2, ("segment.bytes", "67108864"));
        return new("the cleaner compacts", Prepare, stop =>
        {
            Alter(address, $"dirty-{next++}", ("cleanup.policy", "compact"), ("min.cleanable.dirty.ratio", "0.01"));
            Wait(stop);
            Prepare();
        });
    }

    static Disturbance ColdRead(OurBroker broker)
    {
        var address = broker.Target.Address;
        byte[] batch = ReadyRequests.BatchOfSize(900_000);
        return new("a consumer reads 2 GB of cold data", () => Fill(address, "cold", 2 * Gigabyte), stop =>
        {
            foreach (string file in Directory.EnumerateFiles(Path.Combine(broker.Directory, "cold-0"), "*.log")) DropFromCache(file);
            int records = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(batch.AsSpan(57));
            using var reading = new LoadLoop(address, [new FetchTraffic("cold", 0, batch.Length, records, long.MaxValue, 1 << 20)], 1);
            for (long read = 0; !stop.IsCancellationRequested && read < 2 * Gigabyte - batch.Length * 20L; read = reading.BytesReceived) reading.Run(10);
            Wait(stop);
        });
    }

    /// <summary>Asked for with a ready-made request; the answer is counted and thrown away, for decoding it would disturb the load by itself.</summary>
    static Disturbance LargeMetadata(IPEndPoint address)
    {
        int answer = 0;
        return new("metadata of 10,000 partitions, 20 a second",
            () =>
            {
                MakeMany(address);
                using var load = new LoadLoop(address, [new AskingTraffic(BigQuestions.Metadata)], 1, discards: true);
                load.Run(1);
                answer = (int)load.BytesReceived;
            },
            stop => AskAgainAndAgain(address, stop, BigQuestions.Metadata))
        {
            Twin = stop => WithBareServer(answer, bare => AskAgainAndAgain(bare, stop, BigQuestions.Metadata)),
        };
    }

    static IEnumerable<Disturbance> LargeQuestions(IPEndPoint address) => BigQuestions.OfTools.Select(q => new Disturbance(
        $"{q.Name}, 20 a second", () => MakeMany(address), stop => AskAgainAndAgain(address, stop, q.Question)));

    static void MakeMany(IPEndPoint address)
    {
        using var admin = new RawClient(address);
        for (int i = 0; i < BigQuestions.Topics; i++) admin.CreateTopic(BigQuestions.TopicOf(i), BigQuestions.PartitionsEach);
    }

    static void AskAgainAndAgain(IPEndPoint address, CancellationToken stop, params (byte[], int)[] questions)
    {
        using var load = new LoadLoop(address, [new AskingTraffic(questions)], 1, discards: true);
        while (!stop.IsCancellationRequested)
        {
            load.Run(1);
            stop.WaitHandle.WaitOne(50);
        }
    }

    static void WithBareServer(int answerBytes, Action<IPEndPoint> run)
    {
        using var bare = BareServer.Answering(answerBytes);
        run(bare.Address);
    }

    static Disturbance LargeRecords(IPEndPoint address) => new("records of 1 MB, 50 a second", () => { }, stop =>
    {
        using var admin = new RawClient(address);
        string topic = LoadBench.NewTopic(admin, 1);
        using var load = new LoadLoop(address, [new ProduceTraffic(topic, 0, ReadyRequests.Batch(1_000_000, 1), 1)], 1);
        while (!stop.IsCancellationRequested)
        {
            load.Run(1);
            stop.WaitHandle.WaitOne(20);
        }
        admin.DeleteTopic(topic);
    });

    static void Fill(IPEndPoint address, string topic, long bytes, params (string, string)[] configs)
    {
        byte[] batch = ReadyRequests.BatchOfSize(900_000);
        using var admin = new RawClient(address);
        admin.CreateTopic(topic, 1, configs);
        using var load = new LoadLoop(address, [new ProduceTraffic(topic, 0, batch, 1)], 4);
        load.Run(bytes / batch.Length);
    }

    static void Alter(IPEndPoint address, string topic, params (string Name, string Value)[] configs)
    {
        using var admin = new RawClient(address);
        var answer = admin.Ask(new IncrementalAlterConfigsRequest
        {
            Resources =
            [
                new IncrementalAlterConfigsRequestResource
                {
                    ResourceType = 2, ResourceName = topic,
                    Configs = [.. configs.Select(c => new IncrementalAlterConfigsRequestConfig { Name = c.Name, Value = c.Value })],
                },
            ],
        }, 1);
        if (answer.Responses[0].ErrorCode != ErrorCode.None) throw new InvalidOperationException($"altering {topic}: {answer.Responses[0].ErrorMessage}");
    }

    static void DropFromCache(string file)
    {
        using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        RandomAccess.FlushToDisk(handle);
        const int DontNeed = 4;
        if (posix_fadvise(handle.DangerousGetHandle().ToInt32(), 0, 0, DontNeed) != 0) throw new IOException($"{file} stays in the cache");
    }

    [LibraryImport("libc")]
    private static partial int posix_fadvise(int file, long offset, long length, int advice);
}
