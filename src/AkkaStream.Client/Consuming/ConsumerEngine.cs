using AkkaStream.Client.Settings;
using AkkaStream.Protocol;

namespace AkkaStream.Client.Consuming;

/// <summary>
/// What stands behind a consumer: assigned partitions, their positions, and the fetches that run ahead of the application. One thread
/// polls; answers come on network threads. What both touch is under <see cref="Gate"/>.
/// </summary>
sealed partial class ConsumerEngine : IDisposable
{
    readonly Dictionary<TopicPartition, PartitionState> _partitions = [];
    readonly List<PartitionState> _turns = [];
    readonly Dictionary<int, BrokerFetcher> _fetchers = [];
    ConsumerRecords? _spare;
    int _turn;
    bool _closed;

    public ConsumerEngine(ConsumerSettings settings)
    {
        Settings = settings;
        Signal = new AsyncSignal(settings.Client.Completions);
        Cluster = new ClusterView(settings.Client, settings.CreatesTopics);
        Cluster.Changed += OnClusterChanged;
    }

    public ConsumerSettings Settings { get; }
    public ClusterView Cluster { get; }
    public Lock Gate { get; } = new();

    /// <summary>Something came that the polling thread may wait for.</summary>
    public AsyncSignal Signal { get; }

    public IReadOnlyCollection<TopicPartition> Assignment => _partitions.Keys;

    public PartitionState? StateOf(TopicPartition partition) => _partitions.GetValueOrDefault(partition);

    public IReadOnlyList<PartitionState> States => _turns;

    /// <summary>Exactly these from now on; those that were assigned before keep position and records.</summary>
    public void Assign(IReadOnlyCollection<TopicPartition> partitions, bool awaitsCommitted)
    {
        lock (Gate)
        {
            var wanted = partitions.ToHashSet();
            foreach (var gone in _turns.Where(s => !wanted.Contains(s.Partition)).ToList())
            {
                gone.Drop();
                _turns.Remove(gone);
                _partitions.Remove(gone.Partition);
            }
            foreach (var partition in wanted)
            {
                if (_partitions.ContainsKey(partition)) continue;
                var state = new PartitionState(partition) { AwaitsCommitted = awaitsCommitted };
                _partitions[partition] = state;
                _turns.Add(state);
            }
        }
    }

    /// <summary>The group has no say about these, or nothing committed: the settings decide where to begin.</summary>
    public void ApplyReset(PartitionState state)
    {
        lock (Gate)
        {
            switch (Settings.OffsetReset)
            {
                case OffsetReset.Earliest:
                    state.ResetBy(OffsetFinder.Earliest);
                    break;
                case OffsetReset.Latest:
                    state.ResetBy(OffsetFinder.Latest);
                    break;
                case OffsetReset.ByDuration:
                    long now = Settings.Client.Time.GetUtcNow().ToUnixTimeMilliseconds();
                    state.ResetBy(Math.Max(0, now - (long)Settings.ResetDuration.TotalMilliseconds));
                    break;
                default:
                    state.AwaitsCommitted = false;
                    state.Error = new KafkaException(ErrorCode.OffsetOutOfRange,
                        $"Undefined offset with no reset policy for partitions: [{state.Partition}]. Seek, or set auto.offset.reset.");
                    break;
            }
        }
    }

    /// <summary>Looks up the positions that are wanted; returns at once.</summary>
    public void LookUpPositions()
    {
        Dictionary<TopicPartition, long>? questions = null;
        Dictionary<TopicPartition, int>? eras = null;
        foreach (var state in _turns)
        {
            if (state is { IsOutOfRange: true, HasRecords: false, Error: null }) ApplyReset(state);
            if (!state.HasPosition && state.ResetTo is null && !state.AwaitsCommitted && state.Error is null) ApplyReset(state);
            if (state.ResetTo is not { } timestamp || state.IsLookingUp) continue;
            state.IsLookingUp = true;
            (questions ??= [])[state.Partition] = timestamp;
            (eras ??= [])[state.Partition] = state.Era;
        }
        if (questions is not null && eras is not null) _ = LookUpAsync(questions, eras);
    }

