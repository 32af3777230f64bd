namespace AkkaStream.Protocol.Stored;

// Metadata log: a configuration value was set, or removed by null.

[KafkaStored(StoredKind.Metadata, versions: "0", flexible: "0+", Id = 4)]
public sealed partial class ConfigRecord
{
    public sbyte ResourceType { get; init; }
    public string ResourceName { get; init; } = "";
    public string Name { get; init; } = "";

    // Null removes it.
    public string? Value { get; init; } = "";
}
