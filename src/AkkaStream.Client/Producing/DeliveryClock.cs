namespace AkkaStream.Client.Producing;

/// <summary>
/// What a producer waits for, on one timer: batches whose linger is over, batches whose delivery time is over, partitions
/// whose pause after a failure is over. The first two come in the order of their deadlines by themselves. Any thread.
/// </summary>
sealed class DeliveryClock : IDisposable
{
    static readonly TimeSpan Never = Timeout.InfiniteTimeSpan;

    readonly TimeProvider _time;
    readonly Action<PartitionQueue, ProducerBatch, int> _onLingered;
    readonly Action<PartitionQueue, ProducerBatch, int> _onExpired;
    readonly Action<PartitionQueue> _onPauseOver;
    readonly Action _onTick;
    readonly Lock _lock = new();
    readonly ITimer _timer;
    readonly Queue<Entry> _lingers = new();
    readonly Queue<Entry> _expiries = new();
    readonly PriorityQueue<PartitionQueue, long> _pauses = new();
    long _armedFor = long.MaxValue;
    long _tickAt = long.MaxValue;
    bool _disposed;

    public DeliveryClock(
        TimeProvider time, Action<PartitionQueue, ProducerBatch, int> onLingered, Action<PartitionQueue, ProducerBatch, int> onExpired,
        Action<PartitionQueue> onPauseOver, Action onTick)
    {
        _time = time;
        _onLingered = onLingered;
        _onExpired = onExpired;
        _onPauseOver = onPauseOver;
        _onTick = onTick;
        _timer = time.CreateTimer(static state => ((DeliveryClock)state!).OnTimer(), this, Never, Never);
    }

    public long Now => _time.GetTimestamp();

    public long TicksOf(TimeSpan span) => (long)(Math.Min(span.TotalSeconds, 1e9) * _time.TimestampFrequency);

    /// <param name="queue">The partition.</param>
    /// <param name="batch">Its new batch.</param>
    /// <param name="lingerUntil">Now or earlier: it does not linger.</param>
    public void Watch(PartitionQueue queue, ProducerBatch batch, long lingerUntil)
    {
        lock (_lock)
        {
            Prune(_lingers, closed: true);
            Prune(_expiries, closed: false);
            if (lingerUntil > 0) _lingers.Enqueue(new Entry(queue, batch, batch.Generation, lingerUntil));
            _expiries.Enqueue(new Entry(queue, batch, batch.Generation, batch.ExpiresAt));
            Arm(lingerUntil > 0 ? lingerUntil : batch.ExpiresAt);
        }
    }

    // Most batches are gone long before their deadline; without this the line of those deadlines would grow for two minutes.
    static void Prune(Queue<Entry> entries, bool closed)
    {
        while (entries.TryPeek(out var first) && (first.IsGone || (closed && !first.Batch.IsOpen))) entries.Dequeue();
    }

    public void Pause(PartitionQueue queue, long until)
    {
        lock (_lock)
        {
            _pauses.Enqueue(queue, until);
            Arm(until);
        }
    }

    /// <summary>The tick comes at that time at the latest.</summary>
    public void TickBy(long time)
    {
        lock (_lock)
        {
            _tickAt = Math.Min(_tickAt, time);
            Arm(time);
        }
    }

    void Arm(long due)
    {
        if (due >= _armedFor || _disposed) return;
        _armedFor = due;
        double seconds = Math.Max(0, (due - _time.GetTimestamp()) / (double)_time.TimestampFrequency);
        _timer.Change(TimeSpan.FromSeconds(Math.Min(seconds, 86_400)), Never);
    }

    void OnTimer()
    {
        long now;
        lock (_lock)
        {
            _armedFor = long.MaxValue;
            now = Now;
        }
        while (Due(_lingers, now) is { } entry) _onLingered(entry.Queue, entry.Batch, entry.Generation);
        while (Due(_expiries, now) is { } entry) _onExpired(entry.Queue, entry.Batch, entry.Generation);
        while (DuePause(now) is { } queue) _onPauseOver(queue);
        if (TickIsDue(now)) _onTick();
        lock (_lock)
        {
            long next = _tickAt;
            if (_lingers.TryPeek(out var linger)) next = Math.Min(next, linger.Deadline);
            if (_expiries.TryPeek(out var expiry)) next = Math.Min(next, expiry.Deadline);
            if (_pauses.TryPeek(out _, out long pause)) next = Math.Min(next, pause);
            if (next != long.MaxValue) Arm(next);
        }
    }

    Entry? Due(Queue<Entry> entries, long now)
    {
        lock (_lock)
        {
            while (entries.TryPeek(out var first))
            {
                if (!first.IsGone && first.Deadline > now) return null;
                entries.Dequeue();
                if (!first.IsGone) return first;
            }
            return null;
        }
    }

    PartitionQueue? DuePause(long now)
    {
        lock (_lock) return _pauses.TryPeek(out _, out long until) && until <= now ? _pauses.Dequeue() : null;
    }

    bool TickIsDue(long now)
    {
        lock (_lock)
        {
            if (_tickAt > now) return false;
            _tickAt = long.MaxValue;
            return true;
        }
    }

    public void Dispose()
    {
        lock (_lock) _disposed = true;
        _timer.Dispose();
    }

    readonly record struct Entry(PartitionQueue Queue, ProducerBatch Batch, int Generation, long Deadline)
    {
        public bool IsGone => Volatile.Read(ref Batch.Generation) != Generation;
    }
}