    async Task LookUpAsync(Dictionary<TopicPartition, long> questions, Dictionary<TopicPartition, int> eras)
    {
        try
        {
            var isolation = Settings.Isolation;
            var found = await OffsetFinder.FindAsync(Cluster, questions, isolation, Settings.Client.ApiTimeout, Cluster.Closing)
                .ConfigureAwait(false);
            // A time later than all records has no offset: then the end is meant.
            var beyond = found.Where(f => f.Value.Error is null && f.Value.Found.Offset < 0 && questions[f.Key] >= 0)
                .ToDictionary(f => f.Key, _ => OffsetFinder.Latest);
            if (beyond.Count > 0)
            {
                var ends = await OffsetFinder.FindAsync(Cluster, beyond, isolation, Settings.Client.ApiTimeout, Cluster.Closing)
                    .ConfigureAwait(false);
                foreach (var (partition, end) in ends) found[partition] = end;
            }
            lock (Gate)
            {
                foreach (var (partition, (offset, error)) in found) TakePosition(partition, eras[partition], offset, error);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            return;
        }
        catch (Exception e)
        {
            // Whatever it is, the poll tells it; else these partitions would be silent for ever.
            lock (Gate)
            {
                foreach (var partition in questions.Keys)
                {
                    var error = new KafkaException(ErrorCode.UnknownServerError, $"No offset of {partition}: {e.Message}", e);
                    TakePosition(partition, eras[partition], default, error);
                }
            }
        }
        Fetch();
        Signal.Set();
    }

    void TakePosition(TopicPartition partition, int era, FoundOffset offset, KafkaException? error)
    {
        if (!_partitions.TryGetValue(partition, out var state)) return;
        state.IsLookingUp = false;
        if (state.Era != era) return;
        // What may pass is simply looked up again at the next poll.
        if (error is { IsRetriable: false }) state.Error = error;
        else if (error is null) state.Seek(Math.Max(0, offset.Offset));
    }

    void OnClusterChanged(ClusterSnapshot snapshot)
    {
        Fetch();
        Signal.Set();
    }

    /// <summary>What has been fetched, as much as one poll may bring; the partitions take turns.</summary>
    public ConsumerRecords? Take()
    {
        ConsumerRecords? records = null;
        for (int i = 0; i < _turns.Count; i++)
        {
            var state = _turns[(_turn + i) % _turns.Count];
            if (state.HasRecords && !state.IsPaused)
            {
                records ??= NewRecords();
                TakeFrom(state, records);
            }
            if (state.Error is { } error && records is not { Count: > 0 })
            {
                state.Error = null;
                throw error;
            }
            if (records is null) continue;
            if (records.Count >= Settings.MaxPollRecords)
            {
                _turn = (_turn + i) % _turns.Count;
                return records;
            }
        }
        if (_turns.Count > 0) _turn = (_turn + 1) % _turns.Count;
        return records is { Count: > 0 } ? records : null;
    }

    // The lists of a result that was disposed serve the next one.
    ConsumerRecords NewRecords() => Interlocked.Exchange(ref _spare, null)?.Begin() ?? new ConsumerRecords(r => Volatile.Write(ref _spare, r));

    // What other partitions brought goes first; the error comes with the next poll.
    void TakeFrom(PartitionState state, ConsumerRecords records)
    {
        try
        {
            state.TakeRecords(records, Settings.MaxPollRecords - records.Count, Gate);
        }
        catch (KafkaException e)
        {
            state.Error = e;
        }
    }

    public void Dispose()
    {
        lock (Gate)
        {
            if (_closed) return;
            _closed = true;
            foreach (var state in _turns) state.Drop();
        }
        Cluster.Changed -= OnClusterChanged;
        Cluster.Dispose();
    }
}
