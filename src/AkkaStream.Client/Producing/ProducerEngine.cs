using System.Collections.Concurrent;
using AkkaStream.Client.Settings;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Records;

namespace AkkaStream.Client.Producing;

/// <summary>
/// What stands behind a producer: takes records into batches, routes batches to leaders, decides what each answer means. Locks are
/// taken in one order: a topic's waiting line, a partition, then the short ones (sender's line, memory, clock). Any thread.
/// </summary>
sealed partial class ProducerEngine : IDisposable
{
    readonly ConcurrentDictionary<string, TopicQueues> _topics = new();
    readonly ConcurrentDictionary<int, BrokerSender> _senders = new();
    readonly Stack<ProducerBatch> _batches = new();
    readonly Stack<ProduceCall> _calls = new();
    readonly Lock _poolLock = new();
    readonly Lock _markLock = new();
    readonly long _lingerTicks;
    readonly long _deliveryTicks;
    FlushMark _mark;
    ProducerIdentity? _identity;
    int _topicOrder;
    int _acquiring;
    int _flushing;
    int _lines;
    KafkaException? _fatal;
    volatile bool _closed;

    public ProducerEngine(ProducerSettings settings)
    {
        Settings = settings;
        _mark = new FlushMark(null, settings.Client.Completions);
        Cluster = new ClusterView(settings.Client, createsTopics: true);
        Memory = new BufferMemory(settings.BufferMemory, Math.Max(settings.BatchBytes, 1024));
        Clock = new DeliveryClock(settings.Client.Time, OnLingered, OnExpired, OnPauseOver, OnTick);
        _identity = settings.Idempotence ? new ProducerIdentity() : null;
        _lingerTicks = Clock.TicksOf(settings.Linger);
        _deliveryTicks = Clock.TicksOf(settings.DeliveryTimeout);
        Cluster.Changed += OnClusterChanged;
    }

    public ProducerSettings Settings { get; }
    public ClusterView Cluster { get; }
    public BufferMemory Memory { get; }
    public DeliveryClock Clock { get; }

    /// <summary>Null without idempotence.</summary>
    public ProducerIdentity? Identity => Volatile.Read(ref _identity);

    /// <summary>Batches may be numbered, or need no numbers.</summary>
    public bool MaySend
    {
        get
        {
            if (Identity is not { } identity || (identity.IsKnown && !identity.IsUsedUp)) return true;
            AcquireIdentity();
            return false;
        }
    }

    /// <summary>Batches that are not full are sent as soon as there is nothing else to send.</summary>
    public bool TakesOpenAtOnce => _lingerTicks == 0 || Volatile.Read(ref _flushing) > 0 || _closed;

    /// <summary>Under the partition's lock: something waits to be sent, also an open batch that nothing else would send.</summary>
    public bool HasToSend(PartitionQueue queue) => queue.HasWaiting || (queue.Open is not null && TakesOpenAtOnce);

    public bool IsClosed => _closed;

    public TopicQueues TopicOf(string name)
    {
        if (_topics.TryGetValue(name, out var topic)) return topic;
        topic = _topics.GetOrAdd(name, n => new TopicQueues(
            n, Interlocked.Increment(ref _topicOrder), Cluster.Chance, Settings.BatchBytes, Settings.Adaptive));
        Cluster.Want(name);
        // It may be known already, from an earlier producer's wish.
        Apply(topic, Cluster.Snapshot);
        return topic;
    }

    public Appended TryAppend(TopicQueues topic, int? partition, in OutgoingRecord record)
    {
        if (Identity is { IsKnown: false } && Volatile.Read(ref _acquiring) == 0) AcquireIdentity();
        var partitions = topic.Partitions;
        if (partitions.Length == 0) return Appended.NoMetadata;
        bool sticky = false;
        int index = partition ?? Choose(topic, partitions.Length, record, out sticky);
        if ((uint)index >= (uint)partitions.Length) return Appended.NoMetadata;
        var queue = partitions[index];
        bool closed = false;
        BrokerSender? kick = null;
        Appended outcome;
        lock (queue.Lock)
        {
            outcome = Append(queue, record, ref closed);
            bool ready = closed || (outcome == Appended.Done && TakesOpenAtOnce);
            if (ready)
            {
                Route(queue);
                kick = queue.Sender;
            }
        }
        if (sticky && outcome == Appended.Done) topic.UsedSticky(index, record.Key.Length + record.Value.Length + 16, closed);
        kick?.Kick();
        return outcome;
    }

    int Choose(TopicQueues topic, int partitions, in OutgoingRecord record, out bool sticky)
    {
        sticky = false;
        if (Settings.Partitioner == PartitionerKind.RoundRobin) return topic.NextInTurn();
        if (record.HasKey && !Settings.IgnoreKeys) return Partitioning.PartitionOf(record.Key, partitions);
        sticky = true;
        return topic.Sticky();
    }

