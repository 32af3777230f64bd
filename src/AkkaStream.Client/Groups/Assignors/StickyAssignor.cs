namespace AkkaStream.Client.Groups.Assignors;

/// <summary>
/// As even as can be, and within that as little moved as can be. Cooperatively, a partition that changes hands is left out of the first
/// round: its old owner gives it up, and the round after that hands it on, so that nobody ever shares it.
/// </summary>
static class StickyAssignor
{
    public static Dictionary<string, List<TopicPartition>> Assign(
        IReadOnlyList<GroupMemberView> members, IReadOnlyDictionary<string, int> partitionsOfTopics)
    {
        var sharing = new Sharing(members, partitionsOfTopics);
        sharing.KeepOwned();
        sharing.GiveOutTheRest();
        sharing.Even();
        return sharing.Result;
    }

    public static Dictionary<string, List<TopicPartition>> AssignCooperatively(
        IReadOnlyList<GroupMemberView> members, IReadOnlyDictionary<string, int> partitionsOfTopics)
    {
        var result = Assign(members, partitionsOfTopics);
        var owners = Owners(members);
        foreach (var (member, partitions) in result)
            partitions.RemoveAll(p => owners.TryGetValue(p, out string? owner) && owner != member);
        return result;
    }

    /// <summary>Who has which partition: of several that say so, the one of the latest generation; of equals nobody.</summary>
    static Dictionary<TopicPartition, string> Owners(IReadOnlyList<GroupMemberView> members)
    {
        var owners = new Dictionary<TopicPartition, string>();
        var generations = new Dictionary<TopicPartition, int>();
        foreach (var member in members)
        {
            foreach (var partition in member.Owned)
            {
                if (!generations.TryGetValue(partition, out int known) || member.Generation > known)
                {
                    owners[partition] = member.Id;
                    generations[partition] = member.Generation;
                }
                else if (member.Generation == known)
                {
                    owners.Remove(partition);
                }
            }
        }
        return owners;
    }

    /// <summary>An assignment in the making.</summary>
    sealed class Sharing
    {
        readonly IReadOnlyList<GroupMemberView> _order;
        readonly List<TopicPartition> _all;
        readonly Dictionary<TopicPartition, string> _owners;
        readonly HashSet<TopicPartition> _free;
        readonly Dictionary<string, HashSet<string>> _readers;

        public Sharing(IReadOnlyList<GroupMemberView> members, IReadOnlyDictionary<string, int> partitionsOfTopics)
        {
            _order = [.. members.Order()];
            _readers = partitionsOfTopics.Keys.ToDictionary(t => t, t => members.Where(m => m.Topics.Contains(t)).Select(m => m.Id).ToHashSet());
            _all = [.. partitionsOfTopics.Where(t => _readers[t.Key].Count > 0)
                .SelectMany(t => Enumerable.Range(0, t.Value).Select(p => new TopicPartition(t.Key, p))).Order()];
            _owners = Owners(members);
            _free = [.. _all];
            Result = members.ToDictionary(m => m.Id, _ => new List<TopicPartition>());
        }

        public Dictionary<string, List<TopicPartition>> Result { get; }

        bool MayHave(string member, TopicPartition partition) => _readers[partition.Topic].Contains(member);

        public void KeepOwned()
        {
            // Where all read the same, nobody keeps more than a fair share; the larger shares go to those who have most.
            bool same = _order.All(m => m.Topics.Count == _order[0].Topics.Count && m.Topics.All(_order[0].Topics.Contains));
            int least = _order.Count == 0 ? 0 : _all.Count / _order.Count, larger = _order.Count == 0 ? 0 : _all.Count % _order.Count;
            var owned = _order.ToDictionary(
                m => m.Id, m => m.Owned.Where(p => _free.Contains(p) && _owners.GetValueOrDefault(p) == m.Id).Order().ToList());
            foreach (var member in _order.OrderByDescending(m => owned[m.Id].Count))
            {
                int most = !same ? int.MaxValue : owned[member.Id].Count > least && larger > 0 ? least + 1 : least;
                if (most == least + 1) larger--;
                foreach (var partition in owned[member.Id])
                {
                    if (Result[member.Id].Count >= most || !MayHave(member.Id, partition)) continue;
                    Result[member.Id].Add(partition);
                    _free.Remove(partition);
                }
            }
        }

        public void GiveOutTheRest()
        {
            // Those that few may have first, so that nobody's only choice is gone before it is looked at.
            foreach (var partition in _free.OrderBy(p => _readers[p.Topic].Count).ThenBy(p => p).ToList())
            {
                var poorest = Poorest(partition);
                if (poorest is null) continue;
                Result[poorest].Add(partition);
                _free.Remove(partition);
            }
        }

        string? Poorest(TopicPartition partition)
        {
            string? poorest = null;
            foreach (var member in _order)
            {
                if (!MayHave(member.Id, partition)) continue;
                if (poorest is null || Result[member.Id].Count < Result[poorest].Count) poorest = member.Id;
            }
            return poorest;
        }

        /// <summary>Moves single partitions while somebody has two more than another who may have one of them.</summary>
        public void Even()
        {
            bool moved = true;
            while (moved)
            {
                moved = false;
                foreach (var rich in _order.OrderByDescending(m => Result[m.Id].Count).ToList())
                {
                    // What came last was had for the shortest time.
                    for (int i = Result[rich.Id].Count - 1; i >= 0 && !moved; i--)
                    {
                        var partition = Result[rich.Id][i];
                        if (Poorest(partition) is not { } poorest || Result[rich.Id].Count - Result[poorest].Count < 2) continue;
                        Result[rich.Id].RemoveAt(i);
                        Result[poorest].Add(partition);
                        moved = true;
                    }
                    if (moved) break;
                }
            }
        }
    }
}
