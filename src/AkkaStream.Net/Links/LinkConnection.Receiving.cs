using System.Buffers;
using System.Buffers.Binary;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Net.Links;

// Small answers are handled where they lie in the chunk, many to a receive. A large one gets an array of its own, is
// received straight into it, and can be kept without a copy.
public sealed partial class LinkConnection
{
    const int ChunkBytes = 64 * 1024;
    const int LengthSize = Frames.LengthSize;

    /// <summary>A frame that is larger is received into an array of its own.</summary>
    const int LargeFrame = 32 * 1024;

    /// <summary>Until the peer has shown that it is a broker; what others send first looks like a far larger length.</summary>
    const int LargestFirstAnswer = 1 << 20;

    async Task ReceiveAsync()
    {
        byte[] chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        LinkFailure? failure = null;
        try
        {
            int have = 0;
            while (true)
            {
                int got = await _stream.ReceiveAsync(chunk.AsMemory(have)).ConfigureAwait(false);
                if (got == 0)
                {
                    failure = new LinkFailure(LinkFailureKind.Disconnected, $"{Peer} closed the connection");
                    break;
                }
                have += got;
                int used = HandleWhole(chunk, have, out int large);
                if (large > 0)
                {
                    await ReceiveLargeAsync(chunk, used, have, large).ConfigureAwait(false);
                    have = 0;
                    continue;
                }
                have -= used;
                if (have > 0 && used > 0) chunk.AsSpan(used, have).CopyTo(chunk);
            }
        }
        catch (WireFormatException e)
        {
            failure = new LinkFailure(LinkFailureKind.Malformed, $"an answer of {Peer} cannot be read: {e.Message}");
        }
        catch (LinkException e)
        {
            failure = e.Failure;
        }
        catch (Exception e)
        {
            failure = new LinkFailure(LinkFailureKind.Disconnected, $"the connection to {Peer} broke: {e.Message}");
        }
        ArrayPool<byte>.Shared.Return(chunk);
        End(failure);
    }

    /// <summary>Hands out the whole frames; returns how many bytes are done with, and the length of a large frame that comes next.</summary>
    int HandleWhole(byte[] chunk, int have, out int large)
    {
        int at = 0;
        large = 0;
        while (have - at >= LengthSize)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(chunk.AsSpan(at));
            if (length < sizeof(int) || length > (Ranges is null ? LargestFirstAnswer : _settings.MaxReplyBytes)) throw NotAnAnswer(
                chunk.AsSpan(at, LengthSize), length);
            if (have - at - LengthSize >= length)
            {
                Handle(chunk, at + LengthSize, length, null);
                at += LengthSize + length;
                continue;
            }
            if (length + LengthSize > LargeFrame) large = length;
            break;
        }
        return at;
    }

    async ValueTask ReceiveLargeAsync(byte[] chunk, int from, int to, int length)
    {
        var lease = FrameLease.Rent(length);
        try
        {
            int have = to - from - LengthSize;
            chunk.AsSpan(from + LengthSize, have).CopyTo(lease.Array);
            while (have < length)
            {
                int got = await _stream.ReceiveAsync(lease.Array.AsMemory(have, length - have)).ConfigureAwait(false);
                if (got == 0) throw new IOException("it was closed within an answer");
                have += got;
            }
            Handle(lease.Array, 0, length, lease);
        }
        finally
        {
            lease.Release();
        }
    }

    void Handle(byte[] array, int start, int length, FrameLease? lease)
    {
        int correlationId = BinaryPrimitives.ReadInt32BigEndian(array.AsSpan(start));
        LinkCall? call;
        lock (_lock)
        {
            if (_ended is { } ended) throw new LinkException(ended);
            if (!_inFlight.TryPeek(out call) || call.CorrelationId != correlationId)
                throw new IOException($"it answered a request that was not asked (correlation id {correlationId})");
            _inFlight.Dequeue();
            _lastActivity = _time.GetTimestamp();
        }
        try
        {
            int head = sizeof(int);
            if (ApiTable.ResponseHeaderVersion(call.Api, call.Version) == 1)
            {
                var reader = new WireReader(array.AsSpan(start + head, length - head));
                reader.SkipTags();
                head += reader.Position;
            }
            call.OnReply(new LinkReply(array, start + head, length - head, lease, call.Version));
        }
        catch (Exception e)
        {
            call.OnFailed(new LinkFailure(
                LinkFailureKind.Malformed, $"the answer of {Peer} to {call.Api} v{call.Version} cannot be read: {e.Message}", MayHaveArrived: true));
            throw;
        }
    }

    // A TLS alert or a web server's answer read as a length is what a wrong port looks like from here.
    LinkException NotAnAnswer(ReadOnlySpan<byte> prefix, int length)
    {
        string cause = prefix[0] is 0x15 or 0x16
            ? "it speaks TLS: set security.protocol=SSL, or use its plaintext port"
            : prefix.SequenceEqual("HTTP"u8) ? "it is a web server, not a broker" : $"it announced an answer of {length} bytes";
        return new LinkException(new LinkFailure(LinkFailureKind.Malformed, $"{Peer} does not answer as a broker: {cause}"));
    }
}
