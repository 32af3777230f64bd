using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using AkkaStream.Net;
using AkkaStream.Net.Linux;
using AkkaStream.Net.Portable;
using Microsoft.Extensions.Logging;

namespace AkkaStream.Net.Tests;

/// <summary>A server on a free loopback port with one echo sink for each loop, and raw clients for it.</summary>
sealed class TestServer : IDisposable
{
    readonly List<Socket> _clients = [];

    public TestServer(string transport = "linux", NetSettings? settings = null, TimeProvider? time = null)
    {
        Log = new LogLines();
        Net = new NetServer(TransportOf(transport), settings ?? new NetSettings(), time ?? TimeProvider.System, Log);
        Address = Net.Listen(new ListenerSettings("PLAINTEXT", new IPEndPoint(IPAddress.Loopback, 0)));
        Net.Start(_ => Sink);
    }

    public static IEnumerable<object[]> Transports => [["linux"], ["portable"]];

    public EchoSink Sink { get; } = new();
    public NetServer Net { get; }
    public IPEndPoint Address { get; }
    public LogLines Log { get; }

    static ITransport TransportOf(string name) => name == "linux" ? new LinuxTransport() : new PortableTransport();

    public Socket Connect()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(Address);
        socket.ReceiveTimeout = 20_000;
        _clients.Add(socket);
        return socket;
    }

    public static byte[] Framed(params byte[][] frames)
    {
        var all = new List<byte>();
        foreach (var frame in frames)
        {
            var prefix = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(prefix, frame.Length);
            all.AddRange(prefix);
            all.AddRange(frame);
        }
        return [.. all];
    }

    /// <summary>The next reply's bytes, or null when the server closed.</summary>
    public static byte[]? Receive(Socket socket)
    {
        var prefix = new byte[4];
        if (!Fill(socket, prefix)) return null;
        var body = new byte[BinaryPrimitives.ReadInt32BigEndian(prefix)];
        return Fill(socket, body) ? body : null;
    }

    public static bool Fill(Socket socket, byte[] target)
    {
        for (int have = 0; have < target.Length;)
        {
            int got;
            try { got = socket.Receive(target, have, target.Length - have, SocketFlags.None); }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset) { return false; }
            if (got == 0) return false;
            have += got;
        }
        return true;
    }

    /// <summary>Waits for something that another thread does; fails with what was awaited.</summary>
    public static void Eventually(Func<bool> condition, string what)
    {
        if (!SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(20))) throw new TimeoutException($"awaited in vain: {what}");
    }

    public void Dispose()
    {
        foreach (var client in _clients) client.Dispose();
        Net.Dispose();
    }
}

sealed class LogLines : ILogger
{
    public List<string> Lines { get; } = [];

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
    public bool IsEnabled(LogLevel level) => level >= LogLevel.Information;

    public void Log<TState>(LogLevel level, EventId id, TState state, Exception? error, Func<TState, Exception?, string> format)
    {
        if (!IsEnabled(level)) return;
        lock (Lines) Lines.Add(format(state, error));
    }

    public bool Contains(string text)
    {
        lock (Lines) return Lines.Any(l => l.Contains(text, StringComparison.Ordinal));
    }
}
