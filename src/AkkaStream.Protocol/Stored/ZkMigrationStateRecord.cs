namespace AkkaStream.Protocol.Stored;

// Metadata log: how far a migration from ZooKeeper had come. Found in old logs only (KIP-866).

[KafkaStored(StoredKind.Metadata, versions: "0", flexible: "0+", Id = 21)]
public sealed partial class ZkMigrationStateRecord
{
    public sbyte ZkMigrationState { get; init; }
}
