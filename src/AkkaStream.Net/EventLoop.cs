using Microsoft.Extensions.Logging;

namespace AkkaStream.Net;

/// <summary>
/// One thread that waits for its connections, reads what came, offers every complete frame, and only then sends: the
/// order is receive all, do all, answer all, wake others. Everything of a connection happens on its loop's thread; others
/// post. A loop never blocks in anything but its wait.
/// </summary>
public sealed class EventLoop : IDisposable
{
    const int ReadyMax = 128;
    const int ChunkSize = 256 * 1024;

    [ThreadStatic] static EventLoop? t_current;

    readonly IPoller _poller;
    readonly ILogger _log;
    readonly TimeProvider _time;
    readonly List<Entry> _entries = [];
    readonly Stack<int> _freeEntries = [];
    readonly List<Connection> _dirty = [];
    readonly List<Connection> _resumed = [];
    readonly List<Connection> _wantMemory = [];
    readonly List<IAcceptor> _pausedAcceptors = [];
    readonly Readiness[] _ready = new Readiness[ReadyMax];
    readonly Stack<ReplySlot> _slots = [];
    readonly Lock _inboxLock = new();
    LoopWork? _inboxHead, _inboxTail;
    int _sleeping;
    volatile bool _stopping;
    bool _disposed;
    bool _batchOpen;
    int _starving;
    long _nextSweep, _framesAtSweep;
    Thread? _thread;

    public EventLoop(string name, ITransport transport, NetSettings settings, BufferPool buffers, TimeProvider time, ILogger log)
    {
        Name = name;
        Settings = settings;
        Buffers = buffers;
        _time = time;
        _log = log;
        _poller = transport.CreatePoller();
        buffers.RoomAgain += OnRoomAgain;
        Chunk = buffers.Rent(ChunkSize);
        Now = time.GetTimestamp();
    }

    public string Name { get; }
    public BufferPool Buffers { get; }
    public NetSettings Settings { get; }
    public IRequestSink Sink { get; set; } = null!;
    public NetCounters Counters { get; } = new();
    internal ConnectionCounts? Counts { get; init; }

    /// <summary>The clock at the start of this round, in ticks of the time provider.</summary>
    public long Now { get; private set; }
    public TimeProvider Time => _time;
    public bool IsCurrent => t_current == this;
    public int ConnectionCount { get; private set; }

    // What is received lies here until the batch ends; then the room is used again, unless somebody held a frame.
    internal NativeBuffer Chunk { get; private set; }
    internal int ChunkUsed { get; set; }
    internal long BatchNumber { get; private set; }
    internal ILogger Log => _log;

