using AkkaStream.Protocol.Records;

namespace AkkaStream.Log.Producers;

/// <summary>One producer in the table; a class so that the table's undo log can point to it.</summary>
sealed class ProducerEntry(ProducerState state)
{
    public ProducerState State = state;

    /// <summary>The append in which the state was last saved for undoing.</summary>
    public int SavedIn;
}

/// <summary>
/// What the partition knows of its producers: epochs, the last sequence numbers, open transactions. Decides whether a batch is new, a
/// duplicate or out of order, and where the last stable offset stands. The writer's thread only. Changes are applied at once and
/// can be undone until <see cref="Commit"/>, because the disk has the last word.
/// </summary>
sealed class ProducerTable
{
    readonly Dictionary<long, ProducerEntry> _producers = [];
    readonly OpenTransactions _transactions = new();
    readonly Verifications _verifications = new();
    readonly List<(ProducerEntry Entry, ProducerState Before, bool IsNew)> _undo = [];
    int _append = 1;

    /// <summary>All batches below this offset are reflected here.</summary>
    public long MapEnd { get; set; }

    public int Count => _producers.Count;
    public IReadOnlyCollection<ProducerEntry> Producers => _producers.Values;
    public OpenTransactions Transactions => _transactions;

    public bool HasOpenTransaction(long producerId, short epoch) =>
        _producers.TryGetValue(producerId, out var entry) && entry.State.TransactionStart >= 0 && entry.State.Epoch == epoch;

    /// <summary>See <see cref="PartitionLog.BeginVerification"/>.</summary>
    public long BeginVerification(long producerId, short epoch, int firstSequence, long nowMs) =>
        HasOpenTransaction(producerId, epoch) ? 0 : _verifications.Begin(producerId, epoch, firstSequence, nowMs);

    /// <summary>
    /// Accepts, refuses or recognises the batch and fills in its outcome; an accepted one counts from here on. The batch begins at
    /// <paramref name="baseOffset"/> if it is appended.
    /// </summary>
    public void Admit(ref ProducedBatch batch, long baseOffset, bool verifies)
    {
        if (!batch.HasProducerId) return; // nothing to remember of it
        _producers.TryGetValue(batch.ProducerId, out var entry);
        if (batch.Marker != ControlRecordType.Unknown) AdmitMarker(ref batch, entry, baseOffset);
        else if (!batch.IsControl) AdmitData(ref batch, entry, baseOffset, verifies);
    }

    /// <summary>The bytes are in the log: nothing is undone any more.</summary>
    public void Commit()
    {
        _undo.Clear();
        _transactions.Commit();
        _append++;
    }

    /// <summary>The disk refused: back to where it was before the first <see cref="Admit"/>.</summary>
    public void Undo()
    {
        for (int i = _undo.Count - 1; i >= 0; i--)
        {
            var (entry, before, isNew) = _undo[i];
            if (isNew) _producers.Remove(before.ProducerId);
            else entry.State = before;
        }
        _transactions.Undo();
        Commit();
    }

    /// <summary>A batch that is in the log already, after a restart or a truncation: remembered without checks.</summary>
    public void Replay(in BatchHeader header)
    {
        if (header.HasProducerId && !header.IsControl)
        {
            var batch = new ProducedBatch
            {
                ProducerId = header.ProducerId,
                ProducerEpoch = header.ProducerEpoch,
                BaseSequence = header.BaseSequence,
                LastOffsetDelta = (int)(header.LastOffset - header.BaseOffset),
                MaxTimestamp = header.MaxTimestamp,
                Attributes = header.Attributes,
                Origin = BatchOrigin.Replication,
            };
            _producers.TryGetValue(batch.ProducerId, out var entry);
            ApplyData(batch, entry, header.BaseOffset);
        }
        MapEnd = header.NextOffset;
        Commit();
    }

