using AkkaStream.TestKit;
using static AkkaStream.Coordinators.Tests.Support.Requests;

namespace AkkaStream.Coordinators.Tests.Groups;

/// <summary>
/// Members that join, work, forget, die and come back by chance, writes that fail, and coordinators that start anew, in virtual time. What
/// must hold: a partition has one owner a generation, committed offsets never go back unasked, nobody waits for ever.
/// </summary>
public sealed class RandomGroups
{
    [Fact]
    [Trait("Kind", "Simulation")]
    public void Whatever_members_do_ownership_is_single_offsets_stay_and_nobody_waits_for_ever() =>
        Seeds.ForEach(25, seed => new Life(seed).Run());

    sealed class Life(long seed)
    {
        const string Group = "g", Topic = "t";
        const int Partitions = 6, Steps = 1_500;
        const int SessionMs = 6_000, RebalanceMs = 20_000;

        /// <summary>A new member may wait five minutes; nobody may wait longer than that and one more round.</summary>
        const long LongestWaitMs = 5 * 60_000 + 2 * RebalanceMs;

        readonly Random _random = new((int)(seed & int.MaxValue));
        readonly List<Member> _members = [];
        readonly Dictionary<(int Generation, int Partition), string> _owners = [];
        readonly long[] _committed = new long[Partitions];
        readonly List<(TestCall Call, long Since)> _waiting = [];
        TestShard _shard = new(TestShard.Quick(("group.initial.rebalance.delay.ms", "500"), ("group.max.size", "7")));
        int _names;

        public void Run()
        {
            for (int i = 0; i < Steps; i++)
            {
                Chaos();
                foreach (var member in _members.ToArray()) member.Step();
                _shard.Advance(_random.Next(1, 400));
                Check();
            }
            CalmDown();
        }

        void Chaos()
        {
            _shard.AppendError = _random.Next(40) == 0 ? ErrorCode.NotEnoughReplicas : ErrorCode.None;
            if (_random.Next(10) == 0 && _members.Count < 8) _members.Add(new Member(this, $"m{_names++}", _random.Next(4) == 0));
            if (_random.Next(60) == 0 && _members.Count > 0) _members.RemoveAt(_random.Next(_members.Count));
            if (_random.Next(200) == 0) Restart();
        }

        void Restart()
        {
            _shard = _shard.Restarted();
            _waiting.Clear();
            foreach (var member in _members) member.OnCoordinatorLost();
        }

        /// <summary>No more faults: all who are left must become stable, soon.</summary>
        void CalmDown()
        {
            _shard.AppendError = ErrorCode.None;
            for (int i = 0; i < 1_200; i++)
            {
                foreach (var member in _members) member.Step(calm: true);
                _shard.Advance(400);
                Check();
            }
            var group = _shard.Shard.Find(Group) as ClassicGroup;
            if (group is null) return;
            var expected = _members.Count == 0 ? ClassicState.Empty : ClassicState.Stable;
            Assert.True(group.State == expected, $"{group.State} with {group.MemberCount} members, {_members.Count} clients are alive");
            // During a rebalance those who wait are counted, so a static member that is away then comes on top of the most there may be.
            int least = Math.Min(_members.Count, 7);
            Assert.True(
                group.MemberCount >= least && group.MemberCount <= _members.Count, $"{group.MemberCount} members, {_members.Count} clients are alive");
        }

        void Check()
        {
            foreach (var (call, since) in _waiting.ToArray())
            {
                if (call.IsAnswered) _waiting.Remove((call, since));
                else Assert.True(_shard.NowMs - since <= LongestWaitMs, $"{call.Request.ApiKey} waits since {since}, now {_shard.NowMs}");
            }
            for (int p = 0; p < Partitions; p++)
            {
                long found = _shard.Offset(Group, Topic, p)?.Offset ?? 0;
                Assert.True(found == _committed[p], $"partition {p} stands at {found}, committed was {_committed[p]}");
            }
        }

        TestCall Send(IRequest request, short version, string client)
        {
            var call = _shard.Send(request, version, client);
            if (call.Waits) _waiting.Add((call, _shard.NowMs));
            return call;
        }

        void Own(int generation, int partition, string member)
        {
            var key = (generation, partition);
            if (_owners.TryAdd(key, member)) return;
            Assert.True(_owners[key] == member, $"partition {partition} of generation {generation} belongs to {_owners[key]} and {member}");
        }

        sealed class Member(Life life, string name, bool isStatic)
        {
            string _id = "";
            int _generation = -1;
            string _metadata = "v0";
            TestCall? _joining, _syncing;
            long _nextHeartbeat;
            int[] _owned = [];

