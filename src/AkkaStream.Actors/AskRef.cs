using System.Runtime.ExceptionServices;
using System.Threading.Tasks.Sources;
using AkkaStream.Actors.Mailboxes;
using AkkaStream.Actors.Timers;

namespace AkkaStream.Actors;

/// <summary>
/// The sender behind an ask: address, time-out and task source in one object that is used again and again.
///
/// Using it again is only safe when nobody can still answer the ask before. Three things make it so. Every use has its
/// own version, and whoever answers must name the version that he was asked by. A bare reference cannot name one, so
/// an ask whose reference got out (<see cref="Escape"/>: somebody read Sender, forwarded or stashed the message) is left
/// to the garbage collector. So is one that ended by anything but an answer, because its message may still lie in a
/// mailbox. All three live in one word of state and change by compare-and-swap.
/// </summary>
abstract class AskRef : TimerNode, IActorRef, IThreadPoolWorkItem
{
    // The lowest bits of the state; above them lies the version.
    const int Escaped = 1;
    const int Kept = 2;
    const int Over = 4;
    const int FlagBits = 3;

    static readonly Action<object?> Done = static _ => { };

    long _state;
    Action<object?>? _continuation;
    object? _continuationState;
    object? _capturedContext;
    ExecutionContext? _execution;
    CancellationTokenRegistration _cancellation;
    ActorSystem? _system;
    IActorRef? _target;
    Type? _messageType;
    TimeSpan _timeout;
    bool _reusable;
    volatile bool _done;

    public ActorSystem System => _system ?? throw new InvalidOperationException("This ask is over.");

    public ActorPath Path => new($"akka://{System.Name}/temp/ask", Version);

    internal long Version => Volatile.Read(in _state) >> FlagBits;

    protected object? Answered { get; private set; }

    protected Exception? Error { get; private set; }

    protected short Token => (short)Version;

    /// <summary>Only an escaped reference can be told by hand, and an escaped one has no second life.</summary>
    public void Tell(object message, IActorRef? sender) => Answer(Version, message, sender);

    internal void Answer(long version, object message, IActorRef? sender)
    {
        if (!TryEnd(version))
        {
            // The ask is over, and its object may wait in the pool, without a system, or serve another ask.
            var system = sender?.System ?? ActorCell.Current?.System ?? _system;
            system?.DeadLetterOffice.Add(message, sender, null, DeadLetterReason.LateReply);
            return;
        }

        // A time-out or a cancellation that is under way right now still holds the object.
        _reusable = StopWaiting();
        if (message is Status.Failure failure)
        {
            Error = failure.Cause;
        }
        else if (message is MailboxFull full)
        {
            Error = new AskFailedException($"{Question}: the mailbox is full ({full.Capacity} messages wait)");
        }
        else
        {
            Answered = message;
        }

        Signal();
    }

    /// <summary>Shows the bare reference to user code; null when the ask is over.</summary>
    internal IActorRef? Escape(long version) => Mark(version, Escaped) ? this : null;

    /// <summary>Somebody keeps the right to answer, with its version.</summary>
    internal void Keep(long version) => Mark(version, Kept);

    /// <summary>The message became a dead letter, so nobody will answer.</summary>
    internal void FailUndelivered(string reason) => Fail(Version, reason);

    /// <summary>The turn is over: if nobody answered and nobody can, the asker need not wait for its time-out.</summary>
    internal void FailUnanswered(long version, string reason)
    {
        var state = Volatile.Read(in _state);
        if (state == version << FlagBits) Fail(version, reason);
    }

    protected void Open(
        IActorRef target, object message, TimeSpan timeout, CancellationToken cancellation)
    {
        _system = target.System;
        _target = target;
        _messageType = message.GetType();
        _timeout = timeout;
        _system.Timers.Schedule(this, timeout);
        if (cancellation.CanBeCanceled)
        {
            _cancellation = cancellation.UnsafeRegister(
                static (ask, token) => ((AskRef)ask!).Cancel(token), this);
        }
    }

    /// <summary>After the result was fetched. True when the object may serve another ask.</summary>
    protected bool Close()
    {
        var reusable = _reusable && (Volatile.Read(in _state) & Escaped) == 0;
        var next = (Version + 1) << FlagBits;
        Answered = null;
        Error = null;
        _continuation = null;
        _continuationState = null;
        _cancellation = default;
        _reusable = false;
        _done = false;
        if (reusable)
        {
            _system = null;
            _target = null;
            _messageType = null;
        }

        Volatile.Write(ref _state, next | (reusable ? 0L : Over));
        return reusable;
    }

    protected ValueTaskSourceStatus StatusOf(short token)
    {
        CheckToken(token);

        // Done only when the signalling thread has let go of the object. Were it done a moment earlier, the asker could
        // fetch the answer, the object could serve another ask, and the signal of the first would reach the second.
        if (Volatile.Read(in _continuation) is null || !_done) return ValueTaskSourceStatus.Pending;
        return Error switch
        {
            null => ValueTaskSourceStatus.Succeeded,
            OperationCanceledException => ValueTaskSourceStatus.Canceled,
            _ => ValueTaskSourceStatus.Faulted,
        };
    }

