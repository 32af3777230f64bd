using AkkaStream.Coordinators.Offsets;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Stored;

namespace AkkaStream.Coordinators.Groups;

/// <summary>Committing, fetching and deleting offsets.</summary>
public sealed partial class GroupShard
{
    internal const short FirstCommitVersionForAllGroups = 9;

    /// <summary>
    /// The handler has looked at topics and rights: what arrives here has its topics' names, and their ids where they are known.
    /// </summary>
    void Commit(CoordinatorCall call, OffsetCommitRequest request)
    {
        var error = CheckCommit(call, request, out var group);
        if (error != ErrorCode.None)
        {
            _decision.Answer(call, Refusals.Of(request, call.Version, error));
            return;
        }
        (group as ClassicGroup)?.OnCommit(request.MemberId, _decision);
        long now = _decision.Now.WallMs;
        long expires = request.RetentionTimeMs < 0 ? -1 : now + request.RetentionTimeMs;
        var answer = new OffsetCommitResponse { Topics = new OffsetCommitResponseTopic[request.Topics.Length] };
        for (int i = 0; i < request.Topics.Length; i++)
        {
            var topic = request.Topics[i];
            var partitions = new OffsetCommitResponsePartition[topic.Partitions.Length];
            for (int j = 0; j < partitions.Length; j++)
                partitions[j] = CommitOne(request.GroupId, topic, topic.Partitions[j], now, expires);
            answer.Topics[i] = new OffsetCommitResponseTopic { Name = topic.Name, TopicId = topic.TopicId, Partitions = partitions };
        }
        NoteReset(group, call, request);
        _decision.AnswerAtCommit(call, answer);
    }

    ErrorCode CheckCommit(CoordinatorCall call, OffsetCommitRequest request, out Group? group)
    {
        group = Find(request.GroupId);
        if (group is null)
        {
            // From outside: the first commit makes the group.
            if (request.GenerationIdOrMemberEpoch < 0) return ErrorCode.None;
            return call.Version >= FirstCommitVersionForAllGroups ? ErrorCode.GroupIdNotFound : ErrorCode.IllegalGeneration;
        }
        var partitions = request.Topics.SelectMany(t => t.Partitions.Select(p => (t.TopicId, p.PartitionIndex)));
        return group.CheckCommit(
            request.MemberId, request.GroupInstanceId, request.GenerationIdOrMemberEpoch, isTransactional: false, call.Version, partitions).Code;
    }

    OffsetCommitResponsePartition CommitOne(
        string group, OffsetCommitRequestTopic topic, OffsetCommitRequestPartition partition, long now, long expires)
    {
        string metadata = partition.CommittedMetadata ?? "";
        bool tooLarge = metadata.Length > Settings.OffsetMetadataMaxBytes;
        if (!tooLarge)
        {
            var offset = new CommittedOffset(
                partition.CommittedOffset, partition.CommittedLeaderEpoch, metadata, now, expires, topic.TopicId, Order: 0);
            _decision.Write(offset.ToRecord(group, topic.Name, partition.PartitionIndex));
        }
        return new OffsetCommitResponsePartition
        {
            PartitionIndex = partition.PartitionIndex,
            ErrorCode = tooLarge ? ErrorCode.OffsetMetadataTooLarge : ErrorCode.None,
        };
    }

    void ApplyOffset(string groupId, string topic, int partition, OffsetCommitValue? value, ProducerId producer)
    {
        var group = Find(groupId);
        if (value is null)
        {
            if (!_files.TryGetValue(groupId, out var file)) return;
            file.Offsets.Remove(topic, partition);
            if (group is null && file.Offsets.IsEmpty) _files.Remove(groupId);
            return;
        }
        if (group is null) _groups.Add(groupId, group = new ClassicGroup(groupId, FileOf(groupId), value.CommitTimestamp));
        var offset = CommittedOffset.Of(value, ++_order);
        if (producer.IsSome) group.Offsets.PutPending(producer, topic, partition, offset);
        else group.Offsets.Put(topic, partition, offset);
    }

