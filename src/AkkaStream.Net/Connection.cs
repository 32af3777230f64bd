using System.Net;

namespace AkkaStream.Net;

/// <summary>
/// One client. Cuts frames out of the stream, offers them one after the other, and sends the replies in the order of the
/// requests. Only its loop's thread comes in here. The reading half is in Connection.Receive.cs, the answering half in
/// Connection.Send.cs.
/// </summary>
public sealed partial class Connection
{
    readonly EventLoop _loop;
    readonly INetSocket _socket;
    bool _watchRead = true, _watchWrite, _draining;
    long _lastActivity;

    internal Connection(EventLoop loop, INetSocket socket, ListenerSettings listener)
    {
        _loop = loop;
        _socket = socket;
        Listener = listener;
        RemoteAddress = socket.RemoteAddress ?? new IPEndPoint(IPAddress.None, 0);
        _lastActivity = loop.Now;
    }

    public ListenerSettings Listener { get; }
    public IPEndPoint RemoteAddress { get; }
    public EventLoop Loop => _loop;
    public EndReason EndReason { get; private set; }
    public bool IsEnded => EndReason != EndReason.None;

    /// <summary>What the sink keeps about this client: who it says it is, what it may do, its fetch sessions.</summary>
    public object? SinkState { get; set; }

    internal long Token { get; set; }

    internal void Open()
    {
        _loop.Counters.Opened++;
        _loop.Sink.OnOpened(this);
    }

    internal void OnReady(bool read, bool write)
    {
        try
        {
            if (write && !IsEnded) OnWritable();
            if (read && !IsEnded) OnReadable();
        }
        catch (Exception e)
        {
            NetTrace.FrameFailed(_loop.Log, RemoteAddress.ToString(), Listener.Name, e);
            End(EndReason.InternalError);
        }
    }

    internal void OnSweep()
    {
        // Waiting for an answer of ours is not idleness.
        if (_inFlight == 0 && _loop.Time.GetElapsedTime(_lastActivity, _loop.Now) > _loop.Settings.MaxIdle) End(EndReason.Idle);
    }

    internal void Drain()
    {
        _draining = true;
        if (_inFlight == 0) End(EndReason.ServerStopping);
        else Watch(read: false, _watchWrite);
    }

    /// <summary>Ends it now; replies that were not sent are dropped. Work under way for it completes into nothing.</summary>
    public void End(EndReason reason)
    {
        if (IsEnded) return;
        EndReason = reason;
        _loop.Counters.Ended[(int)reason]++;
        NetTrace.Ended(_loop.Log, RemoteAddress.ToString(), Listener.Name, reason);
        _loop.Forget(this, _socket);
        _socket.Close();
        DropPartial();
        DropReplies();
        try { _loop.Sink.OnClosed(this, reason); }
        catch (Exception e) { NetTrace.FrameFailed(_loop.Log, RemoteAddress.ToString(), Listener.Name, e); }
    }

    void Watch(bool read, bool write)
    {
        if (read == _watchRead && write == _watchWrite) return;
        _watchRead = read;
        _watchWrite = write;
        _loop.Watch(this, _socket, read, write);
    }
}
