using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Stored;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Coordinators.Groups;

/// <summary>
/// All groups of one partition of __consumer_offsets, with their offsets. What it knows is what the partition's records say, plus what classic
/// groups and sessions keep in memory only. Pure: time, ids and settings are handed in; the host appends what is decided and carries the answers.
///
/// One decision at a time: the one that a method returns is this shard's own and is used again by the next.
/// </summary>
public sealed partial class GroupShard
{
    readonly Dictionary<string, Group> _groups = new(StringComparer.Ordinal);
    readonly DeadlineQueue _deadlines = new();
    readonly Decision _decision = new();
    readonly Func<string> _newId;
    long _order;

    /// <param name="newId">Random ids for members, as Java prints a UUID; chance is the caller's.</param>
    public GroupShard(Func<string> newId)
    {
        _newId = newId;
        _cleanUp = new CleanUpDeadline(this);
    }

    public GroupSettings Settings { get; set; } = GroupSettings.Default;
    public IReadOnlyCollection<Group> Groups => _groups.Values;

    /// <summary>When <see cref="OnTime"/> wants to be called, in uptime; long.MaxValue for never.</summary>
    public long NextDeadline => _deadlines.Next;

    public Group? Find(string groupId) => _groups.GetValueOrDefault(groupId);

    /// <summary>Requests about one group that may change something.</summary>
    public Decision Handle(CoordinatorCall call, Moment now)
    {
        Begin(now);
        switch (call.Request)
        {
            case JoinGroupRequest join: Join(call, join); break;
            case SyncGroupRequest sync: Sync(call, sync); break;
            case HeartbeatRequest heartbeat: Heartbeat(call, heartbeat); break;
            case LeaveGroupRequest leave: Leave(call, leave); break;
            case OffsetCommitRequest commit: Commit(call, commit); break;
            case OffsetDeleteRequest delete: DeleteOffsets(call, delete); break;
            default: throw new ArgumentException($"{call.Request.ApiKey} is no request for a group coordinator", nameof(call));
        }
        return _decision;
    }

    /// <summary>Carries out one deadline that is due; null when none is. To be called until then.</summary>
    public Decision? OnTime(Moment now)
    {
        if (!_deadlines.TryTake(now.UptimeMs, out var due)) return null;
        Begin(now);
        due.OnDue(_decision);
        return _decision;
    }

    /// <summary>The records of the last decision were appended.</summary>
    public Decision Apply(Decision decision)
    {
        foreach (var record in decision.Records) Apply(record, decision.Producer, isReplay: false);
        Continue(decision, ErrorCode.None);
        return decision;
    }

    /// <summary>The records of the last decision cannot be appended: nothing of it has happened, and its answers become refusals.</summary>
    public Decision Refuse(Decision decision, ErrorCode error)
    {
        decision.DropUncommittedAnswers(error);
        Continue(decision, Refusals.OfAppend(error));
        return decision;
    }

    static void Continue(Decision decision, ErrorCode error)
    {
        var afterwards = decision.Afterwards;
        decision.DropRecords();
        afterwards?.Invoke(decision, error);
    }

    void Begin(Moment now) => _decision.Begin(now, Settings, _deadlines);

    void Join(CoordinatorCall call, JoinGroupRequest request)
    {
        if (request.SessionTimeoutMs < Settings.MinSessionTimeoutMs || request.SessionTimeoutMs > Settings.MaxSessionTimeoutMs)
        {
            _decision.Answer(call, ClassicGroup.Refused(call.Version, request.MemberId, ErrorCode.InvalidSessionTimeout));
            return;
        }
        var group = Find(request.GroupId) as ClassicGroup;
        bool isNew = group is null;
        if (group is null)
        {
            if (request.MemberId.Length > 0)
            {
                _decision.Answer(call, ClassicGroup.Refused(call.Version, request.MemberId, ErrorCode.UnknownMemberId));
                return;
            }
            group = new ClassicGroup(request.GroupId, _decision.Now.WallMs);
            _groups.Add(group.Id, group);
        }
        group.Join(call, request, _newId, _decision);
        // A group that somebody wanted to join is on record from then on, even if it never came to a generation.
        if (isNew && _decision.Records.Count == 0) group.WriteGroup(_decision);
    }

