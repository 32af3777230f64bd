using System.Buffers;
using AkkaStream.Log;
using AkkaStream.Log.Indexes;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Records;
using AkkaStream.Protocol.Wire;
using AkkaStream.Replication;

namespace AkkaStream.Broker.Coordinators;

/// <summary>Who takes the records of an internal topic's partition in their order.</summary>
interface IReplayTarget
{
    /// <exception cref="WireFormatException">The record is not what it says it is.</exception>
    void OnRecord(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte>? value, ProducerId producer);

    void OnTransactionEnd(ProducerId producer, bool committed);
}

/// <summary>What a replay came to. <see cref="Damage"/> says why it could not be finished; then there is no state to work with.</summary>
sealed record ReplayOutcome(long Records, long Bytes, int Unreadable, string? Damage);

/// <summary>
/// Reads a partition from its first to its last record, beyond the watermark, and hands each to the target. Waits for the disk, so it runs on
/// its lane.
/// </summary>
static class PartitionReplay
{
    public static ReplayOutcome Run(LocalReplica replica, LogReadView view, int bufferBytes, IReplayTarget target, Action<long, string> onUnreadable)
    {
        long records = 0, bytes = 0;
        int unreadable = 0;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Math.Clamp(bufferBytes, 64 * 1024, 16 * 1024 * 1024));
        try
        {
            for (var from = view.StartOffset; from < view.EndOffset;)
            {
                var outcome = view.Locate(from, view.EndOffset, buffer.Length, atLeastOneBatch: true, ReadMode.MayWait, out var slice);
                if (outcome == LocateOutcome.AtEnd) break;
                if (outcome == LocateOutcome.Stale || (outcome == LocateOutcome.OutOfRange && replica.View?.StartOffset > from))
                {
                    // The cleaner has put other segments in place of these, or deleted the first ones: the newest view goes on.
                    view = replica.View ?? throw new IOException("the log was closed while it was read");
                    from = Offset.Max(from, view.StartOffset);
                    continue;
                }
                if (outcome != LocateOutcome.Found) throw new IOException($"the log is damaged at offset {from} ({outcome})");
                if (!TryRead(slice, ref buffer)) continue;
                bytes += slice.Length;
                from = TakeBatches(buffer.AsSpan(0, slice.Length), from, target, ref records, ref unreadable, onUnreadable);
            }
            return new ReplayOutcome(records, bytes, unreadable, Damage: null);
        }
        catch (IOException e)
        {
            return new ReplayOutcome(records, bytes, unreadable, e.Message);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>False when the file went away meanwhile.</summary>
    static bool TryRead(LogSlice slice, ref byte[] buffer)
    {
        if (slice.Length > buffer.Length)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = ArrayPool<byte>.Shared.Rent(slice.Length);
        }
        if (!slice.TryLease(out var lease)) return false;
        using (lease)
        {
            int read = lease.File.Read(buffer.AsSpan(0, slice.Length), slice.Position);
            if (read < slice.Length) throw new IOException($"the log ended {slice.Length - read} bytes early");
        }
        return true;
    }

    static Offset TakeBatches(
        ReadOnlySpan<byte> bytes, Offset from, IReplayTarget target, ref long records, ref int unreadable, Action<long, string> onUnreadable)
    {
        var next = from;
        while (bytes.Length >= RecordBatch.HeaderLength)
        {
            var batch = new RecordBatch(bytes);
            if (batch.SizeInBytes > bytes.Length) break;
            var one = bytes[..(int)batch.SizeInBytes];
            if (Crc32C.Compute(one[RecordBatch.CrcStart..]) != batch.Crc) throw new IOException($"the batch at offset {batch.BaseOffset} is damaged");
            TakeRecords(batch, one, from, target, ref records, ref unreadable, onUnreadable);
            next = new Offset(batch.NextOffset);
            bytes = bytes[one.Length..];
        }
        return next > from ? next : throw new IOException($"no whole batch at offset {from}");
    }

    static void TakeRecords(
        in RecordBatch batch, ReadOnlySpan<byte> bytes, Offset from, IReplayTarget target, ref long records, ref int unreadable,
        Action<long, string> onUnreadable)
    {
        using var plain = PlainRecords.Open(bytes, int.MaxValue);
        if (plain.Fault != RecordFault.None) throw new IOException($"the batch at offset {batch.BaseOffset} cannot be opened: {plain.Reason}");
        var producer = batch.IsTransactional ? new ProducerId(batch.ProducerId) : ProducerId.None;
        var reader = new RecordReader(batch, plain.Bytes);
        while (reader.Read(out var record))
        {
            if (record.Offset < from.Value) continue;
            records++;
            if (batch.IsControl)
            {
                var type = ControlRecords.TypeOf(record.Key);
                if (type is ControlRecordType.Commit or ControlRecordType.Abort)
                    target.OnTransactionEnd(producer, committed: type == ControlRecordType.Commit);
                continue;
            }
            try
            {
                // With a question mark and a null the compiler would make memory of length 0 of it, and a value of a tombstone.
                ReadOnlyMemory<byte>? value = null;
                if (record.HasValue) value = record.Value.ToArray();
                target.OnRecord(record.Key.ToArray(), value, producer);
            }
            catch (WireFormatException e)
            {
                unreadable++;
                onUnreadable(record.Offset, e.Message);
            }
        }
    }
}
