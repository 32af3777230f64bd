using AkkaStream.Protocol;
using AkkaStream.Protocol.Records;

namespace AkkaStream.Client.Producing;

/// <summary>
/// The batches of one partition: the open one that takes records, those that wait to be sent, those under way. Decides what may be
/// sent next, so that order holds and, under idempotence, no sequence is skipped or used twice. Everything under <see cref="Lock"/>.
/// </summary>
/// <remarks>
/// A batch keeps its sequence through all repetitions until the broker has said that it was not written. Only when that is
/// known of all of them may the partition begin anew in a higher epoch: so a repetition never becomes a duplicate.
/// </remarks>
sealed class PartitionQueue(TopicQueues topic, int partition)
{
    const int BatchesKnownToBrokers = 5;

    readonly List<ProducerBatch> _inFlight = [];
    ProducerBatch? _first, _last;
    long _producerId = RecordBatch.NoProducerId;
    short _producerEpoch;
    int _nextSequence;
    long _nextOrdinal;
    bool _beginsAnew;

    public Lock Lock { get; } = new();

    public TopicQueues Topic => topic;

    public int Partition => partition;

    /// <summary>Takes records; null when none does.</summary>
    public ProducerBatch? Open { get; private set; }

    /// <summary>Where its batches go; null while there is no leader.</summary>
    public BrokerSender? Sender;

    /// <summary>It stands in its sender's line.</summary>
    public bool IsQueued;

    /// <summary>A timer will look at it again.</summary>
    public bool IsPaused;

    /// <summary>Nothing is sent before.</summary>
    public long NotBefore;

    /// <summary>How many batches wait, for the partitioner.</summary>
    public int Backlog { get; private set; }

    public bool HasWaiting => _first is not null;

    public bool HasAny => _first is not null || Open is not null || _inFlight.Count > 0;

    public void Begin(ProducerBatch batch) => Open = batch;

    /// <summary>The open batch takes no more records and waits to be sent. False if none was open.</summary>
    public bool CloseOpen()
    {
        if (Open is not { } batch) return false;
        Open = null;
        batch.IsOpen = false;
        Append(batch);
        return true;
    }

    void Append(ProducerBatch batch)
    {
        batch.Next = null;
        if (_last is null) _first = batch;
        else _last.Next = batch;
        _last = batch;
        Backlog++;
    }

    /// <summary>The batch that would be sent next, if one may be sent now.</summary>
    public ProducerBatch? PeekSendable(long now, ProducerIdentity? identity)
    {
        if (now < NotBefore || _first is not { } batch) return null;
        if (identity is null) return batch;
        if (_beginsAnew && !TryBeginAnew(identity)) return MayRepeat(batch) ? batch : null;
        return (batch.HasSequence ? MayRepeat(batch) : MayNumber()) ? batch : null;
    }

    // The broker knows the last five batches of a producer. One that has no answer yet (perhaps at a leader that was replaced) must stay
    // among them, or its repetition could not be told from a gap.
    bool MayNumber()
    {
        foreach (var other in _inFlight)
            if (_nextOrdinal - other.Ordinal >= BatchesKnownToBrokers) return false;
        return true;
    }

    // A repetition goes alone and first: the broker takes nothing that comes after a gap.
    bool MayRepeat(ProducerBatch batch)
    {
        if (!batch.HasSequence) return false;
        foreach (var other in _inFlight)
            if (IsBefore(other.Sequence, batch.Sequence) || other.Sequence == batch.Sequence) return false;
        return true;
    }

    static bool IsBefore(int a, int b) => ((a - b) & int.MaxValue) > int.MaxValue / 2;

    bool TryBeginAnew(ProducerIdentity identity)
    {
        if (_inFlight.Count > 0) return false;
        for (var batch = _first; batch is not null; batch = batch.Next)
            if (batch.MayBeWritten) return false;
        for (var batch = _first; batch is not null; batch = batch.Next) batch.ForgetSequence();
        (_producerId, _producerEpoch) = identity.After(_producerId, _producerEpoch);
        _nextSequence = 0;
        _beginsAnew = false;
        return true;
    }

    /// <summary>The batch that was peeked leaves.</summary>
    public void Take(ProducerBatch batch, ProducerIdentity? identity)
    {
        _first = batch.Next;
        if (_first is null) _last = null;
        batch.Next = null;
        Backlog--;
        batch.IsInFlight = true;
        batch.Attempts++;
        if (identity is not null && !batch.HasSequence) Number(batch, identity);
        _inFlight.Add(batch);
    }

    void Number(ProducerBatch batch, ProducerIdentity identity)
    {
        if (_producerId == RecordBatch.NoProducerId) (_producerId, _producerEpoch) = (identity.Id, identity.Epoch);
        batch.ProducerId = _producerId;
        batch.ProducerEpoch = _producerEpoch;
        batch.Sequence = _nextSequence;
        batch.Ordinal = _nextOrdinal++;
        _nextSequence = RecordBatch.NextSequence(_nextSequence, batch.Count);
    }

    /// <summary>An answer came, or the connection broke: the batch is no longer under way.</summary>
    public void Land(ProducerBatch batch)
    {
        _inFlight.Remove(batch);
        batch.IsInFlight = false;
    }

    /// <summary>It will be sent again, before everything that has a later sequence or none.</summary>
    public void Return(ProducerBatch batch)
    {
        Backlog++;
        ProducerBatch? before = null;
        if (batch.HasSequence)
        {
            for (var other = _first; other is not null && other.HasSequence && IsBefore(other.Sequence, batch.Sequence); other = other.Next)
                before = other;
        }
        batch.Next = before is null ? _first : before.Next;
        if (before is null) _first = batch;
        else before.Next = batch;
        if (batch.Next is null) _last = batch;
    }

    /// <summary>A waiting or open batch is given up. False if it is under way.</summary>
    public bool Remove(ProducerBatch batch)
    {
        if (batch == Open)
        {
            Open = null;
            return true;
        }
        ProducerBatch? before = null;
        for (var other = _first; other is not null; before = other, other = other.Next)
        {
            if (other != batch) continue;
            if (before is null) _first = batch.Next;
            else before.Next = batch.Next;
            if (_last == batch) _last = before;
            batch.Next = null;
            Backlog--;
            return true;
        }
        return false;
    }

    /// <summary>No other batch that has no final word yet comes before it.</summary>
    public bool IsFirstInLine(ProducerBatch batch)
    {
        foreach (var other in _inFlight)
            if (other != batch && IsBefore(other.Sequence, batch.Sequence)) return false;
        return _first is null || _first == batch || !_first.HasSequence || !IsBefore(_first.Sequence, batch.Sequence);
    }

    /// <summary>A sequence was given out and will never be written: what follows needs a new epoch.</summary>
    /// <param name="cause">The batch of that sequence.</param>
    /// <param name="isKnown">The broker said so: then what waits behind it was not written either, whatever became of its earlier tries.</param>
    public void BeginAnew(ProducerBatch cause, bool isKnown)
    {
        if (cause.ProducerId != _producerId || cause.ProducerEpoch != _producerEpoch) return;
        _beginsAnew = true;
        if (!isKnown) return;
        for (var batch = _first; batch is not null; batch = batch.Next) batch.MayBeWritten = false;
    }

    /// <summary>The next batch that waits, for who fails them all.</summary>
    public ProducerBatch? TakeAny()
    {
        if (_first is { } first)
        {
            Remove(first);
            return first;
        }
        if (Open is not { } open) return null;
        Open = null;
        return open;
    }
}
