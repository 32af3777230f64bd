using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Coordinators.Groups;

/// <summary>JoinGroup: who may come in, and under which id.</summary>
public sealed partial class ClassicGroup
{
    internal const short FirstVersionWithKnownMemberId = 4;
    const short FirstVersionWithSkippedAssignment = 9, FirstVersionWithNullProtocol = 7;

    internal void Join(CoordinatorCall call, JoinGroupRequest request, Func<string> newId, Decision decision)
    {
        if (!HasRoomFor(request.MemberId, decision.Settings.MaxSize))
        {
            if (_members.TryGetValue(request.MemberId, out var crowdedOut))
                AnswerJoin(crowdedOut, Refused(call.Version, "", ErrorCode.GroupMaxSizeReached), decision);
            Remove(request.MemberId);
            decision.Answer(call, Refused(call.Version, "", ErrorCode.GroupMaxSizeReached));
            EndJoiningIfAllAreHere(decision);
        }
        else if (request.MemberId.Length == 0) JoinAsNew(call, request, newId, decision);
        else JoinAgain(call, request, decision);
    }

    /// <summary>
    /// During a rebalance those who wait count, not those who are in: the group may be above a limit that was lowered, and whoever comes
    /// back last is the one to go.
    /// </summary>
    bool HasRoomFor(string memberId, int maxSize) => State switch
    {
        ClassicState.Empty => true,
        ClassicState.PreparingRebalance => _awaitingJoin < maxSize || _members.GetValueOrDefault(memberId)?.AwaitingJoin is not null,
        _ => _members.Count < maxSize || _members.ContainsKey(memberId),
    };

    /// <summary>A group lives by one protocol type, and by a strategy that all its members can.</summary>
    bool Understands(JoinGroupRequest request)
    {
        if (State == ClassicState.Empty) return request.ProtocolType.Length > 0 && request.Protocols.Length > 0;
        return request.ProtocolType == _protocolType && Array.Exists(request.Protocols, p => IsOfferedByAll(p.Name));
    }

    void JoinAsNew(CoordinatorCall call, JoinGroupRequest request, Func<string> newId, Decision decision)
    {
        if (!Understands(request))
        {
            decision.Answer(call, Refused(call.Version, "", ErrorCode.InconsistentGroupProtocol));
            return;
        }
        string memberId = $"{request.GroupInstanceId ?? call.ClientId}-{newId()}";
        if (request.GroupInstanceId is { } instance)
        {
            if (_staticMembers.TryGetValue(instance, out string? holder)) ReplaceStatic(call, request, holder, memberId, decision);
            else AddAndRebalance(call, request, memberId, decision);
        }
        else if (call.Version >= FirstVersionWithKnownMemberId)
        {
            // The member comes back with this id, so that one whose answer was lost does not leave a ghost behind (KIP-394).
            var deadline = new SessionDeadline(this, memberId);
            _pendingJoin.Add(memberId, deadline);
            decision.SetDeadline(deadline, request.SessionTimeoutMs);
            decision.Answer(call, Refused(call.Version, memberId, ErrorCode.MemberIdRequired));
        }
        else AddAndRebalance(call, request, memberId, decision);
    }

    void JoinAgain(CoordinatorCall call, JoinGroupRequest request, Decision decision)
    {
        string memberId = request.MemberId;
        if (!Understands(request))
        {
            decision.Answer(call, Refused(call.Version, memberId, ErrorCode.InconsistentGroupProtocol));
            return;
        }
        if (_pendingJoin.ContainsKey(memberId) && request.GroupInstanceId is null)
        {
            AddAndRebalance(call, request, memberId, decision);
            return;
        }
        var error = CheckMember(memberId, request.GroupInstanceId);
        if (error == ErrorCode.None && State == ClassicState.Empty) error = ErrorCode.UnknownMemberId;
        if (error != ErrorCode.None)
        {
            decision.Answer(call, Refused(call.Version, memberId, error));
            return;
        }
        var member = _members[memberId];
        bool unchanged = member.Offers(request.Protocols);
        switch (State)
        {
            case ClassicState.CompletingRebalance when unchanged:
                // The first answer was lost: here it is again.
                decision.Answer(call, Joined(member, withMembers: IsLeader(member)));
                break;
            case ClassicState.Stable when unchanged && !IsLeader(member):
                // A follower that lost its answer goes on with the generation. The leader joins again because it has reasons.
                decision.Answer(call, Joined(member, withMembers: false));
                break;
            default:
                UpdateAndRebalance(call, request, member, WhyAgain(member, unchanged, request.Reason), decision);
                break;
        }
    }

    string WhyAgain(ClassicMember member, bool unchanged, string? clientReason)
    {
        string what = State == ClassicState.PreparingRebalance ? "joins the rebalance"
            : !unchanged ? "changed its subscription"
            : IsLeader(member) ? "the leader asks for a new assignment" : "joins again";
        return WithClientReason(what, clientReason);
    }

    static string WithClientReason(string what, string? clientReason) =>
        string.IsNullOrEmpty(clientReason) ? what : $"{what}; it says: {clientReason}";

    void AddAndRebalance(CoordinatorCall call, JoinGroupRequest request, string memberId, Decision decision)
    {
        if (_members.Count == 0) _protocolType = request.ProtocolType;
        var member = new ClassicMember(this, memberId, request.GroupInstanceId, call.ClientId, call.ClientHost)
        {
            SessionTimeoutMs = request.SessionTimeoutMs,
            RebalanceTimeoutMs = RebalanceTimeoutOf(request),
            Protocols = request.Protocols,
            IsNew = true,
        };
        // Each newcomer during the first rebalance makes the group wait a little longer for the next one.
        if (State == ClassicState.PreparingRebalance && _previousState == ClassicState.Empty) _newMemberAdded = true;
        Add(member);
        Await(member, call, decision);
        decision.SetDeadline(member.Session, GroupSettings.NewMemberJoinTimeoutMs);
        RebalanceOrGoOn(Cause(member, WithClientReason("a new member", request.Reason)), decision);
    }