    /// <summary>The end of a transaction that is in the log already. What it closed, or null for a marker without a transaction.</summary>
    public ClosedTransaction? ReplayMarker(in BatchHeader header, ControlRecordType marker, int coordinatorEpoch, long timestamp)
    {
        var batch = new ProducedBatch
        {
            ProducerId = header.ProducerId,
            ProducerEpoch = header.ProducerEpoch,
            CoordinatorEpoch = coordinatorEpoch,
            Marker = marker,
            MaxTimestamp = timestamp,
            Origin = BatchOrigin.Replication,
        };
        _producers.TryGetValue(batch.ProducerId, out var entry);
        ApplyMarker(batch, entry, header.BaseOffset);
        var closed = _transactions.ClosedNow.Count > 0 ? _transactions.ClosedNow[0] : (ClosedTransaction?)null;
        MapEnd = header.NextOffset;
        Commit();
        return closed;
    }

    /// <summary>Takes over a snapshot; expired producers without an open transaction are left out.</summary>
    public void Load(ReadOnlySpan<ProducerState> states, long mapEnd, long nowMs, long expirationMs)
    {
        Clear(mapEnd);
        foreach (var state in states)
        {
            if (IsExpired(state, nowMs, expirationMs)) continue;
            _producers[state.ProducerId] = new ProducerEntry(state);
            if (state.TransactionStart >= 0) _transactions.AddLoaded(state.ProducerId, state.TransactionStart);
        }
    }

    public void Clear(long mapEnd)
    {
        _producers.Clear();
        _transactions.Clear();
        _undo.Clear();
        MapEnd = mapEnd;
    }

    /// <summary>State outlives its records, but not for ever; one with an open transaction is kept whatever its age.</summary>
    public int RemoveExpired(long nowMs, long expirationMs)
    {
        int removed = 0;
        foreach (var (id, entry) in _producers)
        {
            if (!IsExpired(entry.State, nowMs, expirationMs)) continue;
            _producers.Remove(id); // allowed while enumerating
            removed++;
        }
        _verifications.RemoveExpired(nowMs, expirationMs);
        return removed;
    }

    static bool IsExpired(in ProducerState state, long nowMs, long expirationMs) =>
        state.TransactionStart < 0 && nowMs - state.LastTimestamp >= expirationMs;

    void AdmitData(ref ProducedBatch batch, ProducerEntry? entry, long baseOffset, bool verifies)
    {
        if (batch.Origin == BatchOrigin.Client && entry != null
            && entry.State.TryFind(batch.ProducerEpoch, batch.BaseSequence, batch.LastSequence, out var original))
        {
            batch.IsDuplicate = true;
            batch.BaseOffset = new Offset(original.FirstOffset);
            batch.LogAppendTimeMs = original.Timestamp;
            return;
        }
        if (batch.Origin != BatchOrigin.Replication && !CheckData(ref batch, entry, verifies)) return;
        if (batch.IsTransactional) _verifications.End(batch.ProducerId);
        ApplyData(batch, entry, baseOffset);
    }

    bool CheckData(ref ProducedBatch batch, ProducerEntry? entry, bool verifies)
    {
        short epoch = entry?.State.Epoch ?? RecordBatch.NoProducerEpoch;
        bool inTransaction = entry is { State.TransactionStart: >= 0 };
        if (batch.ProducerEpoch < epoch)
            batch.Refuse(ErrorCode.InvalidProducerEpoch, BatchFault.OldProducerEpoch, epoch);
        else if (verifies && batch.IsTransactional && !(inTransaction && epoch == batch.ProducerEpoch)
            && !_verifications.Confirms(batch.ProducerId, batch.Verification))
            batch.Refuse(ErrorCode.InvalidTxnState, BatchFault.TransactionNotVerified);
        else if (batch.Origin == BatchOrigin.Client && !CheckSequence(ref batch, entry))
            return false;
        else if (inTransaction && !batch.IsTransactional)
            batch.Refuse(ErrorCode.InvalidTxnState, BatchFault.OutsideTransaction);
        return batch.Error == ErrorCode.None;
    }

