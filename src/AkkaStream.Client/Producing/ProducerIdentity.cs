using AkkaStream.Protocol.Records;

namespace AkkaStream.Client.Producing;

/// <summary>
/// The producer id and epoch that partitions number their batches under. A partition that has to begin anew takes the next epoch
/// (KIP-360); the others stay in theirs until they have to as well. Any thread.
/// </summary>
sealed class ProducerIdentity
{
    readonly Lock _lock = new();
    long _id = RecordBatch.NoProducerId;
    short _epoch;

    public bool IsKnown => Volatile.Read(ref _id) != RecordBatch.NoProducerId;

    public long Id
    {
        get { lock (_lock) return _id; }
    }

    public short Epoch
    {
        get { lock (_lock) return _epoch; }
    }

    /// <summary>No epoch is left: a new id is needed before anything more is numbered.</summary>
    public bool IsUsedUp
    {
        get { lock (_lock) return _epoch == short.MaxValue; }
    }

    public void Set(long id, short epoch)
    {
        lock (_lock)
        {
            _id = id;
            _epoch = epoch;
        }
    }

    /// <summary>An id and epoch later than those; the next epoch unless another partition has begun it already.</summary>
    public (long Id, short Epoch) After(long id, short epoch)
    {
        lock (_lock)
        {
            if (id == _id && epoch == _epoch && _epoch < short.MaxValue) _epoch++;
            return (_id, _epoch);
        }
    }
}
