using System.Buffers.Binary;
using AkkaStream.Protocol.Records;

namespace AkkaStream.Log.Producers;

/// <summary>
/// The `.snapshot` files: version (2 bytes), CRC-32C of what follows (4), count (4), then 46 bytes for each producer with its last
/// batch. Pure: states in, bytes out, and back. A file that fails its checksum is as good as none.
/// </summary>
static class ProducerSnapshot
{
    public const int EntryBytes = 46;
    const int HeaderBytes = 10;
    const int CrcAt = 2;
    const int CountAt = 6;
    const short Version = 1;

    public static byte[] Format(IReadOnlyCollection<ProducerEntry> producers)
    {
        byte[] content = new byte[HeaderBytes + producers.Count * EntryBytes];
        BinaryPrimitives.WriteInt16BigEndian(content, Version);
        BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(CountAt), producers.Count);
        int at = HeaderBytes;
        foreach (var producer in producers)
        {
            WriteEntry(content.AsSpan(at, EntryBytes), producer.State);
            at += EntryBytes;
        }
        BinaryPrimitives.WriteUInt32BigEndian(content.AsSpan(CrcAt), Crc32C.Compute(content.AsSpan(CountAt)));
        return content;
    }

    /// <summary>Null with the reason when the file is not a whole and right snapshot.</summary>
    public static ProducerState[]? Parse(ReadOnlySpan<byte> content, out string? problem)
    {
        problem = WhatIsWrong(content);
        if (problem != null) return null;
        var states = new ProducerState[BinaryPrimitives.ReadInt32BigEndian(content[CountAt..])];
        for (int i = 0; i < states.Length; i++) states[i] = ReadEntry(content.Slice(HeaderBytes + i * EntryBytes, EntryBytes));
        return states;
    }

    static string? WhatIsWrong(ReadOnlySpan<byte> content)
    {
        if (content.Length < HeaderBytes) return $"it has {content.Length} bytes, fewer than its head";
        short version = BinaryPrimitives.ReadInt16BigEndian(content);
        if (version != Version) return $"its version is {version}, known is {Version}";
        if (Crc32C.Compute(content[CountAt..]) != BinaryPrimitives.ReadUInt32BigEndian(content[CrcAt..])) return "its checksum is wrong";
        int count = BinaryPrimitives.ReadInt32BigEndian(content[CountAt..]);
        return count < 0 || (long)count * EntryBytes != content.Length - HeaderBytes ? $"it does not hold the {count} producers it tells of" : null;
    }

    static void WriteEntry(Span<byte> to, in ProducerState state)
    {
        BinaryPrimitives.WriteInt64BigEndian(to, state.ProducerId);
        BinaryPrimitives.WriteInt16BigEndian(to[8..], state.Epoch);
        BinaryPrimitives.WriteInt32BigEndian(to[10..], state.LastSequence);
        BinaryPrimitives.WriteInt64BigEndian(to[14..], state.LastOffset);
        BinaryPrimitives.WriteInt32BigEndian(to[22..], state.LastOffsetDelta);
        BinaryPrimitives.WriteInt64BigEndian(to[26..], state.LastTimestamp);
        BinaryPrimitives.WriteInt32BigEndian(to[34..], state.CoordinatorEpoch);
        BinaryPrimitives.WriteInt64BigEndian(to[38..], state.TransactionStart);
    }

    static ProducerState ReadEntry(ReadOnlySpan<byte> from)
    {
        var state = ProducerState.New(BinaryPrimitives.ReadInt64BigEndian(from));
        state.Epoch = BinaryPrimitives.ReadInt16BigEndian(from[8..]);
        state.LastTimestamp = BinaryPrimitives.ReadInt64BigEndian(from[26..]);
        state.CoordinatorEpoch = BinaryPrimitives.ReadInt32BigEndian(from[34..]);
        state.TransactionStart = BinaryPrimitives.ReadInt64BigEndian(from[38..]);
        long lastOffset = BinaryPrimitives.ReadInt64BigEndian(from[14..]);
        if (lastOffset < 0) return state;
        state.Batches[0] = new ProducerBatch
        {
            LastSequence = BinaryPrimitives.ReadInt32BigEndian(from[10..]),
            LastOffset = lastOffset,
            OffsetDelta = BinaryPrimitives.ReadInt32BigEndian(from[22..]),
            Timestamp = state.LastTimestamp,
        };
        state.Kept = 1;
        return state;
    }
}
