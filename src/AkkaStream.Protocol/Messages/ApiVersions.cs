namespace AkkaStream.Protocol.Messages;

// ApiVersions: what a broker can do. Answered for any version: one that is too new gets a v0 answer with
// UNSUPPORTED_VERSION.
//
// v0   Versions by API key (KIP-35).
// v1   Throttle time (KIP-124).
// v2   Throttled after the answer (KIP-219).
// v3   Flexible, but for the response header. Client software and version (KIP-511); features (KIP-584).
// v4   Lowest versions of features may be 0; to older versions such features are not told (KAFKA-17011).

[KafkaRequest(key: 18, versions: "0-4", flexible: "3+")]
public sealed partial class ApiVersionsRequest
{
    [Versions("3+"), Ignorable] public string ClientSoftwareName { get; init; } = "";
    [Versions("3+"), Ignorable] public string ClientSoftwareVersion { get; init; } = "";
}

[KafkaResponse(key: 18, versions: "0-4", flexible: "3+")]
public sealed partial class ApiVersionsResponse
{
    public ErrorCode ErrorCode { get; set; }
    public ApiVersionsResponseApi[] ApiKeys { get; set; } = [];
    [Versions("1+"), Ignorable] public int ThrottleTimeMs { get; set; }
    [Tagged(0, "3+"), Ignorable] public ApiVersionsResponseSupportedFeature[] SupportedFeatures { get; set; } = [];

    // -1: unknown. Java clients drop an answer whose epoch is older than one they have seen.
    [Tagged(1, "3+"), Ignorable] public long FinalizedFeaturesEpoch { get; set; } = -1;

    [Tagged(2, "3+"), Ignorable] public ApiVersionsResponseFinalizedFeature[] FinalizedFeatures { get; set; } = [];

    // For migrations from ZooKeeper; always false now.
    [Tagged(3, "3+"), Ignorable] public bool ZkMigrationReady { get; set; }
}

public sealed partial class ApiVersionsResponseApi
{
    [MapKey] public short ApiKey { get; set; }
    public short MinVersion { get; set; }
    public short MaxVersion { get; set; }
}

public sealed partial class ApiVersionsResponseSupportedFeature
{
    [MapKey] public string Name { get; set; } = "";
    public short MinVersion { get; set; }
    public short MaxVersion { get; set; }
}

public sealed partial class ApiVersionsResponseFinalizedFeature
{
    [MapKey] public string Name { get; set; } = "";
    public short MaxVersionLevel { get; set; }
    public short MinVersionLevel { get; set; }
}
