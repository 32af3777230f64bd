namespace AkkaStream.Protocol.Messages;

// DescribeTransactions: state of transactional ids (KIP-664).
//
// v0   First version. Flexible.

[KafkaRequest(key: 65, versions: "0", flexible: "0+")]
public sealed partial class DescribeTransactionsRequest
{
    public string[] TransactionalIds { get; init; } = [];
}

[KafkaResponse(key: 65, versions: "0", flexible: "0+")]
public sealed partial class DescribeTransactionsResponse
{
    public int ThrottleTimeMs { get; set; }
    public DescribeTransactionsResponseTransaction[] TransactionStates { get; set; } = [];
}

public sealed partial class DescribeTransactionsResponseTransaction
{
    public ErrorCode ErrorCode { get; set; }
    public string TransactionalId { get; set; } = "";
    public string TransactionState { get; set; } = "";
    public int TransactionTimeoutMs { get; set; }
    public long TransactionStartTimeMs { get; set; }
    public long ProducerId { get; set; }
    public short ProducerEpoch { get; set; }
    public DescribeTransactionsResponseTopic[] Topics { get; set; } = [];
}

public sealed partial class DescribeTransactionsResponseTopic
{
    [MapKey] public string Topic { get; set; } = "";
    public int[] Partitions { get; set; } = [];
}
