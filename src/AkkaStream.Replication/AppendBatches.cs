using AkkaStream.Log;
using AkkaStream.Protocol;

namespace AkkaStream.Replication;

/// <summary>
/// Command from a produce desk: all batches for one partition that arrived in one round of its loop, to be written together. A pooled
/// object that changes hands: the desk fills it, the replica's turn answers every entry and gives it back.
/// </summary>
public sealed class AppendBatches
{
    readonly AppendBatchesPool _pool;
    ProducedBatch[] _batches = new ProducedBatch[8];
    Entry[] _entries = new Entry[8];

    internal AppendBatches(AppendBatchesPool pool) => _pool = pool;

    public LocalReplica Replica { get; private set; } = null!;
    public int Count { get; private set; }
    public Span<ProducedBatch> Batches => _batches.AsSpan(0, Count);


    /// <summary>The only epoch in which these may be appended: a coordinator's, which must not write once it was replaced. Unknown: any.</summary>
    public LeaderEpoch OnlyIn { get; private set; } = LeaderEpoch.Unknown;

    internal void Begin(LocalReplica replica, LeaderEpoch onlyIn)
    {
        Replica = replica;
        OnlyIn = onlyIn;
    }

    public void Add(in ProducedBatch batch, IAppendWaiter waiter, int index, short acks)
    {
        if (Count == _batches.Length)
        {
            Array.Resize(ref _batches, Count * 2);
            Array.Resize(ref _entries, Count * 2);
        }
        _batches[Count] = batch;
        _entries[Count++] = new Entry(waiter, index, acks);
    }

    internal short AcksOf(int entry) => _entries[entry].Acks;

    internal void Refuse(ErrorCode error, BatchFault fault = BatchFault.None)
    {
        foreach (ref var batch in Batches) batch.Refuse(error, fault);
        Answer(Offset.Unknown);
    }

    /// <summary>What was taken is not certain after all; the others keep the errors they have.</summary>
    internal void TakeBack(ErrorCode error, BatchFault fault)
    {
        foreach (ref var batch in Batches)
            if (batch.Error == ErrorCode.None) batch.Refuse(error, fault);
        Answer(Offset.Unknown);
    }

    /// <summary>In the log's order, and answered later: what the same connections sent next may go on.</summary>
    internal void FixOrder()
    {
        for (int i = 0; i < Count; i++) _entries[i].Waiter.OnOrdered(_entries[i].Index);
    }

    /// <summary>Tells every waiter, then rests in the pool.</summary>
    internal void Answer(Offset logStart)
    {
        for (int i = 0; i < Count; i++) _entries[i].Waiter.OnAppended(_entries[i].Index, _batches[i], logStart);
        Array.Clear(_entries, 0, Count);
        Count = 0;
        Replica = null!;
        _pool.Return(this);
    }

    readonly record struct Entry(IAppendWaiter Waiter, int Index, short Acks);
}

/// <summary>Where the outcome of a batch goes: a produce request with its place for that partition.</summary>
public interface IAppendWaiter
{
    /// <summary>The batch has its place in the log, and its answer comes when it is synced. Not called when both happen at once.</summary>
    void OnOrdered(int index)
    {
    }

    /// <summary>In the replica's turn, on whatever thread it runs. The batch's bytes are not needed any more.</summary>
    void OnAppended(int index, in ProducedBatch outcome, Offset logStart);
}

/// <summary>Groups that rest; one pool for each desk, but a turn on another thread may give back.</summary>
public sealed class AppendBatchesPool
{
    readonly Lock _lock = new();
    readonly Stack<AppendBatches> _resting = new();

    public AppendBatches Rent(LocalReplica replica) => Rent(replica, LeaderEpoch.Unknown);

    public AppendBatches Rent(LocalReplica replica, LeaderEpoch onlyIn)
    {
        AppendBatches? group;
        lock (_lock) _resting.TryPop(out group);
        group ??= new AppendBatches(this);
        group.Begin(replica, onlyIn);
        return group;
    }

    internal void Return(AppendBatches group)
    {
        lock (_lock)
        {
            if (_resting.Count < 256) _resting.Push(group);
        }
    }
}
