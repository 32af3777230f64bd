using static AkkaStream.Metadata.Configs.ConfigImportance;
using static AkkaStream.Metadata.Configs.ConfigRows;
using static AkkaStream.Metadata.Configs.ConfigRules;

namespace AkkaStream.Metadata.Configs;

/// <summary>What a subscription to client metrics may set.</summary>
static class ClientMetricsConfigs
{
    public static readonly ConfigKey[] Rows =
    [
        Int("interval.ms", "300000", Any, Medium, "How often matching clients send their metrics."),
        List("match", "", Items, Medium,
            "Which clients are meant, as selector=regular expression pairs; empty means all."),
        List("metrics", "", Items, Medium, "Prefixes of the metric names wanted; * for all, empty for none."),
    ];
}
