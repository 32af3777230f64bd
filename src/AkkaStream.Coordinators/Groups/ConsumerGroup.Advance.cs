using AkkaStream.Coordinators.Groups.Assignors;
using AkkaStream.Metadata;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Stored;

namespace AkkaStream.Coordinators.Groups;

/// <summary>
/// What a heartbeat sets going: a changed subscription or changed topics raise the group's epoch, a raised epoch asks for a new assignment, and the
/// member takes its next step towards its part of it.
/// </summary>
public sealed partial class ConsumerGroup
{
    GroupError Advance(
        ConsumerMember before, ref ConsumerMember member, ConsumerMember? replaced, PartitionsByTopic? told, string reason, Decision decision)
    {
        bool isNew = !_members.ContainsKey(member.Id) && replaced is null;
        bool changed = !member.SubscribesTheSameAs(before);
        if (isNew || !member.SaysTheSameAs(before)) decision.Write(member.SubscriptionRecord(Id));
        var error = LookUpPatterns(before, member, decision, out var patterns, out bool patternsChanged);
        if (!error.IsNone) return error;

        // Names count at once; a pattern counts by the topics that it stands for.
        bool bumps = Epoch == FirstEpoch || patternsChanged || !member.Topics.SequenceEqual(before.Topics)
            || (member.Regex != before.Regex && member.Regex.Length > 0);
        // Most heartbeats bring no news, and look at no member but their own.
        List<ConsumerMember>? members = null;
        int epoch = Epoch;
        if (bumps || !ReferenceEquals(_seenTopics, Topics))
        {
            members = MembersWith(member, replaced);
            long hash = HashOf(members, patterns);
            if (bumps || hash != MetadataHash) epoch = Bump(hash, new RebalanceCause(member.Id, member.ClientId, reason), decision);
            // What asks for an epoch is seen once the epoch is there: this decision may be refused yet.
            else _seenTopics = Topics;
        }
        int targetEpoch = AssignmentEpoch;
        var target = _target.GetValueOrDefault(member.Id) ?? _target.GetValueOrDefault(replaced?.Id ?? "") ?? PartitionsByTopic.Empty;
        if (epoch > AssignmentEpoch && MayAssignNow(decision))
        {
            var assignment = Assign(epoch, members ?? MembersWith(member, replaced), patterns, replaced, decision);
            target = assignment[member.Id];
            targetEpoch = epoch;
        }
        else if (epoch > AssignmentEpoch) decision.SetDeadline(_assignmentDue, UntilNextAssignment(decision));

        if (changed) target = OnlyRead(target, member, patterns);
        Reconcile(ref member, isNew, new Reconciliation(targetEpoch, target, IsFree, told, changed && !isNew), decision);
        return GroupError.None;
    }

    TopicsImage Topics => _shard.Image.Topics;

    int Bump(long hash, RebalanceCause cause, Decision decision)
    {
        int epoch = Epoch + 1;
        decision.Write(EpochRecord(epoch, hash));
        _watch.Begin(this, epoch, cause, decision);
        return epoch;
    }

    void Reconcile(ref ConsumerMember member, bool isNew, Reconciliation step, Decision decision)
    {
        var next = step.Next(member);
        if (!isNew && next.OwnsTheSameAs(member)) return;
        decision.Write(next.AssignmentRecord(Id));
        if (!next.IsClassic)
        {
            var due = DeadlinesOf(next.Id).Rebalance;
            due.Epoch = next.Epoch;
            if (next.State == MemberState.UnrevokedPartitions) decision.SetDeadline(due, next.RebalanceTimeoutMs);
            else DeadlineQueue.Cancel(due);
        }
        member = next;
    }

    bool IsFree(TopicId topic, int partition) => !_owners.ContainsKey((topic, partition));

    /// <summary>What the member has just stopped reading is not for it any more, even if the next assignment has to wait.</summary>
    PartitionsByTopic OnlyRead(PartitionsByTopic target, ConsumerMember member, IReadOnlyDictionary<string, ResolvedPattern> patterns)
    {
        var read = TopicsOf(member, patterns);
        if (target.Topics.Keys.All(read.Contains)) return target;
        var kept = new PartitionsByTopic.Builder();
        foreach (var (topic, partitions) in target.Topics.Where(t => read.Contains(t.Key)))
        {
            foreach (int partition in partitions) kept.Add(topic, partition);
        }
        return kept.Build();
    }

    List<ConsumerMember> MembersWith(ConsumerMember member, ConsumerMember? replaced)
    {
        var members = new List<ConsumerMember>(_members.Count + 1);
        bool found = false;
        foreach (var known in _members.Values)
        {
            if (known.Id == member.Id || known.Id == replaced?.Id)
            {
                if (!found) members.Add(member);
                found = true;
            }
            else members.Add(known);
        }
        if (!found) members.Add(member);
        return members;
    }

    bool MayAssignNow(Decision decision) => AssignmentEpoch == 0 || UntilNextAssignment(decision) <= 0;

