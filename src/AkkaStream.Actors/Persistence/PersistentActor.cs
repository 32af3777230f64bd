using AkkaStream.Actors.Mailboxes;

namespace AkkaStream.Actors.Persistence;

/// <summary>
/// An actor whose state is the sum of its events. At each start it is brought back from a snapshot and the events behind
/// it; then it takes commands, and what a command changes it persists first and applies in the handler, when the
/// journal has it. Answer the asker in that handler: what was answered is then never lost.
///
/// While events of Persist and PersistAll are on their way, no other command is handled, so a handler sees the state that
/// its command saw. PersistAsync gives that up for speed. Commands wait in the mailbox, in order; nothing is copied.
///
/// If the journal fails to write, the actor stops: it cannot know what is stored. If it rejects an event, nothing was
/// stored and the actor goes on. A failed recovery stops it as well, with the reason in the log.
///
/// This part: what actors use. Beside it: .Recovery and .Writing.
/// </summary>
public abstract partial class PersistentActor : Actor
{
    readonly IJournal _journal;
    readonly ISnapshotStore? _snapshots;

    protected PersistentActor(IJournal journal, ISnapshotStore? snapshots = null)
    {
        ArgumentNullException.ThrowIfNull(journal);
        _journal = journal;
        _snapshots = snapshots;
    }

    /// <summary>Names the actor's events in the journal, for ever; two actors must never share it.</summary>
    public abstract string PersistenceId { get; }

    /// <summary>The number of the event handled last, in recovery as well.</summary>
    protected long LastSequenceNr { get; private set; }

    protected bool IsRecovering => _phase == Phase.Recovering;

    protected virtual Recovery Recovery => Recovery.Default;

    /// <summary>How long journal and snapshot store may take for one step of the recovery.</summary>
    protected virtual TimeSpan RecoveryTimeout => TimeSpan.FromSeconds(30);

    /// <summary>Applies a <see cref="SnapshotOffer"/>, an event, or <see cref="RecoveryCompleted"/>.</summary>
    protected abstract bool ReceiveRecover(object message);

    /// <summary>Handles a command; the first behavior, which Become may replace.</summary>
    protected abstract bool ReceiveCommand(object message);

    /// <summary>Stores one event and then calls the handler, before any other command.</summary>
    protected void Persist<TEvent>(TEvent @event, Action<TEvent> handler) where TEvent : notnull =>
        Enqueue([@event], handler, Invocation.Stashing);

    /// <summary>Stores all of them or none, and then calls the handler for each.</summary>
    protected void PersistAll<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler) where TEvent : notnull =>
        Enqueue([.. events], handler, Invocation.Stashing);

    /// <summary>The same without keeping other commands waiting: the state may change before the handler is called.</summary>
    protected void PersistAsync<TEvent>(TEvent @event, Action<TEvent> handler) where TEvent : notnull =>
        Enqueue([@event], handler, Invocation.Async);

    protected void PersistAllAsync<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler) where TEvent : notnull =>
        Enqueue([.. events], handler, Invocation.Async);

    /// <summary>Calls the handler, without storing anything, behind the handlers of all events persisted before.</summary>
    protected void Defer<TEvent>(TEvent @event, Action<TEvent> handler) where TEvent : notnull =>
        EnqueueDeferred(@event, handler, Invocation.Stashing);

    /// <summary>The same without keeping other commands waiting.</summary>
    protected void DeferAsync<TEvent>(TEvent @event, Action<TEvent> handler) where TEvent : notnull =>
        EnqueueDeferred(@event, handler, Invocation.Async);

    /// <summary>
    /// Saves the state as it is behind the last event. <see cref="SaveSnapshotSuccess"/> or
    /// <see cref="SaveSnapshotFailure"/> is told later. The object must not change any more.
    /// </summary>
    protected void SaveSnapshot(object snapshot)
    {
        var metadata = new SnapshotMetadata(PersistenceId, LastSequenceNr, Context.System.Time.GetUtcNow());
        Snapshots().SaveAsync(metadata, snapshot).PipeTo(
            Self, Self,
            () => new SaveSnapshotSuccess(metadata),
            cause => new SaveSnapshotFailure(metadata, cause));
    }

    /// <summary>Deletes events, usually those that a snapshot has made dispensable.</summary>
    protected void DeleteMessages(long toSequenceNr) => _journal.DeleteAsync(PersistenceId, toSequenceNr).PipeTo(
        Self, Self,
        () => new DeleteMessagesSuccess(toSequenceNr),
        cause => new DeleteMessagesFailure(toSequenceNr, cause));

    protected void DeleteSnapshots(long maxSequenceNr) => Snapshots().DeleteAsync(PersistenceId, maxSequenceNr).PipeTo(
        Self, Self,
        () => new DeleteSnapshotsSuccess(maxSequenceNr),
        cause => new DeleteSnapshotsFailure(maxSequenceNr, cause));

    /// <summary>The actor is about to stop because it could not be recovered. For cleaning up; it cannot go on.</summary>
    protected virtual void OnRecoveryFailure(Exception reason, object? message)
    {
    }

    /// <summary>The actor is about to stop because the journal failed.</summary>
    protected virtual void OnPersistFailure(Exception reason, object @event, long sequenceNr)
    {
    }

    /// <summary>The journal refused these events, and nothing of them is stored. The actor goes on.</summary>
    protected virtual void OnPersistRejected(string reason, object @event)
    {
    }

    protected sealed override bool Receive(object message) => ReceiveCommand(message);

    internal sealed override bool CanResume => !_handlerThrew;

    private protected sealed override void OnCreated() => BeginRecovery();

    private protected sealed override bool Around(object message)
    {
        // What the command persists goes out when it has said all that it has to say, in one write; if it throws, nothing.
        var before = _waiting.Count;
        bool handled;
        try
        {
            handled = base.Around(message);
        }
        catch
        {
            DropFrom(before);
            throw;
        }

        Flush();
        return handled;
    }

    ISnapshotStore Snapshots() => _snapshots
        ?? throw new InvalidOperationException($"{Cell} was made without a snapshot store.");
}
