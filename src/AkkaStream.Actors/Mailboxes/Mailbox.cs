using System.Buffers;
using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace AkkaStream.Actors.Mailboxes;

/// <summary>
/// The waiting messages of one actor and the question whether it has a turn. Lies inside the actor's cell as a field
/// (never copy it). Many threads offer; only the thread that has the turn takes.
///
/// A spin gate guards a handful of instructions: queueing and the step from idle to busy are one act under it, so a
/// wake-up cannot be lost and there is nothing to prove about the order of two atomics. The taker copies a whole batch
/// out under one entry of the gate. Measured against a linked list without locks and ConcurrentQueue this costs least
/// processor time (`bench actors` prints the comparison), and it is the only one of them that holds nothing while idle:
/// one waiting message lies in the mailbox itself, more of them in a ring that is rented from the shared pool and given
/// back when the actor has run dry.
/// </summary>
struct Mailbox
{
    /// <summary>What <see cref="Take"/> answers when system messages wait, which come first.</summary>
    public const int SystemFirst = -1;

    const int SmallestRing = 16;

    int _gate;
    int _head;
    int _count;
    readonly int _capacity;
    MailboxState _state;
    volatile HoldReasons _held;

    // Without a ring there is at most this one message.
    Envelope _only;
    Envelope[]? _ring;

    // A circle: the last one's Next is the first. Null when none waits.
    SystemMessage? _lastSystem;

    // Runs the batch that was taken last, and is interrupted by what must not wait for the batch's end. Were the taker
    // to look here instead, between any two messages, it would fetch each time the line that those who offer write.
    Turn? _taker;

    /// <summary>A mailbox begins busy: the actor's first turn, in which it is made, is scheduled by its parent.</summary>
    public Mailbox(int capacity)
    {
        _capacity = capacity;
        _state = MailboxState.Busy;
    }

    public readonly bool HasSystem => Volatile.Read(in _lastSystem) is not null;

    /// <summary>True while user messages must wait. Asked by the thread that has the turn, which alone changes it.</summary>
    public readonly bool IsHeld => _held != 0;

