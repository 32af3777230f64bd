using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Records;
using AkkaStream.TestKit;
using AkkaStream.TestKit.Processes;

namespace AkkaStream.Chaos.Tests.Hostile;

/// <summary>A broker in a process of its own that hostile clients visit, with a well-behaved one whose requests must be answered all the while.</summary>
public sealed class VictimBroker : IAsyncLifetime
{
    const string ProbeTopic = "probe";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    BrokerProcess? _process;
    WireClient? _probe;
    long _probes;

    internal BrokerProcess Process => _process!;

    /// <summary>What the process took before anybody was hostile, with everything warm.</summary>
    internal long RestingBytes { get; private set; }

    public async Task InitializeAsync()
    {
        _process = await BrokerProcess.StartAsync();
        _probe = await WireClient.ConnectAsync(_process.Address);
        await _probe.CreateTopicAsync(ProbeTopic, 1);
        for (int i = 0; i < 200; i++) await ProbeAsync();
        RestingBytes = _process.ResidentBytes;
    }

    public async Task DisposeAsync()
    {
        if (_probe is not null) await _probe.DisposeAsync();
        if (_process is not null) await _process.DisposeAsync();
    }

    /// <summary>A write, a read and a question, each answered rightly.</summary>
    internal async Task ProbeAsync()
    {
        try
        {
            await AskAsync().WaitAsync(Patience);
        }
        catch (Exception failure) when (failure is TimeoutException or WireClosedException)
        {
            throw new TestFailedException($"the broker does not answer a well-behaved client any more: {failure.Message}\n{Process.Output}", failure);
        }
    }

    async Task AskAsync()
    {
        var builder = new RecordBatchBuilder();
        builder.Append(1_700_000_000_000, "k"u8, "v"u8);
        var produced = await _probe!.AskAsync(new ProduceRequest
        {
            Acks = -1, TimeoutMs = 10_000,
            TopicData = [new ProduceRequestTopic { Name = ProbeTopic, PartitionData = [new ProduceRequestPartition { Records = builder.ToArray() }] }],
        }, 9);
        var said = produced.Responses[0].PartitionResponses[0];
        Assert.Equal((ErrorCode.None, _probes), (said.ErrorCode, said.BaseOffset));
        var fetched = await _probe.AskAsync(new FetchRequest
        {
            MaxWaitMs = 0, MinBytes = 0,
            Topics = [new FetchRequestTopic { Topic = ProbeTopic, Partitions = [new FetchRequestPartition { FetchOffset = _probes, PartitionMaxBytes = 1000 }] }],
        }, 11);
        Assert.Equal(ErrorCode.None, fetched.Responses[0].Partitions[0].ErrorCode);
        Assert.Equal(++_probes, fetched.Responses[0].Partitions[0].HighWatermark);
        Assert.Equal(ErrorCode.None, (await _probe.AskAsync(new ApiVersionsRequest { ClientSoftwareName = "probe", ClientSoftwareVersion = "1" }, 3)).ErrorCode);
    }

    /// <summary>Alive, well, and not much larger than before.</summary>
    internal async Task AssertUnharmedAsync(int allowedMegabytes = 150)
    {
        await ProbeAsync();
        long grown = Process.ResidentBytes - RestingBytes;
        Assert.True(grown < (long)allowedMegabytes << 20, $"the broker has grown by {grown >> 20} MB");

        // Not a word of errors of our own: those would be handlers that threw, or a loop that died.
        foreach (string trouble in new[] { "failed; the connection is closed", "an error of our own", "Unhandled exception", "handling a request failed" })
            Assert.DoesNotContain(trouble, Process.Output);
    }
}
