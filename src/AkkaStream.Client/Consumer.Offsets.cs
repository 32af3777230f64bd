using AkkaStream.Client.Consuming;
using AkkaStream.Client.Groups;
using AkkaStream.Client.Settings;
using AkkaStream.Protocol;

namespace AkkaStream.Client;

// Committed offsets: read when partitions come, written by hand or by the clock.
public sealed partial class Consumer
{
    OffsetStore? _offsets;
    long _nextAutoCommit;
    Task _autoCommit = Task.CompletedTask;
    Task _inBackground = Task.CompletedTask;

    OffsetStore Offsets => _offsets ??= new OffsetStore(
        Cluster, _member?.Coordinator ?? new Coordinator(Cluster, CoordinatorKind.Group, RequireGroup()), RequireGroup());

    /// <summary>Commits the positions of all partitions: what earlier polls brought counts as done.</summary>
    /// <exception cref="KafkaException">The offsets were not committed.</exception>
    public async ValueTask CommitAsync(CancellationToken cancel = default)
    {
        using var _ = Enter();
        await CommitOrThrowAsync(Positions(), cancel).ConfigureAwait(false);
    }

    /// <summary>Commits these offsets: of each partition the next record to read.</summary>
    /// <exception cref="KafkaException">The offsets were not committed.</exception>
    public async ValueTask CommitAsync(IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets, CancellationToken cancel = default)
    {
        using var _ = Enter();
        RequireValid(offsets);
        await CommitOrThrowAsync(offsets, cancel).ConfigureAwait(false);
    }

    /// <summary>
    /// Begins to commit these offsets, or the positions of all partitions, and returns at once: polling may go on meanwhile. Commits keep their
    /// order; the task tells what became of this one.
    /// </summary>
    public Task CommitInBackground(IReadOnlyDictionary<TopicPartition, OffsetAndMetadata>? offsets = null)
    {
        using var _ = Enter();
        RequireGroup();
        var mine = BehindAsync(EarlierCommits, Copy(offsets ?? Positions()), IdentityNow);
        _inBackground = mine;
        return mine;
    }

    Task EarlierCommits => Task.WhenAll(_inBackground, _autoCommit);

    static Dictionary<TopicPartition, OffsetAndMetadata> Copy(IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets)
    {
        RequireValid(offsets);
        return new Dictionary<TopicPartition, OffsetAndMetadata>(offsets);
    }

    async Task BehindAsync(Task earlier, Dictionary<TopicPartition, OffsetAndMetadata> offsets, GroupIdentity identity)
    {
        await earlier.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var errors = await CommitAsIsAsync(offsets, identity, Settings.Client.ApiTimeout, Cluster.Closing).ConfigureAwait(false);
        foreach (var (partition, error) in errors) throw Explain(partition, error);
    }

    static void RequireValid(IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets)
    {
        foreach (var (partition, offset) in offsets)
            if (offset.Offset < 0) throw new ArgumentOutOfRangeException(nameof(offsets), $"Invalid negative offset {offset.Offset} of {partition}");
    }

    Dictionary<TopicPartition, OffsetAndMetadata> Positions() => _engine.States
        .Where(s => s.HasPosition && !s.AwaitsCommitted).ToDictionary(s => s.Partition, s => new OffsetAndMetadata(s.Position, "", s.LastEpoch));

    async ValueTask CommitOrThrowAsync(IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets, CancellationToken cancel)
    {
        RequireGroup();
        // An earlier commit that is still on its way must not come after this one.
        await EarlierCommits.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var errors = await CommitAsIsAsync(offsets, IdentityNow, Settings.Client.ApiTimeout, cancel).ConfigureAwait(false);
        foreach (var (partition, error) in errors) throw Explain(partition, error);
    }

    // In the newer protocol an answer to a heartbeat may have moved this member to its next epoch while the commit was on its way.
    async ValueTask<Dictionary<TopicPartition, ErrorCode>> CommitAsIsAsync(
        IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets, GroupIdentity identity, TimeSpan patience, CancellationToken cancel)
    {
        int drops = _drops;
        while (true)
        {
            var errors = await Offsets.CommitAsync(offsets, identity, patience, cancel).ConfigureAwait(false);
            var now = IdentityNow;
            // What was this member's then may be another's by now: such offsets must not be written under a newer name.
            if (!errors.ContainsValue(ErrorCode.StaleMemberEpoch) || identity == now || drops != Volatile.Read(ref _drops)) return errors;
            identity = now;
        }
    }

    GroupIdentity IdentityNow => _member?.Identity ?? new GroupIdentity("", -1, null);

