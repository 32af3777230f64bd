namespace AkkaStream.Protocol.Records.Compression.Zstd;

/// <summary>
/// Decodes the compressed blocks of one frame after another, and remembers what a block may take over from the one before:
/// tables and the last distances. Reads nothing outside the source and writes nothing behind the room it is given,
/// whatever the bytes say.
/// </summary>
sealed unsafe class ZstdBlockDecoder
{
    public const int LiteralsDamaged = -1;
    public const int SequencesDamaged = -2;

    readonly ZstdLiterals _literals = new();
    readonly ZstdSequences _sequences = new();

    public void BeginFrame()
    {
        _literals.Forget();
        _sequences.Forget();
    }

    public void Release() => _literals.Release();

    /// <summary>
    /// Returns how many bytes were written to the target, or what is damaged. Of the source, <paramref name="length"/> bytes
    /// are the block and <paramref name="room"/> can be read. At the target there is room for
    /// <paramref name="largest"/> bytes and <see cref="Copies.Overrun"/> more.
    /// </summary>
    public int Decode(byte* source, int length, int room, byte* oldest, byte* target, int largest)
    {
        int section = _literals.Read(source, length, room, largest);
        if (section < 0) return LiteralsDamaged;
        fixed (byte* buffer = _literals.Buffer)
        {
            var place = new ZstdSequences.Place
            {
                Literals = _literals.Start < 0 ? buffer : source + _literals.Start,
                LiteralsLength = _literals.Length,
                Oldest = oldest,
                Target = target,
                Limit = target + largest,
            };
            int made = _sequences.Run(source + section, length - section, place);
            return made < 0 ? SequencesDamaged : made;
        }
    }
}
