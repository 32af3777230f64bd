using AkkaStream.Actors;
using AkkaStream.Log;
using AkkaStream.Log.Scrub;
using AkkaStream.Protocol;

namespace AkkaStream.Replication;

/// <summary>Timer of the scrubber: time for a round.</summary>
sealed record ScrubDue
{
    public static readonly ScrubDue Instance = new();
}

/// <summary>Timer of the scrubber: the pace allows the next step.</summary>
sealed record NextScrubStep
{
    public static readonly NextScrubStep Instance = new();
}

/// <summary>To a replica, from the scrubber, brought by the disk lane: what is there to check? Answered with <see cref="ScrubBegun"/>.</summary>
sealed record BeginScrub
{
    public static readonly BeginScrub Instance = new();
}

/// <summary>Null when the log cannot be used now.</summary>
sealed record ScrubBegun(LocalReplica Replica, LogReadView? View);

/// <summary>To the scrubber, from the disk lane.</summary>
sealed record ScrubStepped(int Bytes, DamagedStretch[] Found, string? Failure);

/// <summary>To a replica, from the scrubber.</summary>
sealed record DamageFound(DamagedStretch Damage);

/// <summary>To a replica, from the scrubber: its log was checked to the end, and this is all that was met.</summary>
sealed record ScrubEnded(DamagedStretch[] Damage);

/// <summary>
/// Checks all that is stored, partition by partition, over and over, at a pace that nobody notices. What is damaged is said aloud once a round,
/// and the replica keeps readers away from it. One partition at a time; the reading happens in small steps on the disk lane.
/// </summary>
sealed class LogScrubber(ReplicaTable table, ReplicaEnvironment environment) : UntypedActor
{
    /// <summary>The progress is told so many times a round.</summary>
    const int Tenths = 10;

    LocalReplica[] _round = [];
    LogScrub? _scrub;
    int _at;
    int _told;
    int _damaged;
    long _bytes;

    protected override void PreStart()
    {
        if (environment.Scrub.Interval > TimeSpan.Zero)
            Timers.StartSingleTimer(ScrubDue.Instance, ScrubDue.Instance, environment.Scrub.FirstAfter);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ScrubDue: Begin(); break;
            case ScrubBegun begun: OnBegun(begun); break;
            case NextScrubStep: Step(); break;
            case ScrubStepped stepped: OnStepped(stepped); break;
            case Terminated: Next(); break;
            default: Unhandled(message); break;
        }
    }

    void Begin()
    {
        _round = [.. table.Replicas];
        (_at, _told, _damaged, _bytes) = (-1, 0, 0, 0);
        ReplicationTrace.ScrubBegins(environment.Log, _round.Length);
        Next();
    }

    void Next()
    {
        _scrub = null;
        if (_at >= 0) Context.Unwatch(_round[_at].Actor);
        while (++_at < _round.Length && IsGone(_round[_at])) { }
        if (_at == _round.Length)
        {
            ReplicationTrace.Scrubbed(environment.Log, _round.Length, _bytes, _damaged);
            ReplicationMetrics.ScrubProgress.Record(1);
            _round = [];
            Timers.StartSingleTimer(ScrubDue.Instance, ScrubDue.Instance, environment.Scrub.Interval);
            return;
        }
        TellProgress();
        var (me, replica) = (Self, _round[_at]);
        Context.Watch(replica.Actor);
        environment.DiskLane.Schedule(new LaneWork(() => replica.Actor.Tell(BeginScrub.Instance, me)));
    }

    static bool IsGone(LocalReplica replica) => replica.Standing.Refusal is not (ErrorCode.None or ErrorCode.NotLeaderOrFollower);

    void TellProgress()
    {
        ReplicationMetrics.ScrubProgress.Record((double)_at / _round.Length);
        int tenths = _at * Tenths / _round.Length;
        if (tenths <= _told) return;
        _told = tenths;
        ReplicationTrace.ScrubGoesOn(environment.Log, _at, _round.Length, _bytes, _damaged);
    }

    void OnBegun(ScrubBegun begun)
    {
        if (_at >= _round.Length || begun.Replica != _round[_at]) return;
        if (begun.View is null)
        {
            Next();
            return;
        }
        _scrub = new LogScrub(begun.View);
        Step();
    }

    void Step()
    {
        if (_scrub is not { } scrub) return;
        var (me, name) = (Self, _round[_at].Name);
        environment.DiskLane.Schedule(new LaneWork(() =>
        {
            string? failed = null;
            int bytes = 0;
            try { bytes = scrub.Step(); }
            catch (IOException failure) { failed = failure.Message; }
            var found = scrub.TakeFound();
            if (found.Length > 0 || scrub.IsDone) Keep(name, scrub);
            me.Tell(new ScrubStepped(bytes, found, failed));
        }));
    }

    /// <summary>A restart must not forget it.</summary>
    void Keep(PartitionName name, LogScrub scrub)
    {
        try
        {
            environment.Directories.HomeOf(name)?.WriteDamage(name, scrub.IsDone ? scrub.Found : scrub.FoundOrKnown);
        }
        catch (IOException failure)
        {
            ReplicationTrace.DamageNotKept(environment.Log, name.DirectoryName, failure.Message);
        }
    }

    void OnStepped(ScrubStepped stepped)
    {
        if (_scrub is null) return; // the replica is gone
        var replica = _round[_at];
        _bytes += stepped.Bytes;
        ReplicationMetrics.ScrubbedBytes.Add(stepped.Bytes);
        foreach (var damage in stepped.Found)
        {
            _damaged++;
            ReplicationTrace.Damaged(
                environment.Log, replica, damage.File.Path, damage.From, damage.Problem, damage.First.Value, damage.Behind.Value - 1,
                damage.Behind.Value);
            replica.Actor.Tell(new DamageFound(damage), Self);
        }
        if (stepped.Failure is { } failure) ReplicationTrace.NotScrubbed(environment.Log, replica, failure);
        if (stepped.Failure is not null || _scrub.IsDone)
        {
            if (_scrub.IsDone && _scrub.KnowsDamage) replica.Actor.Tell(new ScrubEnded(_scrub.Found), Self);
            Next();
            return;
        }
        double waitMs = stepped.Bytes * 1000.0 / environment.Scrub.MostBytesPerSecond;
        Timers.StartSingleTimer(NextScrubStep.Instance, NextScrubStep.Instance, TimeSpan.FromMilliseconds(Math.Clamp(waitMs, 1, int.MaxValue)));
    }
}
