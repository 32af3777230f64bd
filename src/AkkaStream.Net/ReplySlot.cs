using System.Buffers.Binary;

namespace AkkaStream.Net;

/// <summary>
/// The place of one reply in its connection's order. Filled and completed by whoever finishes the request, on any thread;
/// sent by the connection's loop when all earlier ones have been. Pooled by the loop: nobody may touch a slot after
/// completing it.
/// </summary>
public sealed unsafe class ReplySlot : LoopWork
{
    const int LengthPrefix = 4;
    const int FixedSignal = 1, CompletedSignal = 2, Posted = 4;

    readonly EventLoop _loop;
    NativeBuffer? _buffer;
    int _length;
    Insert[] _inserts = [];
    int _insertCount;
    int _signals;

    internal ReplySlot(EventLoop loop) => _loop = loop;

    public Connection Connection { get; private set; } = null!;
    public EventLoop Loop => _loop;

    /// <summary>When the frame arrived, in the loop's clock ticks.</summary>
    public long ArrivedAt { get; private set; }

    internal ReplySlot? NextSlot;
    internal SlotState State { get; private set; }
    internal long Batch { get; private set; }
    internal bool IsOpen => State is SlotState.Offered or SlotState.Grouped;
    internal int ReplyLength { get; private set; }
    internal EndReason CloseReason { get; private set; }

    internal void Begin(Connection connection, long now)
    {
        Connection = connection;
        ArrivedAt = now;
        State = SlotState.Offered;
        CloseReason = EndReason.None;
    }

    /// <summary>On the loop, inside OnFrame: the first stage happens at OnBatchEnd, together with that of others.</summary>
    public void Group()
    {
        State = SlotState.Grouped;
        Batch = _loop.BatchNumber;
    }

    /// <summary>The first stage is done (appended, or waiting to be woken): the next request of the connection may begin.</summary>
    public void FixOrder() => Signal(FixedSignal);

    /// <summary>Room for a reply of exactly this length (header and body, without file bytes); then <see cref="Complete"/>.</summary>
    public Span<byte> Reserve(int length)
    {
        if (_buffer is not null && _buffer.Capacity < length + LengthPrefix) Abandon();
        _buffer ??= _loop.Buffers.Rent(length + LengthPrefix);
        _length = length + LengthPrefix;
        return new Span<byte>(_buffer.Pointer + LengthPrefix, length);
    }

    /// <summary>The bytes of a file are to stand before the reply's byte <paramref name="at"/>. In rising order.</summary>
    public void Insert(int at, FileSlice slice)
    {
        if (_insertCount == _inserts.Length) Array.Resize(ref _inserts, Math.Max(4, _insertCount * 2));
        _inserts[_insertCount++] = new Insert(at + LengthPrefix, slice);
    }

    /// <summary>The reply is whole (or, when nothing was reserved, there is none to send, as for acks=0).</summary>
    public void Complete()
    {
        if (_buffer is not null)
        {
            int total = _length;
            for (int i = 0; i < _insertCount; i++) total += _inserts[i].Slice.Length;
            ReplyLength = total;
            BinaryPrimitives.WriteInt32BigEndian(new Span<byte>(_buffer.Pointer, 4), total - LengthPrefix);
        }
        Signal(CompletedSignal);
    }

    /// <summary>Instead of a reply the connection ends, after what stands before this slot was sent.</summary>
    public void Close(EndReason reason)
    {
        CloseReason = reason;
        Signal(CompletedSignal);
    }

    // A slot can be fixed and completed elsewhere before its loop looks: it is posted once, the signals add up. One that is posted already
    // is left to that also when its loop completes it: acted on at once, the earlier signal would come after the end, and take it back.
    void Signal(int signal)
    {
        if (_loop.IsCurrent && Volatile.Read(ref _signals) == 0) Act(signal);
        else if ((Interlocked.Or(ref _signals, signal | Posted) & Posted) == 0) _loop.Post(this);
    }

    protected internal override void RunOnLoop() => Act(Interlocked.Exchange(ref _signals, 0));

    void Act(int signals)
    {
        bool wasOpen = State < SlotState.Fixed;
        State = (signals & CompletedSignal) != 0 ? SlotState.Completed : SlotState.Fixed;
        if (wasOpen) Connection.OnOrderFixed(this);
        if (State == SlotState.Completed) Connection.OnCompleted(this);
    }

    // What is sent, in order: a stretch of the buffer, an insert, a stretch, ... The connection keeps the cursor.
    internal int PartCount => _buffer is null ? 0 : 2 * _insertCount + 1;
    internal static bool IsFile(int part) => (part & 1) != 0;
    internal FileSlice FileAt(int part) => _inserts[part >> 1].Slice;

    internal SendPiece PieceAt(int part)
    {
        int index = part >> 1;
        int from = index == 0 ? 0 : _inserts[index - 1].At;
        int to = index == _insertCount ? _length : _inserts[index].At;
        return new SendPiece(_buffer!.Pointer + from, to - from);
    }

    /// <summary>What was reserved and inserted is given back: the reply is going to be written anew.</summary>
    public void Abandon()
    {
        for (int i = 0; i < _insertCount; i++)
        {
            _inserts[i].Slice.Source.Release();
            _inserts[i] = default;
        }
        _insertCount = 0;
        _buffer?.Release();
        _buffer = null;
        _length = 0;
    }

    /// <summary>Sent, or never to be sent: rests in the loop's pool.</summary>
    internal void Recycle()
    {
        Abandon();
        ReplyLength = 0;
        State = SlotState.Free;
    }
}

readonly record struct Insert(int At, FileSlice Slice);

enum SlotState : byte { Free, Offered, Grouped, Fixed, Completed }
