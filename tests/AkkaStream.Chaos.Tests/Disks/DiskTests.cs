using System.Runtime.InteropServices;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Records;
using AkkaStream.TestKit;
using AkkaStream.TestKit.Processes;

namespace AkkaStream.Chaos.Tests.Disks;

/// <summary>
/// Real disks that refuse a real broker: files that may not grow (the system says "file too large", which is a full disk to a log), and a log
/// directory in which nothing can be made any more.
/// </summary>
public sealed partial class DiskTests
{
    const string Topic = "on-disk";
    const int FileSize = 1;

    static readonly TimeProvider Time = TimeProvider.System;

    [Fact]
    public async Task Without_room_appends_get_a_storage_error_readers_go_on_and_room_is_used_without_a_restart()
    {
        await using var broker = await BrokerProcess.StartAsync();
        await using var client = await WireClient.ConnectAsync(broker.Address);
        await client.CreateTopicAsync(Topic, 1);
        await AppendAsync(client, 0, 10_000, ErrorCode.None);
        Limit(broker.ProcessId, 12_000);

        Assert.Equal(ErrorCode.KafkaStorageError, (await AppendAsync(client, 0, 10_000)).ErrorCode);
        Assert.Equal(ErrorCode.KafkaStorageError, (await AppendAsync(client, 0, 10_000)).ErrorCode);
        Assert.Equal(1, await HighWatermarkAsync(client, 0));

        Limit(broker.ProcessId, ulong.MaxValue);
        Assert.Equal(1, (await AppendAsync(client, 0, 10_000, ErrorCode.None)).BaseOffset);
        Assert.Equal(2, await HighWatermarkAsync(client, 0));
        Assert.True(broker.IsRunning, broker.Output);
    }

    [Fact]
    public async Task A_lost_log_directory_takes_its_partitions_with_it_and_not_the_broker()
    {
        string lost = Directory.CreateTempSubdirectory("akkastream-lost-").FullName, aside = lost + "-aside";
        try
        {
            // The first directory holds the metadata, too.
            string first = Directory.CreateTempSubdirectory("akkastream-kept-").FullName;
            await using var broker = await BrokerProcess.StartAsync(new Dictionary<string, string> { ["log.dirs"] = $"{first},{lost}" });
            await using var client = await WireClient.ConnectAsync(broker.Address);
            await client.CreateTopicAsync(Topic, 4, ("segment.bytes", "1048576"));
            for (int p = 0; p < 4; p++) await AppendAsync(client, p, 600_000, ErrorCode.None);
            int[] gone = [.. Enumerable.Range(0, 4).Where(p => Directory.Exists($"{lost}/{Topic}-{p}"))];
            int[] kept = [.. Enumerable.Range(0, 4).Except(gone)];
            Assert.Equal(2, gone.Length);
            Directory.Move(lost, aside);
            File.WriteAllText(lost, "not a directory");

            // The next segment cannot be made.
            Assert.Equal(ErrorCode.KafkaStorageError, (await AppendAsync(client, gone[0], 600_000)).ErrorCode);

            foreach (int p in kept) await AppendAsync(client, p, 600_000, ErrorCode.None);
            await Patiently.AskAsync(
                () => OfflineAsync(client), offline => offline.SequenceEqual(gone), _ => $"nobody says that they are offline\n{broker.Output}");
            var directories = (await client.AskAsync(new DescribeLogDirsRequest { Topics = null }, 4)).Results;
            Assert.Equal([ErrorCode.None, ErrorCode.KafkaStorageError], directories.OrderBy(d => d.LogDir == lost).Select(d => d.ErrorCode));

            // Nor does it keep the next start, and nothing is taken for empty.
            await broker.KillAsync();
            await broker.StartAgainAsync();
            await using var again = await WireClient.ConnectAsync(broker.Address);
            foreach (int p in kept) await AppendAsync(again, p, 10_000, ErrorCode.None);
            foreach (int p in gone) await AppendAsync(again, p, 10_000, ErrorCode.KafkaStorageError);
            await again.CreateTopicAsync("new", 1);
            Directory.Delete(first, recursive: true);
        }
        finally
        {
            File.Delete(lost);
            if (Directory.Exists(aside)) Directory.Delete(aside, recursive: true);
        }
    }

    static async Task<int[]> OfflineAsync(WireClient client)
    {
        var answer = await client.AskAsync(new MetadataRequest { Topics = [new MetadataRequestTopic { Name = Topic }] }, 9);
        return [.. answer.Topics[0].Partitions.Where(p => p.OfflineReplicas.Length > 0).Select(p => p.PartitionIndex).Order()];
    }

    static async Task<long> HighWatermarkAsync(WireClient client, int partition)
    {
        var answer = await client.AskAsync(new FetchRequest
        {
            ReplicaId = -1, MinBytes = 1, MaxBytes = 1 << 20,
            Topics =
            [
                new FetchRequestTopic
                {
                    Topic = Topic, Partitions = [new FetchRequestPartition { Partition = partition, PartitionMaxBytes = 1 << 20 }],
                },
            ],
        }, 11);
        var part = answer.Responses[0].Partitions[0];
        Assert.Equal(ErrorCode.None, part.ErrorCode);
        Assert.True(part.Records?.Length > 0);
        return part.HighWatermark;
    }

    /// <summary>After a start the log may still be opening.</summary>
    static Task<ProduceResponsePartition> AppendAsync(
        WireClient client, int partition, int bytes, ErrorCode expected = ErrorCode.KafkaStorageError)
    {
        var builder = new RecordBatchBuilder();
        builder.Append(Time.GetUtcNow().ToUnixTimeMilliseconds(), default, new byte[bytes]);
        return Patiently.AskAsync(
            async () => (await client.AskAsync(new ProduceRequest
            {
                Acks = -1, TimeoutMs = 30_000,
                TopicData =
                [
                    new ProduceRequestTopic
                    {
                        Name = Topic, PartitionData = [new ProduceRequestPartition { Index = partition, Records = builder.ToArray() }],
                    },
                ],
            }, 9)).Responses[0].PartitionResponses[0],
            said => said.ErrorCode == expected,
            said => $"partition {partition}: {said.ErrorCode} {said.ErrorMessage}, where {expected} was expected",
            said => said.ErrorCode == ErrorCode.NotLeaderOrFollower);
    }

    static void Limit(int process, ulong bytes)
    {
        // Only the soft limit: the hard one could not be raised again.
        if (prlimit(process, FileSize, 0, out var limits) != 0) throw new TestFailedException("the limits of the broker cannot be read");
        limits.Soft = Math.Min(bytes, limits.Hard);
        if (prlimit(process, FileSize, in limits, 0) != 0) throw new TestFailedException("the limits of the broker cannot be set");
    }

    struct Limits
    {
        public ulong Soft;
        public ulong Hard;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int prlimit(int process, int resource, nint none, out Limits old);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int prlimit(int process, int resource, in Limits limits, nint none);
}
