using AkkaStream.Log.Files;
using AkkaStream.Protocol.Records;

namespace AkkaStream.Log;

/// <summary>Does a stored batch still hold the bytes that were written? Reads all of it, in pieces of the caller's buffer.</summary>
static class BatchCheck
{
    /// <summary>Null when the checksum is right.</summary>
    public static string? WhatIsWrong(ILogFile file, in BatchHeader header, Span<byte> buffer)
    {
        uint stored = 0;
        uint crc = 0;
        int skipped = RecordBatch.CrcOffset;
        for (int done = skipped; done < header.Size;)
        {
            var piece = buffer[..Math.Min(buffer.Length, header.Size - done)];
            if (file.Read(piece, header.Position + done) < piece.Length) return $"the file ends inside the batch at offset {header.BaseOffset}.";
            if (done == skipped)
            {
                stored = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(piece);
                crc = Crc32C.Append(crc, piece[(RecordBatch.CrcStart - skipped)..]);
            }
            else
            {
                crc = Crc32C.Append(crc, piece);
            }
            done += piece.Length;
        }
        return crc == stored ? null : $"the batch at offset {header.BaseOffset} has checksum {crc:x8}, its head says {stored:x8}.";
    }
}
