namespace AkkaStream.Protocol.Records.Compression.Gzip;

/// <summary>What the symbols of deflate's codes stand for (RFC 1951, 3.2.5 and 3.2.6), as meanings for a DeflateTable.</summary>
static class DeflateAlphabets
{
    public const int LongestMatch = 258;

    // Two symbols beyond the lengths take part in the fixed code and mean nothing.
    const int LiteralSymbols = 288;
    const int DistanceSymbols = 32;

    public static readonly uint[] Literals = MakeLiterals();
    public static readonly uint[] Distances = MakeDistances();

    /// <summary>The alphabet of code lengths: each symbol stands for itself.</summary>
    public static readonly uint[] CodeLengths = [.. Enumerable.Range(0, 19).Select(i => (uint)i << 16)];

    public static readonly byte[] FixedLiteralLengths =
    [
        .. Enumerable.Repeat((byte)8, 144), .. Enumerable.Repeat((byte)9, 112),
        .. Enumerable.Repeat((byte)7, 24), .. Enumerable.Repeat((byte)8, 8),
    ];

    public static readonly byte[] FixedDistanceLengths = [.. Enumerable.Repeat((byte)5, DistanceSymbols)];

    /// <summary>The order in which a block's header gives the lengths of the code for code lengths.</summary>
    public static ReadOnlySpan<byte> CodeLengthOrder =>
        [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    static uint[] MakeLiterals()
    {
        var meanings = new uint[LiteralSymbols];
        Array.Fill(meanings, DeflateTable.Special);
        for (uint i = 0; i < 256; i++) meanings[i] = DeflateTable.Literal | i << 16;
        meanings[256] = DeflateTable.Special | DeflateTable.EndOfBlock;
        uint length = 3;
        for (uint i = 0; i < 28; i++)
        {
            uint extra = i < 8 ? 0 : i / 4 - 1;
            meanings[257 + i] = length << 16 | extra;
            length += 1u << (int)extra;
        }
        meanings[285] = LongestMatch << 16;
        return meanings;
    }

    static uint[] MakeDistances()
    {
        var meanings = new uint[DistanceSymbols];
        Array.Fill(meanings, DeflateTable.Special);
        uint distance = 1;
        for (uint i = 0; i < 30; i++)
        {
            uint extra = i < 4 ? 0 : i / 2 - 1;
            meanings[i] = distance << 16 | extra;
            distance += 1u << (int)extra;
        }
        return meanings;
    }
}
