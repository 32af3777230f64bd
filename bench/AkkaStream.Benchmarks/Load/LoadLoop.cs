using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using AkkaStream.Net.Linux;

namespace AkkaStream.Benchmarks.Load;

/// <summary>What one connection of a load sends, again and again, and how it takes an answer.</summary>
abstract class Traffic
{
    /// <summary>The next request, with its length prefix. The same array may come back changed after each answer.</summary>
    public abstract byte[] Request { get; }

    /// <summary>The head of an answer (correlation id first, up to 256 bytes of it) and its whole length without prefix.</summary>
    public abstract void OnAnswer(ReadOnlySpan<byte> head, int length);
    public long Bytes { get; protected set; }
    public long Records { get; protected set; }

    /// <summary>Asks again as soon as it is answered, whatever the rate of the others.</summary>
    public virtual bool Follows => false;

    /// <summary>Has not seen yet what was sent.</summary>
    public virtual bool Lags => false;

    /// <summary>A request of an open loop, with the time at which it should leave.</summary>
    public virtual void OnScheduled(long due)
    {
    }
}

/// <summary>
/// N connections with W requests in flight from one thread, over epoll. Closed loop: a request for each answer. Open loop: requests at
/// their scheduled times, latency counted from there, so that a stall of the broker is not hidden by a load that waits for it.
/// Answers are read whole, as clients do; a load that should be felt as little as can be looks at the head of a large answer and has the
/// kernel count and discard the rest.
/// </summary>
sealed unsafe class LoadLoop : IDisposable
{
    const int ReceiveSize = 1 << 20;
    const int HeadBytes = 256;

    /// <summary>What is left of an answer is discarded unread from here on; below, copying costs less than a call.</summary>
    const int DiscardFrom = 16 * 1024;

    /// <summary>After a large answer the next one is likely large too: only its head is read.</summary>
    const int ReceiveAfterLarge = 1024;

    const int MSG_TRUNC = 0x20;

    readonly bool _discards;
    readonly Conn[] _conns;
    readonly int _epoll;
    readonly byte* _buffer = (byte*)NativeMemory.Alloc(ReceiveSize);
    readonly byte[] _events = GC.AllocateArray<byte>(256 * 16, pinned: true);

    public LoadLoop(IPEndPoint address, IReadOnlyList<Traffic> traffic, int inFlight, bool discards = false)
    {
        _discards = discards;
        _epoll = Libc.epoll_create1(0);
        _conns = new Conn[traffic.Count];
        byte* one = stackalloc byte[16];
        for (int i = 0; i < _conns.Length; i++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Connect(address);
            socket.Blocking = false;
            _conns[i] = new Conn { Socket = socket, Fd = (int)socket.Handle, Traffic = traffic[i], InFlight = inFlight };
            *(uint*)one = 1 | 4 | 1u << 31; // in, out, edge-triggered
            *(long*)(one + DataOffset) = i;
            Libc.epoll_ctl(_epoll, Libc.EPOLL_CTL_ADD, _conns[i].Fd, one);
        }
    }

    static int Stride => RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    static int DataOffset => Stride - 8;

    public long Answers { get; private set; }
    public long BytesSent { get; private set; }
    public long BytesReceived { get; private set; }

    /// <summary>Closed loop until so many answers have come.</summary>
    public void Run(long answers)
    {
        long until = Answers + answers;
        foreach (var conn in _conns)
        {
            conn.Allowed += conn.InFlight - conn.Outstanding;
            Send(conn);
        }
        while (Answers < until) Poll(1_000, refill: Answers);
        foreach (var conn in _conns) conn.Allowed = 0;
        while (_conns.Any(c => c.Outstanding > 0)) Poll(1_000, refill: -1);
    }

    /// <summary>
    /// Open loop: so many requests a second for so many seconds, in turns over the connections. Latencies in microseconds, from the time
    /// at which a request should have been sent. Connections whose traffic follows keep one request waiting all the while.
    /// </summary>
    public List<double> RunAtRate(double perSecond, double seconds)
    {
        var latencies = new List<double>((int)(perSecond * seconds));
        Conn[] scheduled = [.. _conns.Where(c => !c.Traffic.Follows)], following = [.. _conns.Where(c => c.Traffic.Follows)];
        foreach (var conn in following.Where(c => c.Outstanding == 0))
        {
            conn.Allowed = 1;
            Send(conn);
        }
        long start = Stopwatch.GetTimestamp();
        double ticksEach = Stopwatch.Frequency / perSecond;
        long count = (long)(perSecond * seconds), sent = 0;
        _latencies = latencies;
        while (sent < count || scheduled.Any(c => c.Outstanding > 0) || following.Any(c => c.Traffic.Lags))
        {
            while (sent < count && Stopwatch.GetTimestamp() >= start + (long)(sent * ticksEach))
            {
                var conn = scheduled[sent % scheduled.Length];
                long due = start + (long)(sent * ticksEach);
                conn.Scheduled.Enqueue(due);
                conn.Traffic.OnScheduled(due);
                conn.Allowed++;
                Send(conn);
                sent++;
            }
            Poll(0, refill: -1);
        }
        _latencies = null;
        return latencies;
    }

