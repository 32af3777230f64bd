namespace AkkaStream.Protocol.Messages;

// ShareAcknowledge: acknowledges records of share partitions (KIP-932).
//
// v1   First stable version; v0 was a preview and is gone. Flexible.
// v2   Acknowledging may prolong the lock instead; the answer tells how long locks last (KIP-1222).

[KafkaRequest(key: 79, versions: "1-2", flexible: "1+")]
public sealed partial class ShareAcknowledgeRequest
{
    public string? GroupId { get; init; }
    public string? MemberId { get; init; } = "";
    public int ShareSessionEpoch { get; init; }
    [Versions("2+")] public bool IsRenewAck { get; init; }
    public ShareAcknowledgeRequestTopic[] Topics { get; init; } = [];
}

public sealed partial class ShareAcknowledgeRequestTopic
{
    [MapKey] public TopicId TopicId { get; init; }
    public ShareAcknowledgeRequestPartition[] Partitions { get; init; } = [];
}

public sealed partial class ShareAcknowledgeRequestPartition
{
    [MapKey] public int PartitionIndex { get; init; }
    public ShareAcknowledgeRequestAcknowledgementBatch[] AcknowledgementBatches { get; init; } = [];
}

public sealed partial class ShareAcknowledgeRequestAcknowledgementBatch
{
    public long FirstOffset { get; init; }
    public long LastOffset { get; init; }

    // 0 gap, 1 accept, 2 release, 3 reject, 4 renew the lock. One for each offset, or one for all.
    public sbyte[] AcknowledgeTypes { get; init; } = [];
}

[KafkaResponse(key: 79, versions: "1-2", flexible: "1+")]
public sealed partial class ShareAcknowledgeResponse
{
    public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; }
    [Versions("2+"), Ignorable] public int AcquisitionLockTimeoutMs { get; set; }
    public ShareAcknowledgeResponseTopic[] Responses { get; set; } = [];
    public ShareAcknowledgeResponseNodeEndpoint[] NodeEndpoints { get; set; } = [];
}

public sealed partial class ShareAcknowledgeResponseTopic
{
    [MapKey] public TopicId TopicId { get; set; }
    public ShareAcknowledgeResponsePartition[] Partitions { get; set; } = [];
}

public sealed partial class ShareAcknowledgeResponsePartition
{
    public int PartitionIndex { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; }
    public ShareAcknowledgeResponseLeaderIdAndEpoch CurrentLeader { get; set; } = new();
}

public sealed partial class ShareAcknowledgeResponseLeaderIdAndEpoch
{
    public int LeaderId { get; set; }
    public int LeaderEpoch { get; set; }
}

public sealed partial class ShareAcknowledgeResponseNodeEndpoint
{
    [MapKey] public int NodeId { get; set; }
    public string Host { get; set; } = "";
    public int Port { get; set; }
    public string? Rack { get; set; }
}
