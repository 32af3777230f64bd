namespace AkkaStream.Protocol.Messages;

// Metadata: who leads what, and where brokers are reached. The first request of every client after ApiVersions.
//
// v0   An empty list of topics asks for all.
// v1   Null asks for all, empty for none. Racks, the controller, and which topics are internal.
// v2   Cluster id (KIP-78).
// v3   Throttle time (KIP-124).
// v4   The client may forbid that topics are created on the fly.
// v5   Offline replicas (KIP-112).
// v6   Throttled after the answer (KIP-219).
// v7   Leader epochs (KIP-320).
// v8   Allowed operations on request (KIP-430).
// v9   Flexible.
// v10  Topic ids in the answer (KIP-516). In the request they were never served before v12.
// v11  Allowed operations of the cluster moved to DescribeCluster (KIP-700).
// v12  A topic may be asked for by id alone.
// v13  Error code for the whole answer: a client may be told to bootstrap again (KIP-1102).

[KafkaRequest(key: 3, versions: "0-13", flexible: "9+")]
public sealed partial class MetadataRequest
{
    // From v1: null for all topics, empty for none.
    [NullableFrom("1+")] public MetadataRequestTopic[]? Topics { get; init; } = [];

    [Versions("4+")] public bool AllowAutoTopicCreation { get; init; } = true;
    [Versions("8-10")] public bool IncludeClusterAuthorizedOperations { get; init; }
    [Versions("8+")] public bool IncludeTopicAuthorizedOperations { get; init; }
}

public sealed partial class MetadataRequestTopic
{
    [Versions("10+"), Ignorable] public TopicId TopicId { get; init; }

    // Null: ask by id.
    [NullableFrom("10+")] public string? Name { get; init; } = "";
}

[KafkaResponse(key: 3, versions: "0-13", flexible: "9+")]
public sealed partial class MetadataResponse
{
    [Versions("3+"), Ignorable] public int ThrottleTimeMs { get; set; }
    public MetadataResponseBroker[] Brokers { get; set; } = [];
    [Versions("2+"), Ignorable] public string? ClusterId { get; set; }

    // -1: unknown.
    [Versions("1+"), Ignorable] public int ControllerId { get; set; } = -1;

    public MetadataResponseTopic[] Topics { get; set; } = [];

    // One bit for each operation; the smallest number: not asked for.
    [Versions("8-10")] public int ClusterAuthorizedOperations { get; set; } = int.MinValue;

    [Versions("13+"), Ignorable] public ErrorCode ErrorCode { get; set; }
}

public sealed partial class MetadataResponseBroker
{
    [MapKey] public int NodeId { get; set; }
    public string Host { get; set; } = "";
    public int Port { get; set; }
    [Versions("1+"), Ignorable] public string? Rack { get; set; }
}

public sealed partial class MetadataResponseTopic
{
    public ErrorCode ErrorCode { get; set; }
    [NullableFrom("12+"), MapKey] public string? Name { get; set; } = "";
    [Versions("10+"), Ignorable] public TopicId TopicId { get; set; }
    [Versions("1+"), Ignorable] public bool IsInternal { get; set; }
    public MetadataResponsePartition[] Partitions { get; set; } = [];

    // One bit for each operation; the smallest number: not asked for.
    [Versions("8+")] public int TopicAuthorizedOperations { get; set; } = int.MinValue;
}

public sealed partial class MetadataResponsePartition
{
    public ErrorCode ErrorCode { get; set; }
    public int PartitionIndex { get; set; }

    // -1: no leader at the moment.
    public int LeaderId { get; set; }

    [Versions("7+"), Ignorable] public int LeaderEpoch { get; set; } = -1;
    public int[] ReplicaNodes { get; set; } = [];
    public int[] IsrNodes { get; set; } = [];
    [Versions("5+"), Ignorable] public int[] OfflineReplicas { get; set; } = [];
}
