using System.Net;
using Microsoft.Extensions.Logging;

namespace AkkaStream.Net;

/// <summary>The loops and the listeners of one broker. Accepted connections go round the loops.</summary>
public sealed class NetServer : IDisposable
{
    /// <summary>A crowd that comes at once lets those be served in between who are there already.</summary>
    const int AcceptsPerRound = 16;

    readonly ITransport _transport;
    readonly NetSettings _settings;
    readonly ILogger _log;
    readonly TimeProvider _time;
    readonly EventLoop[] _loops;
    readonly ConnectionCounts _counts;
    int _next;

    public NetServer(ITransport transport, NetSettings settings, TimeProvider time, ILogger log)
    {
        _transport = transport;
        _settings = settings;
        _log = log;
        _time = time;
        long memory = settings.RequestMemory > 0 ? settings.RequestMemory : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4;
        Buffers = new BufferPool(memory);
        _counts = new ConnectionCounts(settings);
        _loops = new EventLoop[Math.Max(1, settings.Loops)];
        for (int i = 0; i < _loops.Length; i++)
        {
            _loops[i] = new EventLoop($"akkastream-net-{i}", transport, settings, Buffers, time, log) { Counts = _counts };
        }
    }

    public BufferPool Buffers { get; }
    public IReadOnlyList<EventLoop> Loops => _loops;

    /// <summary>Takes over the limits for connections (max.connections and its kin) while it runs; nothing else.</summary>
    public void Limit(NetSettings settings) => _counts.Limit(settings);

    /// <summary>Binds; clients may connect from now on and are served once <see cref="Start"/> was called.</summary>
    public IPEndPoint Listen(ListenerSettings listener)
    {
        var acceptor = _transport.Listen(listener.Address, _settings.Backlog);
        _loops[0].AddAcceptor(acceptor, () => Accept(acceptor, listener));
        NetTrace.Listening(_log, acceptor.LocalAddress.ToString(), listener.Name);
        return acceptor.LocalAddress;
    }

    /// <param name="sink">Makes the sink of one loop.</param>
    public void Start(Func<EventLoop, IRequestSink> sink)
    {
        foreach (var loop in _loops)
        {
            loop.Sink = sink(loop);
            loop.Start();
        }
    }

    void Accept(IAcceptor acceptor, ListenerSettings listener)
    {
        try
        {
            for (int i = 0; i < AcceptsPerRound && acceptor.Accept(_settings.SocketBuffers) is { } socket; i++) Place(socket, listener);
        }
        catch (IOException e)
        {
            NetTrace.AcceptFailed(_log, listener.Name, e.Message);
            _loops[0].PauseAcceptor(acceptor);
        }
    }

    void Place(INetSocket socket, ListenerSettings listener)
    {
        var address = socket.RemoteAddress?.Address ?? IPAddress.None;
        var refused = _counts.TryAdd(address);
        if (refused != EndReason.None)
        {
            string limit = refused == EndReason.TooManyConnections
                ? $"max.connections = {_settings.MaxConnections} are open"
                : $"max.connections.per.ip allows this address no more than it has";
            NetTrace.Refused(_log, address.ToString(), listener.Name, limit);
            Interlocked.Increment(ref _loops[0].Counters.Ended[(int)refused]);
            socket.Close();
            return;
        }
        var loop = _loops[_next++ % _loops.Length];
        if (loop.IsCurrent) loop.Adopt(socket, listener);
        else loop.Post(new AdoptWork(loop, socket, listener));
    }

    /// <summary>Answers what is under way, for as long as the caller is patient, then closes.</summary>
    public async Task StopAsync(CancellationToken patience)
    {
        foreach (var loop in _loops) loop.Post(new DrainWork(loop));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5), _time);
        try
        {
            while (_loops.Any(l => l.ConnectionCount > 0)) await timer.WaitForNextTickAsync(patience);
        }
        catch (OperationCanceledException)
        {
            // The patience is over; Dispose ends the rest.
        }
        Dispose();
    }

    public void Dispose()
    {
        foreach (var loop in _loops) loop.Dispose();
    }

    sealed class DrainWork(EventLoop loop) : LoopWork
    {
        protected internal override void RunOnLoop() => loop.Drain();
    }

    sealed class AdoptWork(EventLoop loop, INetSocket socket, ListenerSettings listener) : LoopWork
    {
        protected internal override void RunOnLoop() => loop.Adopt(socket, listener);
    }
}
