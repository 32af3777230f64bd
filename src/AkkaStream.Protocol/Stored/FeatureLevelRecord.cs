namespace AkkaStream.Protocol.Stored;

// Metadata log: a cluster feature got a level; 0 switches it off.

[KafkaStored(StoredKind.Metadata, versions: "0", flexible: "0+", Id = 12)]
public sealed partial class FeatureLevelRecord
{
    public string Name { get; init; } = "";
    public short FeatureLevel { get; init; }
}
