using System.Buffers;
using System.Buffers.Binary;

namespace AkkaStream.Protocol.Records.Compression.Zstd;

/// <summary>
/// Writes one zstd frame without any library, a block of at most 128 KiB at a time. One at work on one thread; idle ones
/// rest in a pool and hold only the small tables of the codes.
/// </summary>
sealed unsafe class ZstdEncoder
{
    // Sources up to here are their own window; beyond it no match looks further back.
    const int LargestWindowLog = 20;
    const int LargestWindow = 1 << LargestWindowLog;

    const int LongestHeader = 4 + 1 + 1 + 8;
    const int BlockHeaderLength = 3;

    static readonly BoundedPool<ZstdEncoder> Idle = new(Environment.ProcessorCount);

    readonly ZstdLiteralsWriter _literals = new();
    readonly ZstdSequencesWriter _sequences = new();

    public static int Encode(int level, ReadOnlySpan<byte> source, IBufferWriter<byte> target)
    {
        ZstdEncoder encoder = Idle.TryTake() ?? new ZstdEncoder();
        int written = encoder.WriteFrame(level, source, target);
        Idle.TryReturn(encoder);
        return written;
    }

    int WriteFrame(int level, ReadOnlySpan<byte> source, IBufferWriter<byte> target)
    {
        int written = WriteHeader(source.Length, target.GetSpan(LongestHeader));
        target.Advance(written);
        if (source.IsEmpty) return written + WriteRaw(source, last: true, target);
        using var store = new ZstdSequenceStore();
        using var finder = new ZstdMatchFinder(source.Length, LargestWindow, level < 0 ? 1 - level : 1);
        fixed (byte* start = source)
        {
            for (int at = 0; at < source.Length;)
            {
                (uint, uint) repeats = finder.Repeats;
                int length = Math.Min(source.Length - at, ZstdLiterals.LargestBlock);
                length = finder.Find(start, at, length, store);
                bool last = at + length == source.Length;
                int block = WriteBlock(store, length, last, target);
                if (block == 0)
                {
                    // The reader will not have seen the sequences.
                    finder.Repeats = repeats;
                    block = WriteRaw(source.Slice(at, length), last, target);
                }
                written += block;
                at += length;
            }
        }
        return written;
    }

    // The content size is always told; a source that fits into the window also needs no word about it.
    static int WriteHeader(int length, Span<byte> target)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(target, ZstdFrame.Magic);
        bool single = length <= LargestWindow;
        int at = 5;
        if (!single) target[at++] = (LargestWindowLog - ZstdFrame.SmallestWindowLog) << 3;
        if (single && length < 256)
        {
            target[4] = ZstdFrame.SingleSegmentFlag;
            target[at++] = (byte)length;
        }
        else
        {
            target[4] = (byte)(2 << 6 | (single ? ZstdFrame.SingleSegmentFlag : 0));
            BinaryPrimitives.WriteInt32LittleEndian(target[at..], length);
            at += 4;
        }
        return at;
    }

    /// <summary>0 when the block is no shorter for it.</summary>
    int WriteBlock(ZstdSequenceStore store, int length, bool last, IBufferWriter<byte> target)
    {
        int room = BlockHeaderLength + store.LiteralsLength + ZstdLiteralsWriter.Overhead
            + store.Count * ZstdSequencesWriter.BytesPerSequence + ZstdSequencesWriter.Overhead;
        Span<byte> space = target.GetSpan(room);
        int packed;
        fixed (byte* to = space)
        fixed (byte* literals = store.Literals)
        {
            byte* at = to + BlockHeaderLength;
            at += _literals.Write(literals, store.LiteralsLength, at);
            at += _sequences.Write(store.Sequences.AsSpan(0, store.Count), at);
            packed = (int)(at - to) - BlockHeaderLength;
        }
        if (packed >= length) return 0;
        WriteBlockHeader(space, 2, packed, last);
        target.Advance(BlockHeaderLength + packed);
        return BlockHeaderLength + packed;
    }

    static int WriteRaw(ReadOnlySpan<byte> block, bool last, IBufferWriter<byte> target)
    {
        bool same = block.Length > 1 && block.IndexOfAnyExcept(block[0]) < 0;
        int stored = same ? 1 : block.Length;
        Span<byte> space = target.GetSpan(BlockHeaderLength + stored);
        WriteBlockHeader(space, same ? 1 : 0, block.Length, last);
        block[..stored].CopyTo(space[BlockHeaderLength..]);
        target.Advance(BlockHeaderLength + stored);
        return BlockHeaderLength + stored;
    }

    static void WriteBlockHeader(Span<byte> target, int type, int length, bool last)
    {
        int head = length << 3 | type << 1 | (last ? 1 : 0);
        target[0] = (byte)head;
        target[1] = (byte)(head >> 8);
        target[2] = (byte)(head >> 16);
    }
}
