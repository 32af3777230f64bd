using AkkaStream.Actors.Mailboxes;
using AkkaStream.Actors.Timers;

namespace AkkaStream.Actors.Persistence;

/// <summary>
/// Recovery: snapshot, then page after page of events, each applied in a turn of its own; then the first command.
/// </summary>
public abstract partial class PersistentActor
{
    const int PageSize = 256;

    Phase _phase;
    Recovery _recovery = Recovery.Default;
    RecoveryDeadline? _deadline;

    enum Phase
    {
        Recovering,

        /// <summary>All is replayed; RecoveryCompleted is handled, which may persist.</summary>
        Completing,
        Ready,
        Failed,
    }

    void BeginRecovery()
    {
        _phase = Phase.Recovering;
        _recovery = Recovery;
        _deadline = new RecoveryDeadline(this);
        Cell.Hold(HoldReasons.Persisting);
        if (_snapshots is not null && _recovery.FromSnapshot)
        {
            _ = LoadSnapshot(_snapshots);
        }
        else
        {
            _ = ReadPage(1);
        }
    }

    async Task LoadSnapshot(ISnapshotStore snapshots)
    {
        Expect("loading the snapshot");
        try
        {
            var snapshot = await snapshots.LoadAsync(PersistenceId, _recovery.ToSequenceNr).ConfigureAwait(false);
            Step(() => OnSnapshot(snapshot));
        }
        catch (Exception reason)
        {
            Step(() => FailRecovery("loading the snapshot", reason, null));
        }
    }

    async Task ReadPage(long from)
    {
        Expect("reading the journal");
        try
        {
            var page = await _journal.ReadAsync(PersistenceId, from, PageSize).ConfigureAwait(false);
            Step(() => OnPage(page, from));
        }
        catch (Exception reason)
        {
            Step(() => FailRecovery($"reading the journal from sequence number {from}", reason, null));
        }
    }

    void OnSnapshot(Snapshot? snapshot)
    {
        if (_phase != Phase.Recovering) return;
        if (snapshot is not null)
        {
            LastSequenceNr = snapshot.Metadata.SequenceNr;
            if (!TryApply(new SnapshotOffer(snapshot.Metadata, snapshot.Content), "applying the snapshot")) return;
        }

        _ = ReadPage(LastSequenceNr + 1);
    }

    void OnPage(JournalPage page, long from)
    {
        if (_phase != Phase.Recovering) return;
        foreach (var (sequenceNr, payload) in page.Events)
        {
            if (sequenceNr > _recovery.ToSequenceNr) break;
            LastSequenceNr = sequenceNr;
            if (!TryApply(payload, $"replaying event {sequenceNr}")) return;
        }

        var end = Math.Min(page.HighestSequenceNr, _recovery.ToSequenceNr);
        if (page.Events.Count > 0 && LastSequenceNr < end)
        {
            _ = ReadPage(LastSequenceNr + 1);
            return;
        }

        // The events behind the snapshot may all have been deleted; their numbers stay used.
        LastSequenceNr = Math.Max(LastSequenceNr, end);
        _written = Math.Max(LastSequenceNr, page.HighestSequenceNr);
        _phase = Phase.Completing;
        _deadline?.End();
        if (!TryApply(RecoveryCompleted.Instance, "completing the recovery")) return;
        _phase = Phase.Ready;
        Cell.Release(HoldReasons.Persisting);
        HoldWhileStashing();
        Flush();
    }

    bool TryApply(object message, string step)
    {
        try
        {
            if (ReceiveRecover(message) || message is RecoveryCompleted) return true;

            // To go on without an event would be to go on with a state that never was.
            throw new InvalidOperationException($"ReceiveRecover does not know {message.GetType()}");
        }
        catch (Exception reason)
        {
            FailRecovery(step, reason, message);
            return false;
        }
    }

    // Starting over would fail again for the same reason, so the supervisor is not asked.
    void FailRecovery(string step, Exception reason, object? message)
    {
        if (_phase is Phase.Ready or Phase.Failed) return;
        _phase = Phase.Failed;
        _deadline?.End();
        Cell.System.Trace.RecoveryFailed(Cell, PersistenceId, step, reason);
        OnRecoveryFailure(reason, message);
        Cell.StopSelf();
    }

    void Expect(string step) => _deadline?.Begin(step);

    void Step(Action step) => Cell.SendSystem(new PersistenceStep(this, step));

    /// <summary>A step of the recovery that takes too long.</summary>
    sealed class RecoveryDeadline(PersistentActor actor) : TimerNode
    {
        string _step = "";

        public void Begin(string step)
        {
            _step = step;
            actor.Cell.System.Timers.Schedule(this, actor.RecoveryTimeout);
        }

        public void End() => actor.Cell.System.Timers.Cancel(this);

        protected internal override void OnDue()
        {
            var late = new TimeoutException($"no answer within {actor.RecoveryTimeout.TotalMilliseconds:0.###} ms");
            actor.Step(() =>
            {
                if (actor.IsRecovering) actor.FailRecovery(_step, late, null);
            });
        }
    }
}
