using System.Buffers;

namespace AkkaStream.Net.Links;

/// <summary>
/// The bytes of one answer in a pooled array, with a count of holders. The last <see cref="Release"/> gives the array back;
/// a lease that is never released is left to the collector, so forgetting it costs memory traffic and nothing worse.
/// </summary>
public sealed class FrameLease
{
    byte[] _array;
    int _holders = 1;

    FrameLease(byte[] array) => _array = array;

    /// <summary>At least the length that was asked for. Not to be touched after the last release.</summary>
    public byte[] Array => _array;

    public static FrameLease Rent(int length) => new(ArrayPool<byte>.Shared.Rent(length));

    public void Retain() => Interlocked.Increment(ref _holders);

    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) != 0) return;
        var array = _array;
        _array = [];
        ArrayPool<byte>.Shared.Return(array);
    }
}