    bool CheckSequence(ref ProducedBatch batch, ProducerEntry? entry)
    {
        if (_verifications.LowestSequence(batch.ProducerId) is int lowest && batch.BaseSequence > lowest)
            batch.Refuse(ErrorCode.OutOfOrderSequenceNumber, BatchFault.OutOfSequence, lowest);

        // Without any state the records of before may have been deleted: every sequence number is believed.
        if (entry == null || entry.State.Epoch == RecordBatch.NoProducerEpoch) return batch.Error == ErrorCode.None;
        if (batch.ProducerEpoch != entry.State.Epoch)
        {
            if (batch.BaseSequence != 0) batch.Refuse(ErrorCode.OutOfOrderSequenceNumber, BatchFault.SequenceOfNewEpoch);
        }
        else
        {
            int last = entry.State.LastSequence;
            bool follows = batch.BaseSequence == last + 1L || (batch.BaseSequence == 0 && last == int.MaxValue);
            if (!follows) batch.Refuse(ErrorCode.OutOfOrderSequenceNumber, BatchFault.OutOfSequence, last);
        }
        return batch.Error == ErrorCode.None;
    }

    void ApplyData(in ProducedBatch batch, ProducerEntry? entry, long baseOffset)
    {
        entry = SavedOrNew(entry, batch.ProducerId);
        entry.State.Add(batch.ProducerEpoch, new ProducerBatch
        {
            LastOffset = baseOffset + batch.LastOffsetDelta,
            OffsetDelta = batch.LastOffsetDelta,
            LastSequence = batch.LastSequence,
            Timestamp = batch.MaxTimestamp,
        });
        if (!batch.IsTransactional || entry.State.TransactionStart >= 0) return;
        entry.State.TransactionStart = baseOffset;
        _transactions.Open(batch.ProducerId, baseOffset);
    }

    void AdmitMarker(ref ProducedBatch batch, ProducerEntry? entry, long baseOffset)
    {
        if (entry != null && batch.Origin != BatchOrigin.Replication)
        {
            short epoch = entry.State.Epoch;

            // From transaction.version 2 on the end of a transaction carries an epoch above that of its records. The same epoch with a
            // transaction open is the late marker of the one before; without, it is a marker sent again.
            bool late = batch.TransactionVersion >= 2 && batch.ProducerEpoch == epoch && entry.State.TransactionStart >= 0;
            if (batch.ProducerEpoch < epoch || late)
                batch.Refuse(ErrorCode.InvalidProducerEpoch, BatchFault.OldProducerEpoch, epoch);
            else if (batch.CoordinatorEpoch < entry.State.CoordinatorEpoch)
                batch.Refuse(ErrorCode.TransactionCoordinatorFenced, BatchFault.OldCoordinator, entry.State.CoordinatorEpoch);
            if (batch.Error != ErrorCode.None) return;
        }
        ApplyMarker(batch, entry, baseOffset);
    }

    void ApplyMarker(in ProducedBatch batch, ProducerEntry? entry, long offset)
    {
        _verifications.End(batch.ProducerId);
        entry = SavedOrNew(entry, batch.ProducerId);
        if (entry.State.TransactionStart >= 0)
            _transactions.Close(batch.ProducerId, entry.State.TransactionStart, offset, batch.Marker == ControlRecordType.Abort);
        entry.State.EndTransaction(batch.ProducerEpoch, batch.CoordinatorEpoch, batch.MaxTimestamp);
    }

    ProducerEntry SavedOrNew(ProducerEntry? entry, long producerId)
    {
        if (entry == null)
        {
            entry = new ProducerEntry(ProducerState.New(producerId));
            _producers.Add(producerId, entry);
            _undo.Add((entry, entry.State, true));
        }
        else if (entry.SavedIn != _append)
        {
            _undo.Add((entry, entry.State, false));
        }
        entry.SavedIn = _append;
        return entry;
    }
}
