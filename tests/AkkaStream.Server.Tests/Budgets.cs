using System.Buffers.Binary;
using System.Net.Sockets;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Records;
using AkkaStream.Protocol.Wire;
using AkkaStream.Server;

namespace AkkaStream.Server.Tests;

/// <summary>Bytes allocated per operation, which unlike times are the same on every machine. The allowed ones stand in bench/budgets.json.</summary>
[Collection(Alone.Name)]
public sealed class Budgets : IAsyncLifetime
{
    string _directory = "";
    AkkaStreamHost _host = null!;
    Socket _socket = null!;

    public async Task InitializeAsync()
    {
        // On disk: a broker in memory allocates what it stores.
        _directory = Directory.CreateTempSubdirectory("akkastream-").FullName;
        _host = await AkkaStreamHost.StartAsync(new AkkaStreamSettings { LogDirs = [_directory] });
        _socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _socket.Connect(_host.Addresses[0]);
    }

    public async Task DisposeAsync()
    {
        _socket.Dispose();
        await _host.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public void Produce_end_to_end_stays_within_its_budget()
    {
        CreateTopic("p");
        byte[] frame = Framed(ProduceOf("p", Batch(16)), 9);
        Budget.Assert("produce request end to end", Measure(frame));
    }

    [Fact]
    public void Fetch_end_to_end_stays_within_its_budget()
    {
        CreateTopic("f");
        for (int i = 0; i < 10; i++) RoundTrip(Framed(ProduceOf("f", Batch(16)), 9));
        byte[] frame = Framed(new FetchRequest
        {
            MaxWaitMs = 100, MinBytes = 1, MaxBytes = 1 << 20, SessionEpoch = -1,
            Topics = [new FetchRequestTopic { Topic = "f", Partitions = [new FetchRequestPartition { FetchOffset = 0, PartitionMaxBytes = 1 << 20 }] }],
        }, 12);
        Budget.Assert("fetch request end to end", Measure(frame));
    }

    double Measure(byte[] frame)
    {
        const int Count = 1_000;
        return Budget.Measure(Count, () =>
        {
            for (int i = 0; i < Count; i++) RoundTrip(frame);
        });
    }

    readonly byte[] _answer = new byte[1 << 20];

    ReadOnlySpan<byte> RoundTrip(byte[] frame)
    {
        _socket.Send(frame);
        Fill(4);
        int length = BinaryPrimitives.ReadInt32BigEndian(_answer);
        Fill(length);
        return _answer.AsSpan(0, length);
    }

    void Fill(int count)
    {
        for (int have = 0; have < count;) have += _socket.Receive(_answer, have, count - have, SocketFlags.None);
    }

    void CreateTopic(string name) => RoundTrip(Framed(
        new CreateTopicsRequest { Topics = [new CreateTopicsRequestTopic { Name = name, NumPartitions = 1, ReplicationFactor = 1 }], TimeoutMs = 10_000 }, 5));

    static ProduceRequest ProduceOf(string topic, byte[] batch) => new()
    {
        Acks = -1,
        TimeoutMs = 1_000,
        TopicData = [new ProduceRequestTopic { Name = topic, PartitionData = [new ProduceRequestPartition { Records = batch }] }],
    };

    static byte[] Batch(int records)
    {
        var builder = new RecordBatchBuilder();
        for (int i = 0; i < records; i++) builder.Append(1_700_000_000_000, default, new byte[100]);
        return builder.ToArray();
    }

    static byte[] Framed(IRequest request, short version)
    {
        short headerVersion = ApiTable.RequestHeaderVersion(request.ApiKey, version);
        var header = new RequestHeader { RequestApiKey = (short)request.ApiKey, RequestApiVersion = version, CorrelationId = 1, ClientId = "test" };
        var frame = new byte[4 + header.Size(headerVersion) + request.Size(version)];
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - 4);
        var writer = new WireWriter(frame.AsSpan(4));
        header.Write(ref writer, headerVersion);
        request.Write(ref writer, version);
        return frame;
    }
}