    protected void Await(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        CheckToken(token);
        _continuationState = state;
        if ((flags & ValueTaskSourceOnCompletedFlags.FlowExecutionContext) != 0) _execution = ExecutionContext.Capture();
        if ((flags & ValueTaskSourceOnCompletedFlags.UseSchedulingContext) != 0) _capturedContext = ContextOrScheduler();
        var before = Interlocked.CompareExchange(ref _continuation, continuation, null);
        if (before is null) return;
        if (!ReferenceEquals(before, Done)) throw new InvalidOperationException("An ask is awaited once.");
        _continuation = continuation;
        Dispatch();
    }

    protected void CheckToken(short token)
    {
        if (token != Token) throw new InvalidOperationException("This ask was awaited before; it can be awaited once.");
    }

    /// <summary>What was asked, for the text of an error.</summary>
    protected string Question => $"ask of {_target?.Path} with {_messageType?.Name}";

    /// <summary>On the wheel's thread: the time is over.</summary>
    protected internal override void OnDue()
    {
        var version = Version;
        if (!TryEnd(version)) return;
        _cancellation.Unregister();
        Error = new AskTimeoutException($"{Question}: no answer within {_timeout.TotalMilliseconds:0.###} ms");
        Signal();
    }

    /// <summary>On the dispatcher: the awaiting code goes on.</summary>
    void IThreadPoolWorkItem.Execute() => RunContinuation();

    void RunContinuation()
    {
        var continuation = _continuation ?? Done;
        var state = _continuationState;
        if (_execution is null)
        {
            continuation(state);
            return;
        }

        RunInContext(_execution, continuation, state);
    }

    // Apart, because the closure would be made on every way through the method that has it.
    void RunInContext(ExecutionContext execution, Action<object?> continuation, object? state)
    {
        _execution = null;
        ExecutionContext.Run(execution, _ => continuation(state), null);
    }

    void Cancel(CancellationToken token)
    {
        if (!TryEnd(Version)) return;
        _system?.Timers.Cancel(this);
        Error = new OperationCanceledException($"{Question}: cancelled", token);
        Signal();
    }

    void Fail(long version, string reason)
    {
        if (!TryEnd(version)) return;
        StopWaiting();
        Error = new AskFailedException($"{Question}: {reason}");
        Signal();
    }

    bool StopWaiting()
    {
        var timerStopped = System.Timers.Cancel(this);
        var neverCancelled = _cancellation == default || _cancellation.Unregister();
        return timerStopped && neverCancelled;
    }

    bool TryEnd(long version) => Mark(version, Over);

    bool Mark(long version, int flag)
    {
        while (true)
        {
            var state = Volatile.Read(in _state);
            if (state >> FlagBits != version || (state & Over) != 0) return false;
            if ((state & flag) != 0) return true;
            if (Interlocked.CompareExchange(ref _state, state | (long)flag, state) == state) return true;
        }
    }

    // The continuation is either there already, and is dispatched, or it will find the mark that says done.
    void Signal()
    {
        _done = true;
        if (Interlocked.CompareExchange(ref _continuation, Done, null) is not null) Dispatch();
    }

    void Dispatch()
    {
        switch (_capturedContext)
        {
            case null:
                System.DefaultDispatcher.Schedule(this);
                break;
            case SynchronizationContext context:
                _capturedContext = null;
                context.Post(static ask => ((AskRef)ask!).RunContinuation(), this);
                break;
            case TaskScheduler scheduler:
                _capturedContext = null;
                Task.Factory.StartNew(
                    static ask => ((AskRef)ask!).RunContinuation(), this, default, TaskCreationOptions.None, scheduler);
                break;
        }
    }

    static object? ContextOrScheduler()
    {
        var context = SynchronizationContext.Current;
        if (context is not null && context.GetType() != typeof(SynchronizationContext)) return context;
        var scheduler = TaskScheduler.Current;
        return scheduler == TaskScheduler.Default ? null : scheduler;
    }
}

/// <summary>The part of an ask that knows the type of the answer, and the pool of its kind.</summary>
sealed class AskRef<T> : AskRef, IValueTaskSource<T>
{
    const int PoolSize = 256;

    // Rented on the asking thread and given back on whichever thread awaited, so the pool is shared.
    static readonly Lock Gate = new();
    static readonly AskRef<T>?[] Pool = new AskRef<T>?[PoolSize];
    static int s_pooled;

    internal static AskRef<T> Rent()
    {
        lock (Gate)
        {
            if (s_pooled > 0)
            {
                var ask = Pool[--s_pooled];
                Pool[s_pooled] = null;
                if (ask is not null) return ask;
            }
        }

        return new AskRef<T>();
    }

    internal ValueTask<T> Begin(IActorRef target, object message, TimeSpan timeout, CancellationToken cancellation)
    {
        Open(target, message, timeout, cancellation);
        return new ValueTask<T>(this, Token);
    }

    public T GetResult(short token)
    {
        if (StatusOf(token) == ValueTaskSourceStatus.Pending)
        {
            throw new InvalidOperationException("The answer is not there yet; await the ask.");
        }

        var (answer, error, question) = (Answered, Error, Answered is T || Error is not null ? "" : Question);
        if (Close()) GiveBack();
        if (error is not null) ExceptionDispatchInfo.Throw(error);
        if (answer is T typed) return typed;
        throw new AskFailedException($"{question}: the answer is {answer?.GetType().Name}, not {typeof(T).Name}");
    }

    public ValueTaskSourceStatus GetStatus(short token) => StatusOf(token);

    public void OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        Await(continuation, state, token, flags);

    void GiveBack()
    {
        lock (Gate)
        {
            if (s_pooled < PoolSize) Pool[s_pooled++] = this;
        }
    }
}
