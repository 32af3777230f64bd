namespace AkkaStream.Net;

/// <summary>
/// One request as it lies in memory, without its length prefix. Valid until the sink's call that brought it returns;
/// who needs it longer holds it and must release it as soon as its bytes are stored (not when the reply leaves).
/// Contiguous always, and writable: the broker patches offsets and epochs where the bytes lie.
/// </summary>
public readonly unsafe struct Frame(NativeBuffer owner, byte* pointer, int length)
{
    public byte* Pointer => pointer;
    public int Length => length;
    public ReadOnlySpan<byte> Bytes => new(pointer, length);

    public Frame Hold()
    {
        owner.Retain();
        return this;
    }

    public void Release() => owner.Release();
}
