using static AkkaStream.Metadata.Configs.ConfigImportance;
using static AkkaStream.Metadata.Configs.ConfigRows;
using static AkkaStream.Metadata.Configs.ConfigRules;
using static AkkaStream.Metadata.Configs.ConfigUpdateMode;
using static AkkaStream.Metadata.Configs.UnusedReasons;

namespace AkkaStream.Metadata.Configs;

/// <summary>Broker settings of quotas and metrics.</summary>
static class BrokerQuotasConfigs
{
    public static readonly ConfigKey[] Rows =
    [
        Int("alter.log.dirs.replication.quota.window.num", "11", Min(1), Low,
            "Samples kept of the rate at which partitions move between directories."),
        Int("alter.log.dirs.replication.quota.window.size.seconds", "1", Min(1), Low, "Length of such a sample."),
        Class("client.quota.callback.class", null, Low, "Class that decides about client quotas.", unused: JavaClass),
        Int("controller.quota.window.num", "11", Min(1), Low, "Samples kept of the rate of topic changes."),
        Int("controller.quota.window.size.seconds", "1", Min(1), Low, "Length of such a sample."),
        Int("kafka.metrics.polling.interval.secs", "10", Min(1), Low,
            "How often reporters are called.", unused: Reporters),
        List("kafka.metrics.reporters", "", Items, Low,
            "Reporter classes of the older metrics library.", unused: Reporters),
        List("metric.reporters", "org.apache.kafka.common.metrics.JmxReporter", Items, Low,
            "Reporter classes.", ClusterWide, Reporters),
        Int("metrics.num.samples", "2", Min(1), Low, "Samples kept for rates and averages."),
        Text("metrics.recording.level", "INFO", Any, Low, "How much is measured.", unused: Reporters),
        Long("metrics.sample.window.ms", "30000", Min(1), Low, "Length of such a sample."),
        Int("quota.window.num", "11", Min(1), Low, "Samples kept of a client's rates."),
        Int("quota.window.size.seconds", "1", Min(1), Low, "Length of such a sample."),
        Int("replication.quota.window.num", "11", Min(1), Low, "Samples kept of the throttled replication rate."),
        Int("replication.quota.window.size.seconds", "1", Min(1), Low, "Length of such a sample."),
    ];
}
