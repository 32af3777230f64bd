using AkkaStream.TestKit;
using static AkkaStream.Coordinators.Tests.Support.Requests;

namespace AkkaStream.Coordinators.Tests.Groups;

/// <summary>
/// Members of the consumer protocol that come, go, dawdle, lose answers and change their minds by chance, while topics grow and the coordinator
/// starts anew. (Whoever is silent for a session stops by itself, as clients do.) No partition is worked on by two at a time, offsets never go
/// back, and once all behave everybody has its share.
/// </summary>
public sealed class RandomConsumers
{
    [Fact]
    [Trait("Kind", "Simulation")]
    public void Whatever_members_do_no_partition_has_two_owners_and_in_the_end_all_are_shared_out() =>
        Seeds.ForEach(25, seed => new Life(seed).Run());

    sealed class Life(long seed)
    {
        const int Steps = 1_200, SessionMs = 45_000;

        readonly Random _random = new((int)(seed & int.MaxValue));
        readonly List<Member> _members = [];
        readonly Dictionary<int, long> _committed = [];
        TestShard _shard = new();
        int _partitions = 5, _names;

        public void Run()
        {
            _shard.SetTopics(("t", _partitions), ("u", 1));
            for (int i = 0; i < Steps; i++)
            {
                Chaos();
                foreach (var member in _members.ToArray()) member.Step(_random.Next(3) == 0);
                _shard.Advance(_random.Next(1, 1_500));
                Check();
            }
            _shard.AppendError = ErrorCode.None;
            for (int i = 0; i < 400; i++)
            {
                foreach (var member in _members) member.Step(behaves: true);
                _shard.Advance(1_000);
                Check();
            }
            AssertShared();
        }

        void Chaos()
        {
            _shard.AppendError = _random.Next(40) == 0 ? ErrorCode.NotEnoughReplicas : ErrorCode.None;
            if (_random.Next(12) == 0 && _members.Count < 6) _members.Add(new Member(this, $"m{_names++}", _random.Next(4) == 0));
            if (_random.Next(60) == 0 && _members.Count > 0) _members.RemoveAt(_random.Next(_members.Count));
            if (_random.Next(150) == 0) _shard.SetTopics(("t", ++_partitions), ("u", 1));
            if (_random.Next(120) == 0) _shard = _shard.Restarted();
        }

        void Check()
        {
            var owners = new Dictionary<int, string>();
            foreach (var member in _members)
            {
                foreach (int partition in member.WorksOn(_shard.NowMs))
                    Assert.True(owners.TryAdd(partition, member.Name), $"partition {partition} belongs to {owners.GetValueOrDefault(partition)} and {member.Name}");
            }
            foreach (var (partition, offset) in _committed) Assert.Equal(offset, _shard.Offset("g", "t", partition)?.Offset ?? 0);
        }

        void AssertShared()
        {
            if (_members.Count == 0) return;
            var group = _shard.Consumers("g");
            Assert.True(group.StateName == "Stable", $"{group.StateName}, epoch {group.Epoch}, assignment {group.AssignmentEpoch}, members "
                + string.Join("; ", group.Members.Values.Select(m =>
                    $"{m.Id} {m.State} {m.Epoch} owns {m.Assigned}, gives up {m.PendingRevocation}, shall own {group.Target.GetValueOrDefault(m.Id)}")));
            Assert.Equal(_members.Count, group.MemberCount);
            var owned = _members.SelectMany(m => m.WorksOn(_shard.NowMs)).Order().ToArray();
            Assert.Equal(Enumerable.Range(0, _partitions), owned);
        }

        sealed class Member(Life life, string name, bool isStatic)
        {
            string _id = $"{name}-0";
            int _lives, _epoch;
            int[] _owned = [];
            bool _isIn, _leftForAWhile;
            long _heardAt;

            public string Name => name;

            /// <summary>A client that has not heard from the coordinator for a session's time stops working by itself.</summary>
            public int[] WorksOn(long now) => _isIn && now - _heardAt < SessionMs ? _owned : [];

