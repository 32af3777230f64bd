namespace AkkaStream.Coordinators.Groups;

/// <summary>
/// Measures a group's rebalances and names a storm: too many of them within a window. The line of a rebalance tells who began it and why,
/// whatever joined in later.
/// </summary>
sealed class RebalanceWatch
{
    internal const int StormCount = 6;
    internal const long StormWindowMs = 60_000;

    readonly Queue<long> _recent = new();
    RebalanceCause _cause;
    long _beganAt;
    long _stormToldAt = long.MinValue / 2;

    public bool IsRunning { get; private set; }

    public void Begin(Group group, int generation, RebalanceCause cause, Decision decision)
    {
        if (IsRunning) return;
        IsRunning = true;
        _cause = cause;
        _beganAt = decision.Now.UptimeMs;
        group.Note(Event(group, GroupEventKind.RebalanceBegan, generation, decision), decision);
    }

    public void End(Group group, GroupEventKind kind, int generation, Decision decision)
    {
        if (!IsRunning) return;
        IsRunning = false;
        long duration = decision.Now.UptimeMs - _beganAt;
        group.Note(Event(group, kind, generation, decision) with { DurationMs = duration }, decision);
        // Nobody is left to suffer from it: a tool that comes and goes alone counts once.
        if (kind == GroupEventKind.Rebalanced) LookForStorm(group, generation, decision);
    }

    void LookForStorm(Group group, int generation, Decision decision)
    {
        long now = decision.Now.UptimeMs;
        _recent.Enqueue(now);
        while (_recent.TryPeek(out long oldest) && now - oldest > StormWindowMs) _recent.Dequeue();
        if (_recent.Count < StormCount || now - _stormToldAt < StormWindowMs) return;
        _stormToldAt = now;
        group.Note(Event(group, GroupEventKind.Storm, generation, decision) with { Count = _recent.Count, DurationMs = StormWindowMs }, decision);
    }

    GroupEvent Event(Group group, GroupEventKind kind, int generation, Decision decision) => new(group.Id, kind, decision.Now.WallMs)
    {
        Generation = generation,
        Members = group.MemberCount,
        MemberId = _cause.MemberId ?? "",
        ClientId = _cause.ClientId ?? "",
        Reason = _cause.Reason ?? "",
    };
}

/// <summary>Who set off a rebalance, and why.</summary>
readonly record struct RebalanceCause(string? MemberId, string? ClientId, string? Reason);
