using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using AkkaStream.Benchmarks.Load;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Benchmarks.Tails;

/// <summary>Connections that begin, ask which versions there are as every client does, take the answer, and end.</summary>
static class ComeAndGo
{
    static readonly byte[] s_request =
        RawClient.Framed(new ApiVersionsRequest { ClientSoftwareName = "bench", ClientSoftwareVersion = "1" }, 3);

    /// <summary>So many begin in each second, one after the other; each ends a second later.</summary>
    public static void Evenly(IPEndPoint address, int perSecond, CancellationToken stop)
    {
        var open = new Queue<Socket>();
        var buffer = new byte[4096];
        var clock = Stopwatch.StartNew();
        long begun = 0;
        while (!stop.IsCancellationRequested)
        {
            for (; begun < clock.Elapsed.TotalSeconds * perSecond && !stop.IsCancellationRequested; begun++)
            {
                open.Enqueue(Begin(address));
                if (open.Count > perSecond) End(open.Dequeue(), buffer);
            }
            Thread.Sleep(1);
        }
        while (open.TryDequeue(out var socket)) socket.Dispose();
    }

    /// <summary>All begin as fast as they can, end as fast as they can, and after a tenth of a second the same again.</summary>
    public static void AtOnce(IPEndPoint address, int count, CancellationToken stop)
    {
        var buffer = new byte[4096];
        var sockets = new Queue<Socket>();
        while (!stop.IsCancellationRequested)
        {
            while (sockets.Count < count && !stop.IsCancellationRequested) sockets.Enqueue(Begin(address));
            while (sockets.TryDequeue(out var socket)) End(socket, buffer);
            stop.WaitHandle.WaitOne(100);
        }
    }

    static Socket Begin(IPEndPoint address)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(address);
        socket.Send(s_request);
        return socket;
    }

    static void End(Socket socket, byte[] buffer)
    {
        socket.ReceiveTimeout = 10_000;
        if (socket.Receive(buffer) < 100) throw new IOException("a connection was not answered");
        socket.Dispose();
    }
}
