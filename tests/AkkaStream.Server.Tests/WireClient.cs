using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Server.Tests;

/// <summary>One connection that speaks in whole messages, one at a time.</summary>
sealed class WireClient : IDisposable
{
    readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public WireClient(IPEndPoint address) => _socket.Connect(address);

    public TResponse Ask<TResponse>(IRequest<TResponse> request, short version) where TResponse : IMessage
    {
        Send(request, version);
        var prefix = new byte[4];
        Fill(prefix);
        var body = new byte[BinaryPrimitives.ReadInt32BigEndian(prefix)];
        Fill(body);
        var reader = new WireReader(body.AsMemory(ApiTable.ResponseHeaderVersion(request.ApiKey, version) >= 1 ? 5 : 4));
        return request.ReadResponse(ref reader, version);
    }

    public void Send(IRequest request, short version) => _socket.Send(Framed(request, version));

    public void CreateTopic(string name, int partitions = 1)
    {
        var answer = Ask(new CreateTopicsRequest
        {
            Topics = [new CreateTopicsRequestTopic { Name = name, NumPartitions = partitions, ReplicationFactor = 1 }], TimeoutMs = 30_000,
        }, 5);
        Assert.Equal(ErrorCode.None, answer.Topics[0].ErrorCode);
    }

    public static byte[] Framed(IRequest request, short version)
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