    public readonly int Count => Volatile.Read(in _count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Offer Offer(object message, IActorRef? sender, bool mayRunHere)
    {
        Enter();
        if (_state == MailboxState.Idle && mayRunHere && (_count | (int)_held) == 0)
        {
            _state = MailboxState.Busy;
            Exit();
            return Mailboxes.Offer.RunHere;
        }

        return OfferToQueue(message, sender);
    }

    /// <summary>System messages are never refused but by a closed mailbox, and wake the actor even while held.</summary>
    public Offer OfferSystem(SystemMessage message)
    {
        Enter();
        if (_state == MailboxState.Closed)
        {
            Exit();
            return Mailboxes.Offer.Closed;
        }

        message.Next = _lastSystem?.Next ?? message;
        if (_lastSystem is not null) _lastSystem.Next = message;
        Volatile.Write(ref _lastSystem, message);
        _taker?.Interrupt();
        var wake = _state == MailboxState.Idle;
        _state = MailboxState.Busy;
        Exit();
        return wake ? Mailboxes.Offer.Schedule : Mailboxes.Offer.Queued;
    }

    /// <summary>
    /// Moves waiting messages into the taker's buffer. 0 means that the actor is idle from this moment on: another
    /// thread may already be running it, so the caller must not touch it any more.
    /// </summary>
    /// <param name="into">Takes as many as fit.</param>
    /// <param name="taker">Is interrupted by system messages, holds and the end of the mailbox from now on.</param>
    public int Take(Span<Envelope> into, Turn? taker)
    {
        Enter();
        var taken = 0;
        if (_lastSystem is not null)
        {
            taken = SystemFirst;
        }
        else if (_count == 0 || _held != 0)
        {
            BecomeIdle();
        }
        else
        {
            taken = Math.Min(into.Length, _count);
            MoveOut(into[..taken]);
            if (_taker != taker) _taker = taker;
        }

        Exit();
        return taken;
    }

    /// <summary>All waiting system messages, oldest first, linked by Next and ended by null.</summary>
    public SystemMessage? TakeSystem()
    {
        Enter();
        var last = _lastSystem;
        _lastSystem = null;
        Exit();
        if (last is null) return null;
        var first = last.Next;
        last.Next = null;
        return first;
    }

    /// <summary>Puts messages before all that wait, first one first: a batch cut short, or what was stashed.</summary>
    public void PutBack(ReadOnlySpan<Envelope> messages)
    {
        if (messages.IsEmpty) return;
        Enter();
        try
        {
            var needed = _count + messages.Length;
            if (_ring is null ? needed > 1 : needed > _ring.Length) Grow(needed);
            if (_ring is null)
            {
                _only = messages[0];
            }
            else
            {
                _head = (_head - messages.Length) & (_ring.Length - 1);
                for (var i = 0; i < messages.Length; i++) _ring[(_head + i) & (_ring.Length - 1)] = messages[i];
            }

            _count = needed;
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>User messages wait from now on. Only by the thread that has the turn.</summary>
    public void Hold(HoldReasons reason)
    {
        Enter();
        _held |= reason;
        _taker?.Interrupt();
        Exit();
    }

    /// <summary>The same thread must look again for messages afterwards, which its turn does by itself.</summary>
    public void Release(HoldReasons reason)
    {
        Enter();
        _held &= ~reason;
        Exit();
    }

    /// <summary>At the end of a turn that used up its share: true when the actor must be scheduled again.</summary>
    public bool StayBusy()
    {
        Enter();
        var more = _lastSystem is not null || (_count > 0 && _held == 0);
        if (!more) BecomeIdle();
        _taker = null;
        Exit();
        return more;
    }

    /// <summary>The actor is dead: everything offered from now on is refused. Hands out what still waited.</summary>
    public Envelope[] Close(out SystemMessage? system)
    {
        Enter();
        var rest = new Envelope[_count];
        if (_count > 0) MoveOut(rest);
        GiveRingBack();
        var last = _lastSystem;
        _lastSystem = null;
        _state = MailboxState.Closed;
        _taker?.Interrupt();
        _taker = null;
        Exit();
        system = last?.Next;
        if (last is not null) last.Next = null;
        return rest;
    }

    Offer OfferToQueue(object message, IActorRef? sender)
    {
        if (_state == MailboxState.Closed)
        {
            Exit();
            return Mailboxes.Offer.Closed;
        }

        if (_count >= _capacity && message is not KernelMessage)
        {
            Exit();
            return Mailboxes.Offer.Full;
        }

        Append(message, sender);
        var wake = _state == MailboxState.Idle && _held == 0;
        if (wake) _state = MailboxState.Busy;
        Exit();
        return wake ? Mailboxes.Offer.Schedule : Mailboxes.Offer.Queued;
    }

    void Append(object message, IActorRef? sender)
    {
        var ring = _ring;
        if (ring is null)
        {
            if (_count == 0)
            {
                _only = new Envelope(message, sender);
                _count = 1;
                return;
            }

            ring = GrowOrLeave(SmallestRing);
        }
        else if (_count == ring.Length)
        {
            ring = GrowOrLeave(_count + 1);
        }

        ring[(_head + _count) & (ring.Length - 1)] = new Envelope(message, sender);
        _count++;
    }

    void MoveOut(Span<Envelope> into)
    {
        if (_ring is null)
        {
            into[0] = _only;
            _only = default;
        }
        else
        {
            var first = Math.Min(into.Length, _ring.Length - _head);
            Move(_ring.AsSpan(_head, first), into);
            Move(_ring.AsSpan(0, into.Length - first), into[first..]);
            _head = (_head + into.Length) & (_ring.Length - 1);
        }

        _count -= into.Length;
    }

    static void Move(Span<Envelope> from, Span<Envelope> to)
    {
        from.CopyTo(to);
        from.Clear();
    }

    void BecomeIdle()
    {
        _state = MailboxState.Idle;
        _taker = null;
        if (_count == 0) GiveRingBack();
    }

    void GiveRingBack()
    {
        if (_ring is null) return;
        ArrayPool<Envelope>.Shared.Return(_ring);
        _ring = null;
        _head = 0;
    }

    // Memory may run out here, in the middle of a Tell; the gate must not stay shut then.
    Envelope[] GrowOrLeave(int needed)
    {
        try
        {
            return Grow(needed);
        }
        catch
        {
            Exit();
            throw;
        }
    }

    Envelope[] Grow(int needed)
    {
        var larger = ArrayPool<Envelope>.Shared.Rent((int)BitOperations.RoundUpToPowerOf2((uint)needed));
        Debug.Assert(BitOperations.IsPow2(larger.Length), "the ring wraps by masking");
        var count = _count;
        if (count > 0) MoveOut(larger.AsSpan(0, count));
        GiveRingBack();
        _ring = larger;
        _head = 0;
        _count = count;
        return larger;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Enter()
    {
        if (Interlocked.CompareExchange(ref _gate, 1, 0) != 0) EnterContended();
    }

    // The gate is held for some ten nanoseconds, unless its holder lost its processor just then: so spin, then yield,
    // but never sleep for a millisecond.
    void EnterContended()
    {
        var spin = new SpinWait();
        do
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }
        while (Volatile.Read(in _gate) != 0 || Interlocked.CompareExchange(ref _gate, 1, 0) != 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Exit() => Volatile.Write(ref _gate, 0);
}

/// <summary>What became of an offered message.</summary>
enum Offer
{
    Queued,

    /// <summary>Queued, and the offering thread must schedule the actor, which was idle.</summary>
    Schedule,

    /// <summary>Not queued: the offering thread has the turn and must run the message itself.</summary>
    RunHere,

    Full,
    Closed,
}

enum MailboxState : byte
{
    Idle,

    /// <summary>Scheduled or running.</summary>
    Busy,

    Closed,
}

/// <summary>Why user messages wait while system messages pass.</summary>
[Flags]
enum HoldReasons : byte
{
    None = 0,

    /// <summary>It, or an actor above it, failed, and the supervisor has not decided yet.</summary>
    Suspended = 1,

    /// <summary>It waits for its children to stop, in order to stop or restart itself.</summary>
    AwaitingChildren = 2,

    /// <summary>A persistent actor recovers, or waits for its journal.</summary>
    Persisting = 4,
}
