using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using AkkaStream.Benchmarks.Compare;
using AkkaStream.Benchmarks.Load;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Benchmarks.Tails;

/// <summary>Something else that a broker does or suffers while it serves.</summary>
/// <param name="Prepare">Before anything is measured.</param>
/// <param name="Run">On a thread of its own beside the steady load, until told to stop.</param>
/// <param name="TopicConfigs">For the topic of the disturbed load.</param>
sealed record Disturbance(string Name, Action Prepare, Action<CancellationToken> Run, params (string Name, string Value)[] TopicConfigs);

static partial class Disturbances
{
    const long Gigabyte = 1_000_000_000;

    public static IEnumerable<Disturbance> All(OurBroker broker)
    {
        var address = broker.Target.Address;
        yield return new("segments roll (each MB)", () => { }, Wait, ("segment.bytes", "1048576"));
        yield return Retention(address);
        yield return Cleaner(address);
        yield return ColdRead(broker);
        yield return new("1,000 connections come and go", () => { }, stop => ComeAndGo(address, 1_000, stop));
        yield return LargeMetadata(address);
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

    static Disturbance LargeMetadata(IPEndPoint address) => new("metadata of 10,000 partitions, again and again",
        () =>
        {
            using var admin = new RawClient(address);
            for (int i = 0; i < 10; i++) admin.CreateTopic($"many-{i}", 1_000);
        },
        stop =>
        {
            using var client = new RawClient(address);
            while (!stop.IsCancellationRequested)
            {
                client.Ask(new MetadataRequest { Topics = null }, 8);
                stop.WaitHandle.WaitOne(50);
            }
        });

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

    static void ComeAndGo(IPEndPoint address, int count, CancellationToken stop)
    {
        byte[] request = RawClient.Framed(new ApiVersionsRequest { ClientSoftwareName = "bench", ClientSoftwareVersion = "1" }, 3);
        while (!stop.IsCancellationRequested)
        {
            var sockets = new List<Socket>();
            for (int i = 0; i < count && !stop.IsCancellationRequested; i++)
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                sockets.Add(socket);
                socket.Connect(address);
                socket.Send(request);
            }
            foreach (var socket in sockets) socket.Dispose();
            stop.WaitHandle.WaitOne(100);
        }
    }

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
