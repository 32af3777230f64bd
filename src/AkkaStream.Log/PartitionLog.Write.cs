using AkkaStream.Log.Files;
using AkkaStream.Log.Indexes;
using AkkaStream.Log.Producers;
using AkkaStream.Protocol.Records;

namespace AkkaStream.Log;

/// <summary>From accepted batches to bytes in the last segment: gathered, written, noted in the indexes; undone when the disk says no.</summary>
public sealed unsafe partial class PartitionLog
{
    const int SmallestPreallocation = 256 * 1024;
    const int LargestPreallocation = 16 * 1024 * 1024;

    /// <summary>Below this a log sets no space aside: most partitions stay small.</summary>
    const int PreallocationFrom = 64 * 1024;

    IoSlice[] _slices = new IoSlice[4];
    BatchHeader[] _pending = new BatchHeader[4];
    int _pendingCount;
    int _pendingBytes;
    int _preallocatedTo;

    /// <summary>Bytes of refused batches were cut off, and the cut is not on the disk yet.</summary>
    bool _tookBack;

    /// <summary>The last append found no room. Said once, and once more when there is room again.</summary>
    bool _isFull;

    void Pend(in ProducedBatch batch, ref Append append)
    {
        if (_pendingCount == _pending.Length)
        {
            Array.Resize(ref _pending, _pendingCount * 2);
            Array.Resize(ref _slices, _pendingCount * 2);
        }
        _slices[_pendingCount] = new IoSlice(batch.Bytes, batch.Length);
        _pending[_pendingCount++] = new BatchHeader
        {
            BaseOffset = append.Next,
            LastOffset = append.Next + batch.LastOffsetDelta,
            MaxTimestamp = batch.MaxTimestamp,
            Size = batch.Length,
            Position = Active.Size + _pendingBytes,
        };
        _pendingBytes += batch.Length;
        append.Next += batch.LastOffsetDelta + 1L;
    }

    /// <summary>Writes the gathered batches and counts them as the log's. False when the disk refused: then it is as if they had not come.</summary>
    bool WritePending(Span<ProducedBatch> batches, ref Append append)
    {
        if (_pendingCount == 0) return append.Error == ErrorCode.None;
        var segment = Active;
        int position = segment.Size;
        try
        {
            using (var lease = segment.LogFile.Lease())
            {
                Preallocate(lease.File, position);
                if (_tookBack) SyncWhatWasTakenBack(lease.File);
                lease.File.WriteGather(_slices.AsSpan(0, _pendingCount), position);
            }
            foreach (var closed in _producers.Transactions.ClosedNow)
                if (closed.Aborted) EnterAborted(segment, closed);
        }
        catch (IOException failure)
        {
            TakeBack(segment, batches, ref append);
            Fail(failure, ref append);
            return false;
        }
        foreach (ref readonly var header in _pending.AsSpan(0, _pendingCount))
            SegmentTail.Note(segment, header, _config.IndexIntervalBytes);
        if (append.First < 0) append.First = _pending[0].BaseOffset;
        append.TailOffset = _pending[0].BaseOffset;
        append.TailPosition = position;
        append.Written += _pendingCount;
        segment.Size = position + _pendingBytes;
        _end = _pending[_pendingCount - 1].NextOffset;
        _producers.MapEnd = _end;
        _producers.Commit();
        _isDirty = true;
        if (_isFull) LogTrace.HasRoomAgain(_directory.Log, Name.DirectoryName);
        _isFull = false;
        ForgetPending();
        return true;
    }

    /// <summary>
    /// A refused batch that a loss of power brought back, in the place of those that came after it, would contradict what was noted since.
    /// </summary>
    void SyncWhatWasTakenBack(ILogFile file)
    {
        file.Flush();
        _tookBack = false;
    }

    void ForgetPending()
    {
        _pendingCount = 0;
        _pendingBytes = 0;
    }

    static void EnterAborted(Segment segment, in ClosedTransaction closed)
    {
        // The first one makes a new file, long after the names of the others were synced.
        segment.NameIsSynced &= segment.Transactions.Exists;
        segment.Transactions.Append(
            new AbortedTransaction(closed.ProducerId, new Offset(closed.First), new Offset(closed.Last), new Offset(closed.LastStable)));
    }

    /// <summary>The bytes behind the end are unknown now: they go, and so does everything that was noted because of them.</summary>
    void TakeBack(Segment segment, Span<ProducedBatch> batches, ref Append append)
    {
        foreach (ref var batch in batches)
        {
            // Also the duplicates of batches of this very append.
            if (batch.Error != ErrorCode.None || batch.BaseOffset.Value < _end) continue;
            batch.IsDuplicate = false;
            batch.BaseOffset = Offset.Unknown;
            batch.LogAppendTimeMs = RecordBatch.NoTimestamp;
        }
        append.Next = _end;
        _producers.Undo();
        ForgetPending();
        try
        {
            using var lease = segment.LogFile.Lease();
            lease.File.Truncate(segment.Size);
            _tookBack = true;
            segment.Transactions.CutTo(_end);
            _preallocatedTo = 0;
        }
        catch (IOException failure)
        {
            GoOffline($"a failed write could not be taken back: {failure.Message}");
        }
    }

    /// <summary>A full disk may get room again while we run. One that fails in any other way is not written to any more.</summary>
    void Fail(IOException failure, ref Append append)
    {
        bool full = DiskFailure.IsDiskFull(failure);
        append.Stop(ErrorCode.KafkaStorageError, full ? BatchFault.DiskFull : BatchFault.DiskFailed);
        if (full && !_isFull) LogTrace.DiskIsFull(_directory.Log, Name.DirectoryName, failure.Message);
        _isFull = full;
        if (!full) GoOffline($"a write failed: {failure.Message}");
    }

    void Preallocate(ILogFile file, int position)
    {
        long needed = (long)position + _pendingBytes;
        if (needed <= _preallocatedTo || needed < PreallocationFrom) return;
        long step = Math.Clamp(position, SmallestPreallocation, LargestPreallocation);
        _preallocatedTo = (int)Math.Max(needed, Math.Min(position + step, _config.SegmentBytes));
        file.Preallocate(_preallocatedTo);
    }
}
