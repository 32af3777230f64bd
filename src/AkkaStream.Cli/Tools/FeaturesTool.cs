using AkkaStream.Client.Administration;
using AkkaStream.Cli.Options;

namespace AkkaStream.Cli.Tools;

/// <summary>kafka-features: which features the cluster knows, and at which level.</summary>
static class FeaturesTool
{
    const string MetadataVersion = "metadata.version";
    const short FirstNamed = 7;

    // Kafka's names of the levels of metadata.version, from level 7 on.
    static readonly string[] Names =
    [
        "3.3-IV3", "3.4-IV0", "3.5-IV0", "3.5-IV1", "3.5-IV2", "3.6-IV0", "3.6-IV1", "3.6-IV2", "3.7-IV0", "3.7-IV1", "3.7-IV2", "3.7-IV3",
        "3.7-IV4", "3.8-IV0", "3.9-IV0", "4.0-IV0", "4.0-IV1", "4.0-IV2", "4.0-IV3", "4.1-IV0", "4.1-IV1", "4.2-IV0", "4.2-IV1", "4.3-IV0",
    ];

    static OptionSet Options() => new OptionSet("features", "describe: the features that the cluster knows, with the levels in force.")
        .Value("bootstrap-server", "HOST:PORT", "REQUIRED: The server(s) to connect to.")
        .Value("command-config", "FILE", "Property file containing configs to be passed to the admin client.");

    public static async Task<int> RunAsync(ToolContext context)
    {
        if (context.Parse(Options(), out _, "describe") is not { } parsed) return 0;
        ToolContext.RequireServers(parsed);
        await using var admin = context.Admin(parsed);
        var told = await admin.DescribeFeaturesAsync(context.Stop).ConfigureAwait(false);
        foreach (var feature in told.Features)
        {
            context.Output.WriteLine($"Feature: {feature.Name,-42}"[..51] + $"SupportedMinVersion: {LevelOf(feature, feature.Lowest),-17}"
                + $"SupportedMaxVersion: {LevelOf(feature, feature.Highest),-17}FinalizedVersionLevel: {LevelOf(feature, feature.Level),-17}"
                + $"Epoch: {(told.Epoch < 0 ? "-" : told.Epoch)}");
        }
        return 0;
    }

    static string LevelOf(FeatureDescription feature, short level) =>
        feature.Name == MetadataVersion && level >= FirstNamed && level - FirstNamed < Names.Length ? Names[level - FirstNamed] : $"{level}";
}
