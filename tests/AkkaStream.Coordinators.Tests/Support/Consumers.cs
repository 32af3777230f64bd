namespace AkkaStream.Coordinators.Tests.Support;

/// <summary>A client of the consumer protocol as far as heartbeats go.</summary>
sealed class Consumer(TestShard shard, string group, string id, string? instance = null)
{
    public string Id => id;
    public int Epoch { get; private set; }
    public string[]? Topics { get; set; } = ["t"];
    public string? Regex { get; set; }
    public string? Assignor { get; set; }
    public int RebalanceTimeoutMs { get; set; } = 60_000;

    /// <summary>What the coordinator gave it last.</summary>
    public int[] Given { get; private set; } = [];

    /// <summary>What it says that it owns: it follows what it is given by <see cref="Follow"/>.</summary>
    public int[] Owned { get; private set; } = [];
    public ConsumerGroupHeartbeatResponse Last { get; private set; } = new();

    public ConsumerGroupHeartbeatResponse Join() => Send(new ConsumerGroupHeartbeatRequest
    {
        GroupId = group, MemberId = id, InstanceId = instance, MemberEpoch = 0, RebalanceTimeoutMs = RebalanceTimeoutMs, ServerAssignor = Assignor,
        SubscribedTopicNames = Topics, SubscribedTopicRegex = Regex, TopicPartitions = [],
    });

    /// <summary>Nothing new from this side.</summary>
    public ConsumerGroupHeartbeatResponse Beat() => Send(new ConsumerGroupHeartbeatRequest
    {
        GroupId = group, MemberId = id, InstanceId = instance, MemberEpoch = Epoch,
    });

    public ConsumerGroupHeartbeatResponse Subscribe(params string[] topics) => Send(new ConsumerGroupHeartbeatRequest
    {
        GroupId = group, MemberId = id, InstanceId = instance, MemberEpoch = Epoch, SubscribedTopicNames = topics,
    });

    /// <summary>It has given up and taken on what it was told.</summary>
    public ConsumerGroupHeartbeatResponse Follow()
    {
        Owned = Given;
        return Send(new ConsumerGroupHeartbeatRequest
        {
            GroupId = group, MemberId = id, InstanceId = instance, MemberEpoch = Epoch, TopicPartitions = Told(Owned),
        });
    }

    public ConsumerGroupHeartbeatResponse Leave(int epoch = -1) => Send(new ConsumerGroupHeartbeatRequest
    {
        GroupId = group, MemberId = id, InstanceId = instance, MemberEpoch = epoch,
    });

    public ErrorCode Commit(int partition, long offset, int? epoch = null) => Requests.CodeOf(shard.Ask(new OffsetCommitRequest
    {
        GroupId = group, MemberId = id, GroupInstanceId = instance, GenerationIdOrMemberEpoch = epoch ?? Epoch,
        Topics =
        [
            new OffsetCommitRequestTopic
            {
                Name = "t", TopicId = shard.IdOf("t"), Partitions = [new OffsetCommitRequestPartition { PartitionIndex = partition, CommittedOffset = offset }],
            },
        ],
    }, 9, id));

    ConsumerGroupHeartbeatRequestTopicPartitions[] Told(int[] partitions) =>
        [new ConsumerGroupHeartbeatRequestTopicPartitions { TopicId = shard.IdOf("t"), Partitions = partitions }];

    ConsumerGroupHeartbeatResponse Send(ConsumerGroupHeartbeatRequest request)
    {
        Last = shard.Ask(request, 1, id);
        if (Last.ErrorCode == ErrorCode.None)
        {
            Epoch = Last.MemberEpoch;
            if (Last.Assignment is { } assignment) Given = [.. assignment.TopicPartitions.SelectMany(t => t.Partitions)];
        }
        return Last;
    }
}
