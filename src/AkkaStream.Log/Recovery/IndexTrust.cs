using System.Buffers.Binary;
using AkkaStream.Log.Indexes;

namespace AkkaStream.Log.Recovery;

/// <summary>
/// How much of an index file can be believed after a crash: the front part whose entries rise and point into the log. Kafka's indexes are
/// at full size and filled with zeros then; ours may end in the midst of an entry. Pure.
/// </summary>
static class IndexTrust
{
    /// <summary>Number of offset entries below the limit that can be believed.</summary>
    public static int Offsets(ReadOnlySpan<byte> file, long baseOffset, int logBytes, long belowOffset)
    {
        int count = 0, lastOffset = -1, lastPosition = 0;
        for (; file.Length >= OffsetIndex.EntryBytes; file = file[OffsetIndex.EntryBytes..])
        {
            int offset = BinaryPrimitives.ReadInt32BigEndian(file);
            int position = BinaryPrimitives.ReadInt32BigEndian(file[4..]);
            bool rises = offset > lastOffset && position > lastPosition && position < logBytes;
            if (!rises || baseOffset + offset >= belowOffset) break;
            (lastOffset, lastPosition) = (offset, position);
            count++;
        }
        return count;
    }

    /// <summary>Number of time entries at or below the offset that can be believed.</summary>
    public static int Times(ReadOnlySpan<byte> file, long baseOffset, long upToOffset)
    {
        int count = 0, lastOffset = -1;
        long lastTimestamp = -1;
        for (; file.Length >= TimeIndex.EntryBytes; file = file[TimeIndex.EntryBytes..])
        {
            long timestamp = BinaryPrimitives.ReadInt64BigEndian(file);
            int offset = BinaryPrimitives.ReadInt32BigEndian(file[8..]);
            bool rises = offset > lastOffset && timestamp > lastTimestamp && (count > 0 || timestamp > 0 || offset > 0);
            if (!rises || baseOffset + offset > upToOffset) break;
            (lastOffset, lastTimestamp) = (offset, timestamp);
            count++;
        }
        return count;
    }

    /// <summary>Number of aborted transactions that ended before the offset and can be believed.</summary>
    public static int Transactions(ReadOnlySpan<byte> file, long baseOffset, long belowOffset)
    {
        int count = 0;
        long last = baseOffset - 1;
        for (; file.Length >= TransactionIndex.EntryBytes; file = file[TransactionIndex.EntryBytes..])
        {
            if (TransactionIndex.TryDecode(file) is not { } aborted) break;
            bool sound = aborted.LastOffset.Value > last && aborted.FirstOffset <= aborted.LastOffset;
            if (!sound || aborted.LastOffset.Value >= belowOffset) break;
            last = aborted.LastOffset.Value;
            count++;
        }
        return count;
    }
}
