namespace AkkaStream.Protocol.Messages;

// ListTransactions: the transactions that this broker coordinates (KIP-664).
//
// v0   First version. Flexible.
// v1   Only those that run longer than so many milliseconds (KIP-994).
// v2   Filter by a pattern of transactional ids (KIP-1152).

[KafkaRequest(key: 66, versions: "0-2", flexible: "0+")]
public sealed partial class ListTransactionsRequest
{
    public string[] StateFilters { get; init; } = [];
    public long[] ProducerIdFilters { get; init; } = [];
    [Versions("1+")] public long DurationFilter { get; init; } = -1;
    [Versions("2+")] public string? TransactionalIdPattern { get; init; }
}

[KafkaResponse(key: 66, versions: "0-2", flexible: "0+")]
public sealed partial class ListTransactionsResponse
{
    public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public string[] UnknownStateFilters { get; set; } = [];
    public ListTransactionsResponseTransaction[] TransactionStates { get; set; } = [];
}

public sealed partial class ListTransactionsResponseTransaction
{
    public string TransactionalId { get; set; } = "";
    public long ProducerId { get; set; }
    public string TransactionState { get; set; } = "";
}
