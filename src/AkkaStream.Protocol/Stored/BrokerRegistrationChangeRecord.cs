namespace AkkaStream.Protocol.Stored;

// Metadata log: something about a registered broker changed: -1 and 0 in a field mean no change.
//
// v0   Fenced or not.
// v1   Controlled shutdown (KIP-841).
// v2   Log directories (KIP-858).
// v3   Log directories closed to new replicas (KIP-1066).

[KafkaStored(StoredKind.Metadata, versions: "0-3", flexible: "0+", Id = 17)]
public sealed partial class BrokerRegistrationChangeRecord
{
    public int BrokerId { get; init; }
    public long BrokerEpoch { get; init; }

    // -1 unfenced, 0 unchanged, 1 fenced.
    [Tagged(0, "0+")] public sbyte Fenced { get; init; }

    // 0 unchanged, 1 shutting down.
    [Tagged(1, "1+")] public sbyte InControlledShutdown { get; init; }

    [Tagged(2, "2+")] public Uuid[] LogDirs { get; init; } = [];
    [Tagged(3, "3+")] public Uuid[]? CordonedLogDirs { get; init; }
}
