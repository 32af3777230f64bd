using static AkkaStream.Metadata.Configs.ConfigImportance;
using static AkkaStream.Metadata.Configs.ConfigRows;
using static AkkaStream.Metadata.Configs.ConfigRules;
using static AkkaStream.Metadata.Configs.ConfigUpdateMode;

namespace AkkaStream.Metadata.Configs;

/// <summary>Broker settings that tools set for the time of a reassignment and take away again.</summary>
static class BrokerDynamicConfigs
{
    public static readonly ConfigKey[] Rows =
    [
        Long("follower.replication.throttled.rate", null, Min(0), Medium,
            "Bytes a second that throttled followers on this broker fetch.", ClusterWide),
        Long("leader.replication.throttled.rate", null, Min(0), Medium,
            "Bytes a second that this broker sends to throttled followers.", ClusterWide),
        Long("replica.alter.log.dirs.io.max.bytes.per.second", null, Min(0), Medium,
            "Bytes a second moved between directories of this broker.", ClusterWide),
    ];
}
