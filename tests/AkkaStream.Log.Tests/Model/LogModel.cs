using AkkaStream.Protocol.Records;

namespace AkkaStream.Log.Tests.Model;

/// <summary>What a producer is, by walking over every batch there ever was.</summary>
sealed class ModelProducer
{
    public short Epoch { get; set; } = -1;
    public int LastSequence { get; set; } = -1;
    public long LastTimestamp { get; set; } = -1;
    public int CoordinatorEpoch { get; set; } = -1;
    public long TransactionStart { get; set; } = -1;
    public long LastOffset { get; set; } = -1;
}

/// <summary>An aborted transaction: from its first record to its marker.</summary>
readonly record struct ModelAbort(long ProducerId, long First, long Last);

/// <summary>The log as a list of batches, and every answer worked out the slow and obvious way.</summary>
sealed partial class LogModel
{
    /// <summary>All since the log last began anew, also those that retention took: producers outlive their records.</summary>
    public List<ModelBatch> Batches { get; } = [];
    public long Begin { get; set; }
    public long Start { get; set; }

    public long HighWatermark
    {
        get;
        set
        {
            field = value;
            Replicated = Math.Max(Replicated, value);
        }
    }

    /// <summary>The highest watermark there ever was: one that was lost in a crash stands all the same for the other replicas.</summary>
    public long Replicated { get; private set; }

    /// <summary>What lies below must be there after a loss of power.</summary>
    public long Synced { get; set; }

    /// <summary>The smallest start that the disk may know of.</summary>
    public long DurableStart { get; set; }

    /// <summary>Something was forgotten that a producer's state may have rested on.</summary>
    public bool LostHistory { get; set; }

    /// <summary>Producers of whom the log knows nothing any more, and the end of the log when that was seen.</summary>
    public Dictionary<long, long> Forgotten { get; } = [];

    public long End => Batches.Count == 0 ? Begin : Batches[^1].LastOffset + 1;

    public IEnumerable<ModelBatch> Readable => Batches.Where(batch => batch.LastOffset >= Start);

    public void Clear(long start)
    {
        Batches.Clear();
        Forgotten.Clear();
        Begin = Start = HighWatermark = Synced = start;
        DurableStart = Math.Min(DurableStart, start);
        Replicated = start;
        LostHistory = false;
        ForgetCleaningBeyond(start);
    }

    /// <summary>Batches that reach to this offset or beyond go.</summary>
    public void CutEnd(long to)
    {
        Batches.RemoveAll(batch => batch.LastOffset >= to);
        foreach (long id in Forgotten.Keys) Forgotten[id] = Math.Min(Forgotten[id], End);
        Start = Math.Min(Start, End);
        HighWatermark = Math.Min(HighWatermark, End);
        Synced = Math.Min(Synced, End);
        DurableStart = Math.Min(DurableStart, Start);
        ForgetCleaningBeyond(End);
    }

    public SortedDictionary<long, ModelProducer> Producers() => Replay(out _);

    public List<ModelAbort> Aborts()
    {
        Replay(out var aborts);
        return aborts;
    }

    /// <summary>With ended transactions holding it back until their marker is replicated, but for markers below
    /// <paramref name="settled"/> and transactions that began below <paramref name="forgotten"/>.</summary>
    public long LastStable(long settled = 0, long forgotten = 0)
    {
        long stable = HighWatermark;
        var open = new Dictionary<long, long>();
        foreach (var batch in Batches)
        {
            if (batch.Marker is ControlRecordType.Abort or ControlRecordType.Commit)
            {
                if (!open.Remove(batch.ProducerId, out long first)) continue;
                if (batch.BaseOffset < HighWatermark || batch.BaseOffset < settled || first < forgotten) continue;
                stable = Math.Min(stable, Math.Max(first, Start));
            }
            else if (batch.IsTransactional && !batch.IsControl)
            {
                open.TryAdd(batch.ProducerId, batch.BaseOffset);
            }
        }
        foreach (long first in open.Values.Where(first => first >= forgotten)) stable = Math.Min(stable, Math.Max(first, Start));
        return stable;
    }

    /// <summary>Offsets of records whose transaction was aborted; those of open ones are not among them.</summary>
    public HashSet<long> Aborted()
    {
        var aborts = Aborts();
        return [.. from batch in Batches
                where batch.IsTransactional && !batch.IsControl
                where aborts.Any(abort => abort.ProducerId == batch.ProducerId && abort.First <= batch.BaseOffset && batch.LastOffset <= abort.Last)
                from record in batch.Records
                select record.Offset];
    }

    SortedDictionary<long, ModelProducer> Replay(out List<ModelAbort> aborts)
    {
        var producers = new SortedDictionary<long, ModelProducer>();
        aborts = [];
        foreach (var batch in Batches.Where(batch => batch.ProducerId >= 0 && batch.BaseOffset >= Forgotten.GetValueOrDefault(batch.ProducerId)))
        {
            if (!producers.TryGetValue(batch.ProducerId, out var producer)) producers[batch.ProducerId] = producer = new ModelProducer();
            if (batch.ProducerEpoch != producer.Epoch) (producer.LastSequence, producer.LastOffset) = (-1, -1);
            producer.Epoch = batch.ProducerEpoch;
            producer.LastTimestamp = batch.MaxTimestamp;
            if (batch.IsControl)
            {
                if (batch.Marker == ControlRecordType.Abort && producer.TransactionStart >= 0)
                    aborts.Add(new ModelAbort(batch.ProducerId, producer.TransactionStart, batch.BaseOffset));
                producer.CoordinatorEpoch = batch.CoordinatorEpoch;
                producer.TransactionStart = -1;
                continue;
            }
            producer.LastSequence = batch.LastSequence;
            producer.LastOffset = batch.LastOffset;
            if (batch.IsTransactional && producer.TransactionStart < 0) producer.TransactionStart = batch.BaseOffset;
        }
        return producers;
    }
}
