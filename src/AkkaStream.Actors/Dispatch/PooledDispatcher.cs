using System.Runtime.CompilerServices;

namespace AkkaStream.Actors.Dispatch;

/// <summary>
/// Own threads that share one queue. They are started when there is work for them and sleep when there is none.
///
/// Waking a thread costs a hundred times what a message costs, so it is done only when it helps. A turn that schedules
/// one other actor wakes nobody: its own thread comes to that actor next (<see cref="Lane"/>), unless it first goes on to
/// another message of its own, and then it wakes somebody. At most one thread looks for work at a time, and while one
/// does nobody needs to be woken; a thread that finds work and leaves some behind wakes the next. It follows that work
/// must not block on other work of the same pool: that may be lying in its own lane.
/// </summary>
sealed class PooledDispatcher : Dispatcher
{
    // So often in a row a thread may run what lies in its lane while others wait in the queue.
    const int LongestStreak = 16;

    readonly Action<Exception> _onBug;
    readonly int _mostThreads;
    readonly TimeProvider _time;
    int _gate;
    IThreadPoolWorkItem?[] _ring = new IThreadPoolWorkItem?[64];
    int _head;
    int _count;
    Worker? _asleep;
    int _threads;
    bool _looking;
    bool _ending;

    public PooledDispatcher(DispatcherSettings settings, TimeProvider time, Action<Exception> onBug) : base(settings)
    {
        _onBug = onBug;
        _time = time;
        _mostThreads = settings.Threads > 0 ? settings.Threads : Environment.ProcessorCount;
    }

    public override void Schedule(IThreadPoolWorkItem work)
    {
        if (Lane.Current is not { } lane || lane.Pool != this || !lane.TryKeep(work)) ScheduleForAll(work);
    }

    public void ScheduleForAll(IThreadPoolWorkItem work)
    {
        Enter();
        if (_count == _ring.Length) Grow();
        _ring[(_head + _count) & (_ring.Length - 1)] = work;
        _count++;
        ExitAndFetchHelp();
    }

    public override void Shutdown()
    {
        Enter();
        _ending = true;
        var sleeper = _asleep;
        _asleep = null;
        Exit();
        while (sleeper is not null)
        {
            var next = sleeper.NextAsleep;
            sleeper.Wake();
            sleeper = next;
        }
    }

    void RunWorker(Worker self)
    {
        var lane = new Lane(this);
        Lane.Enter(lane);
        var looking = true;
        var streak = 0;
        while (true)
        {
            var work = lane.TakeKept();
            if (work is not null && streak++ >= LongestStreak && Volatile.Read(in _count) > 0)
            {
                ScheduleForAll(work);
                work = null;
            }

            if (work is null)
            {
                streak = 0;
                work = Next(self, ref looking);
                if (work is null) return;
            }

            try
            {
                lane.Run(work);
            }
            catch (Exception bug)
            {
                _onBug(bug);
            }
        }
    }

    // Null when the pool has ended.
    IThreadPoolWorkItem? Next(Worker self, ref bool looking)
    {
        while (true)
        {
            Enter();
            if (_count > 0)
            {
                var work = Pop();
                if (looking) looking = _looking = false;
                if (_count > 0)
                {
                    ExitAndFetchHelp();
                }
                else
                {
                    Exit();
                }

                return work;
            }

            if (_ending)
            {
                if (looking) _looking = false;
                _threads--;
                Exit();
                return null;
            }

            if (!looking && !_looking && Settings.Spin > TimeSpan.Zero)
            {
                looking = _looking = true;
                Exit();
                Spin();
                continue;
            }

            if (looking) looking = _looking = false;
            self.NextAsleep = _asleep;
            _asleep = self;
            Exit();
            self.Sleep();
            looking = true;
        }
    }

    IThreadPoolWorkItem? Pop()
    {
        var work = _ring[_head];
        _ring[_head] = null;
        _head = (_head + 1) & (_ring.Length - 1);
        _count--;
        return work;
    }

    void Spin()
    {
        var started = _time.GetTimestamp();
        do
        {
            for (var i = 0; i < 8; i++)
            {
                if (Volatile.Read(in _count) > 0 || Volatile.Read(in _ending)) return;
                Thread.SpinWait(4);
            }
        }
        while (_time.GetElapsedTime(started) < Settings.Spin);
    }

    // Leaves the gate. Somebody who looks already will find the work; else one more thread is sent looking.
    void ExitAndFetchHelp()
    {
        if (_looking)
        {
            Exit();
            return;
        }

        var sleeper = _asleep;
        if (sleeper is not null)
        {
            _asleep = sleeper.NextAsleep;
            _looking = true;
            Exit();
            sleeper.Wake();
            return;
        }

        var start = _threads < _mostThreads;
        if (start)
        {
            _threads++;
            _looking = true;
        }

        var number = _threads;
        Exit();
        if (start) StartThread(number);
    }

    void StartThread(int number)
    {
        try
        {
            new Worker().Start(this, $"{Name}-{number}");
        }
        catch (Exception refused)
        {
            // The system is out of threads or memory. Those that run already must not wait for this one to look.
            Enter();
            _threads--;
            _looking = false;
            var others = _threads;
            Exit();
            if (others == 0) throw;
            _onBug(refused);
        }
    }

    void Grow()
    {
        IThreadPoolWorkItem?[] larger;
        try
        {
            larger = new IThreadPoolWorkItem?[_ring.Length * 2];
        }
        catch
        {
            Exit();
            throw;
        }

        for (var i = 0; i < _count; i++) larger[i] = _ring[(_head + i) & (_ring.Length - 1)];
        _ring = larger;
        _head = 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Enter()
    {
        if (Interlocked.CompareExchange(ref _gate, 1, 0) == 0) return;
        var spin = new SpinWait();
        do
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }
        while (Interlocked.CompareExchange(ref _gate, 1, 0) != 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Exit() => Volatile.Write(ref _gate, 0);

    /// <summary>One thread, and where it sleeps.</summary>
    sealed class Worker
    {
        readonly object _bed = new();
        bool _called;

        /// <summary>Guarded by the pool's gate.</summary>
        public Worker? NextAsleep;

        public void Start(PooledDispatcher pool, string name)
        {
            var thread = new Thread(() => pool.RunWorker(this)) { IsBackground = true, Name = name };
            thread.UnsafeStart();
        }

        public void Sleep()
        {
            lock (_bed)
            {
                while (!_called) Monitor.Wait(_bed);
                _called = false;
            }
        }

        public void Wake()
        {
            lock (_bed)
            {
                _called = true;
                Monitor.Pulse(_bed);
            }
        }
    }
}