    List<double>? _latencies;

    void Poll(int timeoutMs, long refill)
    {
        fixed (byte* events = _events)
        {
            int count = Libc.epoll_wait(_epoll, events, 256, timeoutMs);
            for (int i = 0; i < count; i++)
            {
                var conn = _conns[*(long*)(events + i * Stride + DataOffset)];
                Receive(conn, refill >= 0);
                Send(conn);
            }
        }
    }

    void Receive(Conn conn, bool refill)
    {
        while (true)
        {
            bool discards = _discards && conn.HeadIsWhole && conn.Left >= DiscardFrom;
            int room = discards ? conn.Left : conn.LastWasLarge ? ReceiveAfterLarge : ReceiveSize;
            nint got = discards
                ? Libc.recv(conn.Fd, null, room, MSG_TRUNC)
                : Libc.recv(conn.Fd, _buffer, room, 0);
            if (got == 0) throw new IOException("the broker closed a connection of the load");
            if (got < 0) return;
            BytesReceived += got;
            if (discards) Discarded(conn, (int)got, refill);
            else Take(conn, new ReadOnlySpan<byte>(_buffer, (int)got), refill);
            if (got < room) return;
        }
    }

    void Take(Conn conn, ReadOnlySpan<byte> bytes, bool refill)
    {
        while (bytes.Length > 0)
        {
            if (!conn.HeadIsWhole)
            {
                int want = conn.Left == 0 ? Math.Max(4 - conn.HeadCount, 0) : Math.Min(HeadBytes, conn.FrameLength + 4) - conn.HeadCount;
                int take = Math.Min(want, bytes.Length);
                bytes[..take].CopyTo(conn.Head.AsSpan(conn.HeadCount));
                conn.HeadCount += take;
                bytes = bytes[take..];
                if (conn.Left == 0)
                {
                    if (conn.HeadCount < 4) return;
                    conn.FrameLength = BinaryPrimitives.ReadInt32BigEndian(conn.Head);
                    conn.Left = conn.FrameLength;
                    continue;
                }
                conn.Left -= take;
            }
            else
            {
                int skip = Math.Min(conn.Left, bytes.Length);
                conn.Left -= skip;
                bytes = bytes[skip..];
            }
            if (conn.Left == 0) Answered(conn, refill);
        }
    }

    void Discarded(Conn conn, int count, bool refill)
    {
        conn.Left -= count;
        if (conn.Left == 0) Answered(conn, refill);
    }

    void Answered(Conn conn, bool refill)
    {
        conn.Traffic.OnAnswer(conn.Head.AsSpan(4, conn.HeadCount - 4), conn.FrameLength);
        conn.LastWasLarge = _discards && conn.FrameLength >= DiscardFrom;
        conn.HeadCount = 0;
        conn.Outstanding--;
        Answers++;
        if (refill || conn.Traffic.Follows) conn.Allowed++;
        if (_latencies is not null && !conn.Traffic.Follows && conn.Scheduled.TryDequeue(out long due))
            _latencies.Add((Stopwatch.GetTimestamp() - due) * 1e6 / Stopwatch.Frequency);
    }

    void Send(Conn conn)
    {
        while (conn.Allowed > 0 || conn.Sent > 0)
        {
            byte[] request = conn.Traffic.Request;
            fixed (byte* bytes = request)
            {
                nint sent = Libc.send(conn.Fd, bytes + conn.Sent, request.Length - conn.Sent, Libc.MSG_NOSIGNAL);
                if (sent < 0) return;
                BytesSent += sent;
                if (conn.Sent == 0)
                {
                    conn.Allowed--;
                    conn.Outstanding++;
                }
                conn.Sent += (int)sent;
                if (conn.Sent == request.Length) conn.Sent = 0;
            }
        }
    }

    public void Dispose()
    {
        foreach (var conn in _conns) conn.Socket.Dispose();
        Libc.close(_epoll);
        NativeMemory.Free(_buffer);
    }

    sealed class Conn
    {
        public required Socket Socket;
        public required int Fd;
        public required Traffic Traffic;
        public required int InFlight;
        public int Allowed, Outstanding, Sent;
        public int FrameLength, Left, HeadCount;
        public bool LastWasLarge;
        public bool HeadIsWhole => Left > 0 && HeadCount >= Math.Min(HeadBytes, FrameLength + 4);
        public readonly byte[] Head = new byte[HeadBytes + 4];
        public readonly Queue<long> Scheduled = new();
    }
}
