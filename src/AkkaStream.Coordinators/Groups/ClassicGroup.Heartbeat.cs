using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Coordinators.Groups;

/// <summary>Heartbeats, and what becomes of members that are not heard from.</summary>
public sealed partial class ClassicGroup
{
    internal ErrorCode Heartbeat(HeartbeatRequest request, Decision decision)
    {
        var error = CheckMember(request.MemberId, request.GroupInstanceId);
        if (error != ErrorCode.None) return error;
        if (request.GenerationId != Generation) return ErrorCode.IllegalGeneration;
        if (State == ClassicState.Empty) return ErrorCode.UnknownMemberId;
        RestartSession(_members[request.MemberId], decision);
        return State == ClassicState.PreparingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;
    }

    internal void OnSessionDue(string memberId, Decision decision)
    {
        if (_pendingJoin.ContainsKey(memberId))
        {
            Remove(memberId);
            EndJoiningIfAllAreHere(decision);
            return;
        }
        if (!_members.TryGetValue(memberId, out var member)) return;
        // Whoever waits for us is alive; the session starts anew with the answer.
        if (!member.IsNew && (member.AwaitingJoin is not null || member.AwaitingSync is not null)) return;
        string reason = member.IsNew
            ? "it never came through its first rebalance"
            : $"not heard from for {member.SessionTimeoutMs} ms (session.timeout.ms)";
        Expel(member, decision);
        GoOnWithout(Cause(member, reason), decision);
    }

    /// <summary>Whoever waits in its name is told that the member is no more: a client that is still there joins anew.</summary>
    void Expel(ClassicMember member, Decision decision)
    {
        if (member.AwaitingJoin is { } join) AnswerJoin(member, Refused(join.Version, "", ErrorCode.UnknownMemberId), decision);
        AnswerSync(member, new SyncGroupResponse { ErrorCode = ErrorCode.UnknownMemberId }, decision, atCommit: false);
        Remove(member.Id);
    }

    void GoOnWithout(RebalanceCause cause, Decision decision)
    {
        if (State is ClassicState.Stable or ClassicState.CompletingRebalance) Rebalance(cause, decision);
        else EndJoiningIfAllAreHere(decision);
    }
}
