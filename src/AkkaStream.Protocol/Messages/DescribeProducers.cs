namespace AkkaStream.Protocol.Messages;

// DescribeProducers: the producers that a leader remembers (KIP-664).
//
// v0   First version. Flexible.

[KafkaRequest(key: 61, versions: "0", flexible: "0+")]
public sealed partial class DescribeProducersRequest
{
    public DescribeProducersRequestTopic[] Topics { get; init; } = [];
}

public sealed partial class DescribeProducersRequestTopic
{
    public string Name { get; init; } = "";
    public int[] PartitionIndexes { get; init; } = [];
}

[KafkaResponse(key: 61, versions: "0", flexible: "0+")]
public sealed partial class DescribeProducersResponse
{
    public int ThrottleTimeMs { get; set; }
    public DescribeProducersResponseTopic[] Topics { get; set; } = [];
}

public sealed partial class DescribeProducersResponseTopic
{
    public string Name { get; set; } = "";
    public DescribeProducersResponsePartition[] Partitions { get; set; } = [];
}

public sealed partial class DescribeProducersResponsePartition
{
    public int PartitionIndex { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; }
    public DescribeProducersResponseProducer[] ActiveProducers { get; set; } = [];
}

public sealed partial class DescribeProducersResponseProducer
{
    public long ProducerId { get; set; }
    public int ProducerEpoch { get; set; }
    public int LastSequence { get; set; } = -1;
    public long LastTimestamp { get; set; } = -1;
    public int CoordinatorEpoch { get; set; }
    public long CurrentTxnStartOffset { get; set; } = -1;
}
