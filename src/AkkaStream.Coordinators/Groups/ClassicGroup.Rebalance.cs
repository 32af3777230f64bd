using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Coordinators.Groups;

/// <summary>From the first cause to the next generation: waiting for members, throwing out those who do not come.</summary>
public sealed partial class ClassicGroup
{
    bool _newMemberAdded;
    int _delayMs, _delayLeftMs;

    /// <summary>Begins a rebalance, or, in one already, looks whether it can end.</summary>
    void RebalanceOrGoOn(RebalanceCause cause, Decision decision)
    {
        if (State == ClassicState.PreparingRebalance) EndJoiningIfAllAreHere(decision);
        else Rebalance(cause, decision);
    }

    void Rebalance(RebalanceCause cause, Decision decision)
    {
        _watch.Begin(this, Generation, cause, decision);
        // Whoever waits for its assignment will not get one: the leader had not seen everybody.
        if (State == ClassicState.CompletingRebalance) DropAssignments(ErrorCode.RebalanceInProgress, decision);
        DeadlineQueue.Cancel(_syncDeadline);
        bool isFirst = State == ClassicState.Empty;
        Become(ClassicState.PreparingRebalance, decision);
        if (isFirst)
        {
            _newMemberAdded = false;
            _delayMs = decision.Settings.InitialRebalanceDelayMs;
            _delayLeftMs = Math.Max(RebalanceTimeoutMs - _delayMs, 0);
            decision.SetDeadline(_joinDeadline, _delayMs);
        }
        else if (HasAllJoined) EndJoining(decision);
        else decision.SetDeadline(_joinDeadline, RebalanceTimeoutMs);
    }

    void EndJoiningIfAllAreHere(Decision decision)
    {
        if (State == ClassicState.PreparingRebalance && HasAllJoined && _previousState != ClassicState.Empty) EndJoining(decision);
    }

    /// <summary>The first rebalance of an empty group waits a moment, and longer while members keep coming, within their time-out.</summary>
    void OnJoinDue(Decision decision)
    {
        if (State != ClassicState.PreparingRebalance) return;
        if (_previousState == ClassicState.Empty && _newMemberAdded && _delayLeftMs > 0)
        {
            _newMemberAdded = false;
            int delay = Math.Min(decision.Settings.InitialRebalanceDelayMs, _delayLeftMs);
            _delayLeftMs = Math.Max(_delayLeftMs - _delayMs, 0);
            _delayMs = delay;
            decision.SetDeadline(_joinDeadline, delay);
            return;
        }
        EndJoining(decision);
    }

    void EndJoining(Decision decision)
    {
        DeadlineQueue.Cancel(_joinDeadline);
        foreach (var late in _members.Values.Where(m => m.AwaitingJoin is null && !m.IsStatic).ToArray()) Remove(late.Id);

        // Static members may be away while their process restarts. If all of them are, the group waits for one more round.
        if (!ElectLeader() && _members.Count > 0)
        {
            decision.SetDeadline(_joinDeadline, RebalanceTimeoutMs);
            return;
        }
        Generation++;
        _pendingSync.Clear();
        if (_members.Count == 0) EndEmpty(decision);
        else BeginCompleting(decision);
    }

    /// <summary>The leader stays if it is here, or else the first one that is.</summary>
    bool ElectLeader()
    {
        if (Leader is null) return false;
        if (_members.TryGetValue(Leader, out var present) && present.AwaitingJoin is not null) return true;
        foreach (var member in _members.Values)
        {
            if (member.AwaitingJoin is null) continue;
            Leader = member.Id;
            return true;
        }
        return false;
    }

    void EndEmpty(Decision decision)
    {
        Protocol = null;
        ReadSubscriptions();
        Become(ClassicState.Empty, decision);
        // Should this not get into the log, a restart finds members that are gone and throws them out again.
        WriteGroup(decision);
        _watch.End(this, GroupEventKind.Emptied, Generation, decision);
    }

    void BeginCompleting(Decision decision)
    {
        Protocol = ChooseProtocol();
        ReadSubscriptions();
        Become(ClassicState.CompletingRebalance, decision);
        foreach (var member in _members.Values)
        {
            AnswerJoin(member, Joined(member, withMembers: IsLeader(member)), decision);
            member.IsNew = false;
            RestartSession(member, decision);
            _pendingSync.Add(member.Id);
        }
        decision.SetDeadline(_syncDeadline, RebalanceTimeoutMs);
    }

    /// <summary>Members that do not fetch their assignment in time are taken for dead.</summary>
    void OnSyncDue(Decision decision)
    {
        if (State is not (ClassicState.CompletingRebalance or ClassicState.Stable) || _pendingSync.Count == 0) return;
        var cause = new RebalanceCause(_pendingSync.First(), null, $"{_pendingSync.Count} members did not fetch their assignment in time");
        foreach (string late in _pendingSync.ToArray()) Remove(late);
        Rebalance(cause, decision);
    }

    sealed class JoinDeadline(ClassicGroup group) : Deadline
    {
        internal override void OnDue(Decision decision) => group.OnJoinDue(decision);
    }

    sealed class SyncDeadline(ClassicGroup group) : Deadline
    {
        internal override void OnDue(Decision decision) => group.OnSyncDue(decision);
    }
}
