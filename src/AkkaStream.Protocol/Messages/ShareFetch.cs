namespace AkkaStream.Protocol.Messages;

// ShareFetch: takes records from share partitions, and acknowledges earlier ones on the way (KIP-932).
//
// v1   First stable version; v0 was a preview and is gone. Flexible.
// v2   Strict limit of records (KIP-1206); acknowledging may prolong the lock instead (KIP-1222).

[KafkaRequest(key: 78, versions: "1-2", flexible: "1+")]
public sealed partial class ShareFetchRequest
{
    public string? GroupId { get; init; }
    public string? MemberId { get; init; } = "";

    // 0 opens a session, -1 closes it.
    public int ShareSessionEpoch { get; init; }

    public int MaxWaitMs { get; init; }
    public int MinBytes { get; init; }
    public int MaxBytes { get; init; } = int.MaxValue;
    public int MaxRecords { get; init; }
    public int BatchSize { get; init; }

    // 0 whole batches, 1 not more records than MaxRecords.
    [Versions("2+"), Ignorable] public sbyte ShareAcquireMode { get; init; }

    [Versions("2+")] public bool IsRenewAck { get; init; }
    public ShareFetchRequestTopic[] Topics { get; init; } = [];
    public ShareFetchRequestForgottenTopic[] ForgottenTopicsData { get; init; } = [];
}

public sealed partial class ShareFetchRequestTopic
{
    [MapKey] public TopicId TopicId { get; init; }
    public ShareFetchRequestPartition[] Partitions { get; init; } = [];
}

public sealed partial class ShareFetchRequestPartition
{
    [MapKey] public int PartitionIndex { get; init; }
    public ShareFetchRequestAcknowledgementBatch[] AcknowledgementBatches { get; init; } = [];
}

public sealed partial class ShareFetchRequestAcknowledgementBatch
{
    public long FirstOffset { get; init; }
    public long LastOffset { get; init; }

    // 0 gap, 1 accept, 2 release, 3 reject, 4 renew the lock. One for each offset, or one for all.
    public sbyte[] AcknowledgeTypes { get; init; } = [];
}

public sealed partial class ShareFetchRequestForgottenTopic
{
    public TopicId TopicId { get; init; }
    public int[] Partitions { get; init; } = [];
}

[KafkaResponse(key: 78, versions: "1-2", flexible: "1+")]
public sealed partial class ShareFetchResponse
{
    public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; }
    public int AcquisitionLockTimeoutMs { get; set; }
    public ShareFetchResponseTopic[] Responses { get; set; } = [];
    public ShareFetchResponseNodeEndpoint[] NodeEndpoints { get; set; } = [];
}

public sealed partial class ShareFetchResponseTopic
{
    [MapKey] public TopicId TopicId { get; set; }
    public ShareFetchResponsePartition[] Partitions { get; set; } = [];
}

public sealed partial class ShareFetchResponsePartition
{
    public int PartitionIndex { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; }
    public ErrorCode AcknowledgeErrorCode { get; set; }
    public string? AcknowledgeErrorMessage { get; set; }
    public ShareFetchResponseLeaderIdAndEpoch CurrentLeader { get; set; } = new();
    public ReadOnlyMemory<byte> Records { get; set; }
    public ShareFetchResponseAcquiredRecords[] AcquiredRecords { get; set; } = [];
}

public sealed partial class ShareFetchResponseLeaderIdAndEpoch
{
    public int LeaderId { get; set; }
    public int LeaderEpoch { get; set; }
}

public sealed partial class ShareFetchResponseAcquiredRecords
{
    public long FirstOffset { get; set; }
    public long LastOffset { get; set; }
    public short DeliveryCount { get; set; }
}

public sealed partial class ShareFetchResponseNodeEndpoint
{
    [MapKey] public int NodeId { get; set; }
    public string Host { get; set; } = "";
    public int Port { get; set; }
    public string? Rack { get; set; }
}
