using System.Runtime.CompilerServices;

namespace AkkaStream.Protocol.Records.Compression.Zstd;

/// <summary>
/// The sequences section of a compressed block (RFC 8878, 3.1.1.3.2 and 3.1.1.4): so many literals, then a match so long
/// and so far back, each number behind an FSE code. Decoded and carried out in one go. Reads nothing outside the block
/// and the literals and writes nothing outside the target, whatever the bytes say.
/// </summary>
sealed unsafe class ZstdSequences
{
    /// <summary>Where a block's output goes and what lies around it.</summary>
    public ref struct Place
    {
        public byte* Literals;
        public int LiteralsLength;

        /// <summary>Matches may look back to here.</summary>
        public byte* Oldest;
        public byte* Target;

        /// <summary>Behind this there is room for <see cref="Copies.Overrun"/>.</summary>
        public byte* Limit;
    }

    static readonly FseTable DefaultLiteralLengths = Default(
        SequenceCodes.LargestLiteralLengthLog,
        SequenceCodes.DefaultLiteralLengthLog,
        SequenceCodes.DefaultLiteralLengths,
        SequenceCodes.LiteralLengthBases,
        SequenceCodes.LiteralLengthBits);

    static readonly FseTable DefaultMatchLengths = Default(
        SequenceCodes.LargestMatchLengthLog,
        SequenceCodes.DefaultMatchLengthLog,
        SequenceCodes.DefaultMatchLengths,
        SequenceCodes.MatchLengthBases,
        SequenceCodes.MatchLengthBits);

    static readonly FseTable DefaultOffsets = Default(
        SequenceCodes.LargestOffsetLog,
        SequenceCodes.DefaultOffsetLog,
        SequenceCodes.DefaultOffsets,
        SequenceCodes.OffsetBases,
        SequenceCodes.OffsetBits);

    readonly FseTable _ownLiteralLengths = new(SequenceCodes.LargestLiteralLengthLog);
    readonly FseTable _ownMatchLengths = new(SequenceCodes.LargestMatchLengthLog);
    readonly FseTable _ownOffsets = new(SequenceCodes.LargestOffsetLog);

    // What "the same again" means; null until a frame has had a table of that kind.
    FseTable? _literalLengths;
    FseTable? _matchLengths;
    FseTable? _offsets;

    nuint _repeat1;
    nuint _repeat2;
    nuint _repeat3;

    /// <summary>A frame begins with known repeat offsets and without tables.</summary>
    public void Forget()
    {
        _literalLengths = _matchLengths = _offsets = null;
        _repeat1 = 1;
        _repeat2 = 4;
        _repeat3 = 8;
    }

    /// <summary>Returns the number of bytes written to the target or -1 when the section is damaged.</summary>
    public int Run(byte* source, int length, in Place place)
    {
        int header = ReadCount(source, length, out int count);
        if (header < 0) return -1;
        if (count == 0)
        {
            if (header != length || place.LiteralsLength > place.Limit - place.Target) return -1;
            Buffer.MemoryCopy(place.Literals, place.Target, place.LiteralsLength, place.LiteralsLength);
            return place.LiteralsLength;
        }
        header = ReadTables(source, length, header);
        if (header < 0 || _literalLengths is not { } literals || _offsets is not { } offsets || _matchLengths is not { } matches)
        {
            return -1;
        }
        BackwardBits bits = default;
        if (!bits.TryBegin(source + header, length - header)) return -1;
        fixed (FseState* literalStates = literals.States, offsetStates = offsets.States, matchStates = matches.States)
        {
            FseState* literal = literalStates + bits.Take(literals.Log);
            FseState* offset = offsetStates + bits.Take(offsets.Log);
            FseState* match = matchStates + bits.Take(matches.Log);
            if (bits.IsOverdrawn) return -1;
            return Execute(ref bits, count, place, literalStates, offsetStates, matchStates, literal, offset, match);
        }
    }

