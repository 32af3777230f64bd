using System.Runtime.InteropServices;
using AkkaStream.Actors;
using AkkaStream.Coordinators;
using AkkaStream.Log;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Records;
using AkkaStream.Replication;

namespace AkkaStream.Broker.Coordinators;

/// <summary>
/// A coordinator's way into the log of its partition: records of several decisions become one batch, handed to the replica at the end of the
/// turn; its outcome comes back to the coordinator as a message (<see cref="JournalBatch"/>) when it is committed or refused. What can be
/// refused at sight is refused before anything happens. Touched in the coordinator's turns only; good for one leader epoch.
/// </summary>
sealed class PartitionJournal(LocalReplica replica, LeaderEpoch epoch, IActorRef owner, CompressionCodec codec)
{
    const int MostResting = 4;

    readonly RecordBatchBuilder _open = new() { Codec = codec };
    readonly AppendBatchesPool _groups = new();
    readonly Stack<JournalBatch> _resting = new();
    readonly Queue<JournalBatch> _inFlight = new();
    ProducerId _openProducer = ProducerId.None;
    long _flushed;

    public LocalReplica Replica => replica;
    public LeaderEpoch Epoch => epoch;

    /// <summary>The number of the last batch that is committed; all before it are too.</summary>
    public long Committed { get; private set; }

    /// <summary>The number of the batch in which the newest record is, or will be.</summary>
    public long Newest => HasOpen ? _flushed + 1 : _flushed;

    public bool HasOpen => _open.Count > 0;

    /// <summary>When the oldest batch that has no outcome yet was sent, in uptime; null when there is none.</summary>
    public long? OldestSentAt => _inFlight.TryPeek(out var oldest) ? oldest.SentAtMs : null;

    /// <summary>Whether records may be appended now, as far as can be seen from here.</summary>
    public ErrorCode Check()
    {
        var standing = replica.Standing;
        if (standing.Refusal != ErrorCode.None) return standing.Refusal;
        if (standing.Epoch != epoch) return ErrorCode.NotLeaderOrFollower;
        return standing.HasEnoughInSync ? ErrorCode.None : ErrorCode.NotEnoughReplicas;
    }

    /// <summary>All records of the decision into one batch, or none.</summary>
    public ErrorCode Add(Decision decision)
    {
        var error = Check();
        if (error != ErrorCode.None) return error;
        int most = Math.Min(replica.Standing.Config.MaxMessageBytes, replica.Standing.Config.SegmentBytes);
        long size = 0;
        foreach (var record in decision.Records) size += RecordBatchBuilder.SizeOf(record.Key, record.Value, record.ValueVersion);
        if (size + RecordBatch.HeaderLength > most) return ErrorCode.MessageTooLarge;
        if (HasOpen && (size + _open.PlainSize > most || decision.Producer != _openProducer)) Flush(decision.Now.UptimeMs);
        _openProducer = decision.Producer;
        _open.ProducerId = decision.Producer.Value;
        _open.ProducerEpoch = decision.ProducerEpoch.Value;
        _open.Attributes = decision.Producer.IsSome ? BatchAttributes.Transactional : BatchAttributes.None;
        foreach (var record in decision.Records) _open.Append(decision.Now.WallMs, record.Key, record.Value, record.ValueVersion);
        return ErrorCode.None;
    }

    /// <summary>Hands what is open to the replica, whose turn runs after the coordinator's, mostly on the same thread.</summary>
    public unsafe void Flush(long nowMs)
    {
        if (!HasOpen) return;
        var batch = _resting.Count > 0 ? _resting.Pop() : new JournalBatch(this, owner);
        batch.Begin(++_flushed, nowMs, _open);
        _open.Reset();
        _inFlight.Enqueue(batch);
        var produced = BatchValidator.Describe((byte*)batch.Pointer, batch.Length, BatchOrigin.Coordinator);
        var group = _groups.Rent(replica, epoch);
        group.Add(produced, batch, index: 0, acks: -1);
        replica.Actor.Tell(group, null);
    }

    /// <summary>The outcome of a batch of this journal. They come in order.</summary>
    public ErrorCode Settle(JournalBatch batch)
    {
        if (_inFlight.Dequeue() != batch) throw new InvalidOperationException("batches of one journal come to their outcome in order");
        if (batch.Error == ErrorCode.None) Committed = batch.Number;
        var error = batch.Error;
        if (_resting.Count < MostResting) _resting.Push(batch);
        return error;
    }
}

/// <summary>
/// One batch of a journal, from its flush to its outcome; the message that tells the outcome, too. Its bytes lie still, because the replica
/// takes pointers, and are used again.
/// </summary>
sealed class JournalBatch(PartitionJournal journal, IActorRef owner) : IAppendWaiter
{
    const int FirstSize = 4096;

    byte[] _bytes = [];

    public PartitionJournal Journal => journal;
    public long Number { get; private set; }
    public long SentAtMs { get; private set; }
    public int Length { get; private set; }
    public ErrorCode Error { get; private set; }
    public nint Pointer => Marshal.UnsafeAddrOfPinnedArrayElement(_bytes, 0);

    public void Begin(long number, long nowMs, RecordBatchBuilder records)
    {
        Number = number;
        SentAtMs = nowMs;
        Error = ErrorCode.None;
        int room = records.PlainSize + (records.Codec == CompressionCodec.None ? 0 : records.PlainSize / 8 + 256);
        if (_bytes.Length < room) _bytes = GC.AllocateUninitializedArray<byte>(Math.Max(room, FirstSize), pinned: true);
        Length = records.WriteTo(_bytes);
    }

    public void OnAppended(int index, in ProducedBatch outcome, Offset logStart)
    {
        Error = outcome.Error;
        owner.Tell(this, null);
    }
}
