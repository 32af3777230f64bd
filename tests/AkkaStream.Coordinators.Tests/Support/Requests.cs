namespace AkkaStream.Coordinators.Tests.Support;

/// <summary>Requests with the fields that a test cares about.</summary>
static class Requests
{
    public const int Session = 10_000, Rebalance = 60_000;

    public static JoinGroupRequest Join(
        string group, string member = "", string? instance = null, string type = "consumer", string[]? protocols = null, string metadata = "m",
        int session = Session, int rebalance = Rebalance) => new()
    {
        GroupId = group,
        MemberId = member,
        GroupInstanceId = instance,
        ProtocolType = type,
        SessionTimeoutMs = session,
        RebalanceTimeoutMs = rebalance,
        Protocols = [.. (protocols ?? ["range"]).Select(p => new JoinGroupRequestProtocol { Name = p, Metadata = Bytes(metadata) })],
    };

    public static SyncGroupRequest Sync(
        string group, string member, int generation, string? instance = null, string? type = null, string? protocol = null,
        params (string Member, string Assignment)[] assignments) => new()
    {
        GroupId = group,
        MemberId = member,
        GroupInstanceId = instance,
        GenerationId = generation,
        ProtocolType = type,
        ProtocolName = protocol,
        Assignments = [.. assignments.Select(a => new SyncGroupRequestAssignment { MemberId = a.Member, Assignment = Bytes(a.Assignment) })],
    };

    public static HeartbeatRequest Heartbeat(string group, string member, int generation, string? instance = null) =>
        new() { GroupId = group, MemberId = member, GenerationId = generation, GroupInstanceId = instance };

    public static LeaveGroupRequest Leave(string group, params (string Member, string? Instance)[] members) => new()
    {
        GroupId = group,
        Members = [.. members.Select(m => new LeaveGroupRequestMember { MemberId = m.Member, GroupInstanceId = m.Instance })],
    };

    public static OffsetCommitRequest Commit(
        string group, string topic, int partition, long offset, string member = "", int generation = -1, long retention = -1,
        string? metadata = null) => new()
    {
        GroupId = group,
        MemberId = member,
        GenerationIdOrMemberEpoch = generation,
        RetentionTimeMs = retention,
        Topics =
        [
            new OffsetCommitRequestTopic
            {
                Name = topic,
                Partitions = [new OffsetCommitRequestPartition { PartitionIndex = partition, CommittedOffset = offset, CommittedMetadata = metadata }],
            },
        ],
    };

    public static byte[] Bytes(string text) => System.Text.Encoding.Latin1.GetBytes(text);

    public static string Text(ReadOnlyMemory<byte> bytes) => System.Text.Encoding.Latin1.GetString(bytes.Span);

    public static string Subscription(params string[] topics) =>
        System.Text.Encoding.Latin1.GetString(StoredTable.ToBytes(new ConsumerProtocolSubscription { Topics = topics }, 0));

    public static ErrorCode CodeOf(OffsetCommitResponse response) => response.Topics[0].Partitions[0].ErrorCode;
}
