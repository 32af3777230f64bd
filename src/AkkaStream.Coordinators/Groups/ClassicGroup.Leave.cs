using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Coordinators.Groups;

/// <summary>LeaveGroup: members that say goodbye, or are shown the door by an operator.</summary>
public sealed partial class ClassicGroup
{
    internal LeaveGroupResponseMember[] Leave(LeaveGroupRequestMember[] leaving, Decision decision)
    {
        var answers = new LeaveGroupResponseMember[leaving.Length];
        RebalanceCause? cause = null;
        bool anyLeft = false;
        for (int i = 0; i < leaving.Length; i++)
        {
            var error = LeaveOne(leaving[i], ref cause, decision);
            anyLeft |= error == ErrorCode.None;
            answers[i] = new LeaveGroupResponseMember
            {
                MemberId = leaving[i].MemberId,
                GroupInstanceId = leaving[i].GroupInstanceId,
                ErrorCode = error,
            };
        }
        if (cause is { } known) GoOnWithout(known, decision);
        else if (anyLeft) EndJoiningIfAllAreHere(decision);
        return answers;
    }

    ErrorCode LeaveOne(LeaveGroupRequestMember leaving, ref RebalanceCause? cause, Decision decision)
    {
        string memberId = leaving.MemberId;
        if (memberId.Length == 0)
        {
            // An operator names the instance; whoever holds it goes.
            if (leaving.GroupInstanceId is null || !_staticMembers.TryGetValue(leaving.GroupInstanceId, out string? holder))
                return ErrorCode.UnknownMemberId;
            memberId = holder;
        }
        else if (_pendingJoin.ContainsKey(memberId))
        {
            Remove(memberId);
            return ErrorCode.None;
        }
        else if (CheckMember(memberId, leaving.GroupInstanceId) is var error and not ErrorCode.None) return error;
        var member = _members[memberId];
        cause ??= Cause(member, WithClientReason("left", leaving.Reason));
        Expel(member, decision);
        return ErrorCode.None;
    }
}
