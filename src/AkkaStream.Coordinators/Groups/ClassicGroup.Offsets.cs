using AkkaStream.Coordinators.Offsets;
using AkkaStream.Protocol;

namespace AkkaStream.Coordinators.Groups;

/// <summary>Who may commit, and how long offsets live.</summary>
public sealed partial class ClassicGroup
{
    internal override GroupError CheckCommit(
        string memberId, string? instanceId, int generation, bool isTransactional, short version, IEnumerable<(TopicId, int)> partitions) =>
        new(CheckCommit(memberId, instanceId, generation, isTransactional));

    ErrorCode CheckCommit(string memberId, string? instanceId, int generation, bool isTransactional)
    {
        // From outside: tools, and clients that use the group for nothing but its offsets. Only while nobody is in.
        if (generation < 0 && State == ClassicState.Empty) return ErrorCode.None;
        if (generation >= 0 || memberId.Length > 0 || instanceId is not null)
        {
            var error = CheckMember(memberId, instanceId);
            if (error != ErrorCode.None) return error;
            if (generation != Generation) return ErrorCode.IllegalGeneration;
        }
        else if (!isTransactional) return ErrorCode.UnknownMemberId;

        // The member knows the newest generation already, but its partitions may be another's by the next assignment.
        return !isTransactional && State == ClassicState.CompletingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;
    }

    /// <summary>A commit shows that the member lives.</summary>
    internal void OnCommit(string memberId, Decision decision)
    {
        if (State is not (ClassicState.Stable or ClassicState.PreparingRebalance)) return;
        if (_members.TryGetValue(memberId, out var member)) RestartSession(member, decision);
    }

    internal override ErrorCode CheckFetch(string? memberId, int memberEpoch) => ErrorCode.None;

    internal override ErrorCode CheckDeleteOffsets() => IsEmpty || IsConsumers ? ErrorCode.None : ErrorCode.NonEmptyGroup;

    internal override bool IsSubscribedTo(string topic) => _subscribedTopics?.Contains(topic) == true;

    internal override OffsetExpiry OffsetExpiry
    {
        get
        {
            if (_protocolType is null) return new OffsetExpiry(OffsetExpiryRule.FromCommit);
            if (State == ClassicState.Empty) return new OffsetExpiry(OffsetExpiryRule.FromEmpty, StateSinceMs);
            bool knowsItsTopics = State == ClassicState.Stable && _subscribedTopics is not null;
            return new OffsetExpiry(knowsItsTopics ? OffsetExpiryRule.FromCommit : OffsetExpiryRule.Never);
        }
    }
}
