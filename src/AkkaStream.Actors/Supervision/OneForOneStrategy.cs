namespace AkkaStream.Actors.Supervision;

/// <summary>
/// Judges each failed child for itself; its siblings go on. A child that has used up its restarts stops.
/// </summary>
public sealed class OneForOneStrategy : SupervisorStrategy
{
    /// <summary>The default decider, restarts without limit.</summary>
    public static readonly OneForOneStrategy Default = new(DefaultDecider);

    readonly int _maxRestarts;
    readonly TimeSpan _window;
    readonly Func<Exception, Directive> _decider;

    public OneForOneStrategy(Func<Exception, Directive> decider)
        : this(-1, null, decider)
    {
    }

    /// <param name="maxNrOfRetries">Restarts before the child is stopped; below 0 means without limit.</param>
    /// <param name="withinTimeRange">In which window they are counted; null counts over the whole life.</param>
    /// <param name="decider">What to do about which exception.</param>
    public OneForOneStrategy(int maxNrOfRetries, TimeSpan? withinTimeRange, Func<Exception, Directive> decider)
    {
        ArgumentNullException.ThrowIfNull(decider);
        if (withinTimeRange <= TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(withinTimeRange), withinTimeRange, "Must be above zero.");
        }

        _maxRestarts = maxNrOfRetries;
        _window = withinTimeRange ?? Timeout.InfiniteTimeSpan;
        _decider = decider;
    }

    internal override Directive Judge(Exception reason, ref RestartCount restarts, TimeProvider time)
    {
        var directive = _decider(reason);
        if (directive != Directive.Restart || _maxRestarts < 0) return directive;
        var now = time.GetTimestamp();
        var windowIsOver = _window != Timeout.InfiniteTimeSpan
            && time.GetElapsedTime(restarts.WindowStart, now) > _window;
        if (restarts.Count == 0 || windowIsOver) restarts = new RestartCount { WindowStart = now };
        if (restarts.Count >= _maxRestarts) return Directive.Stop;
        restarts.Count++;
        return Directive.Restart;
    }
}