    public void Start()
    {
        _thread = new Thread(Run) { Name = Name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>From any thread.</summary>
    public void Post(LoopWork work)
    {
        lock (_inboxLock)
        {
            if (_inboxTail is null) _inboxHead = work;
            else _inboxTail.NextWork = work;
            _inboxTail = work;
        }
        if (Volatile.Read(ref _sleeping) != 0 && Interlocked.Exchange(ref _sleeping, 0) != 0) _poller.Wake();
    }

    void Run()
    {
        t_current = this;
        try
        {
            while (!_stopping) RunOnce(TimeoutMs());
            CloseAll();
        }
        catch (Exception e)
        {
            NetTrace.LoopDied(_log, Name, e);
            Environment.FailFast($"the network loop {Name} ended: {e}");
        }
        finally
        {
            t_current = null;
        }
    }

    /// <summary>One round; the simulator calls it instead of the thread.</summary>
    public void RunOnce(int timeoutMs)
    {
        t_current = this;
        int count = Wait(timeoutMs);
        Now = _time.GetTimestamp();
        for (int i = 0; i < count; i++) Dispatch(_ready[i]);
        EndBatch();
        RunInbox();
        Resume();
        EndBatch();
        SendReplies();
        FeedWaiting();
        if (_time.GetElapsedTime(_nextSweep, Now) > TimeSpan.Zero) Sweep();
    }

    int Wait(int timeoutMs)
    {
        if (timeoutMs == 0) return _poller.Wait(_ready, 0);
        // Announce the sleep, then look once more: a post either sees the announcement or is seen here.
        Interlocked.Exchange(ref _sleeping, 1);
        bool busy;
        lock (_inboxLock) busy = _inboxHead is not null;
        int count = _poller.Wait(_ready, busy ? 0 : timeoutMs);
        Volatile.Write(ref _sleeping, 0);
        return count;
    }

    int TimeoutMs()
    {
        if (_resumed.Count > 0 || _dirty.Count > 0) return 0;
        if (ConnectionCount == 0 && _pausedAcceptors.Count == 0) return -1;
        return (int)Math.Clamp(_time.GetElapsedTime(_time.GetTimestamp(), _nextSweep).TotalMilliseconds + 1, 1, int.MaxValue);
    }

    void Dispatch(Readiness ready)
    {
        int index = (int)(ready.Token & int.MaxValue);
        var entry = index < _entries.Count ? _entries[index] : default;
        if (entry.Token != ready.Token) return; // it was closed earlier in this round
        if (entry.Connection is { } connection) connection.OnReady(ready.Read, ready.Write);
        else entry.OnAcceptable?.Invoke();
    }

    void RunInbox()
    {
        LoopWork? work;
        lock (_inboxLock)
        {
            work = _inboxHead;
            _inboxHead = _inboxTail = null;
        }
        while (work is not null)
        {
            var next = work.NextWork;
            work.NextWork = null;
            try { work.RunOnLoop(); }
            catch (Exception e) { NetTrace.WorkFailed(_log, work.GetType().Name, e); }
            work = next;
        }
    }

    void Resume()
    {
        // Those that are resumed now may be held again, and stand then at the end of the next round's list.
        int count = _resumed.Count;
        if (count == 0) return;
        for (int i = 0; i < count; i++) _resumed[i].OnResumed();
        _resumed.RemoveRange(0, count);
    }

    internal void WaitForMemory(Connection connection)
    {
        _wantMemory.Add(connection);
        Volatile.Write(ref _starving, 1);
    }

    // Any thread gives memory back, often; only when somebody of this loop waits for it does that cost more than a look.
    void OnRoomAgain()
    {
        if (Volatile.Read(ref _starving) != 0 && !IsCurrent && Interlocked.Exchange(ref _sleeping, 0) != 0) _poller.Wake();
    }

    void FeedWaiting()
    {
        if (_starving == 0) return;
        for (int i = _wantMemory.Count - 1; i >= 0; i--)
        {
            var connection = _wantMemory[i];
            if (!connection.IsEnded && !Buffers.HasRoomFor(connection.WantedBytes)) continue;
            _wantMemory.RemoveAt(i);
            connection.OnMemory();
        }
        Volatile.Write(ref _starving, _wantMemory.Count);
    }

    void EndLargestWaiting()
    {
        var largest = _wantMemory
            .Where(c => !c.IsEnded && _time.GetElapsedTime(c.WaitingSince, Now) >= Settings.MemoryPatience)
            .MaxBy(c => c.WaitingBytes);
        if (largest is null) return;
        NetTrace.Refused(_log, largest.RemoteAddress.ToString(), largest.Listener.Name,
            $"memory for requests under way ({Buffers.OutstandingBytes} bytes) is used up and this is the largest unfinished one; " +
            "send smaller requests, or raise queued.max.request.bytes");
        largest.End(EndReason.OutOfFrameMemory);
    }

    void SendReplies()
    {
        SendDirty();
        try { Sink.OnRepliesSent(); }
        catch (Exception e) { NetTrace.WorkFailed(_log, "waking after replies", e); }
        SendDirty(); // the answers of those who were woken
    }

    void SendDirty()
    {
        for (int i = 0; i < _dirty.Count; i++) _dirty[i].SendReplies();
        _dirty.Clear();
    }

    internal void OpenBatch() => _batchOpen = true;
    internal void MarkDirty(Connection connection) => _dirty.Add(connection);
    internal void MarkResumed(Connection connection) => _resumed.Add(connection);

    internal void EndBatch()
    {
        if (_batchOpen)
        {
            _batchOpen = false;
            try { Sink.OnBatchEnd(); }
            catch (Exception e) { NetTrace.WorkFailed(_log, "the end of a batch", e); }
            BatchNumber++;
        }
        ChunkUsed = 0;
        if (!Chunk.IsShared) return;
        Chunk.Release();
        Chunk = Buffers.Rent(ChunkSize);
    }

    internal ReplySlot RentSlot() => _slots.TryPop(out var slot) ? slot : new ReplySlot(this);

    internal void ReturnSlot(ReplySlot slot)
    {
        slot.Recycle();
        if (_slots.Count < 4096) _slots.Push(slot);
    }

    public void Adopt(INetSocket socket, ListenerSettings listener)
    {
        var connection = new Connection(this, socket, listener);
        int index = Register(new Entry { Connection = connection });
        connection.Token = _entries[index].Token;
        ConnectionCount++;
        _poller.Add(socket, connection.Token);
        connection.Open();
    }

    public void AddAcceptor(IAcceptor acceptor, Action onAcceptable)
    {
        int index = Register(new Entry { OnAcceptable = onAcceptable, Acceptor = acceptor });
        _poller.Add(acceptor, _entries[index].Token);
    }

    /// <summary>No descriptor is free, say: the callers wait in the backlog until the next sweep instead of heating the loop.</summary>
    internal void PauseAcceptor(IAcceptor acceptor)
    {
        _poller.Watch(acceptor, TokenOf(acceptor), read: false, write: false);
        _pausedAcceptors.Add(acceptor);
        _nextSweep = Math.Min(_nextSweep, Now + _time.TimestampFrequency);
    }

    long TokenOf(IAcceptor acceptor) => _entries.Find(e => e.Acceptor == acceptor).Token;

    public void RemoveAcceptor(IAcceptor acceptor)
    {
        int index = _entries.FindIndex(e => e.Acceptor == acceptor);
        if (index < 0) return;
        _pausedAcceptors.Remove(acceptor);
        _poller.Remove(acceptor);
        acceptor.Close();
        Unregister(index);
    }

    int Register(Entry entry)
    {
        if (!_freeEntries.TryPop(out int index))
        {
            index = _entries.Count;
            _entries.Add(default);
        }
        entry.Generation = _entries[index].Generation + 1;
        entry.Token = (long)entry.Generation << 31 | (uint)index;
        _entries[index] = entry;
        return index;
    }

    void Unregister(int index)
    {
        _entries[index] = new Entry { Generation = _entries[index].Generation, Token = -2 };
        _freeEntries.Push(index);
    }

    internal void Watch(Connection connection, INetSocket socket, bool read, bool write) =>
        _poller.Watch(socket, connection.Token, read, write);

    internal void Forget(Connection connection, INetSocket socket)
    {
        _poller.Remove(socket);
        Unregister((int)(connection.Token & int.MaxValue));
        ConnectionCount--;
        Counts?.Remove(connection.RemoteAddress.Address);
    }

    void Sweep()
    {
        _nextSweep = Now + (long)(Settings.SweepInterval.TotalSeconds * _time.TimestampFrequency);
        foreach (var entry in _entries.ToArray()) entry.Connection?.OnSweep();
        EndLargestWaiting();
        foreach (var acceptor in _pausedAcceptors) _poller.Watch(acceptor, TokenOf(acceptor), read: true, write: false);
        _pausedAcceptors.Clear();
        if (Counters.Frames == _framesAtSweep) Buffers.Trim();
        _framesAtSweep = Counters.Frames;
    }

    public void Stop()
    {
        _stopping = true;
        _poller.Wake();
        if (!IsCurrent) _thread?.Join();
    }

    /// <summary>On the loop: nothing new is accepted or read, what is under way is answered, then connections end.</summary>
    internal void Drain()
    {
        foreach (var entry in _entries.ToArray())
        {
            if (entry.Acceptor is { } acceptor) RemoveAcceptor(acceptor);
            entry.Connection?.Drain();
        }
        Sink.OnDraining();
    }

    void CloseAll()
    {
        foreach (var entry in _entries.ToArray())
        {
            entry.Connection?.End(EndReason.ServerStopping);
            if (entry.Acceptor is { } acceptor) RemoveAcceptor(acceptor);
        }
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        Stop();
        Buffers.RoomAgain -= OnRoomAgain;
        _poller.Dispose();
        Chunk.Release();
    }

    struct Entry
    {
        public long Token;
        public int Generation;
        public Connection? Connection;
        public IAcceptor? Acceptor;
        public Action? OnAcceptable;
    }
}
