using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.TestKit.Processes;

/// <summary>The connection ended, or an answer was not one.</summary>
public sealed class WireClosedException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>
/// One connection, typed requests in, typed answers out, several under way at a time. It retries nothing and hides nothing, so that a test
/// sees what a broker did. Not for the product: that is what the client room is for.
/// </summary>
public sealed class WireClient : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    readonly SemaphoreSlim _sending = new(1);
    readonly Lock _lock = new(); // not the queue's own monitor: one was once left to a thread that had ended, and a run hung
    readonly Queue<(int Correlation, TaskCompletionSource<byte[]> Answer)> _waiting = [];
    Task _reading = Task.CompletedTask;
    int _correlation;
    bool _closed;

    public static async Task<WireClient> ConnectAsync(EndPoint broker)
    {
        var client = new WireClient();
        await client._socket.ConnectAsync(broker).ConfigureAwait(false);
        client._reading = client.ReadAsync();
        return client;
    }

    /// <summary>Completes when the answer is there. The request is on its way, in order, when this returns its task.</summary>
    public async Task<TResponse> AskAsync<TResponse>(IRequest<TResponse> request, short version)
        where TResponse : IMessage
    {
        var answer = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _sending.WaitAsync().ConfigureAwait(false);
        try
        {
            byte[] frame = Frames.ToBytes(request, version, ++_correlation, "wire-client");
            lock (_lock)
            {
                if (_closed) throw new WireClosedException("the connection is closed");
                _waiting.Enqueue((_correlation, answer));
            }

            for (int sent = 0; sent < frame.Length;) sent += await _socket.SendAsync(frame.AsMemory(sent)).ConfigureAwait(false);
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException)
        {
            throw new WireClosedException("the connection is closed", broken);
        }
        finally
        {
            _sending.Release();
        }

        byte[] bytes = await WithinPatience(answer.Task, request.ApiKey).ConfigureAwait(false);
        var reader = new WireReader(bytes.AsMemory(sizeof(int)));
        if (ApiTable.ResponseHeaderVersion(request.ApiKey, version) == 1) reader.ReadUnsignedVarint("tags");
        return request.ReadResponse(ref reader, version);
    }

    static async Task<byte[]> WithinPatience(Task<byte[]> answer, ApiKey api)
    {
        try
        {
            return await answer.WaitAsync(Patience).ConfigureAwait(false);
        }
        catch (TimeoutException hang)
        {
            throw new TestFailedException($"{api}: neither an answer nor an end of the connection within {Patience.TotalSeconds} s", hang);
        }
    }

    async Task ReadAsync()
    {
        var buffer = new byte[64 << 10];
        int filled = 0;
        try
        {
            while (true)
            {
                int read = await _socket.ReceiveAsync(buffer.AsMemory(filled)).ConfigureAwait(false);
                if (read == 0) break;
                filled += read;
                filled = Deliver(buffer, filled);
                if (filled == buffer.Length) Array.Resize(ref buffer, 2 * buffer.Length);
            }
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException)
        {
        }

        lock (_lock)
        {
            _closed = true;
            foreach (var (_, answer) in _waiting) answer.TrySetException(new WireClosedException("the broker closed the connection"));
            _waiting.Clear();
        }
    }

    /// <summary>Hands on the whole frames at the front, and returns how many bytes are left.</summary>
    int Deliver(byte[] buffer, int filled)
    {
        int at = 0;
        while (filled - at >= sizeof(int))
        {
            int size = BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(at));
            if (filled - at - sizeof(int) < size) break;
            byte[] frame = buffer[(at + sizeof(int))..(at + sizeof(int) + size)];
            at += sizeof(int) + size;
            (int correlation, var answer) = Next();
            if (BinaryPrimitives.ReadInt32BigEndian(frame) == correlation) answer.TrySetResult(frame);
            else answer.TrySetException(new TestFailedException("an answer with another correlation id"));
        }

        Array.Copy(buffer, at, buffer, 0, filled - at);
        return filled - at;
    }

    (int Correlation, TaskCompletionSource<byte[]> Answer) Next()
    {
        lock (_lock) return _waiting.Dequeue();
    }

    /// <summary>For topics that must be there before a test goes on.</summary>
    public async Task CreateTopicAsync(string name, int partitions, params (string Name, string Value)[] configs)
    {
        var answer = await AskAsync(new CreateTopicsRequest
        {
            TimeoutMs = 30_000,
            Topics =
            [
                new CreateTopicsRequestTopic
                {
                    Name = name, NumPartitions = partitions, ReplicationFactor = 1,
                    Configs = [.. configs.Select(c => new CreateTopicsRequestConfig { Name = c.Name, Value = c.Value })],
                },
            ],
        }, 5).ConfigureAwait(false);
        if (answer.Topics[0].ErrorCode != ErrorCode.None) throw new TestFailedException($"{name} is not made: {answer.Topics[0].ErrorCode}");
    }

    /// <summary>An id for an idempotent producer; a broker that has just started may ask for a little patience.</summary>
    public async Task<long> NewProducerIdAsync()
    {
        for (int attempt = 0; ; attempt++)
        {
            var answer = await AskAsync(new InitProducerIdRequest { TransactionalId = null, TransactionTimeoutMs = 60_000 }, 4).ConfigureAwait(false);
            if (answer.ErrorCode == ErrorCode.None) return answer.ProducerId;
            if (!ErrorCodes.IsRetriable(answer.ErrorCode) || attempt > 1000) throw new TestFailedException($"no producer id: {answer.ErrorCode}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _reading.ConfigureAwait(false);
        _sending.Dispose();
    }
}
