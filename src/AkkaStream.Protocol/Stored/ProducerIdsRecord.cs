namespace AkkaStream.Protocol.Stored;

// Metadata log: producer ids up to this one are handed out (KIP-730).

[KafkaStored(StoredKind.Metadata, versions: "0", flexible: "0+", Id = 15)]
public sealed partial class ProducerIdsRecord
{
    public int BrokerId { get; init; }
    public long BrokerEpoch { get; init; } = -1;
    public long NextProducerId { get; init; }
}