            string? Instance => isStatic ? name : null;
            bool IsIn => _generation >= 0 && _joining is null && _syncing is null;

            public void Step(bool calm = false)
            {
                if (_joining is { } join)
                {
                    if (join.IsAnswered) OnJoined(join.Answer<JoinGroupResponse>(), (JoinGroupRequest)join.Request);
                }
                else if (_syncing is { } sync)
                {
                    if (sync.IsAnswered) OnSynced(sync.Answer<SyncGroupResponse>());
                }
                else if (!IsIn) Join();
                else if (!calm && life._random.Next(30) == 0) Misbehave();
                else Work();
            }

            public void OnCoordinatorLost()
            {
                // Unanswered requests come to nothing; the client finds the coordinator again and goes on as it was.
                if (_joining is { IsAnswered: false } || _syncing is { IsAnswered: false }) Reset(keepId: true);
            }

            void Misbehave()
            {
                switch (life._random.Next(4))
                {
                    case 0:
                        life._shard.Send(Leave(Group, (_id, Instance)), 5);
                        Reset(keepId: false);
                        break;
                    case 1:
                        _metadata = $"v{life._random.Next(3)}";
                        Join();
                        break;
                    case 2:
                        Reset(keepId: false);
                        break;
                    default:
                        _nextHeartbeat = life._shard.NowMs + life._random.Next(2 * SessionMs);
                        break;
                }
            }

            void Join() => _joining = life.Send(
                Requests.Join(Group, _id, Instance, metadata: _metadata, session: SessionMs, rebalance: RebalanceMs), isStatic ? (short)7 : (short)5, name);

            void OnJoined(JoinGroupResponse joined, JoinGroupRequest request)
            {
                _joining = null;
                if (joined.ErrorCode == ErrorCode.MemberIdRequired) _id = joined.MemberId;
                else if (joined.ErrorCode != ErrorCode.None) Reset(keepId: joined.ErrorCode is not (ErrorCode.UnknownMemberId or ErrorCode.FencedInstanceId));
                else
                {
                    _id = joined.MemberId;
                    _generation = joined.GenerationId;
                    var assignments = joined.Leader == _id && joined.Members.Length > 0 ? Assign(joined.Members) : [];
                    _syncing = life.Send(Sync(Group, _id, _generation, Instance, assignments: assignments), 5, name);
                }
            }

            static (string, string)[] Assign(JoinGroupResponseMember[] members) => [.. members.Select((m, i) =>
                (m.MemberId, string.Join(',', Enumerable.Range(0, Partitions).Where(p => p % members.Length == i))))];

            void OnSynced(SyncGroupResponse synced)
            {
                _syncing = null;
                if (synced.ErrorCode != ErrorCode.None)
                {
                    Reset(keepId: synced.ErrorCode is not (ErrorCode.UnknownMemberId or ErrorCode.FencedInstanceId));
                    return;
                }
                string text = Text(synced.Assignment);
                _owned = text.Length == 0 ? [] : [.. text.Split(',').Select(int.Parse)];
                // A static member takes its former self's place within the generation, so the client counts, not the id.
                foreach (int partition in _owned) life.Own(_generation, partition, name);
                _nextHeartbeat = life._shard.NowMs + SessionMs / 3;
            }

            void Work()
            {
                if (_owned.Length > 0 && life._random.Next(3) == 0) CommitSome();
                if (life._shard.NowMs < _nextHeartbeat) return;
                _nextHeartbeat = life._shard.NowMs + SessionMs / 3;
                switch (life._shard.Ask(Heartbeat(Group, _id, _generation, Instance), 4).ErrorCode)
                {
                    case ErrorCode.None:
                        break;
                    case ErrorCode.RebalanceInProgress:
                        Join();
                        break;
                    case ErrorCode.IllegalGeneration:
                        Reset(keepId: true);
                        break;
                    default:
                        Reset(keepId: false);
                        break;
                }
            }

            void CommitSome()
            {
                int partition = _owned[life._random.Next(_owned.Length)];
                long next = life._committed[partition] + 1;
                var code = CodeOf(life._shard.Ask(Commit(Group, Topic, partition, next, _id, _generation), 5));
                if (code == ErrorCode.None) life._committed[partition] = next;
            }

            void Reset(bool keepId)
            {
                if (!keepId) _id = "";
                _generation = -1;
                _owned = [];
                _joining = _syncing = null;
            }
        }
    }
}
