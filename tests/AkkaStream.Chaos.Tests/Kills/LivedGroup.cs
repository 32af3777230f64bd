using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;
using AkkaStream.TestKit.Messages;
using AkkaStream.TestKit.Processes;

namespace AkkaStream.Chaos.Tests.Kills;

/// <summary>What one group was told to do, and what was acknowledged.</summary>
abstract class LivedGroup(string id)
{
    public const string Topic = "shared";
    public const int Partitions = 4;

    const short CommitVersion = 9, FetchVersion = 8;
    const int Attempts = 5_000;

    /// <summary>A few dozen of them fill a segment.</summary>
    const int MetadataLength = 40_000;
    const long None = -1;

    /// <summary>What may be found for each partition: the last offset that was acknowledged, and those that were sent after it.</summary>
    readonly List<long>[] _offsets = [.. Enumerable.Range(0, Partitions).Select(_ => new List<long> { None })];
    long _next;

    public string Id => id;

    public Connections Connections { get; set; } = null!;

    public List<LivedMember> Members { get; } = [];

    public abstract Task AddAsync();

    public abstract Task LeaveAsync(int member);

    public abstract Task AllAreStillMembersAsync();

    /// <summary>All that the broker tells of the group.</summary>
    public abstract Task<string> DescribeAsync();

    /// <summary>A broker that has just started reads its groups first.</summary>
    public async Task IsFoundAsync()
    {
        for (int attempt = 0; ; attempt++)
        {
            var found = await Connections[0].AskAsync(new FindCoordinatorRequest { CoordinatorKeys = [Id] }, 4);
            var code = found.Coordinators[0].ErrorCode;
            if (code == ErrorCode.None) code = (await FetchAsync()).ErrorCode;
            if (code == ErrorCode.None) return;
            Assert.True(ErrorCodes.IsRetriable(code) && attempt < Attempts, $"{Id}: {code}");
        }
    }

    /// <summary>Whether or not the broker lives to answer.</summary>
    public async Task CommitAsync(int member, int partition)
    {
        long offset = ++_next;
        _offsets[partition].Add(offset);
        bool isMember = Members.Count > 0;
        try
        {
            var answer = await Connections[member].AskAsync(new OffsetCommitRequest
            {
                GroupId = Id, MemberId = isMember ? Members[member].Id : "", GenerationIdOrMemberEpoch = isMember ? Members[member].Epoch : -1,
                Topics =
                [
                    new OffsetCommitRequestTopic
                    {
                        Name = Topic,
                        Partitions = [new OffsetCommitRequestPartition { PartitionIndex = partition, CommittedOffset = offset, CommittedMetadata = MetadataOf(offset) }],
                    },
                ],
            }, CommitVersion);
            Assert.Equal(ErrorCode.None, answer.Topics[0].Partitions[0].ErrorCode);
            _offsets[partition].RemoveAll(o => o < offset);
        }
        catch (WireClosedException)
        {
            // It may be found or not.
        }
    }

    public async Task OffsetsAreThoseCommittedAsync()
    {
        foreach (var found in (await FetchAsync()).Topics[0].Partitions)
        {
            var expected = _offsets[found.PartitionIndex];
            Assert.True(expected.Contains(found.CommittedOffset),
                $"{Id}: partition {found.PartitionIndex} is at {found.CommittedOffset}, not {string.Join(" or ", expected)}");
            Assert.Equal(found.CommittedOffset == None ? "" : MetadataOf(found.CommittedOffset), found.Metadata);
            _offsets[found.PartitionIndex] = [found.CommittedOffset];
        }
    }

    public async Task DeleteAsync()
    {
        var answer = await Connections[0].AskAsync(new DeleteGroupsRequest { GroupsNames = [Id] }, 2);
        Assert.True(answer.Results[0].ErrorCode is ErrorCode.None or ErrorCode.GroupIdNotFound, $"{Id}: {answer.Results[0].ErrorCode}");
        for (int i = 0; i < Partitions; i++) _offsets[i] = [None];
    }

    async Task<OffsetFetchResponseGroup> FetchAsync()
    {
        OffsetFetchRequestGroupTopic topic = new() { Name = Topic, PartitionIndexes = [.. Enumerable.Range(0, Partitions)] };
        var answer = await Connections[0].AskAsync(new OffsetFetchRequest { Groups = [new OffsetFetchRequestGroup { GroupId = Id, Topics = [topic] }] }, FetchVersion);
        return answer.Groups[0];
    }

    static string MetadataOf(long offset) => $"at {offset} ".PadRight(MetadataLength, '.');

    protected static string Text(IMessage answer, short version) => MessageJson.Write(answer, version).ToJsonString();
}

/// <summary>A member by the id and the generation or epoch that it was given.</summary>
sealed class LivedMember(string id)
{
    public string Id => id;

    public int Epoch { get; set; }

    /// <summary>What it was told to read, by the consumer protocol.</summary>
    public ConsumerGroupHeartbeatRequestTopicPartitions[] Owned { get; set; } = [];
}
