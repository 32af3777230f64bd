using AkkaStream.Protocol;

namespace AkkaStream.Net.Links;

/// <summary>
/// The body of an answer where it lies: valid during <see cref="LinkCall.OnReply"/>, and longer for who takes the lease.
/// </summary>
public readonly struct LinkReply
{
    readonly byte[] _array;
    readonly int _start;
    readonly FrameLease? _lease;

    internal LinkReply(byte[] array, int start, int length, FrameLease? lease, short version)
    {
        _array = array;
        _start = start;
        Length = length;
        _lease = lease;
        Version = version;
    }

    /// <summary>The version in which the request was sent.</summary>
    public short Version { get; }

    public int Length { get; }

    public ReadOnlySpan<byte> Body => new(_array, _start, Length);

    /// <summary>
    /// Keeps the body: the memory lives until the lease is released. A small body is copied, because it shares its bytes
    /// with those around it.
    /// </summary>
    public ReadOnlyMemory<byte> Keep(out FrameLease lease)
    {
        if (_lease is not null)
        {
            _lease.Retain();
            lease = _lease;
            return new ReadOnlyMemory<byte>(_array, _start, Length);
        }
        lease = FrameLease.Rent(Length);
        Body.CopyTo(lease.Array);
        return new ReadOnlyMemory<byte>(lease.Array, 0, Length);
    }
}
