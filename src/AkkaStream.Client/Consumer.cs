using AkkaStream.Client.Consuming;
using AkkaStream.Client.Groups;
using AkkaStream.Client.Groups.Assignors;
using AkkaStream.Client.Settings;
using AkkaStream.Protocol;

namespace AkkaStream.Client;

/// <summary>
/// Reads records from a cluster, from partitions that it assigns to itself or, in a group, from those that the group gives it. Fetches
/// run ahead of the application. One thread at a time may use it.
/// </summary>
public sealed partial class Consumer : IAsyncDisposable
{
    readonly ConsumerEngine _engine;
    int _busy;
    bool _closed;

    /// <exception cref="KafkaConfigException">A setting cannot be used.</exception>
    public Consumer(ConsumerSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        Settings = settings;
        _assignors = [.. settings.Assignors.Select(Assignor.Of)];
        _engine = new ConsumerEngine(settings);
    }

    /// <summary>What it was made with.</summary>
    public ConsumerSettings Settings { get; }

    /// <summary>What it knows of the cluster.</summary>
    public ClusterView Cluster => _engine.Cluster;

    /// <summary>The partitions that it reads.</summary>
    public IReadOnlyCollection<TopicPartition> Assignment => _engine.Assignment;

    /// <summary>Reads exactly these partitions from now on.</summary>
    public void Assign(params IEnumerable<TopicPartition> partitions)
    {
        using var _ = Enter();
        TopicPartition[] all = [.. partitions];
        foreach (var p in all)
            if (string.IsNullOrEmpty(p.Topic) || p.Partition < 0) throw new ArgumentException($"{p} is no partition", nameof(partitions));
        OnAssignedByHand();
        _engine.Assign(all, awaitsCommitted: Settings.GroupId is not null);
        _engine.Cluster.WantOnly(all.Select(p => p.Topic));
    }

