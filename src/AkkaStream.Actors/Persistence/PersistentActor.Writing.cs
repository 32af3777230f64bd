using AkkaStream.Actors.Mailboxes;

namespace AkkaStream.Actors.Persistence;

/// <summary>
/// Writing. What is persisted waits in order; one write is under way at a time and takes all that has gathered until
/// then, so that a slow journal makes larger writes and not a longer queue. If a write of several batches is rejected,
/// they are written one by one, so that only the guilty one is refused.
/// </summary>
public abstract partial class PersistentActor
{
    const int MostEventsPerWrite = 512;

    // Persisted or deferred, and not handled yet. The first _inFlight of them are being written.
    readonly List<Batch> _waiting = [];
    int _inFlight;
    int _stashing;
    bool _oneByOne;

    // A handler that threw leaves events behind that are stored and not applied.
    bool _handlerThrew;

    // The number of the last event in the journal, which runs ahead of LastSequenceNr while handlers are called.
    long _written;

    enum Invocation
    {
        /// <summary>Commands wait until the handler was called.</summary>
        Stashing,
        Async,
    }

    void Enqueue<TEvent>(TEvent[] events, Action<TEvent> handler, Invocation kind) where TEvent : notnull
    {
        ArgumentNullException.ThrowIfNull(handler);
        if (IsRecovering)
        {
            throw new InvalidOperationException($"{Cell}: events are persisted by commands, not while recovering.");
        }

        if (events.Length == 0) return;
        Add(new Batch(Array.ConvertAll(events, e => (object)e), e => handler((TEvent)e), kind, DeferReply()));
    }

    void EnqueueDeferred<TEvent>(TEvent @event, Action<TEvent> handler, Invocation kind) where TEvent : notnull
    {
        ArgumentNullException.ThrowIfNull(handler);
        if (_waiting.Count == 0)
        {
            handler(@event);
            return;
        }

        Add(new Batch([], _ => handler(@event), kind, DeferReply()));
    }

    void Add(Batch batch)
    {
        Cell.InTurn();
        _waiting.Add(batch);
        if (batch.Kind != Invocation.Stashing) return;
        _stashing++;
        HoldWhileStashing();
    }

    void HoldWhileStashing()
    {
        if (_stashing > 0) Cell.Hold(HoldReasons.Persisting);
    }

    void Flush()
    {
        if (_inFlight > 0 || _phase != Phase.Ready) return;
        CallDeferred();
        if (_waiting.Count == 0) return;
        var events = new List<object>();
        while (_inFlight < _waiting.Count)
        {
            var next = _waiting[_inFlight].Events;
            var full = _oneByOne || events.Count + next.Length > MostEventsPerWrite;
            if (events.Count > 0 && full) break;
            events.AddRange(next);
            _inFlight++;
        }

        _ = Write(_written + 1, events);
    }

    async Task Write(long first, List<object> events)
    {
        try
        {
            var result = await _journal.WriteAsync(PersistenceId, first, events).ConfigureAwait(false);
            Step(() => OnWritten(result, events.Count));
        }
        catch (Exception reason)
        {
            Step(() => OnWriteFailed(reason, first, events[0]));
        }
    }

    void OnWritten(WriteResult result, int events)
    {
        if (result.Rejection is null)
        {
            _written += events;
            CallHandlers();
        }
        else if (EventBatchesInFlight() > 1)
        {
            _oneByOne = true;
            _inFlight = 0;
        }
        else
        {
            Reject(result.Rejection);
        }

        Flush();
    }

    void CallHandlers()
    {
        var done = _inFlight;
        while (done-- > 0)
        {
            var batch = TakeFirst();
            foreach (var e in batch.Events)
            {
                LastSequenceNr++;
                Call(batch, e);
            }

            if (batch.Events.Length == 0) Call(batch, null);
        }

        if (_waiting.Count == 0) _oneByOne = false;
    }

    void Reject(string reason)
    {
        while (_inFlight > 0)
        {
            var batch = TakeFirst();
            if (batch.Events.Length == 0)
            {
                Call(batch, null);
                continue;
            }

            Cell.System.Trace.WriteRejected(Cell, PersistenceId, batch.Events[0].GetType().Name, reason);
            foreach (var e in batch.Events) OnPersistRejected(reason, e);
        }
    }

    // What is only deferred, and has nothing to be written before it any more.
    void CallDeferred()
    {
        while (_waiting.Count > 0 && _waiting[0].Events.Length == 0) Call(TakeFirst(), null);
    }

    Batch TakeFirst()
    {
        var batch = _waiting[0];
        _waiting.RemoveAt(0);
        if (_inFlight > 0) _inFlight--;
        if (batch.Kind == Invocation.Stashing && --_stashing == 0) Cell.Release(HoldReasons.Persisting);
        return batch;
    }

    // The handler sees the sender of its command.
    void Call(Batch batch, object? e)
    {
        var turn = Cell.CurrentTurn();
        turn.BeginContinuation(batch.Sender);
        _handlerThrew = true;
        batch.Handler(e ?? batch);
        _handlerThrew = false;
        turn.BeginContinuation(default);
    }

    void DropFrom(int index)
    {
        while (_waiting.Count > index)
        {
            if (_waiting[^1].Kind == Invocation.Stashing && --_stashing == 0) Cell.Release(HoldReasons.Persisting);
            _waiting.RemoveAt(_waiting.Count - 1);
        }
    }

    int EventBatchesInFlight()
    {
        var count = 0;
        for (var i = 0; i < _inFlight; i++)
        {
            if (_waiting[i].Events.Length > 0) count++;
        }

        return count;
    }

    // Whether the events are stored is not known, so neither is the state.
    void OnWriteFailed(Exception reason, long first, object @event)
    {
        Cell.System.Trace.WriteFailed(Cell, PersistenceId, first, reason);
        OnPersistFailure(reason, @event, first);
        Cell.StopSelf();
    }

    /// <summary>What one call persisted or deferred; deferred if there are no events.</summary>
    sealed record Batch(object[] Events, Action<object> Handler, Invocation Kind, ReplyTo Sender);
}
