using System.Globalization;
using AkkaStream.Client;
using AkkaStream.Client.Administration;
using AkkaStream.Cli.Options;

namespace AkkaStream.Cli.Tools;

/// <summary>kafka-features: which features the cluster knows, at which level, and changes of the levels.</summary>
static class FeaturesTool
{
    const string MetadataVersion = FeatureReleases.MetadataVersion;

    static OptionSet Options() => new OptionSet(
        "features", "Features and their levels: describe, upgrade, downgrade, disable, version-mapping, feature-dependencies.")
        .Value("bootstrap-server", "HOST:PORT", "The server(s) to connect to; describe and changes need it.")
        .Refused("bootstrap-controller", Takes.Value,
            "--bootstrap-controller: there is no listener for controllers here; write --bootstrap-server.")
        .Value("command-config", "FILE", "Property file containing configs to be passed to the admin client.")
        .Value("node-id", "ID", "With describe: the broker to ask.")
        .Values("feature", "NAME=LEVEL", "A feature and its level; with disable the name alone. Several may be given.")
        .Value("release-version", "RELEASE", "All features as they are in this release, 4.3-IV0 for one.")
        .Value("metadata", "RELEASE", "The same as --feature metadata.version, by the name of a release (deprecated).")
        .Flag("unsafe", "With downgrade and disable: even if metadata may be lost.")
        .Flag("dry-run", "Check, and change nothing.");

    public static async Task<int> RunAsync(ToolContext context)
    {
        string[] actions = ["describe", "upgrade", "downgrade", "disable", "version-mapping", "feature-dependencies"];
        if (context.Parse(Options(), out string? action, actions) is not { } parsed) return 0;
        switch (action)
        {
            case "version-mapping":
                PrintMapping(context, parsed);
                return 0;
            case "feature-dependencies":
                PrintNeeds(context, parsed);
                return 0;
            case "describe":
                await DescribeAsync(context, parsed).ConfigureAwait(false);
                return 0;
            default:
                return await ChangeAsync(context, parsed, action ?? "upgrade").ConfigureAwait(false);
        }
    }

    static async Task DescribeAsync(ToolContext context, Parsed parsed)
    {
        int? node = parsed.Int("node-id");
        ToolContext.RequireServers(parsed);
        await using var admin = context.Admin(parsed);
        if (node is { } id && (await admin.Cluster.RefreshAsync(context.Stop).ConfigureAwait(false)).BrokerOf(id) is null)
            throw new ToolFailedException($"There is no node {id} in the cluster (--node-id).");
        var told = await admin.DescribeFeaturesAsync(node, context.Stop).ConfigureAwait(false);
        foreach (var feature in told.Features)
        {
            string Level(short level) => FeatureReleases.Describe(feature.Name, level);
            context.Output.WriteLine($"Feature: {feature.Name,-42}"[..51] + $"SupportedMinVersion: {Level(feature.Lowest),-17}"
                + $"SupportedMaxVersion: {Level(feature.Highest),-17}FinalizedVersionLevel: {Level(feature.Level),-17}"
                + $"Epoch: {(told.Epoch < 0 ? "-" : told.Epoch)}");
        }
    }

    static void PrintMapping(ToolContext context, Parsed parsed)
    {
        string release = parsed.Text("release-version") ?? FeatureReleases.Newest;
        foreach (var (name, level) in FeatureReleases.FeaturesAt(FeatureReleases.LevelOf(release)))
            context.Output.WriteLine(name == MetadataVersion ? $"{name}={level} ({release})" : $"{name}={level}");
    }

    static void PrintNeeds(ToolContext context, Parsed parsed)
    {
        if (!parsed.Has("feature")) throw new UsageException("Command line error: argument --feature is required.");
        foreach (string text in parsed.All("feature"))
        {
            var (name, level) = LevelIn(text);
            var needs = FeatureReleases.NeedsOf(name, level);
            context.Output.WriteLine($"{Written(name, level)} {(needs.Count == 0 ? "has no dependencies." : "requires:")}");
            foreach (var (other, least) in needs) context.Output.WriteLine($"    {Written(other, least)}");
        }
    }

