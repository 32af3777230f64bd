namespace AkkaStream.Protocol.Stored;

// A partition in tiered storage is being deleted. In __remote_log_metadata (KIP-405).

[KafkaStored(StoredKind.RemoteLog, versions: "0", flexible: "0+", Id = 2)]
public sealed partial class RemotePartitionDeleteMetadataRecord
{
    public RemotePartitionDeleteMetadataRecordPartition TopicIdPartition { get; init; } = new();
    public int BrokerId { get; init; }
    public long EventTimestampMs { get; init; }
    public sbyte RemotePartitionDeleteState { get; init; }
}

public sealed partial class RemotePartitionDeleteMetadataRecordPartition
{
    public string Name { get; init; } = "";
    public Uuid Id { get; init; }
    public int Partition { get; init; }
}