    void UpdateAndRebalance(CoordinatorCall call, JoinGroupRequest request, ClassicMember member, string reason, Decision decision)
    {
        Update(member, request);
        Await(member, call, decision);
        RebalanceOrGoOn(Cause(member, reason), decision);
    }

    void Update(ClassicMember member, JoinGroupRequest request)
    {
        CountOffers(member, -1);
        member.Protocols = request.Protocols;
        CountOffers(member, +1);
        member.RebalanceTimeoutMs = RebalanceTimeoutOf(request);
        member.SessionTimeoutMs = request.SessionTimeoutMs;
    }

    /// <summary>The call waits for the rebalance. One of the same member that waited before will not be needed: its sender asked again.</summary>
    void Await(ClassicMember member, CoordinatorCall call, Decision decision)
    {
        if (member.AwaitingJoin is { } older) AnswerJoin(member, Refused(older.Version, member.Id, ErrorCode.RebalanceInProgress), decision);
        member.AwaitingJoin = call;
        _awaitingJoin++;
    }

    /// <summary>
    /// A static member comes back without its id, as after a restart of its process. It takes the place of its former self, and as long as
    /// nothing else changes, the others need not notice.
    /// </summary>
    void ReplaceStatic(CoordinatorCall call, JoinGroupRequest request, string oldId, string newId, Decision decision)
    {
        string? leaderBefore = Leader;
        var old = _members[oldId];
        var member = TakePlaceOf(old, newId, call, decision);
        RestartSession(member, decision);
        Update(member, request);
        Await(member, call, decision);
        if (State != ClassicState.Stable)
        {
            RebalanceOrGoOn(Cause(member, $"the static member {request.GroupInstanceId} came back"), decision);
        }
        else if (ChooseProtocol() != Protocol)
        {
            RebalanceOrGoOn(Cause(member, $"the static member {request.GroupInstanceId} came back with other protocols"), decision);
        }
        else
        {
            WriteGroup(decision);
            decision.Afterwards = (d, error) => EndReplacement(member, old, leaderBefore, error, d);
        }
    }

    ClassicMember TakePlaceOf(ClassicMember old, string newId, CoordinatorCall call, Decision decision)
    {
        // Two processes with one group.instance.id: the older one learns it, should it be waiting.
        AnswerJoin(old, Refused(old.AwaitingJoin?.Version ?? 0, old.Id, ErrorCode.FencedInstanceId), decision);
        AnswerSync(old, new SyncGroupResponse { ErrorCode = ErrorCode.FencedInstanceId }, decision, atCommit: false);
        bool led = IsLeader(old);
        Remove(old.Id);
        var member = new ClassicMember(this, newId, old.InstanceId, call.ClientId, call.ClientHost)
        {
            SessionTimeoutMs = old.SessionTimeoutMs,
            RebalanceTimeoutMs = old.RebalanceTimeoutMs,
            Protocols = old.Protocols,
            Assignment = old.Assignment,
        };
        Add(member);
        if (led) Leader = newId;
        return member;
    }

    void EndReplacement(ClassicMember member, ClassicMember old, string? leaderBefore, ErrorCode error, Decision decision)
    {
        if (!_members.ContainsKey(member.Id) || member.AwaitingJoin is not { } call) return;
        if (error != ErrorCode.None)
        {
            AnswerJoin(member, Refused(call.Version, "", error), decision);
            bool led = IsLeader(member);
            Remove(member.Id);
            Add(old);
            if (led) Leader = old.Id;
            RestartSession(old, decision);
            return;
        }
        bool skips = call.Version >= FirstVersionWithSkippedAssignment;
        var response = Joined(member, withMembers: skips && IsLeader(member));
        response.SkipAssignment = skips && IsLeader(member);
        // Before KIP-814 a leader that came back was told that another leads, or it would have assigned anew without need.
        if (!skips) response.Leader = leaderBefore ?? "";
        AnswerJoin(member, response, decision, atCommit: true);
    }

    static int RebalanceTimeoutOf(JoinGroupRequest request) =>
        request.RebalanceTimeoutMs < 0 ? request.SessionTimeoutMs : request.RebalanceTimeoutMs;

    internal static JoinGroupResponse Refused(short version, string memberId, ErrorCode error) => new()
    {
        ErrorCode = error,
        MemberId = memberId,
        ProtocolName = version >= FirstVersionWithNullProtocol ? null : "",
    };

    JoinGroupResponse Joined(ClassicMember member, bool withMembers) => new()
    {
        GenerationId = Generation,
        ProtocolType = _protocolType,
        ProtocolName = Protocol,
        Leader = Leader ?? "",
        MemberId = member.Id,
        Members = withMembers ? MembersForLeader() : [],
    };

    JoinGroupResponseMember[] MembersForLeader()
    {
        var told = new JoinGroupResponseMember[_members.Count];
        int i = 0;
        foreach (var member in _members.Values)
        {
            told[i++] = new JoinGroupResponseMember
            {
                MemberId = member.Id,
                GroupInstanceId = member.InstanceId,
                Metadata = member.MetadataFor(Protocol),
            };
        }
        return told;
    }
}
