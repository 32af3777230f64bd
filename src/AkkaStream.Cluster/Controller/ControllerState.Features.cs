using AkkaStream.Metadata;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Stored;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Cluster.Controller;

/// <summary>Finalising feature levels (KIP-584, KIP-778): all of a request or none.</summary>
public sealed partial class ControllerState
{
    const sbyte Upgrade = 1, SafeDowngrade = 2, UnsafeDowngrade = 3;

    /// <summary>What a new store begins with. Kafka notes the minimum of in-sync replicas beside the feature that depends on it.</summary>
    public IReadOnlyList<IStoredMessage> Bootstrap()
    {
        List<IStoredMessage> records = [.. FeatureLevels.FormsFirst(_settings.InitialFeatures)
            .Select(f => new FeatureLevelRecord { Name = f.Feature, FeatureLevel = f.Level })];
        if (_settings.InitialFeatures.Any(f => f.Feature == FeatureLevels.EligibleLeaderReplicasVersion && f.Level > 0))
            records.Add(new ConfigRecord
            {
                ResourceType = (sbyte)ConfigResourceType.Broker,
                Name = MinInSyncReplicasName,
                Value = MinInSyncReplicasAtStart(),
            });
        return records;
    }

    Decision UpdateFeatures(UpdateFeaturesRequest request, short version)
    {
        var records = new List<IStoredMessage>();
        foreach (UpdateFeaturesRequestFeature update in request.FeatureUpdates.DistinctBy(f => f.Feature))
        {
            if (FindProblem(update, version) is { } problem)
                return Decision.Of(new UpdateFeaturesResponse
                {
                    ErrorCode = ErrorCode.InvalidUpdateVersion,
                    ErrorMessage = $"The update failed for all features since the following feature had an error: {problem}",
                });
            if (Image.Features.LevelOf(update.Feature) != update.MaxVersionLevel)
                records.Add(new FeatureLevelRecord { Name = update.Feature, FeatureLevel = update.MaxVersionLevel });
        }

        var response = new UpdateFeaturesResponse
        {
            ErrorMessage = null,
            Results = [.. request.FeatureUpdates.Select(f => new UpdateFeaturesResponseFeature { Feature = f.Feature, ErrorMessage = "NONE" })],
        };
        return request.ValidateOnly ? Decision.Of(response) : new Decision(response, records);
    }

    string? FindProblem(UpdateFeaturesRequestFeature update, short version)
    {
        sbyte kind = version > 0 ? update.UpgradeType : update.AllowDowngrade ? SafeDowngrade : Upgrade;
        if (FindInvalid(update, kind) is { } invalid)
            return $"Invalid update version {update.MaxVersionLevel} for feature {update.Feature}. {invalid}";

        // Records of the newest form are in the store already; an older software could not read them.
        short present = Image.Features.LevelOf(update.Feature);
        if (update.Feature != FeatureLevels.MetadataVersion || update.MaxVersionLevel >= present) return null;
        return $"Unsupported metadata.version downgrade from {present} to {update.MaxVersionLevel}. " + (kind == UnsafeDowngrade
            ? "Unsafe metadata downgrade is not supported in this version."
            : "Refusing to perform the requested downgrade because it might delete metadata information.");
    }

    string? FindInvalid(UpdateFeaturesRequestFeature update, sbyte kind)
    {
        if (kind is not (Upgrade or SafeDowngrade or UnsafeDowngrade)) return "The controller does not support the given upgrade type.";
        short level = update.MaxVersionLevel;
        short present = Image.Features.LevelOf(update.Feature);
        if (level < 0) return "A feature version cannot be less than 0.";
        if (level == 0 && !_settings.SupportedFeatures.ContainsKey(update.Feature)) return $"Feature {update.Feature} not found.";
        if (FindUnsupported(update.Feature, level) is { } unsupported) return unsupported;
        if (level < present && kind == Upgrade)
            return "Can't downgrade the version of this feature without setting the upgrade type to either safe or unsafe downgrade.";
        return level > present && kind != Upgrade ? "Can't downgrade to a newer version." : null;
    }

    string? FindUnsupported(string feature, short level)
    {
        string Unsupported(string who, FeatureRange? range) => range is { } known
            ? $"{who} only supports versions {known}"
            : $"{who} does not support this feature.";

        FeatureRange? here = _settings.SupportedFeatures.TryGetValue(feature, out FeatureRange? own) ? own : null;
        if (here is not { } supported || !supported.Contains(level)) return Unsupported($"Local controller {_settings.NodeId}", here);
        foreach (BrokerImage broker in Image.Brokers.All)
        {
            FeatureRange? there = broker.Features.TryGetValue(feature, out FeatureRange? its) ? its : null;
            if (there is not { } range || !range.Contains(level)) return Unsupported($"Broker {broker.Id}", there);
        }

        return null;
    }
}