    /// <summary>Many members that come one after the other shall not each cause an assignment of their own.</summary>
    long UntilNextAssignment(Decision decision)
    {
        long since = decision.Now.WallMs - AssignedAtMs;
        return since < 0 ? 0 : Limits(decision).AssignmentIntervalMs - since;
    }

    void OnAssignmentDue(Decision decision)
    {
        if (Epoch <= AssignmentEpoch || _members.Count == 0) return;
        Assign(Epoch, [.. _members.Values], _patterns, replaced: null, decision);
    }

    /// <summary>Writes what differs from the assignment so far, and its epoch last: that one says that it is whole.</summary>
    Dictionary<string, PartitionsByTopic> Assign(
        int epoch, List<ConsumerMember> members, IReadOnlyDictionary<string, ResolvedPattern> patterns, ConsumerMember? replaced, Decision decision)
    {
        var topics = new Dictionary<TopicId, int>();
        var sets = new Dictionary<(IReadOnlyList<string>, string), HashSet<TopicId>>();
        var assigned = new List<AssignedMember>(members.Count);
        foreach (var member in members)
        {
            // Most members read the same; they share one set, which assignors notice.
            var alike = sets.Keys.FirstOrDefault(k => k.Item2 == member.Regex && k.Item1.SequenceEqual(member.Topics)).Item1;
            var key = (alike ?? member.Topics, member.Regex);
            if (!sets.TryGetValue(key, out var read)) sets.Add(key, read = TopicsOf(member, patterns));
            foreach (var topic in read) topics.TryAdd(topic, Topics.Find(topic)?.Partitions.Length ?? 0);
            var had = _target.GetValueOrDefault(member.Id) ?? _target.GetValueOrDefault(replaced?.Id ?? "") ?? PartitionsByTopic.Empty;
            assigned.Add(new AssignedMember(member.Id, member.InstanceId, read, had));
        }
        var parts = ServerAssignors.Assign(AssignorOf(members, decision.Settings), new AssignmentSpec(assigned, topics));
        foreach (var member in assigned)
        {
            if (!parts[member.Id].Equals(_target.GetValueOrDefault(member.Id))) decision.Write(TargetRecord(member.Id, parts[member.Id]));
        }
        decision.Write(new StoredRecord(
            new ConsumerGroupTargetAssignmentMetadataKey { GroupId = Id },
            new ConsumerGroupTargetAssignmentMetadataValue { AssignmentEpoch = epoch, AssignmentTimestamp = decision.Now.WallMs }, 0));
        return parts;
    }

    /// <summary>As far as they exist.</summary>
    HashSet<TopicId> TopicsOf(ConsumerMember member, IReadOnlyDictionary<string, ResolvedPattern> patterns)
    {
        var ids = new HashSet<TopicId>();
        foreach (string topic in member.Topics)
        {
            if (Topics.Find(topic) is { } found) ids.Add(found.Id);
        }
        if (member.Regex.Length > 0 && patterns.TryGetValue(member.Regex, out var pattern))
        {
            foreach (string topic in pattern.Topics)
            {
                if (Topics.Find(topic) is { } found) ids.Add(found.Id);
            }
        }
        return ids;
    }

    /// <summary>Of the topics that the members read: changes when one of them comes, goes, or gets more partitions. 0 for none.</summary>
    long HashOf(IEnumerable<ConsumerMember> members, IReadOnlyDictionary<string, ResolvedPattern> patterns)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var member in members)
        {
            names.UnionWith(member.Topics);
            if (member.Regex.Length > 0 && patterns.TryGetValue(member.Regex, out var pattern)) names.UnionWith(pattern.Topics);
        }
        ulong hash = 0;
        foreach (string name in names)
        {
            if (Topics.Find(name) is not { } topic) continue;
            if (hash == 0) hash = 14695981039346656037;
            hash = Mix(hash, (ulong)topic.Id.Value.High);
            hash = Mix(hash, (ulong)topic.Id.Value.Low);
            hash = Mix(hash, (ulong)topic.Partitions.Length);
        }
        return (long)hash;
    }

    static ulong Mix(ulong hash, ulong value)
    {
        for (int shift = 0; shift < 64; shift += 8) hash = unchecked((hash ^ ((value >> shift) & 0xff)) * 1099511628211);
        return hash;
    }

    /// <summary>Members that are gone for good: their records go, and the group asks for a new assignment.</summary>
    void Remove(IReadOnlyList<ConsumerMember> gone, string reason, Decision decision)
    {
        foreach (var member in gone) WriteMemberTombstones(member.Id, decision);
        var left = _members.Values.Where(m => !gone.Contains(m)).ToList();
        foreach (string regex in gone.Select(m => m.Regex).Where(r => r.Length > 0).Distinct())
        {
            if (_patterns.ContainsKey(regex) && left.TrueForAll(m => m.Regex != regex)) WritePatternTombstone(regex, decision);
        }
        Bump(HashOf(left, _patterns), new RebalanceCause(gone[0].Id, gone[0].ClientId, reason), decision);
        if (left.Count > 0) decision.SetDeadline(_assignmentDue, UntilNextAssignment(decision));
    }
}