            public void Step(bool behaves)
            {
                if (_isIn && life._shard.NowMs - _heardAt >= SessionMs) Stop();
                if (!_isIn) Join();
                else if (behaves) Beat();
                else if (life._random.Next(25) == 0) Misbehave();
                if (_isIn && _owned.Length > 0 && life._random.Next(3) == 0) CommitSome();
            }

            void Join()
            {
                if (isStatic && _leftForAWhile && life._random.Next(2) == 0) _id = $"{name}-{++_lives}";
                var answer = Ask(new ConsumerGroupHeartbeatRequest
                {
                    GroupId = "g", MemberId = _id, InstanceId = isStatic ? name : null, MemberEpoch = 0, RebalanceTimeoutMs = 60_000,
                    SubscribedTopicNames = ["t"], TopicPartitions = [],
                });
                if (answer.ErrorCode == ErrorCode.None) (_isIn, _leftForAWhile) = (true, false);
                Take(answer);
            }

            void Beat() => Take(Ask(new ConsumerGroupHeartbeatRequest
            {
                GroupId = "g", MemberId = _id, InstanceId = isStatic ? name : null, MemberEpoch = _epoch,
                TopicPartitions = [new ConsumerGroupHeartbeatRequestTopicPartitions { TopicId = life._shard.IdOf("t"), Partitions = _owned }],
            }));

            void Misbehave()
            {
                switch (life._random.Next(3))
                {
                    case 0:
                        // A static member keeps working on nothing while it is away.
                        _leftForAWhile = isStatic && life._random.Next(2) == 0;
                        Ask(new ConsumerGroupHeartbeatRequest
                        {
                            GroupId = "g", MemberId = _id, InstanceId = isStatic ? name : null, MemberEpoch = _leftForAWhile ? -2 : -1,
                        });
                        Stop();
                        break;
                    case 1:
                        // The answer is lost on its way.
                        Ask(new ConsumerGroupHeartbeatRequest
                        {
                            GroupId = "g", MemberId = _id, InstanceId = isStatic ? name : null, MemberEpoch = _epoch,
                        });
                        break;
                }
            }

            void Take(ConsumerGroupHeartbeatResponse answer)
            {
                if (answer.ErrorCode is ErrorCode.CoordinatorNotAvailable) return;
                if (answer.ErrorCode != ErrorCode.None)
                {
                    // Fenced, or forgotten: everything is given up, and the member begins anew.
                    if (answer.ErrorCode is ErrorCode.FencedMemberEpoch or ErrorCode.FencedInstanceId) _id = $"{name}-{++_lives}";
                    Stop();
                    return;
                }
                _epoch = answer.MemberEpoch;
                _heardAt = life._shard.NowMs;
                if (answer.Assignment is { } given) _owned = [.. given.TopicPartitions.SelectMany(t => t.Partitions)];
            }

            void Stop()
            {
                _isIn = false;
                _epoch = 0;
                _owned = [];
            }

            void CommitSome()
            {
                int partition = _owned[life._random.Next(_owned.Length)];
                long next = life._committed.GetValueOrDefault(partition) + 1;
                var commit = new OffsetCommitRequest
                {
                    GroupId = "g", MemberId = _id, GenerationIdOrMemberEpoch = _epoch,
                    Topics =
                    [
                        new OffsetCommitRequestTopic
                        {
                            Name = "t", TopicId = life._shard.IdOf("t"),
                            Partitions = [new OffsetCommitRequestPartition { PartitionIndex = partition, CommittedOffset = next }],
                        },
                    ],
                };
                if (CodeOf(life._shard.Ask(commit, 9)) == ErrorCode.None) life._committed[partition] = next;
            }

            ConsumerGroupHeartbeatResponse Ask(ConsumerGroupHeartbeatRequest request) => life._shard.Ask(request, 1, name);
        }
    }
}
