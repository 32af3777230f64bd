using AkkaStream.Metadata;
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
    const int RetryMs = 500;

    readonly Dictionary<string, Group> _groups = new(StringComparer.Ordinal);
    readonly Dictionary<string, GroupFile> _files = new(StringComparer.Ordinal);
    readonly DeadlineQueue _deadlines = new();
    readonly Decision _decision = new();
    readonly Func<string> _newId;
    long _order;

    /// <summary>The deadline that the present decision is about.</summary>
    Deadline? _due;

    /// <summary>A group of the consumer protocol that the present decision would make; it is one of the groups when that is applied.</summary>
    ConsumerGroup? _coming;

    /// <param name="newId">Random ids for members, as Java prints a UUID; chance is the caller's.</param>
    public GroupShard(Func<string> newId)
    {
        _newId = newId;
        _cleanUp = new CleanUpDeadline(this);
    }

    public GroupSettings Settings { get; set; } = GroupSettings.Default;

    /// <summary>What topics there are, and what groups have configured; the host keeps it new.</summary>
    public MetadataImage Image { get; set; } = MetadataImage.Empty;
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
            case ConsumerGroupHeartbeatRequest heartbeat: ConsumerHeartbeat(call, heartbeat); break;
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
        _due = due;
        due.OnDue(_decision);
        return _decision;
    }

    /// <summary>The records of the last decision were appended.</summary>
    public Decision Apply(Decision decision)
    {
        ConsumerGroup? touched = null;
        foreach (var record in decision.Records) touched = Apply(record, decision.Producer, isReplay: false) ?? touched;
        Continue(decision, ErrorCode.None);
        _coming = null;
        touched?.OnApplied(decision);
        return decision;
    }

    /// <summary>The records of the last decision cannot be appended: nothing of it has happened, and its answers become refusals.</summary>
    public Decision Refuse(Decision decision, ErrorCode error)
    {
        decision.DropUncommittedAnswers(error);
        Continue(decision, Refusals.OfAppend(error));
        _coming = null;
        // Nobody else would come back to it: a member that is gone would stay for ever.
        if (_due is { IsSet: false } due) decision.SetDeadline(due, RetryMs);
        return decision;
    }

    static void Continue(Decision decision, ErrorCode error)
    {
        var afterwards = decision.Afterwards;
        decision.DropRecords();
        afterwards?.Invoke(decision, error);
    }

    void Begin(Moment now)
    {
        _coming = null;
        _due = null;
        _decision.Begin(now, Settings, _deadlines);
    }

    /// <summary>What is kept under the id; it outlives changes of the group's protocol.</summary>
    internal GroupFile FileOf(string groupId)
    {
        if (!_files.TryGetValue(groupId, out var file)) _files.Add(groupId, file = new GroupFile());
        return file;
    }

    internal IReadOnlyDictionary<string, string> OverridesOf(string groupId) =>
        Image.Configs.Of(new ConfigResource(ConfigResourceType.Group, groupId));

    void Join(CoordinatorCall call, JoinGroupRequest request)
    {
        if (request.SessionTimeoutMs < Settings.MinSessionTimeoutMs || request.SessionTimeoutMs > Settings.MaxSessionTimeoutMs)
        {
            _decision.Answer(call, ClassicGroup.Refused(call.Version, request.MemberId, ErrorCode.InvalidSessionTimeout));
            return;
        }
        if (Find(request.GroupId) is ConsumerGroup { IsEmpty: false } consumers)
        {
            consumers.Join(call, request, _newId, _decision);
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
            // An empty group of the consumer protocol gives way.
            Find(request.GroupId)?.WriteTombstones(_decision);
            group = new ClassicGroup(request.GroupId, FileOf(request.GroupId), _decision.Now.WallMs);
            _groups[group.Id] = group;
        }
        group.Join(call, request, _newId, _decision);
        // A group that somebody wanted to join is on record from then on, even if it never came to a generation.
        if (isNew) group.WriteGroup(_decision);
    }

    void Sync(CoordinatorCall call, SyncGroupRequest request)
    {
        if (Find(request.GroupId) is ClassicGroup group) group.Sync(call, request, _decision);
        else if (Find(request.GroupId) is ConsumerGroup consumers) consumers.Sync(call, request, _decision);
        else _decision.Answer(call, new SyncGroupResponse { ErrorCode = ErrorCode.UnknownMemberId });
    }

    void Heartbeat(CoordinatorCall call, HeartbeatRequest request)
    {
        var error = Find(request.GroupId) switch
        {
            ClassicGroup group => group.Heartbeat(request, _decision),
            ConsumerGroup consumers => consumers.Heartbeat(request, _decision),
            _ => ErrorCode.UnknownMemberId,
        };
        _decision.Answer(call, new HeartbeatResponse { ErrorCode = error });
    }

    void Leave(CoordinatorCall call, LeaveGroupRequest request)
    {
        bool isOfOne = call.Version < 3;
        LeaveGroupRequestMember[] leaving = isOfOne ? [new LeaveGroupRequestMember { MemberId = request.MemberId }] : request.Members;
        var left = Find(request.GroupId) switch
        {
            ClassicGroup group => group.Leave(leaving, _decision),
            ConsumerGroup consumers => consumers.Leave(leaving, _decision),
            _ => Array.ConvertAll(leaving, m => new LeaveGroupResponseMember
            {
                MemberId = m.MemberId,
                GroupInstanceId = m.GroupInstanceId,
                ErrorCode = ErrorCode.UnknownMemberId,
            }),
        };
        _decision.AnswerAtCommit(
            call, isOfOne ? new LeaveGroupResponse { ErrorCode = left[0].ErrorCode } : new LeaveGroupResponse { Members = left });
    }

    /// <summary>From the log, in its order. Types of groups that this version does not know are left where they are.</summary>
    public void Replay(IStoredMessage key, IStoredMessage? value, ProducerId producer) =>
        Apply(new StoredRecord(key, value, 0), producer, isReplay: true);

    /// <summary>The end of a transaction, as its marker in this partition says.</summary>
    public void EndTransaction(ProducerId producer, bool committed)
    {
        foreach (var file in _files.Values) file.Offsets.Resolve(producer, committed);
    }

    /// <summary>The log has been replayed to its end: from here on time counts.</summary>
    public Decision OnLoaded(Moment now)
    {
        Begin(now);
        foreach (var group in _groups.Values)
        {
            if (group is ClassicGroup classic) classic.OnLoaded(_decision);
            else if (group is ConsumerGroup consumers) consumers.OnLoaded(_decision);
        }
        _decision.SetDeadline(_cleanUp, Settings.OffsetsCheckIntervalMs);
        return _decision;
    }

    /// <returns>The group of the consumer protocol that the record was about.</returns>
    ConsumerGroup? Apply(in StoredRecord record, ProducerId producer, bool isReplay)
    {
        if (ApplyConsumer(record, out var consumers)) return consumers;
        switch (record.Key)
        {
            case OffsetCommitKey key:
                ApplyOffset(key.Group, key.Topic, key.Partition, (OffsetCommitValue?)record.Value, producer);
                break;
            case LegacyOffsetCommitKey key:
                ApplyOffset(key.Group, key.Topic, key.Partition, Modern((LegacyOffsetCommitValue?)record.Value), producer);
                break;
            case GroupMetadataKey key when record.Value is null:
                Forget<ClassicGroup>(key.Group);
                break;
            case GroupMetadataKey key when isReplay:
                _groups[key.Group] = ClassicGroup.Of(key, (GroupMetadataValue)record.Value, FileOf(key.Group));
                break;
        }
        return null;
    }

    static OffsetCommitValue? Modern(LegacyOffsetCommitValue? value) => value is null ? null : new OffsetCommitValue
    {
        Offset = value.Offset,
        Metadata = value.Metadata,
        CommitTimestamp = value.CommitTimestamp,
    };

    /// <summary>If it is still of that kind: a group that changed over has buried its former self.</summary>
    void Forget<TGroup>(string groupId) where TGroup : Group
    {
        if (Find(groupId) is not TGroup group) return;
        _groups.Remove(groupId);
        group.CancelDeadlines();
        if (group.Offsets.IsEmpty) _files.Remove(groupId);
    }
}
