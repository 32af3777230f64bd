using System.Buffers.Binary;
using System.Net.Sockets;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Records;
using AkkaStream.Protocol.Wire;
using AkkaStream.Server;
using Microsoft.Extensions.Logging;

namespace AkkaStream.Broker.Tests;

/// <summary>A whole broker in this process, in memory unless a directory is told, and one connection to it.</summary>
sealed class TestBroker : IAsyncDisposable
{
    readonly AkkaStreamHost _host;
    Socket _socket;
    byte[] _answer = new byte[1 << 16];

    TestBroker(AkkaStreamHost host)
    {
        _host = host;
        _socket = Connect();
    }

    public static Task<TestBroker> StartAsync(params (string Name, string Value)[] properties) => StartAsync(null, properties);

    public static async Task<TestBroker> StartAsync(string? directory, params (string Name, string Value)[] properties) =>
        new(await AkkaStreamHost.StartAsync(new AkkaStreamSettings
        {
            LogDirs = directory is null ? [] : [directory],
            Properties = properties.ToDictionary(p => p.Name, p => p.Value),
        }));

    public static async Task<TestBroker> StartAsync(ILoggerFactory log) => new(await AkkaStreamHost.StartAsync(new AkkaStreamSettings { Loggers = log }));

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _host.DisposeAsync();
    }

    public Socket Connect()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 30_000 };
        socket.Connect(_host.Addresses[0]);
        return socket;
    }

    /// <summary>In the newest version that is served, or in the one told.</summary>
    public TResponse Ask<TResponse>(IRequest<TResponse> request, short? version = null) where TResponse : IMessage
    {
        short spoken = version ?? ApiTable.Advertised(request.ApiKey).Highest;
        Send(request, spoken);
        return Receive(request, spoken);
    }

    /// <summary>The answer to such a request.</summary>
    public TResponse Receive<TResponse>(IRequest<TResponse> request, short version) where TResponse : IMessage
    {
        var reader = new WireReader(Receive().AsMemory());
        Assert.Equal(7, ResponseHeader.Read(ref reader, ApiTable.ResponseHeaderVersion(request.ApiKey, version)).CorrelationId);
        return request.ReadResponse(ref reader, version);
    }

    /// <summary>Whatever comes of it: an answer, or the end of the connection, after which there is a new one.</summary>
    public void Poke(IRequest request, short version, bool isAnswered)
    {
        try
        {
            Send(request, version);
            if (isAnswered) Receive();
            else Ask(new ApiVersionsRequest(), 0);
        }
        catch (Exception e) when (e is EndOfStreamException or SocketException { SocketErrorCode: not SocketError.WouldBlock and not SocketError.TimedOut })
        {
            _socket.Dispose();
            _socket = Connect();
        }
    }

    public void Send(IRequest request, short version) => _socket.Send(Frames.ToBytes(request, version, 7, "test"));

    /// <summary>One response with its correlation id, without its length.</summary>
    public byte[] Receive()
    {
        Fill(4);
        int length = BinaryPrimitives.ReadInt32BigEndian(_answer);
        if (_answer.Length < length) _answer = new byte[length];
        Fill(length);
        return _answer.AsSpan(0, length).ToArray();
    }

    void Fill(int count)
    {
        for (int have = 0; have < count;)
        {
            int got = _socket.Receive(_answer, have, count - have, SocketFlags.None);
            if (got == 0) throw new EndOfStreamException("The broker closed the connection.");
            have += got;
        }
    }

    public TopicId Create(string topic, int partitions = 1, params (string Name, string Value)[] configs)
    {
        var answer = Ask(new CreateTopicsRequest
        {
            TimeoutMs = 10_000,
            Topics =
            [
                new CreateTopicsRequestTopic
                {
                    Name = topic,
                    NumPartitions = partitions,
                    ReplicationFactor = 1,
                    Configs = [.. configs.Select(c => new CreateTopicsRequestConfig { Name = c.Name, Value = c.Value })],
                },
            ],
        });
        Assert.Equal(ErrorCode.None, answer.Topics[0].ErrorCode);
        return answer.Topics[0].TopicId;
    }

    public ProduceResponsePartition Produce(string topic, byte[] batch, int partition = 0, short acks = -1) =>
        Ask(ProduceRequest(topic, batch, partition, acks), 12).Responses[0].PartitionResponses[0];

    public static ProduceRequest ProduceRequest(string topic, ReadOnlyMemory<byte> batch, int partition = 0, short acks = -1) => new()
    {
        Acks = acks,
        TimeoutMs = 10_000,
        TopicData = [new ProduceRequestTopic { Name = topic, PartitionData = [new ProduceRequestPartition { Index = partition, Records = batch }] }],
    };

    public FetchResponsePartition Fetch(string topic, long offset = 0, int minBytes = 0, int maxWaitMs = 0, sbyte isolation = 0) => Ask(
        new FetchRequest
        {
            MinBytes = minBytes,
            MaxWaitMs = maxWaitMs,
            MaxBytes = 50_000_000,
            IsolationLevel = isolation,
            SessionEpoch = -1,
            Topics =
            [
                new FetchRequestTopic { Topic = topic, Partitions = [new FetchRequestPartition { FetchOffset = offset, PartitionMaxBytes = 50_000_000 }] },
            ],
        },
        12).Responses[0].Partitions[0];

    /// <summary>A null value takes the setting away.</summary>
    public void Alter(sbyte resourceType, string name, string config, string? value) => Assert.Equal(ErrorCode.None, Ask(new IncrementalAlterConfigsRequest
    {
        Resources =
        [
            new IncrementalAlterConfigsRequestResource
            {
                ResourceType = resourceType,
                ResourceName = name,
                Configs = [new IncrementalAlterConfigsRequestConfig { Name = config, ConfigOperation = (sbyte)(value is null ? 1 : 0), Value = value }],
            },
        ],
    }).Responses[0].ErrorCode);

    public MetadataResponseTopic Describe(string topic, bool create = false) => Ask(new MetadataRequest
    {
        Topics = [new MetadataRequestTopic { Name = topic }],
        AllowAutoTopicCreation = create,
    }).Topics[0];

    public static byte[] Batch(int records = 1, int valueSize = 10, long timestamp = 1_700_000_000_000)
    {
        var builder = new RecordBatchBuilder();
        for (int i = 0; i < records; i++) builder.Append(timestamp + i, default, new byte[valueSize]);
        return builder.ToArray();
    }
}
