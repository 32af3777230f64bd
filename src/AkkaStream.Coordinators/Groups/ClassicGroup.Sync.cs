using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Coordinators.Groups;

/// <summary>SyncGroup: the leader's assignment goes into the log, and then to everybody.</summary>
public sealed partial class ClassicGroup
{
    internal void Sync(CoordinatorCall call, SyncGroupRequest request, Decision decision)
    {
        var error = CheckSync(request);
        if (error != ErrorCode.None)
        {
            decision.Answer(call, new SyncGroupResponse { ErrorCode = error });
            return;
        }
        var member = _members[request.MemberId];
        _pendingSync.Remove(member.Id);
        if (_pendingSync.Count == 0) DeadlineQueue.Cancel(_syncDeadline);
        if (State == ClassicState.Stable)
        {
            // It may be on its way into the log only: nobody works by an assignment that could still be another one.
            decision.AnswerAtCommit(call, Synced(member));
            return;
        }
        if (member.AwaitingSync is not null)
            AnswerSync(member, new SyncGroupResponse { ErrorCode = ErrorCode.RebalanceInProgress }, decision, atCommit: false);
        member.AwaitingSync = call;
        if (IsLeader(member)) Assign(request.Assignments, decision);
    }

    ErrorCode CheckSync(SyncGroupRequest request)
    {
        var error = CheckMember(request.MemberId, request.GroupInstanceId);
        if (error != ErrorCode.None) return error;
        if (request.GenerationId != Generation) return ErrorCode.IllegalGeneration;
        if (Contradicts(request.ProtocolType, _protocolType) || Contradicts(request.ProtocolName, Protocol))
            return ErrorCode.InconsistentGroupProtocol;
        return State switch
        {
            ClassicState.Empty => ErrorCode.UnknownMemberId,
            ClassicState.PreparingRebalance => ErrorCode.RebalanceInProgress,
            _ => ErrorCode.None,
        };
    }

    static bool Contradicts(string? told, string? known) => told is not null && known is not null && told != known;

    /// <summary>Whom the leader left out gets an empty assignment. All goes into one record, which is the group's new generation.</summary>
    void Assign(SyncGroupRequestAssignment[] assignments, Decision decision)
    {
        foreach (var member in _members.Values) member.Assignment = default;
        foreach (var given in assignments)
        {
            if (_members.TryGetValue(given.MemberId, out var member)) member.Assignment = given.Assignment;
        }
        int generation = Generation;
        WriteGroup(decision);
        decision.Afterwards = (d, error) => EndAssigning(generation, error, d);
    }

    void EndAssigning(int generation, ErrorCode error, Decision decision)
    {
        if (State != ClassicState.CompletingRebalance || generation != Generation) return;
        if (error != ErrorCode.None)
        {
            DropAssignments(error, decision);
            Rebalance(new RebalanceCause(Leader, null, $"the assignment could not be written ({ErrorCodes.NameOf(error)})"), decision);
            return;
        }
        Become(ClassicState.Stable, decision);
        foreach (var member in _members.Values)
        {
            if (member.AwaitingSync is null) continue;
            AnswerSync(member, Synced(member), decision, atCommit: true);
            // A session that ended while it waited was let pass, so it starts anew.
            RestartSession(member, decision);
        }
        _watch.End(this, GroupEventKind.Rebalanced, Generation, decision);
    }

    void DropAssignments(ErrorCode error, Decision decision)
    {
        foreach (var member in _members.Values)
        {
            member.Assignment = default;
            if (member.AwaitingSync is null) continue;
            AnswerSync(member, new SyncGroupResponse { ErrorCode = error }, decision, atCommit: false);
            RestartSession(member, decision);
        }
    }

    SyncGroupResponse Synced(ClassicMember member) => new()
    {
        ProtocolType = _protocolType,
        ProtocolName = Protocol,
        Assignment = member.Assignment,
    };
}
