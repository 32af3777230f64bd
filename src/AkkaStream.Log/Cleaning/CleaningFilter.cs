using AkkaStream.Protocol.Records;

namespace AkkaStream.Log.Cleaning;

/// <summary>What a producer that is still known did last: the batch that a restart needs to know it again. No offset when it was a marker.</summary>
readonly record struct LastOfProducer(long DataOffset, short Epoch);

/// <summary>What becomes of a batch in which no record is left.</summary>
enum EmptyBatch
{
    Goes,

    /// <summary>Its head stays, for the producer's state or for the offset that it ends at.</summary>
    Stays,
}

/// <summary>What becomes of a batch.</summary>
/// <param name="Empty">If all its records go.</param>
/// <param name="DropsRecords">All its records go, whatever their keys say: they were aborted, or their marker's time is over.</param>
/// <param name="EndsNothing">A marker without records of its transaction: its time until it goes begins now.</param>
readonly record struct BatchVerdict(EmptyBatch Empty, bool DropsRecords, bool EndsNothing);

/// <summary>
/// Which records and batches stay. The newest record of each key as far as the map knows them, tombstones until their time is over (counted
/// from the first compaction that met them), no records of aborted transactions, markers as long as they end something. Pure.
/// </summary>
sealed class CleaningFilter(OffsetMap newest, CleanedTransactions transactions, IReadOnlyDictionary<long, LastOfProducer> producers, long nowMs)
{
    /// <summary>Call it for each batch, in the order of the log.</summary>
    public BatchVerdict Judge(in BatchHeader header, long? deleteHorizonMs, ControlRecordType marker)
    {
        bool endsNothing = header.IsControl && transactions.EndsNothing(header, marker);
        bool drops = header.IsControl ? endsNothing && deleteHorizonMs <= nowMs : transactions.IsAborted(header);
        bool stays = IsLastOfProducer(header) || header.LastOffset == newest.Latest;
        return new BatchVerdict(stays ? EmptyBatch.Stays : EmptyBatch.Goes, drops, endsNothing);
    }

    /// <summary>For a batch of data whose records are not dropped as a whole.</summary>
    public bool Keeps(in Record record, long? deleteHorizonMs)
    {
        if (record.Offset > newest.Latest) return true;
        if (!record.HasKey) return false; // from before the topic was compacted; nothing can stand for it
        bool isNewest = record.Offset >= newest.Find(record.Key);
        return isNewest && (record.HasValue || deleteHorizonMs is null || nowMs < deleteHorizonMs);
    }

    bool IsLastOfProducer(in BatchHeader header)
    {
        if (!header.HasProducerId || !producers.TryGetValue(header.ProducerId, out var last)) return false;
        return last.DataOffset >= 0 ? header.LastOffset == last.DataOffset : header.IsControl && header.ProducerEpoch == last.Epoch;
    }
}
