namespace AkkaStream.Protocol.Stored;

// Metadata log: a broker was forgotten.

[KafkaStored(StoredKind.Metadata, versions: "0", flexible: "0+", Id = 1)]
public sealed partial class UnregisterBrokerRecord
{
    public int BrokerId { get; init; }
    public long BrokerEpoch { get; init; }
}