    Appended Append(PartitionQueue queue, in OutgoingRecord record, ref bool closed)
    {
        // Under the partition's lock, so that nothing slips in behind the one who fails all that waits.
        if (_closed || Volatile.Read(ref _fatal) is not null) return Appended.Closed;
        if (queue.Open is { } open)
        {
            if (open.TryAppend(record)) return Appended.Done;
            closed = queue.CloseOpen();
        }
        int wanted = Settings.Compression == CompressionCodec.None ? Settings.BatchBytes : queue.Topic.PlainLimit(Settings.BatchBytes);
        int limit = Math.Max((int)Math.Min(wanted, Memory.Limit), ProducerBatch.SizeOfAlone(record));
        if (Memory.TryRent(limit) is not { } buffer) return Appended.NoMemory;
        var batch = NewBatch();
        long now = Clock.Now;
        batch.Begin(buffer, limit, limit, now + _deliveryTicks, JoinMark());
        batch.TryAppend(record);
        queue.Begin(batch);
        Clock.Watch(queue, batch, _lingerTicks == 0 ? 0 : now + _lingerTicks);
        return Appended.Done;
    }

    FlushMark JoinMark()
    {
        lock (_markLock)
        {
            _mark.Join();
            return _mark;
        }
    }

    /// <summary>Under the partition's lock: puts it into the line of its leader, or sees to it that one is found.</summary>
    public void Route(PartitionQueue queue)
    {
        if (queue.NotBefore > Clock.Now || queue.Sender is null) Pause(queue);
        else queue.Sender.Add(queue);
    }

    void Pause(PartitionQueue queue)
    {
        long now = Clock.Now;
        if (queue.Sender is null && queue.NotBefore <= now)
        {
            queue.NotBefore = now + Clock.TicksOf(Settings.Client.Retry.After(1, Cluster.Chance.NextDouble()));
            Cluster.RefreshSoon();
        }
        if (queue.IsPaused) return;
        queue.IsPaused = true;
        Clock.Pause(queue, queue.NotBefore);
    }

    void OnPauseOver(PartitionQueue queue)
    {
        BrokerSender? sender;
        lock (queue.Lock)
        {
            queue.IsPaused = false;
            sender = queue.Sender;
            if (queue.HasAny) Route(queue);
        }
        sender?.Kick();
    }

    void OnLingered(PartitionQueue queue, ProducerBatch batch, int generation)
    {
        BrokerSender? sender;
        lock (queue.Lock)
        {
            if (batch.Generation != generation || queue.Open != batch) return;
            queue.CloseOpen();
            Route(queue);
            sender = queue.Sender;
        }
        sender?.Kick();
    }

    /// <summary>The broker is no longer part of the cluster: its partitions wait until a new leader is known.</summary>
    public void OnBrokerUnknown(BrokerSender sender)
    {
        foreach (var queue in sender.TakeLine())
        {
            lock (queue.Lock)
            {
                queue.IsQueued = false;
                if (queue.Sender == sender) queue.Sender = null;
                Route(queue);
            }
        }
    }

    void OnClusterChanged(ClusterSnapshot snapshot)
    {
        foreach (var topic in _topics.Values) Apply(topic, snapshot);
        foreach (var sender in _senders.Values) sender.Kick();
        PumpLines();
    }

    void Apply(TopicQueues topic, ClusterSnapshot snapshot)
    {
        if (!snapshot.Topics.TryGetValue(topic.Name, out var view) || view.Error != ErrorCode.None) return;
        topic.Grow(view.Partitions.Count);
        foreach (var queue in topic.Partitions)
        {
            if (queue.Partition >= view.Partitions.Count) continue;
            int leader = view.Partitions[queue.Partition].Leader;
            var sender = leader >= 0 && snapshot.BrokerOf(leader) is not null ? SenderTo(leader) : null;
            lock (queue.Lock)
            {
                if (queue.Sender == sender) continue;
                queue.Sender = sender;
                queue.IsQueued = false;
                if (HasToSend(queue)) Route(queue);
            }
        }
    }

    BrokerSender SenderTo(int broker) => _senders.GetOrAdd(broker, static (id, engine) => new BrokerSender(engine, id), this);

    public ProduceCall NewCall(BrokerSender sender)
    {
        ProduceCall? call;
        lock (_poolLock) _calls.TryPop(out call);
        call ??= new ProduceCall(this);
        call.Begin(sender);
        return call;
    }

    public void Return(ProduceCall call)
    {
        lock (_poolLock) _calls.Push(call);
    }

    ProducerBatch NewBatch()
    {
        lock (_poolLock) return _batches.TryPop(out var batch) ? batch : new ProducerBatch();
    }

    /// <summary>Without any lock: who waits for memory goes on here.</summary>
    void Release(ProducerBatch batch)
    {
        var mark = batch.Mark;
        batch.Release(Memory);
        lock (_poolLock) _batches.Push(batch);
        mark?.Leave();
        if (Volatile.Read(ref _lines) > 0) PumpLines();
    }

    public void Dispose()
    {
        _closed = true;
        Clock.Dispose();
        Cluster.Changed -= OnClusterChanged;
        Cluster.Dispose();
        FailEverything(new KafkaException(ErrorCode.UnknownServerError, "The producer was closed before the record was delivered."));
    }
}

/// <summary>What became of the wish to take a record into a batch.</summary>
enum Appended : byte
{
    Done,
    NoMetadata,
    NoMemory,
    Closed,
}