    /// <summary>
    /// Where one group stands. Topics are named, and their ids told where the request is by id; null asks for all. To be answered when all
    /// that is applied is committed.
    /// </summary>
    public OffsetFetchResponseGroup FetchOffsets(OffsetFetchRequestGroup asked, bool requireStable)
    {
        var group = Find(asked.GroupId);
        var answer = new OffsetFetchResponseGroup { GroupId = asked.GroupId };
        answer.ErrorCode = group?.CheckFetch(asked.MemberId, asked.MemberEpoch) ?? ErrorCode.None;
        if (answer.ErrorCode != ErrorCode.None) return answer;
        answer.Topics = asked.Topics is null
            ? [.. AllOffsets(group, requireStable)]
            : Array.ConvertAll(asked.Topics, topic => new OffsetFetchResponseGroupTopic
            {
                Name = topic.Name,
                TopicId = topic.TopicId,
                Partitions = Array.ConvertAll(topic.PartitionIndexes, p => FetchOne(group, topic.Name, topic.TopicId, p, requireStable)),
            });
        return answer;
    }

    static IEnumerable<OffsetFetchResponseGroupTopic> AllOffsets(Group? group, bool requireStable)
    {
        if (group is null) yield break;
        IEnumerable<string> topics = requireStable ? group.Offsets.AllTopicNames : group.Offsets.Topics.Keys;
        foreach (string topic in topics)
        {
            IEnumerable<int> partitions = group.Offsets.Topics.TryGetValue(topic, out var committed) ? committed.Keys : [];
            if (requireStable) partitions = partitions.Union(group.Offsets.PendingPartitions(topic));
            yield return new OffsetFetchResponseGroupTopic
            {
                Name = topic,
                Partitions = [.. partitions.Select(p => FetchOne(group, topic, TopicId.Zero, p, requireStable))],
            };
        }
    }

    static OffsetFetchResponseGroupPartition FetchOne(Group? group, string topic, TopicId id, int partition, bool requireStable)
    {
        var answer = new OffsetFetchResponseGroupPartition { PartitionIndex = partition, CommittedOffset = -1 };
        if (group is null) return answer;
        if (requireStable && group.Offsets.IsPending(topic, partition))
        {
            answer.ErrorCode = ErrorCode.UnstableOffsetCommit;
            return answer;
        }
        if (!group.Offsets.TryFind(topic, partition, out var offset)) return answer;
        // The topic was deleted and made anew: the old one's offsets mean nothing in it.
        if (id != TopicId.Zero && offset.TopicId != TopicId.Zero && offset.TopicId != id) return answer;
        answer.CommittedOffset = offset.Offset;
        answer.CommittedLeaderEpoch = offset.LeaderEpoch;
        answer.Metadata = offset.Metadata;
        return answer;
    }

    void DeleteOffsets(CoordinatorCall call, OffsetDeleteRequest request)
    {
        var group = Find(request.GroupId);
        var error = group?.CheckDeleteOffsets() ?? ErrorCode.GroupIdNotFound;
        if (group is null || error != ErrorCode.None)
        {
            _decision.Answer(call, new OffsetDeleteResponse { ErrorCode = error });
            return;
        }
        var topics = new OffsetDeleteResponseTopic[request.Topics.Length];
        for (int i = 0; i < topics.Length; i++)
        {
            var topic = request.Topics[i];
            bool subscribed = group.IsSubscribedTo(topic.Name);
            foreach (var partition in topic.Partitions)
            {
                bool exists = group.Offsets.TryFind(topic.Name, partition.PartitionIndex, out _)
                    || group.Offsets.IsPending(topic.Name, partition.PartitionIndex);
                if (!subscribed && exists) OffsetTable.Bury(group.Id, topic.Name, partition.PartitionIndex, _decision);
            }
            topics[i] = new OffsetDeleteResponseTopic
            {
                Name = topic.Name,
                Partitions = Array.ConvertAll(topic.Partitions, p => new OffsetDeleteResponsePartition
                {
                    PartitionIndex = p.PartitionIndex,
                    ErrorCode = subscribed ? ErrorCode.GroupSubscribedToTopic : ErrorCode.None,
                }),
            };
        }
        NoteOffsets(group, GroupEventKind.OffsetsDeleted, "asked for (OffsetDelete)", from: 0);
        _decision.AnswerAtCommit(call, new OffsetDeleteResponse { Topics = topics });
    }

