using AkkaStream.Log.Files;
using AkkaStream.Protocol.Records;

namespace AkkaStream.Log;

/// <summary>What an append came to as a whole; each batch carries its own outcome.</summary>
/// <param name="FirstOffset">Of the first batch that was appended now; Unknown when none was.</param>
/// <param name="EndOffset">Where the log ends now.</param>
/// <param name="Appended">Batches written; duplicates and refused ones do not count.</param>
/// <param name="Rolled">A segment was finished: a flush is due.</param>
/// <param name="Error">None, or why the append stopped before its last batch.</param>
/// <param name="Fault">More precisely.</param>
public readonly record struct AppendSummary(
    Offset FirstOffset, Offset EndOffset, int Appended, bool Rolled, ErrorCode Error, BatchFault Fault);

/// <summary>The write path: as leader with offsets of our own, as follower with the leader's.</summary>
public sealed unsafe partial class PartitionLog
{
    /// <summary>
    /// Appends what <see cref="BatchValidator"/> let through, in order, with one gathered write for all (two where a segment ends in
    /// between). Offsets, epoch and, where the topic says so, time are written into the batches in place. With
    /// <paramref name="isCommitted"/> the high watermark follows the end at once: for a partition whose only in-sync replica this is.
    /// </summary>
    public AppendSummary AppendAsLeader(Span<ProducedBatch> batches, LeaderEpoch epoch, long nowMs, bool isCommitted = false)
    {
        var append = new Append { First = -1, Next = _end, NowMs = nowMs };
        if (!MayAppend(ref append) || !AssignEpoch(epoch, ref append))
        {
            RefuseRest(batches, append);
            return Summarise(append);
        }
        bool appendTime = _config.TimestampType == TimestampType.LogAppendTime;
        for (int i = 0; i < batches.Length; i++)
        {
            ref var batch = ref batches[i];
            if (batch.Error != ErrorCode.None || IsLargerThanSegment(ref batch)) continue;
            if (appendTime) batch.MaxTimestamp = nowMs;
            if (!MakeRoom(batch.Length, batch.MaxTimestamp, batch.LastOffsetDelta, batches, ref append)) break;
            _producers.Admit(ref batch, append.Next, _config.VerifiesTransactions);
            if (!batch.IsAccepted) continue;
            BatchStamp.Place(batch.Span, append.Next, epoch.Value);
            if (appendTime)
            {
                BatchStamp.Retime(batch.Span, batch.Attributes | BatchAttributes.LogAppendTime, nowMs);
                batch.LogAppendTimeMs = nowMs;
            }
            batch.BaseOffset = new Offset(append.Next);
            Pend(batch, ref append);
        }
        WritePending(batches, ref append);
        RefuseRest(batches, append);
        if (append.Written > 0)
        {
            if (isCommitted) MoveHighWatermark(_end);
            Publish(append.TailOffset, append.TailPosition);
        }
        return Summarise(append);
    }

    /// <summary>
    /// Appends batches as the leader stored them, with its offsets and epochs. Each is checked for damage first; a batch that is cut off at
    /// the end is left out, as fetches end anywhere. Stops at the first batch that does not belong here.
    /// </summary>
    public AppendSummary AppendAsFollower(byte* records, int length, long nowMs)
    {
        var append = new Append { First = -1, Next = _end, NowMs = nowMs };
        if (!MayAppend(ref append)) return Summarise(append);
        for (int at = 0; length - at >= RecordBatch.HeaderLength;)
        {
            var batch = NextFromLeader(records + at, length - at, ref append);
            if (batch.Length == 0) break;
            var header = new RecordBatch(batch.Span);
            append.Next = header.BaseOffset;
            var epoch = new LeaderEpoch(header.PartitionLeaderEpoch);
            if (epoch > _epochs.Latest && (!WritePending([], ref append) || !AssignEpoch(epoch, ref append))) break;
            if (!MakeRoom(batch.Length, batch.MaxTimestamp, batch.LastOffsetDelta, [], ref append)) break;
            batch.BaseOffset = new Offset(append.Next);
            _producers.Admit(ref batch, append.Next, verifies: false);
            Pend(batch, ref append);
            at += batch.Length;
        }
        WritePending([], ref append);
        if (append.Written > 0) Publish(append.TailOffset, append.TailPosition);
        return Summarise(append);
    }