    KafkaException Explain(TopicPartition partition, ErrorCode error) => error switch
    {
        ErrorCode.UnknownMemberId or ErrorCode.IllegalGeneration or ErrorCode.FencedInstanceId or ErrorCode.StaleMemberEpoch => new KafkaException(
            error,
            "Offset commit cannot be completed since the consumer is not part of an active group for auto partition assignment; it is likely that "
            + "the consumer was kicked out of the group. Poll more often than max.poll.interval.ms, or with fewer records (max.poll.records)."),
        ErrorCode.RebalanceInProgress => new KafkaException(error,
            "Offset commit cannot be completed since the consumer is undergoing a rebalance for auto partition assignment. "
            + "You can try completing the rebalance by calling poll() and then retry the operation."),
        _ => KafkaException.Of(error, $"The offset of {partition} was not committed"),
    };

    /// <summary>What the group has committed of these partitions; partitions without an offset are not in the answer.</summary>
    public async ValueTask<IReadOnlyDictionary<TopicPartition, OffsetAndMetadata>> CommittedAsync(
        IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancel = default)
    {
        using var _ = Enter();
        RequireGroup();
        return await Offsets.FetchAsync(
            partitions, Settings.Isolation == IsolationLevel.ReadCommitted, Settings.Client.ApiTimeout, cancel).ConfigureAwait(false);
    }

    /// <summary>Begins to look up what the group has committed of partitions that have just come; returns at once.</summary>
    void FetchCommitted()
    {
        Dictionary<PartitionState, int>? eras = null;
        foreach (var state in _engine.States)
        {
            if (!state.AwaitsCommitted || state.IsLookingUp) continue;
            state.IsLookingUp = true;
            (eras ??= [])[state] = state.Era;
        }
        if (eras is not null) _ = FetchCommittedAsync(eras);
    }

    async Task FetchCommittedAsync(Dictionary<PartitionState, int> eras)
    {
        KafkaException? failure = null;
        Dictionary<TopicPartition, OffsetAndMetadata> committed = [];
        try
        {
            bool stable = Settings.Isolation == IsolationLevel.ReadCommitted;
            TopicPartition[] asked = [.. eras.Keys.Select(s => s.Partition)];
            committed = await Offsets.FetchAsync(asked, stable, Settings.Client.ApiTimeout, Cluster.Closing).ConfigureAwait(false);
        }
        catch (KafkaException e)
        {
            failure = e;
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            return;
        }
        lock (_engine.Gate)
        {
            foreach (var (state, era) in eras)
            {
                // A partition that went and came back is another one: what was committed meanwhile is not in this answer.
                state.IsLookingUp = false;
                if (state.Era != era || !state.AwaitsCommitted) continue;
                if (failure is { IsRetriable: false }) state.Error = failure;
                else if (failure is not null) continue;
                else if (committed.TryGetValue(state.Partition, out var offset)) state.Seek(offset.Offset);
                else _engine.ApplyReset(state);
            }
        }
        _engine.Fetch();
        _engine.Signal.Set();
    }

    long TicksOf(TimeSpan span) => (long)(span.TotalSeconds * Settings.Client.Time.TimestampFrequency);

    void ScheduleAutoCommit() => _nextAutoCommit = Settings.Client.Time.GetTimestamp() + TicksOf(Settings.AutoCommitInterval);

    TimeSpan? NextGroupTurn() => !Settings.AutoCommit || _nextAutoCommit == 0 || Settings.GroupId is null || !_autoCommit.IsCompleted
        ? null : Settings.Client.Time.GetElapsedTime(Settings.Client.Time.GetTimestamp(), _nextAutoCommit);

    /// <summary>At the beginning of a poll what earlier polls brought counts as done.</summary>
    void AutoCommit()
    {
        if (!Settings.AutoCommit) return;
        if (_nextAutoCommit == 0) ScheduleAutoCommit();
        if (Settings.Client.Time.GetTimestamp() < _nextAutoCommit || !_autoCommit.IsCompleted) return;
        ScheduleAutoCommit();
        if (_member is { Identity.IsMember: false }) return;
        _autoCommit = TryCommitPositionsAsync(Settings.Client.RequestTimeout, Cluster.Closing).AsTask();
    }

    async ValueTask TryCommitPositionsAsync(TimeSpan patience, CancellationToken cancel)
    {
        try
        {
            var earlier = EarlierCommits;
            await earlier.WaitAsync(patience, Settings.Client.Time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            // One that is still on its way would come after this one, and undo it.
            if (!earlier.IsCompleted) return;
            var errors = await CommitAsIsAsync(Positions(), IdentityNow, patience, cancel).ConfigureAwait(false);
            foreach (var (partition, error) in errors)
                ClientTrace.NotCommitted(Settings.Client.Log, Settings.GroupId ?? "", partition.ToString(), ErrorCodes.NameOf(error));
        }
        catch (KafkaException e)
        {
            ClientTrace.NotCommitted(Settings.Client.Log, Settings.GroupId ?? "", "all partitions", e.Message);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The consumer is being closed.
        }
    }
}
