using System.Net;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace AkkaStream.Net.Portable;

/// <summary>The runtime's own sockets, for systems without epoll. Slower, same behaviour: both run the same tests.</summary>
public sealed class PortableTransport : ITransport
{
    public IPoller CreatePoller() => new PortablePoller();

    public IAcceptor Listen(IPEndPoint address, int backlog)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        try
        {
            if (address.AddressFamily == AddressFamily.InterNetworkV6) socket.DualMode = true;
            socket.Bind(address);
            socket.Listen(backlog);
            return new PortableSocket(socket, null);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            string cure = e.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => "another process listens there; stop it or choose another port in 'listeners'",
                SocketError.AddressNotAvailable =>
                    "no network interface of this machine has that address; name one that has in 'listeners', or 0.0.0.0 for all",
                _ => e.Message,
            };
            throw new IOException($"cannot listen on {address}: {cure}");
        }
    }
}

sealed unsafe class PortableSocket(Socket socket, IPEndPoint? remote) : IAcceptor
{
    public Socket Socket => socket;
    public IPEndPoint? RemoteAddress => remote;
    public IPEndPoint LocalAddress => (IPEndPoint)socket.LocalEndPoint!;

    public INetSocket? Accept(SocketBuffers buffers)
    {
        try
        {
            var accepted = socket.Accept();
            accepted.Blocking = false;
            accepted.NoDelay = true;
            if (buffers.Send > 0) accepted.SendBufferSize = buffers.Send;
            if (buffers.Receive > 0) accepted.ReceiveBufferSize = buffers.Receive;
            var from = (IPEndPoint)accepted.RemoteEndPoint!;
            if (from.Address.IsIPv4MappedToIPv6) from = new IPEndPoint(from.Address.MapToIPv4(), from.Port);
            return new PortableSocket(accepted, from);
        }
        catch (SocketException e)
        {
            if (e.SocketErrorCode is SocketError.WouldBlock or SocketError.ConnectionAborted) return null;
            throw new IOException($"accept failed: {e.Message}");
        }
    }

    public int Receive(byte* first, int firstLength, byte* second, int secondLength)
    {
        int got = socket.Receive(new Span<byte>(first, firstLength), SocketFlags.None, out var error);
        return Result(got, error);
    }

    public int Send(ReadOnlySpan<SendPiece> pieces, bool moreComes)
    {
        int all = 0;
        foreach (var piece in pieces)
        {
            int sent = Result(socket.Send(new ReadOnlySpan<byte>(piece.Pointer, piece.Length), SocketFlags.None, out var error), error);
            if (sent < 0) return all > 0 ? all : sent;
            all += sent;
            if (sent < piece.Length) break;
        }
        return all;
    }

    public int SendFile(SafeFileHandle file, long offset, int length) => NetResult.Unsupported;
    public void Close() => socket.Dispose();

    static int Result(int count, SocketError error) => error switch
    {
        SocketError.Success => count,
        SocketError.WouldBlock or SocketError.IOPending => NetResult.WouldBlock,
        _ => NetResult.Failed,
    };
}
