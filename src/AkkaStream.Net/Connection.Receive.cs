using System.Buffers.Binary;

namespace AkkaStream.Net;

// Bytes come into the loop's one chunk and are offered where they lie. What remains of a frame that is not whole yet is
// moved to a small buffer of the connection's own, so that an idle connection holds nothing and a slow one holds what it
// has sent. A large frame gets a buffer of its own as soon as its length is known, and is received straight into it.
public sealed unsafe partial class Connection
{
    const int LengthPrefix = 4;

    /// <summary>From here on a frame is received into a buffer of its own.</summary>
    const int LargeFrame = 96 * 1024;

    /// <summary>A large frame up to here gets its room at once (from the pool); larger ones grow as they arrive.</summary>
    const int RoomAtOnce = 2 << 20;

    const int LeastReceive = 64 * 1024;

    /// <summary>After a large frame the next one is likely large too: only its head is taken, so that little is moved.</summary>
    const int ReceiveAfterLarge = 4 * 1024;

    const int ReceivesPerRound = 4;

    NativeBuffer? _partial;
    int _have;
    int _frameLength; // of the large frame that _partial collects, with its prefix; 0 when it holds other bytes
    bool _firstFrameSeen, _lastWasLarge;

    void OnReadable()
    {
        if (IsHeld)
        {
            // Interest is withdrawn only when bytes really wait behind a held request: most clients wait for the answer.
            Watch(read: false, _watchWrite);
            return;
        }
        for (int i = 0; i < ReceivesPerRound; i++)
        {
            if (!ReceiveOnce() || IsEnded || IsHeld) return;
        }
    }

    bool ReceiveOnce() => _frameLength != 0 ? ReceiveLarge() : ReceiveIntoChunk();

    bool ReceiveIntoChunk()
    {
        int chunkSize = _loop.Chunk.Capacity;
        if (chunkSize - _loop.ChunkUsed < _have + LeastReceive)
        {
            _loop.EndBatch();
            if (IsHeld || IsEnded) return false;
        }
        byte* start = _loop.Chunk.Pointer + _loop.ChunkUsed;
        int room = chunkSize - _loop.ChunkUsed - _have;
        if (_lastWasLarge) room = Math.Min(room, ReceiveAfterLarge);
        int got = _socket.Receive(start + _have, room, null, 0);
        if (!Arrived(got)) return false;
        if (_have > 0)
        {
            new ReadOnlySpan<byte>(_partial!.Pointer, _have).CopyTo(new Span<byte>(start, _have));
            got += _have;
            room += _have;
            DropPartial();
        }
        var chunk = _loop.Chunk;
        _loop.ChunkUsed += got;
        int used = Offer(chunk, start, got);
        if (!IsEnded && used < got) Keep(start + used, got - used);
        return got == room;
    }

    bool ReceiveLarge()
    {
        var buffer = _partial!;
        if (_have == buffer.Capacity)
        {
            int capacity = (int)Math.Min(_frameLength, buffer.Capacity * 2L);
            if (!_loop.Buffers.HasRoomFor(capacity - buffer.Capacity)) return WaitForMemory(capacity - buffer.Capacity);
            _loop.Buffers.Grow(buffer, capacity);
        }
        int room = Math.Min(_frameLength, buffer.Capacity) - _have;
        int got = _socket.Receive(buffer.Pointer + _have, room, null, 0);
        if (!Arrived(got)) return false;
        _have += got;
        if (_have == _frameLength) OfferLarge();
        return got == room;
    }

    // The peer feels it as a full window. Should all memory be held by frames that wait like this one, the sweep ends
    // the largest of them, so that the others get on.
    bool WaitForMemory(int wanted)
    {
        WantedBytes = wanted;
        WaitingSince = _loop.Now;
        Watch(read: false, _watchWrite);
        _loop.WaitForMemory(this);
        return false;
    }

    internal int WantedBytes { get; private set; }
    internal long WaitingSince { get; private set; }
    internal int WaitingBytes => _have;

    internal void OnMemory()
    {
        if (!IsEnded) Watch(read: true, _watchWrite);
    }

