namespace AkkaStream.Protocol.Stored;

// Metadata log: a broker was fenced. Older form of BrokerRegistrationChange.

[KafkaStored(StoredKind.Metadata, versions: "0", flexible: "0+", Id = 7)]
public sealed partial class FenceBrokerRecord
{
    public int Id { get; init; }
    public long Epoch { get; init; }
}
