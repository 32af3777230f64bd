namespace AkkaStream.Protocol.Records.Compression.Gzip;

/// <summary>Reads the two codes that a block of its own codes begins with (RFC 1951, 3.2.7).</summary>
sealed unsafe class DeflateBlockHeader
{
    const int MostLiterals = 286;
    const int MostDistances = 30;
    const int EndOfBlock = 256;
    const int CodeLengthBits = 7;

    readonly DeflateTable _codeLengths = new(CodeLengthBits, 1 << CodeLengthBits);

    /// <summary>Null when both tables are built.</summary>
    public Inflater.Verdict? Read(
        byte* source, int length, ref DeflateBits bits, DeflateTable literals, DeflateTable distances)
    {
        if (!bits.TryTake(source, length, 14, out uint counts)) return Inflater.Verdict.Truncated;
        int literalCount = 257 + (int)(counts & 31);
        int distanceCount = 1 + (int)(counts >> 5 & 31);
        int codeLengthCount = 4 + (int)(counts >> 10);
        if (literalCount > MostLiterals || distanceCount > MostDistances) return Inflater.Verdict.Corrupt;

        Span<byte> lengths = stackalloc byte[MostLiterals + MostDistances];
        lengths[..19].Clear();
        for (int i = 0; i < codeLengthCount; i++)
        {
            if (!bits.TryTake(source, length, 3, out uint one)) return Inflater.Verdict.Truncated;
            lengths[DeflateAlphabets.CodeLengthOrder[i]] = (byte)one;
        }
        if (!_codeLengths.TryBuild(lengths[..19], DeflateAlphabets.CodeLengths)) return Inflater.Verdict.Corrupt;

        lengths = lengths[..(literalCount + distanceCount)];
        if (ReadLengths(source, length, ref bits, lengths) is { } verdict) return verdict;
        return lengths[EndOfBlock] != 0
            && literals.TryBuild(lengths[..literalCount], DeflateAlphabets.Literals)
            && distances.TryBuild(lengths[literalCount..], DeflateAlphabets.Distances)
            ? null
            : Inflater.Verdict.Corrupt;
    }

    Inflater.Verdict? ReadLengths(byte* source, int length, ref DeflateBits bits, Span<byte> lengths)
    {
        for (int at = 0; at < lengths.Length;)
        {
            bits.RefillCarefully(source, length);
            uint entry = _codeLengths.Entries[bits.Peek(CodeLengthBits)];
            if ((entry & DeflateTable.Special) != 0) return Inflater.Verdict.Corrupt;
            bits.Drop(entry);
            if (bits.IsOverdrawn) return Inflater.Verdict.Truncated;
            uint symbol = entry >> 16;
            if (symbol < 16)
            {
                lengths[at++] = (byte)symbol;
                continue;
            }
            if (symbol == 16 && at == 0) return Inflater.Verdict.Corrupt;
            (int extra, int least) = symbol switch { 16 => (2, 3), 17 => (3, 3), _ => (7, 11) };
            if (!bits.TryTake(source, length, extra, out uint more)) return Inflater.Verdict.Truncated;
            int run = least + (int)more;
            if (run > lengths.Length - at) return Inflater.Verdict.Corrupt;
            lengths.Slice(at, run).Fill(symbol == 16 ? lengths[at - 1] : (byte)0);
            at += run;
        }
        return null;
    }
}
