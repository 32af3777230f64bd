namespace AkkaStream.Protocol.Messages;

// AlterPartition: a leader asks the controller to change the in-sync set (KIP-497).
//
// v2   Oldest version served: topics by id (KIP-841), recovery state (KIP-704). Flexible.
// v3   The new members with their broker epochs, so that a restarted broker is not taken for its former self
//      (KIP-903).

[KafkaRequest(key: 56, versions: "2-3", flexible: "2+")]
public sealed partial class AlterPartitionRequest
{
    public int BrokerId { get; init; }
    public long BrokerEpoch { get; init; } = -1;
    public AlterPartitionRequestTopic[] Topics { get; init; } = [];
}

public sealed partial class AlterPartitionRequestTopic
{
    public TopicId TopicId { get; init; }
    public AlterPartitionRequestPartition[] Partitions { get; init; } = [];
}

public sealed partial class AlterPartitionRequestPartition
{
    public int PartitionIndex { get; init; }
    public int LeaderEpoch { get; init; }
    [Versions("2")] public int[] NewIsr { get; init; } = [];
    [Versions("3+")] public AlterPartitionRequestIsrMember[] NewIsrWithEpochs { get; init; } = [];
    public sbyte LeaderRecoveryState { get; init; }
    public int PartitionEpoch { get; init; }
}

public sealed partial class AlterPartitionRequestIsrMember
{
    public int BrokerId { get; init; }
    public long BrokerEpoch { get; init; } = -1;
}

[KafkaResponse(key: 56, versions: "2-3", flexible: "2+")]
public sealed partial class AlterPartitionResponse
{
    public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public AlterPartitionResponseTopic[] Topics { get; set; } = [];
}

public sealed partial class AlterPartitionResponseTopic
{
    public TopicId TopicId { get; set; }
    public AlterPartitionResponsePartition[] Partitions { get; set; } = [];
}

public sealed partial class AlterPartitionResponsePartition
{
    public int PartitionIndex { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public int LeaderId { get; set; }
    public int LeaderEpoch { get; set; }
    public int[] Isr { get; set; } = [];
    public sbyte LeaderRecoveryState { get; set; }
    public int PartitionEpoch { get; set; }
}
