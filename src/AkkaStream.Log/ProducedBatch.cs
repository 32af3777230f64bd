using AkkaStream.Protocol.Records;

namespace AkkaStream.Log;

/// <summary>Who wants to append: what is demanded of a batch depends on it.</summary>
public enum BatchOrigin : byte
{
    /// <summary>A producer over the wire: everything is checked.</summary>
    Client,

    /// <summary>A coordinator of this cluster: its epochs are checked, sequences it has none.</summary>
    Coordinator,

    /// <summary>The leader's log: taken as it is, and remembered.</summary>
    Replication,
}

/// <summary>
/// One batch on its way into the log: where its bytes lie, the facts that <see cref="BatchValidator"/> found before the turn, and after the append
/// what became of it. Plain memory without references, so that a handler keeps a row of them on its stack. The bytes belong to the
/// frame that brought them, are changed in place (offset, epoch, times) and are not needed after the append.
/// </summary>
public unsafe struct ProducedBatch
{
    public byte* Bytes;
    public int Length;

    // Facts, filled in by BatchValidator.
    public int RecordCount;
    public int LastOffsetDelta;
    public int BaseSequence;
    public int CoordinatorEpoch;
    public long MaxTimestamp;
    public long ProducerId;
    public short ProducerEpoch;
    public BatchOrigin Origin;
    public BatchAttributes Attributes;

    /// <summary>For a control batch that ends a transaction; Unknown for all else.</summary>
    public ControlRecordType Marker;

    /// <summary>For a marker: the transaction.version it was sent under; from 2 on each transaction has an epoch of its own.</summary>
    public byte TransactionVersion;

    /// <summary>For the first batch of a transaction: what <see cref="PartitionLog.BeginVerification"/> gave, or 0.</summary>
    public long Verification;

    // What became of it.
    public ErrorCode Error;
    public BatchFault Fault;
    public RecordFault RecordFault;
    public bool IsDuplicate;

    /// <summary>Where the fault was met: a record's index, a found number; see <see cref="BatchFaults.Describe"/>.</summary>
    public long Detail;

    /// <summary>The first offset, for a duplicate that of the original; Unknown when refused.</summary>
    public Offset BaseOffset;

    /// <summary>-1 unless the log gave the time (or the batch is a duplicate: then its original's time).</summary>
    public long LogAppendTimeMs;

    public readonly bool IsTransactional => (Attributes & BatchAttributes.Transactional) != 0;
    public readonly bool IsControl => (Attributes & BatchAttributes.Control) != 0;
    public readonly bool HasProducerId => ProducerId > RecordBatch.NoProducerId;
    public readonly bool IsAccepted => Error == ErrorCode.None && !IsDuplicate;
    public readonly Span<byte> Span => new(Bytes, Length);
    public readonly int LastSequence => BaseSequence == RecordBatch.NoSequence
        ? RecordBatch.NoSequence
        : RecordBatch.NextSequence(BaseSequence, LastOffsetDelta);

    public void Refuse(ErrorCode error, BatchFault fault, long detail = 0)
    {
        Error = error;
        Fault = fault;
        Detail = detail;
        BaseOffset = Offset.Unknown;
    }
}
