namespace AkkaStream.Protocol.Records.Compression.Zstd;

/// <summary>
/// How zstd writes the three numbers of a sequence: a code, which FSE compresses, and extra bits as they are
/// (RFC 8878, 3.1.1.3.2.1), with the code tables that both sides know without being told.
/// </summary>
static class SequenceCodes
{
    public const int LiteralLengthCodes = 36;
    public const int MatchLengthCodes = 53;
    public const int OffsetCodes = 32;

    public const int LargestLiteralLengthLog = 9;
    public const int LargestMatchLengthLog = 9;
    public const int LargestOffsetLog = 8;

    public const int DefaultLiteralLengthLog = 6;
    public const int DefaultMatchLengthLog = 6;
    public const int DefaultOffsetLog = 5;

    public const int ShortestMatch = 3;

    public static ReadOnlySpan<byte> LiteralLengthBits =>
    [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
    ];

    public static ReadOnlySpan<byte> MatchLengthBits =>
    [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
    ];

    public static ReadOnlySpan<short> DefaultLiteralLengths =>
    [
        4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1,
    ];

    public static ReadOnlySpan<short> DefaultMatchLengths =>
    [
        1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
        1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1,
    ];

    public static ReadOnlySpan<short> DefaultOffsets =>
    [
        1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, 0, 0, 0,
    ];

    /// <summary>Code i is a one behind which i bits follow.</summary>
    public static readonly byte[] OffsetBits = [.. Enumerable.Range(0, OffsetCodes).Select(i => (byte)i)];
    public static readonly uint[] OffsetBases = [.. Enumerable.Range(0, OffsetCodes).Select(i => 1u << i)];

    public static readonly uint[] LiteralLengthBases = Bases(LiteralLengthBits, 0);
    public static readonly uint[] MatchLengthBases = Bases(MatchLengthBits, ShortestMatch);

    /// <summary>Each code goes on where the one before ends.</summary>
    static uint[] Bases(ReadOnlySpan<byte> extraBits, uint first)
    {
        var bases = new uint[extraBits.Length];
        for (int i = 0; i < bases.Length; i++)
        {
            bases[i] = first;
            first += 1u << extraBits[i];
        }
        return bases;
    }
}
