using System.Buffers.Binary;
using AkkaStream.Net.Links;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages.Hot;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.TestKit.Links;

/// <summary>What a fake peer does with a request.</summary>
public delegate void OnRequest(FakeConnection connection, FakeRequest request);

/// <summary>A request as a fake peer sees it.</summary>
public sealed record FakeRequest(ApiKey Api, short Version, int CorrelationId, string ClientId, IRequest Body, byte[] Frame);

/// <summary>
/// Connections without a network: bytes that are sent arrive at once, on the sender's thread, at a peer that a test has scripted. Counts
/// what happens, so that a driver of virtual time can see when nothing does.
/// </summary>
public sealed class FakeNetwork : IConnector
{
    readonly Lock _lock = new();
    readonly Dictionary<string, OnRequest> _peers = [];
    readonly List<FakeConnection> _connections = [];
    long _activity;

    public long Activity => Interlocked.Read(ref _activity);

    public int Attempts { get; private set; }

    public IReadOnlyList<FakeConnection> Connections
    {
        get { lock (_lock) return [.. _connections]; }
    }

    internal void Touch() => Interlocked.Increment(ref _activity);

    public void Listen(string host, int port, OnRequest peer)
    {
        lock (_lock) _peers[$"{host}:{port}"] = peer;
    }

    /// <summary>Nothing listens there any more, and what was connected is cut.</summary>
    public void Stop(string host, int port)
    {
        FakeConnection[] cut;
        lock (_lock)
        {
            _peers.Remove($"{host}:{port}");
            cut = [.. _connections.Where(c => c.Address == $"{host}:{port}")];
        }
        foreach (var connection in cut) connection.Close();
    }

    public ValueTask<ILinkStream> ConnectAsync(string host, int port, CancellationToken cancel)
    {
        Touch();
        lock (_lock)
        {
            Attempts++;
            if (!_peers.TryGetValue($"{host}:{port}", out var peer)) throw new IOException("nothing listens there (connection refused)");
            var connection = new FakeConnection(this, $"{host}:{port}", peer);
            _connections.Add(connection);
            return new ValueTask<ILinkStream>(connection);
        }
    }
}

/// <summary>One connection, both ends: the link's stream and the peer's answers.</summary>
public sealed class FakeConnection(FakeNetwork network, string address, OnRequest peer) : ILinkStream
{
    readonly Lock _lock = new();
    readonly Queue<byte[]> _arriving = new();
    readonly List<byte> _received = [];
    int _firstUsed;
    bool _closed;
    TaskCompletionSource? _reader;

    public string Address => address;

    /// <summary>How many sends the link made.</summary>
    public int Sends { get; private set; }

    public bool IsClosed
    {
        get { lock (_lock) return _closed; }
    }

    public async ValueTask<int> ReceiveAsync(Memory<byte> into)
    {
        while (true)
        {
            Task wait;
            lock (_lock)
            {
                if (_arriving.TryPeek(out var first))
                {
                    int count = Math.Min(into.Length, first.Length - _firstUsed);
                    first.AsSpan(_firstUsed, count).CopyTo(into.Span);
                    _firstUsed += count;
                    if (_firstUsed == first.Length)
                    {
                        _arriving.Dequeue();
                        _firstUsed = 0;
                    }
                    return count;
                }
                if (_closed) return 0;
                _reader = new TaskCompletionSource();
                wait = _reader.Task;
            }
            await wait.ConfigureAwait(false);
        }
    }

    public ValueTask SendAsync(List<ArraySegment<byte>> pieces)
    {
        network.Touch();
        List<byte[]> frames = [];
        lock (_lock)
        {
            if (_closed) throw new IOException("the connection is closed");
            Sends++;
            foreach (var piece in pieces) _received.AddRange(piece);
            while (TakeFrame() is { } frame) frames.Add(frame);
        }
        foreach (var frame in frames) peer(this, Parse(frame));
        return default;
    }

    byte[]? TakeFrame()
    {
        if (_received.Count < 4) return null;
        int length = BinaryPrimitives.ReadInt32BigEndian([_received[0], _received[1], _received[2], _received[3]]);
        if (_received.Count < 4 + length) return null;
        byte[] frame = [.. _received[4..(4 + length)]];
        _received.RemoveRange(0, 4 + length);
        return frame;
    }

    static FakeRequest Parse(byte[] frame)
    {
        var header = new RequestHeaderView(frame);
        var reader = new WireReader(frame.AsMemory(header.Length));
        var body = ApiTable.ReadRequest(header.ApiKey, ref reader, header.ApiVersion);
        reader.ExpectEnd();
        return new FakeRequest(
            header.ApiKey, header.ApiVersion, header.CorrelationId, System.Text.Encoding.UTF8.GetString(header.ClientId), body, frame);
    }

    public void Reply(FakeRequest request, IMessage response) => Reply(request, response, request.Version);

    public void Reply(FakeRequest request, IMessage response, short version) =>
        ReplyRaw(Frames.ToBytes(response, request.Api, version, request.CorrelationId));

    public void ReplyRaw(byte[] bytes)
    {
        network.Touch();
        lock (_lock)
        {
            if (_closed) return;
            _arriving.Enqueue(bytes);
        }
        Wake();
    }

    /// <summary>The peer closes: what it sent before still arrives.</summary>
    public void Close()
    {
        network.Touch();
        lock (_lock) _closed = true;
        Wake();
    }

    void Wake()
    {
        TaskCompletionSource? reader;
        lock (_lock)
        {
            reader = _reader;
            _reader = null;
        }
        reader?.TrySetResult();
    }

    public void Dispose() => Close();
}
