using System.Buffers;

namespace AkkaStream.Protocol.Records.Compression;

/// <summary>Buffers for the length of one stream: from the process's pool, so that idle codecs hold none. Any thread.</summary>
static class Scratch
{
    // Larger arrays are left to the collector: a pool would keep the memory of one rare giant for good.
    const int LargestPooled = 4 << 20;

    public static byte[] Rent(int length) =>
        length <= LargestPooled ? ArrayPool<byte>.Shared.Rent(length) : GC.AllocateUninitializedArray<byte>(length);

    public static void GiveBack(ref byte[] array)
    {
        byte[] gone = array;
        array = [];
        if (gone.Length is > 0 and <= LargestPooled) ArrayPool<byte>.Shared.Return(gone);
    }

    /// <summary>Makes an array at least this long; what it held is lost when it is too short.</summary>
    public static void Exchange(ref byte[] array, int length)
    {
        if (array.Length >= length) return;
        GiveBack(ref array);
        array = Rent(length);
    }
}
