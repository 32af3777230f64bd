using AkkaStream.Log.Files;
using AkkaStream.Protocol.Records;

namespace AkkaStream.Log.Recovery;

/// <summary>
/// Is a batch that cannot be read the torn end of the log, a page that a power loss took, or damage? Decided by what lies behind it: nothing
/// good, something good behind bytes that were never written, or something good behind bytes that are simply wrong.
/// </summary>
static class DamageSearch
{
    const int ChunkBytes = 256 * 1024;

    /// <summary>The smallest piece that a disk writes or loses.</summary>
    const int SectorBytes = 512;

    /// <summary>Position of the first whole and right batch behind, whose offsets could follow; -1 when there is none.</summary>
    public static int FirstGoodBatch(ILogFile file, int from, int end, long expectedOffset, Span<byte> crcBuffer)
    {
        byte[] chunk = new byte[ChunkBytes];
        for (int at = from; at <= end - RecordBatch.HeaderLength;)
        {
            int read = file.Read(chunk.AsSpan(0, Math.Min(ChunkBytes, end - at)), at);
            if (read < RecordBatch.HeaderLength) return -1;
            int last = read - RecordBatch.HeaderLength;
            for (int i = 0; i <= last; i++)
            {
                if (chunk[i + 16] != RecordBatch.CurrentMagic) continue;
                if (LooksLikeBatch(chunk.AsSpan(i, RecordBatch.HeaderLength), end - at - i, expectedOffset)
                    && BatchCheck.WhatIsWrong(file, BatchHeader.From(chunk.AsSpan(i), at + i), crcBuffer) == null)
                    return at + i;
            }
            at += last + 1;
        }
        return -1;
    }

    /// <summary>
    /// Are there bytes in the range that never reached the disk? They read as zeros: from the beginning of the first batch to the end of its
    /// sector, as the sector was written when the log ended there, or a whole sector. A batch of real records has neither.
    /// </summary>
    public static bool HasHole(ILogFile file, int from, int end, long expectedOffset)
    {
        Span<byte> sector = stackalloc byte[SectorBytes];
        int first = (from + SectorBytes - 1) / SectorBytes * SectorBytes;
        var rest = sector[..Math.Min(first - from, end - from)];
        if (file.Read(rest, from) == rest.Length && !rest.ContainsAnyExcept((byte)0) && !AreZerosRight(rest.Length, expectedOffset)) return true;
        for (int at = first; at < end; at += SectorBytes)
        {
            // The last one of the file may be short. And the head of a batch that seems good may begin in it: no checksum covers its offset,
            // and its length begins with zeros.
            int read = file.Read(sector, at);
            bool isWhole = at + SectorBytes - RecordBatch.LogOverhead < end || read == end - at;
            if (isWhole && !sector[..Math.Min(read, end - at)].ContainsAnyExcept((byte)0)) return true;
        }
        return false;
    }

    /// <summary>A batch begins with its offset, whose first bytes are mostly zeros.</summary>
    static bool AreZerosRight(int count, long expectedOffset) => count < sizeof(long) && expectedOffset >> (8 * (sizeof(long) - count)) == 0;

    static bool LooksLikeBatch(ReadOnlySpan<byte> head, int left, long expectedOffset)
    {
        if (BatchHeader.WhatIsWrong(head) != null) return false;
        var batch = new RecordBatch(head);
        return batch.SizeInBytes <= left && batch.BaseOffset >= expectedOffset && batch.BaseOffset - expectedOffset <= int.MaxValue;
    }
}