    /// <summary>Keeps all topics of the cluster in view, so that new ones are noticed; see <see cref="ClusterView.Snapshot"/>.</summary>
    public async ValueTask FollowAllTopicsAsync(CancellationToken cancel = default)
    {
        Cluster.WantAll();
        await Cluster.RefreshAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>Goes on with the record at that offset.</summary>
    public void Seek(TopicPartition partition, long offset)
    {
        using var _ = Enter();
        if (offset < 0) throw new ArgumentOutOfRangeException(nameof(offset), offset, "seek offset must not be a negative number");
        var state = StateOf(partition);
        lock (_engine.Gate) state.Seek(offset);
    }

    /// <summary>Goes on with the oldest record; of all partitions if none is named.</summary>
    public void SeekToBeginning(params IReadOnlyCollection<TopicPartition> partitions) => SeekBy(partitions, OffsetFinder.Earliest);

    /// <summary>Goes on with the next record that comes; of all partitions if none is named.</summary>
    public void SeekToEnd(params IReadOnlyCollection<TopicPartition> partitions) => SeekBy(partitions, OffsetFinder.Latest);

    void SeekBy(IReadOnlyCollection<TopicPartition> partitions, long timestamp)
    {
        using var _ = Enter();
        foreach (var partition in partitions.Count == 0 ? [.. Assignment] : partitions.ToArray())
        {
            var state = StateOf(partition);
            lock (_engine.Gate) state.ResetBy(timestamp);
        }
    }

    /// <summary>Polls bring nothing of these until they are resumed.</summary>
    public void Pause(params IEnumerable<TopicPartition> partitions) => SetPaused(partitions, true);

    /// <summary>Polls bring records of these again.</summary>
    public void Resume(params IEnumerable<TopicPartition> partitions) => SetPaused(partitions, false);

    void SetPaused(IEnumerable<TopicPartition> partitions, bool paused)
    {
        using var _ = Enter();
        foreach (var partition in partitions)
        {
            var state = StateOf(partition);
            lock (_engine.Gate) state.IsPaused = paused;
        }
    }

    /// <summary>The partitions that are paused.</summary>
    public IReadOnlyCollection<TopicPartition> Paused => [.. _engine.States.Where(s => s.IsPaused).Select(s => s.Partition)];

    /// <summary>The offset of the next record that a poll brings, looked up if need be.</summary>
    public async ValueTask<long> PositionAsync(TopicPartition partition, CancellationToken cancel = default)
    {
        using var _ = Enter();
        var state = StateOf(partition);
        long deadline = Cluster.Deadline(Settings.Client.ApiTimeout);
        while (!state.HasPosition)
        {
            if (state.Error is { } error)
            {
                state.Error = null;
                throw error;
            }
            await PrepareAsync(cancel).ConfigureAwait(false);
            if (state.HasPosition) break;
            var left = Left(deadline);
            if (left <= TimeSpan.Zero)
            {
                throw new KafkaException(
                    ErrorCode.RequestTimedOut, $"Timeout of {Settings.Client.ApiTimeout.TotalMilliseconds:0}ms expired before the position "
                    + $"for partition {partition} could be determined.");
            }
            await _engine.Signal.WaitAsync(Least(left, _engine.NextTry()), Settings.Client.Time, cancel).ConfigureAwait(false);
        }
        return state.Position;
    }

    /// <summary>The position if it is known already.</summary>
    public long? PositionOf(TopicPartition partition) => _engine.StateOf(partition) is { HasPosition: true } state ? state.Position : null;

    /// <summary>The end of the partition as the last fetch told it: the high watermark, or the last stable offset under read_committed.</summary>
    public long? KnownEndOf(TopicPartition partition)
    {
        if (_engine.StateOf(partition) is not { } state) return null;
        long end = Settings.Isolation == IsolationLevel.ReadCommitted ? state.LastStableOffset : state.HighWatermark;
        return end >= 0 ? end : null;
    }

    /// <summary>
    /// The next records, as soon as there are any; an empty result when the time is over. In a group, also what keeps the membership
    /// alive: it must be called at least every max.poll.interval.ms.
    /// </summary>
    /// <exception cref="KafkaException">A partition cannot be read; the others go on with the next poll.</exception>
    public async ValueTask<ConsumerRecords> PollAsync(TimeSpan timeout, CancellationToken cancel = default)
    {
        using var _ = Enter();
        using var alive = Polling.Begin(_member);
        long deadline = Cluster.Deadline(timeout);
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            await PrepareAsync(cancel).ConfigureAwait(false);
            var records = _engine.Take();
            // Before the application works on these, the next ones are asked for.
            _engine.Fetch();
            if (records is not null) return records;
            var left = Left(deadline);
            if (left <= TimeSpan.Zero) return ConsumerRecords.Empty;
            var most = Least(left, _engine.NextTry(), NextGroupTurn());
            await _engine.Signal.WaitAsync(most, Settings.Client.Time, cancel).ConfigureAwait(false);
        }
    }

    async ValueTask PrepareAsync(CancellationToken cancel)
    {
        await PollGroupAsync(cancel).ConfigureAwait(false);
        _engine.LookUpPositions();
    }

    static TimeSpan Least(TimeSpan a, params ReadOnlySpan<TimeSpan?> others)
    {
        foreach (var other in others)
            if (other < a) a = other.Value;
        return a;
    }

    TimeSpan Left(long deadline) => Settings.Client.Time.GetElapsedTime(Settings.Client.Time.GetTimestamp(), deadline);

    /// <summary>For each partition the first offset whose record is not older than the time (milliseconds since 1970); null if there is
    /// none.</summary>
    public async ValueTask<IReadOnlyDictionary<TopicPartition, OffsetAndTimestamp?>> OffsetsForTimesAsync(
        IReadOnlyDictionary<TopicPartition, long> times, CancellationToken cancel = default)
    {
        var found = await FindAsync(times, cancel).ConfigureAwait(false);
        return found.ToDictionary(f => f.Key, f => f.Value.Offset < 0 ? (OffsetAndTimestamp?)null
            : new OffsetAndTimestamp(f.Value.Offset, f.Value.Timestamp));
    }

