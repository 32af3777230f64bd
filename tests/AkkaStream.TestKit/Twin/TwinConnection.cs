using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using AkkaStream.Protocol;

namespace AkkaStream.TestKit.Twin;

/// <summary>A request whose answer has not been read yet.</summary>
sealed record PendingAnswer(ApiKey Api, short Version, int Correlation, string Id, byte[] Request, long SentAt);

/// <summary>One connection of a script: frames go out as they are, answers come back in turn.</summary>
sealed class TwinConnection : IDisposable
{
    const int LargestFrame = 100_000_000;

    readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    byte[] _buffer = new byte[4096];
    int _filled;

    public bool IsClosed { get; private set; }

    public Queue<PendingAnswer> Pending { get; } = [];

    /// <summary>Has anything come that was not read yet?</summary>
    public bool HasArrived => _filled > 0 || (!IsClosed && _socket.Available > 0);

    public static async Task<TwinConnection> OpenAsync(EndPoint to)
    {
        var connection = new TwinConnection();
        await connection._socket.ConnectAsync(to).ConfigureAwait(false);
        return connection;
    }

    /// <summary>False when the other side has closed.</summary>
    public async Task<bool> SendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            for (int sent = 0; sent < bytes.Length;) sent += await _socket.SendAsync(bytes[sent..]).ConfigureAwait(false);
            return true;
        }
        catch (SocketException)
        {
            Close();
            return false;
        }
    }

    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>The next frame without its length; null when none comes in time.</summary>
    /// <exception cref="IOException">The other side has closed, or announces what no answer can be.</exception>
    public async Task<byte[]?> ReceiveAsync(TimeSpan patience)
    {
        using var end = new CancellationTokenSource(patience);
        try
        {
            await FillAsync(sizeof(int), end.Token).ConfigureAwait(false);
            int size = BinaryPrimitives.ReadInt32BigEndian(_buffer);
            if (size is < 0 or > LargestFrame) throw new IOException($"a frame of {size} bytes");
            end.CancelAfter(TimeSpan.FromSeconds(15));
            await FillAsync(sizeof(int) + size, end.Token).ConfigureAwait(false);
            byte[] frame = _buffer[sizeof(int)..(sizeof(int) + size)];
            _filled -= sizeof(int) + size;
            Array.Copy(_buffer, sizeof(int) + size, _buffer, 0, _filled);
            return frame;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (SocketException broken)
        {
            throw new IOException(broken.Message, broken);
        }
    }

    async Task FillAsync(int count, CancellationToken end)
    {
        if (_buffer.Length < count) Array.Resize(ref _buffer, Math.Max(count, 2 * _buffer.Length));
        while (_filled < count)
        {
            int read = await _socket.ReceiveAsync(_buffer.AsMemory(_filled), end).ConfigureAwait(false);
            if (read == 0) throw new IOException("closed");
            _filled += read;
        }
    }

    public void Close()
    {
        IsClosed = true;
        Pending.Clear();
        _socket.Dispose();
    }

    public void Dispose() => _socket.Dispose();
}