    int Execute(
        ref BackwardBits stream,
        int count,
        in Place place,
        FseState* literalStates,
        FseState* offsetStates,
        FseState* matchStates,
        FseState* literal,
        FseState* offset,
        FseState* match)
    {
        BackwardBits bits = stream;
        byte* to = place.Target;
        byte* limit = place.Limit;
        byte* oldest = place.Oldest;
        byte* literals = place.Literals;
        byte* literalsEnd = literals + place.LiteralsLength;
        nuint repeat1 = _repeat1;
        nuint repeat2 = _repeat2;
        nuint repeat3 = _repeat3;
        while (true)
        {
            bits.Refill();
            FseState literalState = *literal;
            FseState offsetState = *offset;
            FseState matchState = *match;

            // Extra bits come as offset, match, literals: up to 31, 16 and 16; then up to 26 for the next states.
            nuint distance = offsetState.Value + bits.Take(offsetState.ExtraBits);
            nuint matchLength = matchState.Value + bits.Take(matchState.ExtraBits);
            if (offsetState.ExtraBits + matchState.ExtraBits + literalState.ExtraBits > BackwardBits.Refilled - 26) bits.Refill();
            nuint literalLength = literalState.Value + bits.Take(literalState.ExtraBits);

            if (offsetState.ExtraBits > 1)
            {
                distance -= 3;
                repeat3 = repeat2;
                repeat2 = repeat1;
                repeat1 = distance;
            }
            else
            {
                // 1 to 3 name one of the last three distances; without literals before, they are all one further on.
                nuint which = distance - (literalLength != 0 ? 1u : 0u);
                distance = which switch { 0 => repeat1, 1 => repeat2, 2 => repeat3, _ => repeat1 - 1 };
                if (which != 0)
                {
                    if (which != 1) repeat3 = repeat2;
                    repeat2 = repeat1;
                    repeat1 = distance;
                }
            }

            if (literalLength > (nuint)(literalsEnd - literals)) return -1;
            if (literalLength + matchLength > (nuint)(limit - to)) return -1;
            Copies.Forward(to, literals, literalLength);
            to += literalLength;
            literals += literalLength;
            if (distance - 1 >= (nuint)(to - oldest)) return -1;
            Copies.Match(to, distance, matchLength);
            to += matchLength;

            if (--count == 0) break;
            literal = literalStates + literalState.Next + bits.Take(literalState.NextBits);
            match = matchStates + matchState.Next + bits.Take(matchState.NextBits);
            offset = offsetStates + offsetState.Next + bits.Take(offsetState.NextBits);
            if (bits.IsOverdrawn) return -1;
        }
        bits.Refill();
        if (!bits.IsAtEnd) return -1;
        _repeat1 = repeat1;
        _repeat2 = repeat2;
        _repeat3 = repeat3;

        nuint left = (nuint)(literalsEnd - literals);
        if (left > (nuint)(limit - to)) return -1;
        Buffer.MemoryCopy(literals, to, left, left);
        return (int)(to + left - place.Target);
    }

    static int ReadCount(byte* source, int length, out int count)
    {
        count = length > 0 ? source[0] : 0;
        int header = count switch { < 128 => 1, < 255 => 2, _ => 3 };
        if (length < header) return -1;
        if (header == 2) count = ((count - 128) << 8) + source[1];
        if (header == 3) count = Unsafe.ReadUnaligned<ushort>(source + 1) + 0x7F00;
        return header;
    }

    int ReadTables(byte* source, int length, int at)
    {
        if (at >= length) return -1;
        int modes = source[at++];
        if ((modes & 3) != 0) return -1;
        at = ReadTable(
            source, length, at, modes >> 6, ref _literalLengths, _ownLiteralLengths, DefaultLiteralLengths,
            SequenceCodes.LargestLiteralLengthLog, SequenceCodes.LiteralLengthBases, SequenceCodes.LiteralLengthBits);
        at = ReadTable(
            source, length, at, modes >> 4 & 3, ref _offsets, _ownOffsets, DefaultOffsets,
            SequenceCodes.LargestOffsetLog, SequenceCodes.OffsetBases, SequenceCodes.OffsetBits);
        return ReadTable(
            source, length, at, modes >> 2 & 3, ref _matchLengths, _ownMatchLengths, DefaultMatchLengths,
            SequenceCodes.LargestMatchLengthLog, SequenceCodes.MatchLengthBases, SequenceCodes.MatchLengthBits);
    }

    // Modes: 0 the known table, 1 a single code, 2 a table of its own, 3 the same again.
    static int ReadTable(
        byte* source,
        int length,
        int at,
        int mode,
        ref FseTable? table,
        FseTable own,
        FseTable known,
        int largestLog,
        ReadOnlySpan<uint> bases,
        ReadOnlySpan<byte> extraBits)
    {
        if (at < 0 || mode == 3) return at;
        if (mode == 0)
        {
            table = known;
            return at;
        }
        table = null;
        if (mode == 1)
        {
            if (at >= length || source[at] >= bases.Length) return -1;
            own.BuildSingle(bases[source[at]], extraBits[source[at]]);
            table = own;
            return at + 1;
        }
        Span<short> counts = stackalloc short[bases.Length];
        int used = FseCounts.Read(new ReadOnlySpan<byte>(source + at, length - at), counts, largestLog, out int log);
        if (used < 0) return -1;
        own.Build(counts, log, bases, extraBits);
        table = own;
        return at + used;
    }

    static FseTable Default(
        int largestLog, int log, ReadOnlySpan<short> counts, ReadOnlySpan<uint> bases, ReadOnlySpan<byte> extraBits)
    {
        var table = new FseTable(largestLog);
        table.Build(counts, log, bases, extraBits);
        return table;
    }
}