    /// <summary>
    /// A commit from outside, into a group that members use: a tool sets where they go on. Clients that use a group for nothing but its offsets
    /// commit in the same way all the time; theirs are worth a word only when they go back.
    /// </summary>
    void NoteReset(Group? group, CoordinatorCall call, OffsetCommitRequest request)
    {
        if (group is null || request.GenerationIdOrMemberEpoch >= 0) return;
        var changes = ChangesOf(group, from: 0);
        bool isReset = group.ProtocolType.Length > 0 ? changes.Exists(c => c.Before?.Offset != c.After?.Offset) : changes.Exists(GoesBack);
        if (isReset) Note(group, GroupEventKind.OffsetsReset, $"set from outside of the group by client '{call.ClientId}'", changes, call.ClientId);
    }

    static bool GoesBack(OffsetChange change) => change.Before is { } before && change.After is { } after && after.Offset < before.Offset;

    /// <param name="from">The first record of the decision that is about the group.</param>
    void NoteOffsets(Group group, GroupEventKind kind, string reason, int from)
    {
        if (_decision.Records.Count > from) Note(group, kind, reason, ChangesOf(group, from));
    }

    void Note(Group group, GroupEventKind kind, string reason, List<OffsetChange> changes, string clientId = "") => group.Note(
        new GroupEvent(group.Id, kind, _decision.Now.WallMs)
        {
            Reason = reason,
            ClientId = clientId,
            Count = changes.Count,
            Members = group.MemberCount,
            Offsets = changes.Count <= GroupHistory.MostOffsets ? changes : [],
        }, _decision);

    /// <summary>What the decision's records change, if they are applied.</summary>
    List<OffsetChange> ChangesOf(Group group, int from)
    {
        var changes = new List<OffsetChange>(_decision.Records.Count - from);
        for (int i = from; i < _decision.Records.Count; i++)
        {
            if (_decision.Records[i].Key is not OffsetCommitKey key) continue;
            CommittedOffset? before = group.Offsets.TryFind(key.Topic, key.Partition, out var found) ? found : null;
            CommittedOffset? after = _decision.Records[i].Value is OffsetCommitValue value ? CommittedOffset.Of(value, order: 0) : null;
            changes.Add(new OffsetChange(key.Topic, key.Partition, before, after));
        }
        return changes;
    }

    /// <summary>
    /// What the last change of a group's offsets took away is put back: the code, why not, and what changes. With <paramref name="dryRun"/> only
    /// told. The decision is to be carried out before the answer is given.
    /// </summary>
    public (Decision Decision, GroupError Error, IReadOnlyList<OffsetChange> Changes) UndoReset(string groupId, bool dryRun, Moment now)
    {
        Begin(now);
        var group = Find(groupId);
        if (group is null) return Refuse(ErrorCode.GroupIdNotFound, $"Group {groupId} not found.");
        if (!group.IsEmpty)
            return Refuse(ErrorCode.NonEmptyGroup, $"Group {groupId} has members; stop them before its offsets are put back.");
        if (group.History.LastChangeOfOffsets is not { } last)
            return Refuse(ErrorCode.ResourceNotFound, $"No reset of the offsets of group {groupId} is remembered.");
        foreach (var (topic, partition, before, _) in last.Offsets)
        {
            if (before is { } offset) _decision.Write((offset with { CommitMs = now.WallMs }).ToRecord(groupId, topic, partition));
            else if (group.Offsets.TryFind(topic, partition, out _)) OffsetTable.Bury(groupId, topic, partition, _decision);
        }
        var changes = ChangesOf(group, from: 0);
        if (dryRun) _decision.Clear();
        else Note(group, GroupEventKind.OffsetsReset, "the last change of the offsets was undone", changes);
        return (_decision, GroupError.None, changes);

        (Decision, GroupError, IReadOnlyList<OffsetChange>) Refuse(ErrorCode code, string message) => (_decision, new GroupError(code, message), []);
    }
}
