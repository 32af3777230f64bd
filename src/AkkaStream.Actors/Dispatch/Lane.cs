namespace AkkaStream.Actors.Dispatch;

/// <summary>
/// What belongs to one thread of a pool. What its work schedules first lies here and runs next on the same thread:
/// no gate, no waking. If the work then goes on instead of ending, it must <see cref="HandOver"/> to the others.
/// </summary>
sealed class Lane(PooledDispatcher pool)
{
    [ThreadStatic] static Lane? t_current;

    IThreadPoolWorkItem? _next;
    bool _isOpen;

    /// <summary>The lane of the thread that asks; null on threads of others.</summary>
    public static Lane? Current => t_current;

    public PooledDispatcher Pool => pool;

    /// <summary>Whether work waits here that no other thread can see.</summary>
    public bool HoldsWork => _next is not null;

    public static void Enter(Lane lane) => t_current = lane;

    /// <summary>False when there is something already, or the thread is between two pieces of work.</summary>
    public bool TryKeep(IThreadPoolWorkItem work)
    {
        if (!_isOpen || _next is not null) return false;
        _next = work;
        return true;
    }

    public void Run(IThreadPoolWorkItem work)
    {
        _isOpen = true;
        try
        {
            work.Execute();
        }
        finally
        {
            _isOpen = false;
        }
    }

    public IThreadPoolWorkItem? TakeKept()
    {
        var work = _next;
        _next = null;
        return work;
    }

    /// <summary>Gives what is kept to the pool, and wakes somebody for it.</summary>
    public void HandOver()
    {
        if (TakeKept() is { } work) pool.ScheduleForAll(work);
    }
}
