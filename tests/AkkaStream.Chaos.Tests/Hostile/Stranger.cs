using System.Net;
using System.Net.Sockets;
using AkkaStream.TestKit;

namespace AkkaStream.Chaos.Tests.Hostile;

/// <summary>A connection that sends whatever it likes.</summary>
sealed class Stranger : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public static async Task<Stranger> ConnectAsync(EndPoint to)
    {
        var stranger = new Stranger();
        await stranger._socket.ConnectAsync(to);
        return stranger;
    }

    /// <summary>False when the broker has closed already.</summary>
    public async Task<bool> SendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            for (int sent = 0; sent < bytes.Length;) sent += await _socket.SendAsync(bytes[sent..]).AsTask().WaitAsync(Patience);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Says that nothing more comes.</summary>
    public void EndSending()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The broker was quicker.
        }
    }

    /// <summary>Everything up to the end of the connection, which must come.</summary>
    public async Task<byte[]> ReadToEndAsync(string what)
    {
        var all = new MemoryStream();
        var buffer = new byte[64 << 10];
        try
        {
            for (int read; (read = await _socket.ReceiveAsync(buffer).WaitAsync(Patience)) > 0;) all.Write(buffer, 0, read);
        }
        catch (SocketException)
        {
            // A reset is an end too.
        }
        catch (TimeoutException hang)
        {
            throw new TestFailedException($"{what}: the broker neither answers nor closes", hang);
        }

        return all.ToArray();
    }

    public async Task<byte[]> ReadAsync(int count, string what)
    {
        var all = new byte[count];
        for (int at = 0; at < count;)
        {
            int read = await _socket.ReceiveAsync(all.AsMemory(at)).AsTask().WaitAsync(Patience);
            if (read == 0) throw new TestFailedException($"{what}: the broker closed");
            at += read;
        }

        return all;
    }

    public void Dispose() => _socket.Dispose();
}
