namespace AkkaStream.Protocol.Stored;

// Metadata log: a quota was set or removed.

[KafkaStored(StoredKind.Metadata, versions: "0", flexible: "0+", Id = 14)]
public sealed partial class ClientQuotaRecord
{
    public ClientQuotaRecordEntity[] Entity { get; init; } = [];
    public string Key { get; init; } = "";
    public double Value { get; init; }
    public bool Remove { get; init; }
}

public sealed partial class ClientQuotaRecordEntity
{
    public string EntityType { get; init; } = "";
    public string? EntityName { get; init; } = "";
}
