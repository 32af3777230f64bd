using System.Runtime.CompilerServices;
using AkkaStream.Protocol.Records;

namespace AkkaStream.Log.Producers;

/// <summary>One batch that a producer has in the log: enough to know it again when it is sent twice.</summary>
struct ProducerBatch
{
    public long LastOffset;
    public long Timestamp;
    public int LastSequence;
    public int OffsetDelta;

    public readonly int FirstSequence => Before(LastSequence, OffsetDelta);
    public readonly long FirstOffset => LastOffset - OffsetDelta;

    /// <summary>Sequence numbers run from 0 to 2^31-1 and round.</summary>
    static int Before(int sequence, int by) => sequence >= by ? sequence - by : int.MaxValue - (by - sequence) + 1;
}

[InlineArray(Length)]
struct ProducerBatches
{
    /// <summary>As many as a client may have under way.</summary>
    public const int Length = 5;

    ProducerBatch _first;
}

/// <summary>What a partition remembers of one producer id. About 170 bytes; a value, so that the table can save and restore it.</summary>
struct ProducerState
{
    public long ProducerId;
    public long LastTimestamp;

    /// <summary>First offset of the open transaction, -1 without one.</summary>
    public long TransactionStart;
    public int CoordinatorEpoch;
    public short Epoch;
    public byte Kept;
    public ProducerBatches Batches;

    public static ProducerState New(long producerId) => new()
    {
        ProducerId = producerId,
        Epoch = RecordBatch.NoProducerEpoch,
        CoordinatorEpoch = -1,
        TransactionStart = -1,
        LastTimestamp = RecordBatch.NoTimestamp,
    };

    public readonly int LastSequence => Kept == 0 ? RecordBatch.NoSequence : Batches[Kept - 1].LastSequence;
    public readonly long LastOffset => Kept == 0 ? -1 : Batches[Kept - 1].LastOffset;
    public readonly int LastOffsetDelta => Kept == 0 ? 0 : Batches[Kept - 1].OffsetDelta;

    public void Add(short epoch, in ProducerBatch batch)
    {
        MoveTo(epoch);
        if (Kept == ProducerBatches.Length)
        {
            for (int i = 1; i < Kept; i++) Batches[i - 1] = Batches[i];
            Kept--;
        }
        Batches[Kept++] = batch;
        LastTimestamp = batch.Timestamp;
    }

    public void EndTransaction(short epoch, int coordinatorEpoch, long timestamp)
    {
        MoveTo(epoch);
        CoordinatorEpoch = coordinatorEpoch;
        LastTimestamp = timestamp;
        TransactionStart = -1;
    }

    /// <summary>The same sequence numbers in the same epoch: sent before and already in the log.</summary>
    public readonly bool TryFind(short epoch, int firstSequence, int lastSequence, out ProducerBatch found)
    {
        for (int i = Kept - 1; i >= 0 && epoch == Epoch; i--)
        {
            found = Batches[i];
            if (found.FirstSequence == firstSequence && found.LastSequence == lastSequence) return true;
        }
        found = default;
        return false;
    }

    /// <summary>A new epoch begins its sequence anew.</summary>
    void MoveTo(short epoch)
    {
        if (epoch == Epoch) return;
        Epoch = epoch;
        Kept = 0;
    }
}
