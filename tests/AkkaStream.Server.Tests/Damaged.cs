using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Records;
using AkkaStream.Replication;
using AkkaStream.Server.Commands;
using Microsoft.Extensions.Logging;

namespace AkkaStream.Server.Tests;

/// <summary>Bytes of stored batches that are not what was written, as clients and operators meet them.</summary>
public sealed class Damaged : IDisposable
{
    const int Batches = 20, ValueBytes = 500;

    readonly string _directory = Directory.CreateTempSubdirectory("akkastream-damaged-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    string Segment => Path.Combine(_directory, "d-0", "00000000000000000000.log");

    [Fact]
    public async Task A_fetch_of_what_a_check_found_gets_CORRUPT_MESSAGE_and_all_else_is_served_also_after_a_restart()
    {
        int size = await FillAsync();
        using var checks = new ChecksEnded();
        var checking = new AkkaStreamSettings { LogDirs = [_directory], Loggers = checks, Scrub = new ScrubSettings { Interval = TimeSpan.FromMilliseconds(1) } };
        await using (var host = await AkkaStreamHost.StartAsync(checking))
        {
            using var client = new WireClient(host.Addresses[0]);
            Assert.Equal((ErrorCode.None, Batches * size), Fetch(client, 0));
            Spoil(7 * size + 200);
            await checks.AnotherTwoAsync();
            Append(client); // behind the news in the partition's order
            ExpectOneHole(client, size, hole: 7);
        }
        await using var again = await AkkaStreamHost.StartAsync(new AkkaStreamSettings { LogDirs = [_directory] });
        using var second = new WireClient(again.Addresses[0]);
        ExpectOneHole(second, size, hole: 7);
    }

    [Fact]
    public async Task What_a_damaged_middle_costs_is_told_and_cut_on_the_operators_word()
    {
        int size = await FillAsync();
        Spoil(7 * size + 200);
        File.Delete(Path.Combine(_directory, ".kafka_cleanshutdown"));
        File.WriteAllText(Path.Combine(_directory, "recovery-point-offset-checkpoint"), "0\n0\n"); // as if nothing had been synced
        foreach (string index in Directory.GetFiles(Path.Combine(_directory, "d-0"), "*index")) File.Delete(index);
        string folder = Path.Combine(_directory, "d-0");
        Assert.Equal((1, ""), Accept(folder, out string unknown));
        Assert.Contains("not known to be damaged", unknown);

        await using (var host = await AkkaStreamHost.StartAsync(new AkkaStreamSettings { LogDirs = [_directory] }))
        {
            using var client = new WireClient(host.Addresses[0]);
            Assert.Equal(ErrorCode.KafkaStorageError, Fetch(client, 0).Error);
        }
        var (code, told) = Accept(folder, out _);
        Assert.Equal(0, code);
        Assert.Contains($"00000000000000000000.log, byte {7 * size}: the batch at offset 7 has checksum", told);
        Assert.Contains("Records below offset 7 stay.", told);
        Assert.Contains($"{13 * size} bytes in 1 segments", told);
        Assert.Contains("12 records that can be read, in 12 batches, offsets 8 to 19, of 2023-11-14 22:13:20Z to 2023-11-14 22:13:20Z", told);
        Assert.Contains($"{size} bytes that cannot, in 1 places", told);
        Assert.Contains("Nothing was changed", told);
        Assert.Equal(Batches * size, new FileInfo(Segment).Length);

        Assert.Equal(0, Accept(folder, out _, "--confirm").Code);
        await using var again = await AkkaStreamHost.StartAsync(new AkkaStreamSettings { LogDirs = [_directory] });
        using var second = new WireClient(again.Addresses[0]);
        Assert.Equal(7, Append(second));
        Assert.Equal((ErrorCode.None, 8 * size), Fetch(second, 0));
        Assert.Equal(1, Accept(folder, out _).Code);
    }

    [Fact]
    public void Whoever_misspells_it_is_told_how()
    {
        Assert.Equal(2, Accept("--confirm", out string usage).Code);
        Assert.Contains("which folder?", usage);
        Assert.Equal(1, Accept(Path.Combine(_directory, "x-0"), out string missing).Code);
        Assert.Contains("there is no folder", missing);
    }

    static (int Code, string Said) Accept(string folder, out string errors, params string[] more)
    {
        var (said, complained) = (new StringWriter(), new StringWriter());
        int code = AcceptDamageCommand.Run([folder, .. more], said, complained);
        errors = complained.ToString();
        return (code, said.ToString());
    }

    /// <summary>A topic with batches of one record each; how long a batch is.</summary>
    async Task<int> FillAsync()
    {
        await using var host = await AkkaStreamHost.StartAsync(new AkkaStreamSettings { LogDirs = [_directory] });
        using var client = new WireClient(host.Addresses[0]);
        client.CreateTopic("d");
        for (int i = 0; i < Batches; i++) Append(client);
        return Fetch(client, 0).Bytes / Batches;
    }

    void Spoil(int position)
    {
        using var file = File.Open(Segment, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        file.Position = position;
        file.WriteByte(0x5a);
    }

    static void ExpectOneHole(WireClient client, int size, int hole)
    {
        Assert.Equal((ErrorCode.None, hole * size), Fetch(client, 0));
        Assert.Equal((ErrorCode.CorruptMessage, 0), Fetch(client, hole));
        Assert.Equal((ErrorCode.None, (Batches - hole) * size), Fetch(client, hole + 1));
    }

    static (ErrorCode Error, int Bytes) Fetch(WireClient client, long offset)
    {
        var answer = client.Ask(new FetchRequest
        {
            MaxWaitMs = 10_000,
            MinBytes = 1,
            Topics = [new FetchRequestTopic { Topic = "d", Partitions = [new FetchRequestPartition { FetchOffset = offset, PartitionMaxBytes = 1 << 20 }] }],
        }, 11);
        var partition = answer.Responses[0].Partitions[0];
        return (partition.ErrorCode, partition.Records?.Length ?? 0);
    }

    static long Append(WireClient client)
    {
        var builder = new RecordBatchBuilder();
        builder.Append(1_700_000_000_000, default, new byte[ValueBytes]);
        var answer = client.Ask(new ProduceRequest
        {
            Acks = -1,
            TimeoutMs = 30_000,
            TopicData = [new ProduceRequestTopic { Name = "d", PartitionData = [new ProduceRequestPartition { Records = builder.ToArray() }] }],
        }, 9);
        Assert.Equal(ErrorCode.None, answer.Responses[0].PartitionResponses[0].ErrorCode);
        return answer.Responses[0].PartitionResponses[0].BaseOffset;
    }

    /// <summary>Counts the lines that say that all checksums were checked.</summary>
    sealed class ChecksEnded : ILoggerFactory, ILogger
    {
        const int Scrubbed = 1432;

        readonly SemaphoreSlim _ended = new(0);

        /// <summary>One may be under way already.</summary>
        public async Task AnotherTwoAsync()
        {
            while (_ended.Wait(0)) { }
            for (int i = 0; i < 2; i++) Assert.True(await _ended.WaitAsync(TimeSpan.FromMinutes(1)), "no check came to its end");
        }

        public void Log<TState>(
            LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (id.Id == Scrubbed) _ended.Release();
        }

        public ILogger CreateLogger(string categoryName) => this;
        public bool IsEnabled(LogLevel logLevel) => true;
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public void AddProvider(ILoggerProvider provider) { }
        public void Dispose() => _ended.Dispose();
    }
}
