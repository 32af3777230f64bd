using static AkkaStream.Metadata.Configs.ConfigImportance;
using static AkkaStream.Metadata.Configs.ConfigRows;
using static AkkaStream.Metadata.Configs.ConfigRules;
using static AkkaStream.Metadata.Configs.ConfigUpdateMode;
using static AkkaStream.Metadata.Configs.UnusedReasons;

namespace AkkaStream.Metadata.Configs;

/// <summary>Broker settings of the node itself.</summary>
static class BrokerNodeConfigs
{
    public static readonly ConfigKey[] Rows =
    [
        Class("alter.config.policy.class.name", null, Low, "Class that may refuse config changes.", unused: JavaClass),
        Int("broker.heartbeat.interval.ms", "2000", Any, Medium, "How often a broker renews its lease."),
        Int("broker.id", "-1", Any, High, "This broker's number; node.id is the newer name of the same."),
        Text("broker.rack", null, Any, Medium, "Rack or zone of this broker, for placing replicas apart."),
        Int("broker.session.timeout.ms", "9000", Any, Medium,
            "How long a broker that does not renew its lease counts as alive."),
        List("config.providers", "", Items, Low,
            "Sources from which values such as passwords are fetched.", ClusterWide, JavaClass),
        Flag("controlled.shutdown.enable", "true", Medium, "Hand over leaderships before stopping."),
        Class("create.topic.policy.class.name", null, Low, "Class that may refuse new topics.", unused: JavaClass),
        Int("initial.broker.registration.timeout.ms", "60000", Any, Medium,
            "How long a starting broker tries to register."),
        Int("node.id", null, Min(0), High, "This node's number; no two nodes may share one.", required: true),
        Long("server.max.startup.time.ms", "9223372036854775807", Min(0), Medium,
            "How long a start may take before it counts as failed.", hidden: true),
        Int("telemetry.max.bytes", "1048576", Min(1), Low, "Largest report of a client's metrics accepted."),
        Flag("unstable.api.versions.enable", "false", High,
            "Offer request versions that may still change.", unused: Unstable, hidden: true),
        Flag("unstable.feature.versions.enable", "false", High,
            "Allow feature levels that may still change.", unused: Unstable, hidden: true),
    ];
}