    void Sync(CoordinatorCall call, SyncGroupRequest request)
    {
        if (Find(request.GroupId) is ClassicGroup group) group.Sync(call, request, _decision);
        else _decision.Answer(call, new SyncGroupResponse { ErrorCode = ErrorCode.UnknownMemberId });
    }

    void Heartbeat(CoordinatorCall call, HeartbeatRequest request)
    {
        var error = Find(request.GroupId) is ClassicGroup group ? group.Heartbeat(request, _decision) : ErrorCode.UnknownMemberId;
        _decision.Answer(call, new HeartbeatResponse { ErrorCode = error });
    }

    void Leave(CoordinatorCall call, LeaveGroupRequest request)
    {
        bool isOfOne = call.Version < 3;
        LeaveGroupRequestMember[] leaving = isOfOne ? [new LeaveGroupRequestMember { MemberId = request.MemberId }] : request.Members;
        LeaveGroupResponseMember[] left = Find(request.GroupId) is ClassicGroup group
            ? group.Leave(leaving, _decision)
            : Array.ConvertAll(leaving, m => new LeaveGroupResponseMember
            {
                MemberId = m.MemberId,
                GroupInstanceId = m.GroupInstanceId,
                ErrorCode = ErrorCode.UnknownMemberId,
            });
        _decision.AnswerAtCommit(
            call, isOfOne ? new LeaveGroupResponse { ErrorCode = left[0].ErrorCode } : new LeaveGroupResponse { Members = left });
    }

    /// <summary>From the log, in its order. Types of groups that this version does not know are left where they are.</summary>
    public void Replay(IStoredMessage key, IStoredMessage? value, ProducerId producer) =>
        Apply(new StoredRecord(key, value, 0), producer, isReplay: true);

    /// <summary>The end of a transaction, as its marker in this partition says.</summary>
    public void EndTransaction(ProducerId producer, bool committed)
    {
        foreach (var group in _groups.Values) group.Offsets.Resolve(producer, committed);
    }

    /// <summary>The log has been replayed to its end: from here on time counts.</summary>
    public Decision OnLoaded(Moment now)
    {
        Begin(now);
        foreach (var group in _groups.Values)
        {
            if (group is ClassicGroup classic) classic.OnLoaded(_decision);
        }
        _decision.SetDeadline(_cleanUp, Settings.OffsetsCheckIntervalMs);
        return _decision;
    }

    void Apply(in StoredRecord record, ProducerId producer, bool isReplay)
    {
        switch (record.Key)
        {
            case OffsetCommitKey key:
                ApplyOffset(key.Group, key.Topic, key.Partition, (OffsetCommitValue?)record.Value, producer);
                break;
            case LegacyOffsetCommitKey key:
                ApplyOffset(key.Group, key.Topic, key.Partition, Modern((LegacyOffsetCommitValue?)record.Value), producer);
                break;
            case GroupMetadataKey key when record.Value is null:
                Forget(key.Group);
                break;
            case GroupMetadataKey key when isReplay:
                var before = Find(key.Group);
                before?.CancelDeadlines();
                _groups[key.Group] = ClassicGroup.Of(key, (GroupMetadataValue)record.Value, before);
                break;
        }
    }

    static OffsetCommitValue? Modern(LegacyOffsetCommitValue? value) => value is null ? null : new OffsetCommitValue
    {
        Offset = value.Offset,
        Metadata = value.Metadata,
        CommitTimestamp = value.CommitTimestamp,
    };

    void Forget(string groupId)
    {
        if (_groups.Remove(groupId, out var group)) group.CancelDeadlines();
    }
}
