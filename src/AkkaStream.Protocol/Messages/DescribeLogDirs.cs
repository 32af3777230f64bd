namespace AkkaStream.Protocol.Messages;

// DescribeLogDirs: what lies in a broker's log directories (KIP-113).
//
// v1   Oldest version served.
// v2   Flexible.
// v3   Error code for the whole answer (KIP-784).
// v4   Total and usable bytes of the disk (KIP-827).
// v5   Whether the directory is closed to new replicas (KIP-1066).

[KafkaRequest(key: 35, versions: "1-5", flexible: "2+")]
public sealed partial class DescribeLogDirsRequest
{
    public DescribeLogDirsRequestTopic[]? Topics { get; init; } = [];
}

public sealed partial class DescribeLogDirsRequestTopic
{
    [MapKey] public string Topic { get; init; } = "";
    public int[] Partitions { get; init; } = [];
}

[KafkaResponse(key: 35, versions: "1-5", flexible: "2+")]
public sealed partial class DescribeLogDirsResponse
{
    public int ThrottleTimeMs { get; set; }
    [Versions("3+"), Ignorable] public ErrorCode ErrorCode { get; set; }
    public DescribeLogDirsResponseDir[] Results { get; set; } = [];
}

public sealed partial class DescribeLogDirsResponseDir
{
    public ErrorCode ErrorCode { get; set; }
    public string LogDir { get; set; } = "";
    public DescribeLogDirsResponseTopic[] Topics { get; set; } = [];
    [Versions("4+"), Ignorable] public long TotalBytes { get; set; } = -1;
    [Versions("4+"), Ignorable] public long UsableBytes { get; set; } = -1;
    [Versions("5+"), Ignorable] public bool IsCordoned { get; set; }
}

public sealed partial class DescribeLogDirsResponseTopic
{
    public string Name { get; set; } = "";
    public DescribeLogDirsResponsePartition[] Partitions { get; set; } = [];
}

public sealed partial class DescribeLogDirsResponsePartition
{
    public int PartitionIndex { get; set; }
    public long PartitionSize { get; set; }
    public long OffsetLag { get; set; }
    public bool IsFutureKey { get; set; }
}