    static string Written(string feature, short level) =>
        feature == MetadataVersion ? $"{feature}={level} ({FeatureReleases.Describe(feature, level)})" : $"{feature}={level}";

    static (string Name, short Level) LevelIn(string text)
    {
        int equals = text.IndexOf('=');
        if (equals < 0) throw new ToolFailedException($"Can't parse feature=level string {text}: equals sign not found.");
        string level = text[(equals + 1)..].Trim();
        return short.TryParse(level, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out short parsed)
            ? (text[..equals].Trim(), parsed)
            : throw new ToolFailedException($"Can't parse feature=level string {text}: unable to parse {level} as a short.");
    }

    static async Task<int> ChangeAsync(ToolContext context, Parsed parsed, string action)
    {
        var wanted = Wanted(context, parsed, action);
        ToolContext.RequireServers(parsed);
        bool dry = parsed.Has("dry-run");
        var change = action == "upgrade" ? FeatureChange.Upgrade
            : parsed.Has("unsafe") ? FeatureChange.UnsafeDowngrade : FeatureChange.SafeDowngrade;
        await using var admin = context.Admin(parsed);
        if (parsed.Has("release-version")) await KeepKnownAsync(context, admin, wanted).ConfigureAwait(false);
        var outcomes = await admin.UpdateFeaturesAsync(
            wanted.ToDictionary(w => w.Key, w => new FeatureUpdate(w.Value, change)), dry, context.Stop).ConfigureAwait(false);
        int failed = 0;
        foreach (var (name, level) in wanted)
        {
            string to = action == "disable" ? "" : $" to {level}";
            if (outcomes[name].Error is { } error)
            {
                failed++;
                context.Output.WriteLine($"{(dry ? "Can" : "Could")} not {action} {name}{to}. {error.Reason}");
            }
            else
            {
                context.Output.WriteLine($"{name} {(dry ? "can be" : "was")} {action}d{to}.");
            }
        }
        if (failed == 0) return 0;
        throw new ToolFailedException($"{failed} out of {wanted.Count} operation(s) failed.");
    }

    /// <summary>Feature by feature in the order of their names, as Kafka prints them.</summary>
    static SortedDictionary<string, short> Wanted(ToolContext context, Parsed parsed, string action)
    {
        var wanted = new SortedDictionary<string, short>(StringComparer.Ordinal);
        if (parsed.Text("release-version") is { } release)
        {
            if (parsed.Has("metadata") || parsed.Has("feature"))
                throw new ToolFailedException("Can not specify `release-version` with other feature flags.");
            foreach (var (name, level) in FeatureReleases.FeaturesAt(FeatureReleases.LevelOf(release))) wanted[name] = level;
            return wanted;
        }
        if (parsed.Text("metadata") is { } metadata)
        {
            context.Output.WriteLine(" `metadata` flag is deprecated and may be removed in a future release.");
            wanted[MetadataVersion] = FeatureReleases.LevelOf(metadata);
        }
        foreach (string text in parsed.All("feature"))
        {
            var (name, level) = action == "disable" ? (text.Trim(), (short)0) : LevelIn(text);
            if (!wanted.TryAdd(name, level)) throw new ToolFailedException($"Feature {name} was specified more than once.");
        }
        return wanted.Count > 0 ? wanted : throw new ToolFailedException($"You must specify at least one feature to {action}");
    }

    /// <summary>A release has features that this cluster does not serve yet; that must not be in the way of those that it does.</summary>
    static async Task KeepKnownAsync(ToolContext context, Admin admin, SortedDictionary<string, short> wanted)
    {
        var told = await admin.DescribeFeaturesAsync(cancel: context.Stop).ConfigureAwait(false);
        foreach (string name in wanted.Keys.Where(n => !told.Features.Any(f => f.Name == n)).ToList())
        {
            wanted.Remove(name);
            context.Error.WriteLine($"{name} is left out: this cluster does not have it.");
        }
    }
}
