using AkkaStream.Log.Indexes;
using AkkaStream.Protocol.Records;

namespace AkkaStream.Log.Cleaning;

/// <summary>
/// Follows the transactions of a log while it is read from its beginning: which batches belong to aborted ones, and which end markers have
/// nothing left to end. Everything read is stable, so each transaction is known to be the one or the other. Pure.
/// </summary>
sealed class CleanedTransactions(IEnumerable<AbortedTransaction> aborted)
{
    readonly PriorityQueue<AbortedTransaction, long> _ahead = new(aborted.Select(one => (one, one.FirstOffset.Value)));
    readonly Dictionary<long, Aborting> _aborting = [];
    readonly HashSet<long> _committing = [];

    readonly List<AbortedTransaction> _kept = [];

    /// <summary>
    /// Aborted transactions of which batches were seen, in the order of their markers, since the last call: the transaction index of what is kept.
    /// </summary>
    public AbortedTransaction[] TakeKept()
    {
        AbortedTransaction[] kept = [.. _kept];
        _kept.Clear();
        return kept;
    }

    /// <summary>True when the batch is part of an aborted transaction.</summary>
    public bool IsAborted(in BatchHeader batch)
    {
        MoveTo(batch);
        if (!batch.IsTransactional) return false;
        if (_aborting.TryGetValue(batch.ProducerId, out var transaction))
        {
            transaction.HasBatches = true;
            return true;
        }
        _committing.Add(batch.ProducerId);
        return false;
    }

    /// <summary>True when no batch of the transaction that the marker ends is there any more.</summary>
    public bool EndsNothing(in BatchHeader control, ControlRecordType marker)
    {
        MoveTo(control);
        switch (marker)
        {
            case ControlRecordType.Abort:
                if (!_aborting.Remove(control.ProducerId, out var transaction) || !transaction.HasBatches) return true;
                _kept.Add(transaction.Entry);
                return false;
            case ControlRecordType.Commit: return !_committing.Remove(control.ProducerId);
            default: return control.RecordCount == 0;
        }
    }

    void MoveTo(in BatchHeader batch)
    {
        while (_ahead.TryPeek(out var next, out long first) && first <= batch.LastOffset)
        {
            _ahead.Dequeue();
            if (next.LastOffset.Value >= batch.BaseOffset) _aborting.TryAdd(next.ProducerId, new Aborting(next));
        }
    }

    sealed class Aborting(AbortedTransaction entry)
    {
        public AbortedTransaction Entry { get; } = entry;
        public bool HasBatches { get; set; }
    }
}
