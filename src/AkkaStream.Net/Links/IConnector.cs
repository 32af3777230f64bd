namespace AkkaStream.Net.Links;

/// <summary>
/// The network seam for outgoing connections: the runtime's sockets in production, memory in tests and in the simulator.
/// </summary>
public interface IConnector
{
    /// <summary>Fails with an exception whose message names the cause; the caller adds the address.</summary>
    ValueTask<ILinkStream> ConnectAsync(string host, int port, CancellationToken cancel);
}

/// <summary>The host's name stands for no address; the message says so.</summary>
public sealed class UnknownHostException(string message, Exception inner) : IOException(message, inner);

/// <summary>
/// A connected stream of bytes. One send and one receive at a time, each independent of the other. Dispose may come from
/// any thread and makes both fail.
/// </summary>
public interface ILinkStream : IDisposable
{
    /// <summary>How many bytes arrived; 0 at the end.</summary>
    ValueTask<int> ReceiveAsync(Memory<byte> into);

    /// <summary>Completes when all pieces have been taken over.</summary>
    ValueTask SendAsync(List<ArraySegment<byte>> pieces);
}
