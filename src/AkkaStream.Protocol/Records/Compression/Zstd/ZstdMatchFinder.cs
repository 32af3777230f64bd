using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AkkaStream.Protocol.Records.Compression.Zstd;

/// <summary>
/// Cuts the blocks of one frame into sequences: at each place it tries the last distance, then the latest place with the
/// same eight bytes, then the latest with the same five. Its tables are rented for one frame.
/// </summary>
sealed unsafe class ZstdMatchFinder : IDisposable
{
    const int LargestLongBits = 17;
    const int LargestShortBits = 16;
    const int SmallestBits = 10;

    // Nothing begins in the last bytes of a block, so that words and vectors may be read without a look at the end.
    const int NoMatchWithin = 16;

    // Where nothing repeats, the step grows by one with every so many bytes (as a power of two).
    const int PatienceBits = 8;

    readonly int[] _longPlaces;
    readonly int[] _shortPlaces;
    readonly int _longShift;
    readonly int _shortShift;
    readonly int _step;
    readonly int _window;

    // A frame begins with these.
    uint _last = 1;
    uint _lastButOne = 4;

    /// <summary><paramref name="step"/>: 1, or more to be faster and find less.</summary>
    public ZstdMatchFinder(int sourceLength, int window, int step)
    {
        int bits = BitOperations.Log2((uint)Math.Max(sourceLength, 1)) + 1;
        int longBits = Math.Clamp(bits, SmallestBits, LargestLongBits);
        int shortBits = Math.Clamp(bits - 1, SmallestBits, LargestShortBits);
        _longPlaces = ArrayPool<int>.Shared.Rent(1 << longBits);
        _shortPlaces = ArrayPool<int>.Shared.Rent(1 << shortBits);
        Array.Clear(_longPlaces, 0, 1 << longBits);
        Array.Clear(_shortPlaces, 0, 1 << shortBits);
        _longShift = 64 - longBits;
        _shortShift = 64 - shortBits;
        _step = step;
        _window = window;
    }

    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(_longPlaces);
        ArrayPool<int>.Shared.Return(_shortPlaces);
    }

    public (uint Last, uint LastButOne) Repeats
    {
        get => (_last, _lastButOne);
        set => (_last, _lastButOne) = value;
    }

    /// <summary>
    /// Fills the store from the block that begins at <paramref name="from"/>. Returns the block's length: less than
    /// <paramref name="length"/> when the store was full before.
    /// </summary>
    public int Find(byte* source, int from, int length, ZstdSequenceStore store)
    {
        fixed (int* longPlaces = _longPlaces, shortPlaces = _shortPlaces)
        fixed (byte* literals = store.Literals)
        fixed (ZstdSequence* sequences = store.Sequences)
        {
            var run = new Run
            {
                Source = source,
                End = source + from + length,
                Anchor = source + from,
                LongPlaces = longPlaces,
                ShortPlaces = shortPlaces,
                LongShift = _longShift,
                ShortShift = _shortShift,
                Window = (uint)_window,
                Step = _step,
                Last = _last,
                LastButOne = _lastButOne,
                Sequence = sequences,
                Literals = literals,
            };
            run.Go(length > NoMatchWithin, sequences + ZstdSequenceStore.Capacity - 2);
            store.Count = (int)(run.Sequence - sequences);
            store.LiteralsLength = (int)(run.Literals - literals);
            _last = run.Last;
            _lastButOne = run.LastButOne;
            return (int)(run.Anchor - source) - from;
        }
    }

    ref struct Run
    {
        public byte* Source;
        public byte* End;
        public byte* Anchor;
        public int* LongPlaces;
        public int* ShortPlaces;
        public int LongShift;
        public int ShortShift;
        public uint Window;
        public int Step;
        public uint Last;
        public uint LastButOne;
        public ZstdSequence* Sequence;
        public byte* Literals;

        public void Go(bool longEnough, ZstdSequence* full)
        {
            byte* lastStart = End - NoMatchWithin;
            byte* at = Anchor == Source ? Anchor + 1 : Anchor;
            while (longEnough && at <= lastStart)
            {
                byte* found = at;
                uint distance = FindAt(ref found, out nuint length);
                if (distance == 0)
                {
                    at += ((at - Anchor) >> PatienceBits) + Step;
                    continue;
                }
                Add(found, distance, length);
                at = Anchor;
                if (at > lastStart) break;
                Remember(found + 2);
                Remember(at - 2);
                while (at <= lastStart && Reaches(at, LastButOne) && Word(at) == Word(at - LastButOne))
                {
                    length = 4 + Measure(at + 4, at + 4 - LastButOne);
                    Remember(at);
                    Add(at, LastButOne, length);
                    at = Anchor;
                    if (Sequence >= full) break;
                }
                if (Sequence >= full) return;
            }
            CopyLiterals(End);
            Anchor = End;
        }

        /// <summary>The distance of a match at or near the place, which moves there; 0 when there is none.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        readonly uint FindAt(ref byte* at, out nuint length)
        {
            uint place = (uint)(at - Source);
            ulong eight = Long(at);
            ref int longPlace = ref LongPlaces[LongHash(eight)];
            ref int shortPlace = ref ShortPlaces[ShortHash(eight)];
            uint longDistance = place - (uint)longPlace;
            uint shortDistance = place - (uint)shortPlace;
            longPlace = shortPlace = (int)place;
            if (Reaches(at + 1, Last) && Word(at + 1) == Word(at + 1 - Last))
            {
                at++;
                length = 4 + Measure(at + 4, at + 4 - Last);
                return Last;
            }
            if (Long(at - longDistance) == eight && longDistance <= Window)
            {
                length = 8 + Measure(at + 8, at + 8 - longDistance);
                return Extend(ref at, longDistance, ref length);
            }
            if (Word(at - shortDistance) != (uint)eight || shortDistance > Window)
            {
                length = 0;
                return 0;
            }

            // A long match one byte further on is worth the byte.
            eight = Long(at + 1);
            longPlace = ref LongPlaces[LongHash(eight)];
            longDistance = place + 1 - (uint)longPlace;
            longPlace = (int)place + 1;
            if (Long(at + 1 - longDistance) == eight && longDistance <= Window)
            {
                at++;
                length = 8 + Measure(at + 8, at + 8 - longDistance);
                return Extend(ref at, longDistance, ref length);
            }
            length = 4 + Measure(at + 4, at + 4 - shortDistance);
            return Extend(ref at, shortDistance, ref length);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        readonly uint Extend(ref byte* at, uint distance, ref nuint length)
        {
            while (at > Anchor && at - distance > Source && at[-1] == at[-1 - (nint)distance])
            {
                at--;
                length++;
            }
            return distance;
        }

        void Add(byte* at, uint distance, nuint length)
        {
            int literals = (int)(at - Anchor);
            CopyLiterals(at);
            uint offset = distance + 3;
            if (literals > 0 && distance == Last)
            {
                offset = 1;
            }
            else if (literals == 0 && distance == LastButOne)
            {
                // Without literals the numbers are one further on: 1 is the last distance but one.
                offset = 1;
                (Last, LastButOne) = (LastButOne, Last);
            }
            else
            {
                LastButOne = Last;
                Last = distance;
            }
            *Sequence++ = new ZstdSequence(literals, (int)length, offset);
            Anchor = at + length;
        }

        void CopyLiterals(byte* until)
        {
            nuint length = (nuint)(until - Anchor);
            if (length <= 16 && until <= End - NoMatchWithin) Vector128.Load(Anchor).Store(Literals);
            else Buffer.MemoryCopy(Anchor, Literals, length, length);
            Literals += length;
        }

        readonly void Remember(byte* at)
        {
            ulong eight = Long(at);
            LongPlaces[LongHash(eight)] = ShortPlaces[ShortHash(eight)] = (int)(at - Source);
        }

        readonly bool Reaches(byte* at, uint distance) => distance <= at - Source && distance <= Window;

        readonly nuint Measure(byte* later, byte* earlier) => Lz4.Lz4BlockEncoder.MatchLength(later, earlier, End);

        readonly nint LongHash(ulong eight) => (nint)((eight * 0xCF1B_BCDC_B7A5_6463) >> LongShift);

        readonly nint ShortHash(ulong eight) => (nint)(((eight << 24) * 0xCF1B_BCDC_BB00_0000) >> ShortShift);

        static ulong Long(byte* at) => Unsafe.ReadUnaligned<ulong>(at);

        static uint Word(byte* at) => Unsafe.ReadUnaligned<uint>(at);
    }
}
