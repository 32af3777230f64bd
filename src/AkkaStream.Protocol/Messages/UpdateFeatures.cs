namespace AkkaStream.Protocol.Messages;

// UpdateFeatures: raises or lowers cluster features (KIP-584).
//
// v0   First version. Flexible.
// v1   Kind of change, and validate-only (KIP-778).
// v2   One result for all instead of one per feature.

[KafkaRequest(key: 57, versions: "0-2", flexible: "0+")]
public sealed partial class UpdateFeaturesRequest
{
    public int TimeoutMs { get; init; } = 60000;
    public UpdateFeaturesRequestFeature[] FeatureUpdates { get; init; } = [];
    [Versions("1+")] public bool ValidateOnly { get; init; }
}

public sealed partial class UpdateFeaturesRequestFeature
{
    [MapKey] public string Feature { get; init; } = "";

    // Below 1 switches the feature off.
    public short MaxVersionLevel { get; init; }

    [Versions("0")] public bool AllowDowngrade { get; init; }

    // 1 upgrade, 2 downgrade that loses nothing, 3 downgrade that may lose.
    [Versions("1+")] public sbyte UpgradeType { get; init; } = 1;
}

[KafkaResponse(key: 57, versions: "0-2", flexible: "0+")]
public sealed partial class UpdateFeaturesResponse
{
    public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; } = "";
    [Versions("0-1"), Ignorable] public UpdateFeaturesResponseFeature[] Results { get; set; } = [];
}

public sealed partial class UpdateFeaturesResponseFeature
{
    [MapKey] public string Feature { get; set; } = "";
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; } = "";
}
