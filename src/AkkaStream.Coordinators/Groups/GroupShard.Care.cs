using AkkaStream.Protocol;

namespace AkkaStream.Coordinators.Groups;

/// <summary>What goes away by itself, with its topic, or because somebody asks for it.</summary>
public sealed partial class GroupShard
{
    readonly Deadline _cleanUp;

    /// <summary>
    /// Groups without members, and all they have committed. The decision holds the tombstones of those that may go; the codes are to be told
    /// when these are committed. Each group once, however often it is named.
    /// </summary>
    public (Decision Decision, IReadOnlyDictionary<string, ErrorCode> Outcomes) DeleteGroups(IEnumerable<string> groupIds, Moment now)
    {
        Begin(now);
        var outcomes = new Dictionary<string, ErrorCode>(StringComparer.Ordinal);
        foreach (string id in groupIds)
        {
            if (!outcomes.ContainsKey(id)) outcomes.Add(id, DeleteGroup(id));
        }
        return (_decision, outcomes);
    }

    ErrorCode DeleteGroup(string groupId)
    {
        var group = Find(groupId);
        if (group is null) return ErrorCode.GroupIdNotFound;
        if (!group.IsEmpty) return ErrorCode.NonEmptyGroup;
        group.Offsets.DeleteAll(groupId, _decision);
        group.WriteTombstones(_decision);
        _decision.Tell(new GroupEvent(groupId, GroupEventKind.GroupDeleted, _decision.Now.WallMs) { Reason = "asked for (DeleteGroups)" });
        return ErrorCode.None;
    }

    /// <summary>Topics are gone, and with them what was committed for them, by whichever group.</summary>
    public Decision OnTopicsDeleted(IReadOnlyCollection<string> topics, Moment now)
    {
        Begin(now);
        foreach (var group in _groups.Values)
        {
            int before = _decision.Records.Count;
            foreach (string topic in topics) group.Offsets.DeleteTopic(group.Id, topic, _decision);
            // Nothing to be put back: a topic of that name would be another one.
            int count = _decision.Records.Count - before;
            if (count == 0) continue;
            var news = new GroupEvent(group.Id, GroupEventKind.OffsetsDeleted, now.WallMs) { Reason = "the topic was deleted", Count = count };
            group.Note(news with { Members = group.MemberCount }, _decision);
        }
        return _decision;
    }

    /// <summary>Offsets whose time is over; groups that are left with nothing and nobody.</summary>
    void CleanUp()
    {
        foreach (var group in _groups.Values)
        {
            int before = _decision.Records.Count;
            bool nothingLeft = group.Offsets.Expire(group.Id, group.OffsetExpiry, group.IsSubscribedTo, _decision);
            NoteOffsets(group, GroupEventKind.OffsetsExpired, "not committed anew within offsets.retention.minutes", before);
            if (nothingLeft && group.IsEmpty && group.MayVanish) group.WriteTombstones(_decision);
        }
        _decision.SetDeadline(_cleanUp, Settings.OffsetsCheckIntervalMs);
    }

    /// <summary>The calls that wait in groups, for a host that gives the shard up: they must be answered by it.</summary>
    public IReadOnlyList<CoordinatorCall> TakeWaiting()
    {
        var calls = new List<CoordinatorCall>();
        foreach (var group in _groups.Values) group.TakeWaiting(calls);
        return calls;
    }

    sealed class CleanUpDeadline(GroupShard shard) : Deadline
    {
        internal override void OnDue(Decision decision) => shard.CleanUp();
    }
}
