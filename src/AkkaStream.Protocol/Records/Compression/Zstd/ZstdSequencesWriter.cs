using System.Numerics;
using System.Runtime.CompilerServices;

namespace AkkaStream.Protocol.Records.Compression.Zstd;

/// <summary>
/// Writes the sequences section of a block, each of its three codes in the cheapest way that its histogram allows. What
/// <see cref="ZstdSequences"/> reads.
/// </summary>
sealed unsafe class ZstdSequencesWriter
{
    /// <summary>Room that the section needs besides that of <see cref="BytesPerSequence"/>.</summary>
    public const int Overhead = 4 + 3 * FseCountsWriter.LongestDescription + 16;

    /// <summary>Three codes and the extra bits at their largest, in whole bytes.</summary>
    public const int BytesPerSequence = 12;

    const int LongCode = 64;

    static readonly byte[] LiteralLengthCodes = MakeCodes(SequenceCodes.LiteralLengthBases, 0);
    static readonly byte[] MatchLengthCodes = MakeCodes(SequenceCodes.MatchLengthBases, SequenceCodes.ShortestMatch);

    readonly CodeWriter _literals = new(
        SequenceCodes.LargestLiteralLengthLog,
        SequenceCodes.LiteralLengthCodes,
        SequenceCodes.DefaultLiteralLengths.ToArray(),
        SequenceCodes.DefaultLiteralLengthLog);

    readonly CodeWriter _matches = new(
        SequenceCodes.LargestMatchLengthLog,
        SequenceCodes.MatchLengthCodes,
        SequenceCodes.DefaultMatchLengths.ToArray(),
        SequenceCodes.DefaultMatchLengthLog);

    readonly CodeWriter _offsets = new(
        SequenceCodes.LargestOffsetLog,
        SequenceCodes.OffsetCodes,
        SequenceCodes.DefaultOffsets.ToArray(),
        SequenceCodes.DefaultOffsetLog);

    /// <summary>Returns the length of the section.</summary>
    public int Write(ReadOnlySpan<ZstdSequence> sequences, byte* target)
    {
        byte* at = WriteCount(sequences.Length, target);
        if (sequences.IsEmpty) return (int)(at - target);
        _literals.Begin(sequences.Length);
        _matches.Begin(sequences.Length);
        _offsets.Begin(sequences.Length);
        foreach (ref readonly ZstdSequence sequence in sequences)
        {
            _literals.Histogram[LiteralLengthCode(sequence.LiteralLength)]++;
            _matches.Histogram[MatchLengthCode(sequence.MatchLength)]++;
            _offsets.Histogram[BitOperations.Log2(sequence.Offset)]++;
        }
        byte* modes = at++;
        int literalMode = _literals.Choose(ref at);
        int offsetMode = _offsets.Choose(ref at);
        int matchMode = _matches.Choose(ref at);
        *modes = (byte)(literalMode << 6 | offsetMode << 4 | matchMode << 2);
        return (int)(WriteStream(sequences, at) - target);
    }

    static byte* WriteCount(int count, byte* at)
    {
        if (count < 128)
        {
            *at++ = (byte)count;
        }
        else if (count < 0x7F00)
        {
            *at++ = (byte)((count >> 8) + 128);
            *at++ = (byte)count;
        }
        else
        {
            *at++ = byte.MaxValue;
            Unsafe.WriteUnaligned(at, (ushort)(count - 0x7F00));
            at += 2;
        }
        return at;
    }

    byte* WriteStream(ReadOnlySpan<ZstdSequence> sequences, byte* target)
    {
        FseEncoder literals = _literals.Code;
        FseEncoder matches = _matches.Code;
        FseEncoder offsets = _offsets.Code;
        fixed (int* literalBounds = literals.BitsAndBounds, literalBases = literals.Bases)
        fixed (int* matchBounds = matches.BitsAndBounds, matchBases = matches.Bases)
        fixed (int* offsetBounds = offsets.BitsAndBounds, offsetBases = offsets.Bases)
        fixed (ushort* literalNext = literals.Next, matchNext = matches.Next, offsetNext = offsets.Next)
        {
            var bits = new ForwardBits(target);
            ZstdSequence last = sequences[^1];
            int literalCode = LiteralLengthCode(last.LiteralLength);
            int matchCode = MatchLengthCode(last.MatchLength);
            int offsetCode = BitOperations.Log2(last.Offset);
            var literal = new FseEncoder.Writer(
                literalBounds, literalBases, literalNext, literals.Begin(literalCode), literals.Log);
            var match = new FseEncoder.Writer(matchBounds, matchBases, matchNext, matches.Begin(matchCode), matches.Log);
            var offset = new FseEncoder.Writer(offsetBounds, offsetBases, offsetNext, offsets.Begin(offsetCode), offsets.Log);
            AddExtraBits(ref bits, last, literalCode, matchCode, offsetCode);

            // The reader takes offset, match and literals bits, then moves the states of literals, match and offset on:
            // here everything is the other way round.
            for (int i = sequences.Length - 2; i >= 0; i--)
            {
                ref readonly ZstdSequence sequence = ref sequences[i];
                literalCode = LiteralLengthCode(sequence.LiteralLength);
                matchCode = MatchLengthCode(sequence.MatchLength);
                offsetCode = BitOperations.Log2(sequence.Offset);
                offset.Encode(ref bits, offsetCode);
                match.Encode(ref bits, matchCode);
                literal.Encode(ref bits, literalCode);
                AddExtraBits(ref bits, sequence, literalCode, matchCode, offsetCode);
            }
            match.Finish(ref bits);
            offset.Finish(ref bits);
            literal.Finish(ref bits);
            return bits.Finish();
        }
    }

