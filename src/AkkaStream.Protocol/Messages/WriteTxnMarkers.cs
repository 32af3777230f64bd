namespace AkkaStream.Protocol.Messages;

// WriteTxnMarkers: the transaction coordinator has leaders write the end of a transaction (KIP-98).
//
// v1   Oldest version served. Flexible.
// v2   The protocol version of the transaction, which decides how epochs are checked (KIP-1228).

[KafkaRequest(key: 27, versions: "1-2", flexible: "1+")]
public sealed partial class WriteTxnMarkersRequest
{
    public WriteTxnMarkersRequestMarker[] Markers { get; init; } = [];
}

public sealed partial class WriteTxnMarkersRequestMarker
{
    public long ProducerId { get; init; }
    public short ProducerEpoch { get; init; }

    // False for an abort.
    public bool TransactionResult { get; init; }

    public WriteTxnMarkersRequestTopic[] Topics { get; init; } = [];
    public int CoordinatorEpoch { get; init; }
    [Versions("2+"), Ignorable] public sbyte TransactionVersion { get; init; }
}

public sealed partial class WriteTxnMarkersRequestTopic
{
    public string Name { get; init; } = "";
    public int[] PartitionIndexes { get; init; } = [];
}

[KafkaResponse(key: 27, versions: "1-2", flexible: "1+")]
public sealed partial class WriteTxnMarkersResponse
{
    public WriteTxnMarkersResponseMarker[] Markers { get; set; } = [];
}

public sealed partial class WriteTxnMarkersResponseMarker
{
    public long ProducerId { get; set; }
    public WriteTxnMarkersResponseTopic[] Topics { get; set; } = [];
}

public sealed partial class WriteTxnMarkersResponseTopic
{
    public string Name { get; set; } = "";
    public WriteTxnMarkersResponsePartition[] Partitions { get; set; } = [];
}

public sealed partial class WriteTxnMarkersResponsePartition
{
    public int PartitionIndex { get; set; }
    public ErrorCode ErrorCode { get; set; }
}