    /// <summary>The next whole batch, or one of length 0 when there is none or it must not be taken.</summary>
    ProducedBatch NextFromLeader(byte* bytes, int left, ref Append append)
    {
        var head = new ReadOnlySpan<byte>(bytes, RecordBatch.HeaderLength);
        var header = new RecordBatch(head);
        if (BatchHeader.WhatIsWrong(head) != null)
        {
            append.Stop(ErrorCode.CorruptMessage, BatchFault.BadLength);
            return default;
        }
        if (header.SizeInBytes > left) return default;
        int size = (int)header.SizeInBytes;
        if (Crc32C.Compute(new ReadOnlySpan<byte>(bytes + RecordBatch.CrcStart, size - RecordBatch.CrcStart)) != header.Crc)
        {
            append.Stop(ErrorCode.CorruptMessage, BatchFault.BadChecksum);
            return default;
        }
        if (header.BaseOffset < append.Next)
        {
            append.Stop(ErrorCode.InvalidRecord, BatchFault.NotOurOffsets);
            return default;
        }
        return BatchValidator.Describe(bytes, size, BatchOrigin.Replication);
    }

    bool MayAppend(ref Append append)
    {
        Bug.Assert(!_closed);
        if (OfflineReason == null) return true;
        append.Stop(ErrorCode.KafkaStorageError, BatchFault.LogOffline);
        return false;
    }

    /// <summary>The first append of a leader is where its epoch begins; a leader of before must not write any more.</summary>
    bool AssignEpoch(LeaderEpoch epoch, ref Append append)
    {
        if (epoch == _epochs.Latest) return true;
        if (epoch < _epochs.Latest)
        {
            append.Stop(ErrorCode.FencedLeaderEpoch, BatchFault.None);
            return false;
        }
        try
        {
            WriteEpochs(_epochs.Assign(epoch, new Offset(append.Next)));
            LogTrace.EpochBegins(_directory.Log, Name.DirectoryName, epoch.Value, append.Next);
            return true;
        }
        catch (IOException failure)
        {
            Fail(failure, ref append);
            return false;
        }
    }

    bool IsLargerThanSegment(ref ProducedBatch batch)
    {
        if (batch.Length <= _config.SegmentBytes) return false;
        batch.Refuse(ErrorCode.RecordListTooLarge, BatchFault.LargerThanSegment, _config.SegmentBytes);
        return true;
    }

    /// <summary>What the append did not come to, because the disk or the epoch stopped it.</summary>
    static void RefuseRest(Span<ProducedBatch> batches, in Append append)
    {
        if (append.Error == ErrorCode.None) return;
        foreach (ref var batch in batches)
            if (batch.Error == ErrorCode.None && !batch.IsDuplicate && !batch.BaseOffset.IsKnown) batch.Refuse(append.Error, append.Fault);
    }

    AppendSummary Summarise(in Append append) =>
        new(new Offset(append.First), new Offset(_end), append.Written, append.Rolled, append.Error, append.Fault);

    /// <summary>One call's progress. On the stack.</summary>
    struct Append
    {
        /// <summary>Offset for the next batch.</summary>
        public long Next;
        public long NowMs;
        public long First;

        /// <summary>Of the first batch of the newest group: what readers at the end ask for.</summary>
        public long TailOffset;
        public int TailPosition;
        public int Written;
        public bool Rolled;
        public ErrorCode Error;
        public BatchFault Fault;

        public void Stop(ErrorCode error, BatchFault fault)
        {
            Error = error;
            Fault = fault;
        }
    }
}
