using AkkaStream.Client.Settings;

namespace AkkaStream.Client.Producing;

/// <summary>
/// The partitions of one topic, and which of them the next record without a key goes to: one partition for about a batch, so that
/// batches fill, then another, rather one that has no backlog. Any thread.
/// </summary>
sealed class TopicQueues(string name, int order, Chance chance, int stickyBytes, bool adaptive)
{
    readonly Lock _lock = new();
    PartitionQueue[] _partitions = [];
    int _sticky = -1;
    int _stickyUsed;
    int _next;
    double _ratio = 1;

    public string Name => name;

    /// <summary>Topics of one request are grouped by it.</summary>
    public int Order => order;

    public PartitionQueue[] Partitions => Volatile.Read(ref _partitions);

    /// <summary>Records that wait for memory or metadata, oldest first.</summary>
    public WaitingLine Line { get; } = new();

    public void Grow(int count)
    {
        lock (_lock)
        {
            if (count <= _partitions.Length) return;
            var partitions = new PartitionQueue[count];
            _partitions.CopyTo(partitions, 0);
            for (int i = _partitions.Length; i < count; i++) partitions[i] = new PartitionQueue(this, i);
            Volatile.Write(ref _partitions, partitions);
        }
    }

    public int NextInTurn() => (Interlocked.Increment(ref _next) & int.MaxValue) % Math.Max(1, Partitions.Length);

    /// <summary>Where records without a key go at the moment.</summary>
    public int Sticky()
    {
        int sticky = Volatile.Read(ref _sticky);
        return (uint)sticky < (uint)Partitions.Length ? sticky : Choose();
    }

    /// <summary>Counts what went there; enough for a batch, and the next record goes elsewhere.</summary>
    public void UsedSticky(int partition, int bytes, bool batchEnded)
    {
        if (partition != Volatile.Read(ref _sticky)) return;
        int used = Interlocked.Add(ref _stickyUsed, bytes);
        // Half a batch into the next one would cut it in two: the switch waits for the end of a batch, but not for ever.
        if (used >= stickyBytes * 2 || (used >= stickyBytes && batchEnded)) Choose();
    }

    int Choose()
    {
        lock (_lock)
        {
            _stickyUsed = 0;
            _sticky = _partitions.Length <= 1 ? 0 : Draw();
            return _sticky;
        }
    }

    int Draw()
    {
        int available = 0, longest = 0;
        foreach (var p in _partitions)
        {
            if (p.Sender is null) continue;
            available++;
            longest = Math.Max(longest, p.Backlog);
        }
        if (available == 0) return chance.Next(_partitions.Length);
        if (!adaptive || longest == 0) return NthAvailable(chance.Next(available));
        long weights = 0;
        foreach (var p in _partitions)
            if (p.Sender is not null) weights += longest + 1 - p.Backlog;
        long drawn = (long)(chance.NextDouble() * weights);
        foreach (var p in _partitions)
        {
            if (p.Sender is null) continue;
            drawn -= longest + 1 - p.Backlog;
            if (drawn < 0) return p.Partition;
        }
        return NthAvailable(0);
    }

    int NthAvailable(int n)
    {
        foreach (var p in _partitions)
            if (p.Sender is not null && n-- == 0) return p.Partition;
        return 0;
    }

    /// <summary>How many plain bytes make a batch of the wished size, by how well the topic's records have compressed so far.</summary>
    public int PlainLimit(int batchBytes)
    {
        const double most = 8;
        return (int)(batchBytes / Math.Clamp(Volatile.Read(ref _ratio) * 1.05, 1 / most, 1));
    }

    public void Compressed(int plain, int packed)
    {
        if (plain > 0) Volatile.Write(ref _ratio, (0.8 * _ratio) + (0.2 * packed / plain));
    }
}

/// <summary>Records in the order of sending that could not be taken at once. Under its own lock.</summary>
sealed class WaitingLine
{
    readonly Queue<WaitingRecord> _queue = new();

    public Lock Lock { get; } = new();

    public int Count => _queue.Count;

    public WaitingRecord? Last { get; private set; }

    public void Add(WaitingRecord record)
    {
        _queue.Enqueue(record);
        Last = record;
    }

    public WaitingRecord? First
    {
        get
        {
            // Who was cancelled or came too late no longer waits.
            while (_queue.TryPeek(out var first))
            {
                if (!first.Task.IsCompleted) return first;
                _queue.Dequeue();
            }
            return null;
        }
    }

    public void RemoveFirst() => _queue.Dequeue();
}

/// <summary>A record that waits for its turn, with the bytes of the caller.</summary>
sealed class WaitingRecord(ProducerRecord record, IDeliveryHandler? handler, long token, long deadline, TaskCreationOptions options)
    : TaskCompletionSource(options)
{
    public ProducerRecord Record => record;
    public IDeliveryHandler? Handler => handler;
    public long Token => token;
    public long Deadline => deadline;
}
