using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Benchmarks.Load;

/// <summary>One blocking connection for setting things up: creates and deletes topics, asks for offsets.</summary>
sealed class RawClient : IDisposable
{
    readonly Socket _socket;

    public RawClient(IPEndPoint address) : this(new Socket(SocketType.Stream, ProtocolType.Tcp)) => _socket.Connect(address);

    public RawClient(Socket socket)
    {
        _socket = socket;
        _socket.NoDelay = true;
        _socket.ReceiveTimeout = 60_000;
    }

    public TResponse Ask<TResponse>(IRequest<TResponse> request, short version) where TResponse : IMessage
    {
        Send(request, version);
        return Receive(request, version);
    }

    public void Send(IRequest request, short version) => _socket.Send(Framed(request, version));

    /// <summary>The next answer; the request tells what kind it is.</summary>
    public TResponse Receive<TResponse>(IRequest<TResponse> request, short version) where TResponse : IMessage
    {
        var prefix = new byte[4];
        Fill(prefix);
        var body = new byte[BinaryPrimitives.ReadInt32BigEndian(prefix)];
        Fill(body);
        var reader = new WireReader(body.AsMemory(ApiTable.ResponseHeaderVersion(request.ApiKey, version) >= 1 ? 5 : 4));
        return request.ReadResponse(ref reader, version);
    }

    public static byte[] Framed(IRequest request, short version)
    {
        short headerVersion = ApiTable.RequestHeaderVersion(request.ApiKey, version);
        var header = new RequestHeader { RequestApiKey = (short)request.ApiKey, RequestApiVersion = version, CorrelationId = 1, ClientId = "bench" };
        int size = header.Size(headerVersion) + request.Size(version);
        var frame = new byte[4 + size];
        BinaryPrimitives.WriteInt32BigEndian(frame, size);
        var writer = new WireWriter(frame.AsSpan(4));
        header.Write(ref writer, headerVersion);
        request.Write(ref writer, version);
        return frame;
    }

    public void CreateTopic(string name, int partitions, params (string Name, string Value)[] configs)
    {
        var answer = Ask(new CreateTopicsRequest
        {
            Topics =
            [
                new CreateTopicsRequestTopic
                {
                    Name = name, NumPartitions = partitions, ReplicationFactor = 1,
                    Configs = [.. configs.Select(c => new CreateTopicsRequestConfig { Name = c.Name, Value = c.Value })],
                },
            ],
            TimeoutMs = 60_000,
        }, 5);
        if (answer.Topics[0].ErrorCode is not (ErrorCode.None or ErrorCode.TopicAlreadyExists))
            throw new InvalidOperationException($"creating {name}: {answer.Topics[0].ErrorCode} {answer.Topics[0].ErrorMessage}");
        while (Ask(new MetadataRequest { Topics = [new MetadataRequestTopic { Name = name }], AllowAutoTopicCreation = false }, 8)
               .Topics is not [{ ErrorCode: ErrorCode.None } topic] || topic.Partitions.Any(p => p.LeaderId < 0)) Thread.Sleep(20);
        for (int partition = 0; partition < partitions; partition++)
        {
            while (!Answers(name, partition)) Thread.Sleep(5);
        }
    }

    /// <summary>A broker may name a leader before it is one.</summary>
    bool Answers(string topic, int partition) => Ask(new FetchRequest
    {
        MaxWaitMs = 0,
        MaxBytes = 1,
        SessionEpoch = -1,
        Topics = [new FetchRequestTopic { Topic = topic, Partitions = [new FetchRequestPartition { Partition = partition, PartitionMaxBytes = 1 }] }],
    }, 11).Responses is [{ Partitions: [{ ErrorCode: ErrorCode.None }] }];

    public void DeleteTopic(string name) => Ask(new DeleteTopicsRequest { TopicNames = [name], TimeoutMs = 60_000 }, 5);

    void Fill(byte[] target)
    {
        for (int have = 0; have < target.Length;)
        {
            int got = _socket.Receive(target, have, target.Length - have, SocketFlags.None);
            if (got == 0) throw new IOException("the broker closed the connection");
            have += got;
        }
    }

    public void Dispose() => _socket.Dispose();
}
