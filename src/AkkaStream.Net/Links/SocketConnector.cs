using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace AkkaStream.Net.Links;

/// <summary>The runtime's sockets. A name that has several addresses is tried address by address.</summary>
public sealed class SocketConnector(SocketBuffers buffers) : IConnector
{
    public static readonly SocketConnector Default = new(new SocketBuffers(-1, -1));

    public async ValueTask<ILinkStream> ConnectAsync(string host, int port, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (buffers.Send > 0) socket.SendBufferSize = buffers.Send;
            if (buffers.Receive > 0) socket.ReceiveBufferSize = buffers.Receive;
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            if (IPAddress.TryParse(host, out var address))
                await socket.ConnectAsync(new IPEndPoint(address, port), cancel).ConfigureAwait(false);
            else
                await socket.ConnectAsync(new DnsEndPoint(host, port), cancel).ConfigureAwait(false);
            return new SocketLinkStream(socket);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw e.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain
                ? new UnknownHostException("the host name is not known here", e)
                : new IOException(Explain(e), e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    static string Explain(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "nothing listens there (connection refused)",
        SocketError.NetworkUnreachable or SocketError.HostUnreachable => "the network has no way there",
        SocketError.TimedOut => "the host does not answer",
        _ => e.Message,
    };

    sealed class SocketLinkStream(Socket socket) : ILinkStream
    {
        readonly SendArgs _send = new();

        public ValueTask<int> ReceiveAsync(Memory<byte> into) => socket.ReceiveAsync(into, SocketFlags.None);

        public ValueTask SendAsync(List<ArraySegment<byte>> pieces) => _send.SendAsync(socket, pieces);

        public void Dispose()
        {
            socket.Dispose();
            _send.Dispose();
        }
    }

    /// <summary>One gathered send at a time, without allocation; what waits for it goes on inline.</summary>
    sealed class SendArgs() : SocketAsyncEventArgs(true), IValueTaskSource
    {
        ManualResetValueTaskSourceCore<bool> _core;

        public ValueTask SendAsync(Socket socket, List<ArraySegment<byte>> pieces)
        {
            _core.Reset();
            if (pieces.Count == 1)
            {
                if (BufferList is not null) BufferList = null;
                SetBuffer(pieces[0].Array, pieces[0].Offset, pieces[0].Count);
            }
            else
            {
                if (Buffer is not null) SetBuffer(null, 0, 0);
                BufferList = pieces;
            }
            if (socket.SendAsync(this)) return new ValueTask(this, _core.Version);
            return SocketError == SocketError.Success ? default : ValueTask.FromException(new SocketException((int)SocketError));
        }

        protected override void OnCompleted(SocketAsyncEventArgs e)
        {
            if (SocketError == SocketError.Success) _core.SetResult(true);
            else _core.SetException(new SocketException((int)SocketError));
        }

        public void GetResult(short token) => _core.GetResult(token);

        public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _core.OnCompleted(continuation, state, token, flags);
    }
}
