namespace AkkaStream.Protocol.Stored;

// Metadata log: a broker was unfenced. Older form of BrokerRegistrationChange.

[KafkaStored(StoredKind.Metadata, versions: "0", flexible: "0+", Id = 8)]
public sealed partial class UnfenceBrokerRecord
{
    public int Id { get; init; }
    public long Epoch { get; init; }
}
