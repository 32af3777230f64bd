using System.Runtime.CompilerServices;

namespace AkkaStream.Protocol.Records.Compression.Zstd;

/// <summary>
/// The literals section of a compressed block (RFC 8878, 3.1.1.3.1). After <see cref="Read"/> the literals lie at
/// <see cref="Start"/> of the source or, if that is negative, in the <see cref="Buffer"/>, with
/// <see cref="Overrun"/> readable bytes behind them.
/// </summary>
sealed unsafe class ZstdLiterals
{
    public const int LargestBlock = 128 << 10;

    /// <summary>Whoever copies literals may read this far behind them.</summary>
    public const int Overrun = Copies.Overrun;

    readonly HuffmanTable _table = new();

    byte[] _buffer = [];

    public int Length { get; private set; }

    public byte[] Buffer => _buffer;

    public int Start { get; private set; }

    /// <summary>A frame may not use the tables of the one before.</summary>
    public void Forget() => _table.IsBuilt = false;

    public void Release() => Scratch.GiveBack(ref _buffer);

    /// <summary>
    /// Returns the length of the section or -1 when it is damaged. <paramref name="room"/> is how many bytes of source can
    /// be read, the block and what lies behind it.
    /// </summary>
    public int Read(byte* source, int length, int room, int largest)
    {
        if (length < 1) return -1;
        int type = source[0] & 3;
        int format = source[0] >> 2 & 3;
        return type switch
        {
            0 or 1 => ReadPlain(source, length, room, type, format, largest),
            _ => ReadCompressed(source, length, type, format, largest),
        };
    }

    int ReadPlain(byte* source, int length, int room, int type, int format, int largest)
    {
        int header = format switch { 1 => 2, 3 => 3, _ => 1 };
        if (length < header + type) return -1;
        Length = header switch
        {
            1 => source[0] >> 3,
            2 => Unsafe.ReadUnaligned<ushort>(source) >> 4,
            _ => (source[0] | source[1] << 8 | source[2] << 16) >> 4,
        };
        if (Length > largest) return -1;
        if (type == 1)
        {
            Make();
            _buffer.AsSpan(0, Length).Fill(source[header]);
            return header + 1;
        }
        if (Length > length - header) return -1;
        Start = header;
        if (room - header - Length < Overrun)
        {
            Make();
            new ReadOnlySpan<byte>(source + header, Length).CopyTo(_buffer);
        }
        return header + Length;
    }

    int ReadCompressed(byte* source, int length, int type, int format, int largest)
    {
        // Both lengths have 10 bits, or 14, or 18, behind four bits of type and format.
        int bits = format switch { 2 => 14, 3 => 18, _ => 10 };
        int header = (4 + 2 * bits + 7) / 8;
        if (length < header) return -1;
        ulong word = 0;
        for (int i = 0; i < header; i++) word |= (ulong)source[i] << (8 * i);
        Length = (int)(word >> 4) & ((1 << bits) - 1);
        int packed = (int)(word >> (4 + bits)) & ((1 << bits) - 1);
        if (Length > largest || Length == 0 || packed > length - header) return -1;

        byte* at = source + header;
        int left = packed;
        if (type == 2)
        {
            int used = _table.Read(at, packed);
            if (used < 0) return -1;
            at += used;
            left -= used;
        }
        else if (!_table.IsBuilt)
        {
            return -1;
        }
        Make();
        fixed (byte* to = _buffer)
        fixed (ushort* table = _table.Entries)
        {
            bool good = format == 0
                ? HuffmanStreams.DecodeOne(at, left, to, Length, table)
                : HuffmanStreams.DecodeFour(at, left, to, Length, table);
            return good ? header + packed : -1;
        }
    }

    void Make()
    {
        Start = -1;
        Scratch.Exchange(ref _buffer, Length + Overrun);
    }
}
