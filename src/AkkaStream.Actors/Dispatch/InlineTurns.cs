using AkkaStream.Actors.Mailboxes;

namespace AkkaStream.Actors.Dispatch;

/// <summary>
/// The inline turns of one thread. The nesting depth is one: an inline turn that tells another inline actor only queues
/// the message, and that actor runs on the same thread when the outer turn is over. All of it together has the share of
/// one inline turn (64 messages, 200 µs); the rest goes to the backing dispatcher. Nothing that an actor throws gets out
/// to the telling thread, which may be an event loop that must not end.
/// </summary>
sealed class InlineTurns
{
    // More than this many actors told by one inline turn would keep the thread for too long anyway.
    const int MostPostponed = 64;

    [ThreadStatic] static InlineTurns? t_here;

    readonly Queue<ActorCell> _postponed = new();
    bool _active;

    /// <summary>Whether an inline turn may begin on this thread now.</summary>
    public static bool MayBegin => t_here is not { _active: true };

    public static void Run(ActorCell cell, in Envelope first) => (t_here ??= new InlineTurns()).RunHere(cell, first);

    /// <summary>True when the cell will run here, after the inline turn that is going on.</summary>
    public static bool TryPostpone(ActorCell cell)
    {
        var here = t_here;
        if (here is not { _active: true } || here._postponed.Count >= MostPostponed) return false;
        here._postponed.Enqueue(cell);
        return true;
    }

    void RunHere(ActorCell cell, in Envelope first)
    {
        var budget = new TurnBudget(cell.Dispatcher, cell.System.Time);
        _active = true;
        try
        {
            if (cell.RunInline(first, ref budget)) GoOnElsewhere(cell);
        }
        catch (Exception bug)
        {
            cell.System.Trace.TurnBroke(cell, bug);
        }
        finally
        {
            if (_postponed.Count > 0) RunPostponed(ref budget);
            _active = false;
        }
    }

    void RunPostponed(ref TurnBudget budget)
    {
        while (_postponed.TryDequeue(out var cell))
        {
            try
            {
                if (budget.IsSpent || cell.RunInline(ref budget)) GoOnElsewhere(cell);
            }
            catch (Exception bug)
            {
                cell.System.Trace.TurnBroke(cell, bug);
            }
        }
    }

    static void GoOnElsewhere(ActorCell cell) => ((InlineDispatcher)cell.Dispatcher).Backing.Schedule(cell);
}