    /// <summary>The offset of the oldest record of each partition.</summary>
    public ValueTask<IReadOnlyDictionary<TopicPartition, long>> BeginningOffsetsAsync(
        IEnumerable<TopicPartition> partitions, CancellationToken cancel = default) =>
        EdgesAsync(partitions, OffsetFinder.Earliest, cancel);

    /// <summary>The offset behind the newest record of each partition that may be read.</summary>
    public ValueTask<IReadOnlyDictionary<TopicPartition, long>> EndOffsetsAsync(
        IEnumerable<TopicPartition> partitions, CancellationToken cancel = default) =>
        EdgesAsync(partitions, OffsetFinder.Latest, cancel);

    async ValueTask<IReadOnlyDictionary<TopicPartition, long>> EdgesAsync(
        IEnumerable<TopicPartition> partitions, long timestamp, CancellationToken cancel)
    {
        var found = await FindAsync(partitions.ToDictionary(p => p, _ => timestamp), cancel).ConfigureAwait(false);
        return found.ToDictionary(f => f.Key, f => f.Value.Offset);
    }

    async ValueTask<Dictionary<TopicPartition, FoundOffset>> FindAsync(IReadOnlyDictionary<TopicPartition, long> questions, CancellationToken cancel)
    {
        var found = await OffsetFinder.FindAsync(Cluster, questions, Settings.Isolation, Settings.Client.ApiTimeout, cancel).ConfigureAwait(false);
        foreach (var (_, error) in found.Values)
            if (error is not null) throw error;
        return found.ToDictionary(f => f.Key, f => f.Value.Found);
    }

    /// <summary>The topic and its partitions.</summary>
    /// <exception cref="KafkaException">It does not exist or may not be seen.</exception>
    public ValueTask<TopicView> TopicAsync(string topic, CancellationToken cancel = default) =>
        Cluster.TopicAsync(topic, Settings.Client.ApiTimeout, cancel);

    PartitionState StateOf(TopicPartition partition) =>
        _engine.StateOf(partition) ?? throw new InvalidOperationException($"No current assignment for partition {partition}");

    // Two threads at once would each get half of the records; that is a mistake, and is told.
    Guard Enter()
    {
        // A rebalance listener is called within a poll, or while the consumer closes, and may use it.
        if (_inCallback) return default;
        ObjectDisposedException.ThrowIf(_closed, this);
        if (Interlocked.Exchange(ref _busy, 1) != 0)
            throw new InvalidOperationException("The consumer is not safe for access by several threads at once.");
        return new Guard(this);
    }

    readonly struct Guard(Consumer? consumer) : IDisposable
    {
        public void Dispose()
        {
            if (consumer is not null) Volatile.Write(ref consumer._busy, 0);
        }
    }

    // While a poll waits the application is alive, however long that takes.
    readonly struct Polling(IMembership? member) : IDisposable
    {
        public static Polling Begin(IMembership? member)
        {
            member?.Polls.Enter();
            return new Polling(member);
        }

        public void Dispose() => member?.Polls.Leave();
    }

    /// <summary>Leaves the group, if it is in one (committing first under auto-commit), and closes; request.timeout.ms bounds the wait.</summary>
    public ValueTask DisposeAsync() => CloseAsync(Settings.Client.RequestTimeout);

    /// <summary>The same, with as much patience for the brokers as the caller has.</summary>
    public async ValueTask CloseAsync(TimeSpan patience)
    {
        if (_closed) return;
        _closed = true;
        await LeaveGroupAsync("the consumer is being closed", patience).ConfigureAwait(false);
        _engine.Dispose();
        ThrowOfListener();
    }
}

/// <summary>An offset and the time of the record there (milliseconds since 1970).</summary>
public readonly record struct OffsetAndTimestamp(long Offset, long Timestamp);
