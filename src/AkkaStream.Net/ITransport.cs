using System.Net;
using Microsoft.Win32.SafeHandles;

namespace AkkaStream.Net;

/// <summary>
/// The network seam: readiness and non-blocking calls, nothing else. Linux's epoll is the fast one, the runtime's Socket
/// serves everywhere, the simulator has its own. All calls but <see cref="Wake"/> come from the loop's thread.
/// </summary>
public interface IPoller : IDisposable
{
    /// <summary>Waits until something is ready, somebody wakes, or the time is over (-1: no limit). Never throws for a single socket.</summary>
    int Wait(Span<Readiness> ready, int timeoutMs);

    void Wake();
    void Add(INetSocket socket, long token);
    void Watch(INetSocket socket, long token, bool read, bool write);
    void Remove(INetSocket socket);
}

public readonly record struct Readiness(long Token, bool Read, bool Write);

public interface ITransport
{
    IPoller CreatePoller();

    /// <summary>Binds and listens. Throws with a sentence that names address and cause.</summary>
    IAcceptor Listen(IPEndPoint address, int backlog);
}

public interface IAcceptor : INetSocket
{
    IPEndPoint LocalAddress { get; }

    /// <summary>Null when none waits.</summary>
    INetSocket? Accept(SocketBuffers buffers);
}

/// <summary>A stream or a listening socket, non-blocking.</summary>
public unsafe interface INetSocket
{
    IPEndPoint? RemoteAddress { get; }

    /// <summary>Fills the first target, then the second. Returns the count, 0 at the end,
    /// or <see cref="NetResult.WouldBlock"/> or <see cref="NetResult.Failed"/>.</summary>
    int Receive(byte* first, int firstLength, byte* second, int secondLength);
    int Send(ReadOnlySpan<SendPiece> pieces, bool moreComes);

    /// <summary>Straight from file to socket; <see cref="NetResult.Unsupported"/> where that cannot be done.</summary>
    int SendFile(SafeFileHandle file, long offset, int length);
    void Close();
}

public readonly unsafe struct SendPiece(byte* pointer, int length)
{
    public byte* Pointer => pointer;
    public int Length => length;
}

public static class NetResult
{
    public const int WouldBlock = -1, Failed = -2, Unsupported = -3;
}

/// <summary>Kafka's socket.send.buffer.bytes and socket.receive.buffer.bytes; -1 leaves it to the system.</summary>
public readonly record struct SocketBuffers(int Send, int Receive);
