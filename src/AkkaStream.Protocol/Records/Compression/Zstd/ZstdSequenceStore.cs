using System.Buffers;

namespace AkkaStream.Protocol.Records.Compression.Zstd;

/// <summary>One step of a block: so many literals, then a match.
/// The offset is as the format has it: a distance plus 3, or 1 to 3 for the last ones.</summary>
readonly record struct ZstdSequence(int LiteralLength, int MatchLength, uint Offset);

/// <summary>The sequences of one block, and its literals one behind the other. Rented for one frame.</summary>
sealed class ZstdSequenceStore : IDisposable
{
    /// <summary>A block with more ends early, which the format allows.</summary>
    public const int Capacity = 16 << 10;

    public readonly ZstdSequence[] Sequences = ArrayPool<ZstdSequence>.Shared.Rent(Capacity);
    public readonly byte[] Literals = ArrayPool<byte>.Shared.Rent(ZstdLiterals.LargestBlock + Copies.Overrun);

    public int Count;
    public int LiteralsLength;

    public bool IsFull => Count == Capacity;

    public void Dispose()
    {
        ArrayPool<ZstdSequence>.Shared.Return(Sequences);
        ArrayPool<byte>.Shared.Return(Literals);
    }
}