    void OfferLarge()
    {
        var buffer = _partial!;
        int length = _frameLength;
        _partial = null;
        _have = _frameLength = 0;
        _lastWasLarge = true;
        Offer(buffer, buffer.Pointer, length);
        // What was grouped still needs the bytes: they go when the batch ends, unless the sink holds them itself.
        _loop.EndBatch();
        buffer.Release();
    }

    bool Arrived(int got)
    {
        if (got > 0)
        {
            _loop.Counters.BytesIn += got;
            _lastActivity = _loop.Now;
            return true;
        }
        if (got == 0) End(EndReason.ClosedByPeer);
        else if (got != NetResult.WouldBlock) End(EndReason.ResetByPeer);
        return false;
    }

    /// <summary>Offers the complete frames in order; returns how many bytes are done with.</summary>
    int Offer(NativeBuffer owner, byte* bytes, int count)
    {
        int at = 0;
        while (count - at >= LengthPrefix && !IsHeld)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(new ReadOnlySpan<byte>(bytes + at, LengthPrefix));
            if ((uint)length > (uint)_loop.Settings.RequestMaxBytes)
            {
                Refuse(new ReadOnlySpan<byte>(bytes + at, LengthPrefix));
                return count;
            }
            if (count - at - LengthPrefix < length) break;
            if (_open > 0 && !_loop.Sink.MayJoinGroup(new ReadOnlySpan<byte>(bytes + at + LengthPrefix, length)))
            {
                // What was grouped before it must be visible to it.
                _loop.EndBatch();
                if (IsHeld) break;
            }
            _firstFrameSeen = true;
            if (length < LargeFrame) _lastWasLarge = false;
            OfferFrame(new Frame(owner, bytes + at + LengthPrefix, length));
            at += LengthPrefix + length;
            if (IsEnded) return count;
        }
        return at;
    }

    void OfferFrame(Frame frame)
    {
        _loop.Counters.Frames++;
        _loop.OpenBatch();
        var slot = Enqueue();
        try
        {
            _loop.Sink.OnFrame(this, frame, slot);
        }
        catch (Exception e)
        {
            NetTrace.FrameFailed(_loop.Log, RemoteAddress.ToString(), Listener.Name, e);
            End(EndReason.InternalError);
        }
    }

    void Keep(byte* bytes, int count)
    {
        int total = 0;
        if (count >= LengthPrefix && !IsHeld)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(new ReadOnlySpan<byte>(bytes, LengthPrefix));
            if (length + LengthPrefix > LargeFrame) total = length + LengthPrefix;
        }
        int room = total == 0 ? count : Math.Max(Math.Min(total, RoomAtOnce), count);
        if (!_loop.Buffers.HasRoomFor(room)) room = count;
        _partial = _loop.Buffers.Rent(room);
        new ReadOnlySpan<byte>(bytes, count).CopyTo(_partial.Span);
        _have = count;
        _frameLength = total;
    }

    /// <summary>What stood behind a held request is offered now; then reading goes on.</summary>
    void OfferKept()
    {
        if (_partial is not { } kept || _frameLength != 0) return;
        int count = _have;
        _partial = null;
        _have = 0;
        int used = Offer(kept, kept.Pointer, count);
        // Grouped frames lie in this buffer, so the batch must end before it goes.
        _loop.EndBatch();
        if (!IsEnded && used < count) Keep(kept.Pointer + used, count - used);
        kept.Release();
    }

    void Refuse(ReadOnlySpan<byte> prefix)
    {
        var (reason, cause) = FirstBytes.Explain(prefix, !_firstFrameSeen, _loop.Settings.RequestMaxBytes);
        NetTrace.Refused(_loop.Log, RemoteAddress.ToString(), Listener.Name, cause);
        var farewell = FirstBytes.Farewell(reason);
        if (farewell.Length > 0)
        {
            fixed (byte* bytes = farewell) _socket.Send([new SendPiece(bytes, farewell.Length)], moreComes: false);
        }
        End(reason);
    }

    void DropPartial()
    {
        _partial?.Release();
        _partial = null;
        _have = _frameLength = 0;
    }
}