    // With 26 bits of states and 7 left over there is room for 16 more; then for 16 and 27.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void AddExtraBits(
        ref ForwardBits bits, in ZstdSequence sequence, int literalCode, int matchCode, int offsetCode)
    {
        bits.AddLow(
            (uint)sequence.LiteralLength - SequenceCodes.LiteralLengthBases[literalCode],
            SequenceCodes.LiteralLengthBits[literalCode]);
        bits.Flush();
        bits.AddLow(
            (uint)sequence.MatchLength - SequenceCodes.MatchLengthBases[matchCode],
            SequenceCodes.MatchLengthBits[matchCode]);
        bits.AddLow(sequence.Offset, offsetCode);
        bits.Flush();
    }

    // Above the tables each code spans a power of two.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int LiteralLengthCode(int length) =>
        length < LongCode ? LiteralLengthCodes[length] : BitOperations.Log2((uint)length) + 19;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int MatchLengthCode(int length)
    {
        int beyond = length - SequenceCodes.ShortestMatch;
        return beyond < 2 * LongCode ? MatchLengthCodes[beyond] : BitOperations.Log2((uint)beyond) + 36;
    }

    static byte[] MakeCodes(uint[] bases, int first)
    {
        var codes = new byte[2 * LongCode];
        for (int length = 0; length < codes.Length; length++)
        {
            int code = bases.Length - 1;
            while (bases[code] > length + first) code--;
            codes[length] = (byte)code;
        }
        return codes;
    }

    /// <summary>One of the three codes: its histogram, and the choice of how to tell the reader about it.</summary>
    sealed class CodeWriter
    {
        const int Known = 0;
        const int Single = 1;
        const int Own = 2;

        readonly int _largestLog;
        readonly short[] _knownCounts;
        readonly int _knownLog;
        readonly FseEncoder _known;
        readonly FseEncoder _own;
        int _total;

        public CodeWriter(int largestLog, int symbols, short[] knownCounts, int knownLog)
        {
            _largestLog = largestLog;
            _knownCounts = knownCounts;
            _knownLog = knownLog;
            _known = new FseEncoder(knownLog, symbols);
            _known.Build(knownCounts, knownLog);
            _own = new FseEncoder(largestLog, symbols);
            Code = _known;
            Histogram = new int[symbols];
        }

        public int[] Histogram { get; }

        public FseEncoder Code { get; private set; }

        public void Begin(int total)
        {
            _total = total;
            Array.Clear(Histogram);
        }

        /// <summary>Writes the description, if the choice has one, and returns the mode.</summary>
        public int Choose(ref byte* at)
        {
            int highest = Array.FindLastIndex(Histogram, count => count > 0);
            if (Histogram[highest] == _total)
            {
                *at++ = (byte)highest;
                _own.BuildSingle(highest);
                Code = _own;
                return Single;
            }
            Span<short> counts = stackalloc short[highest + 1];
            int log = FseCountsWriter.ChooseLog(_total, highest, _largestLog);
            FseCountsWriter.Normalize(Histogram, _total, log, counts);
            int length = FseCountsWriter.Write(counts, log, new Span<byte>(at, FseCountsWriter.LongestDescription));
            if (Cost(_knownCounts, _knownLog) <= Cost(counts, log) + 8 * length)
            {
                Code = _known;
                return Known;
            }
            at += length;
            _own.Build(counts, log);
            Code = _own;
            return Own;
        }

        // Bits that the histogram's symbols would take, in whole bits; endless if the code lacks one of them.
        double Cost(ReadOnlySpan<short> counts, int log)
        {
            double bits = 0;
            for (int symbol = 0; symbol < Histogram.Length; symbol++)
            {
                if (Histogram[symbol] == 0) continue;
                if (symbol >= counts.Length || counts[symbol] == 0) return double.PositiveInfinity;
                bits += Histogram[symbol] * (log - Math.Log2(Math.Abs((int)counts[symbol])));
            }
            return bits;
        }
    }
}
