using static AkkaStream.Metadata.Configs.ConfigImportance;
using static AkkaStream.Metadata.Configs.ConfigRows;
using static AkkaStream.Metadata.Configs.ConfigRules;
using static AkkaStream.Metadata.Configs.ConfigUpdateMode;
using static AkkaStream.Metadata.Configs.UnusedReasons;

namespace AkkaStream.Metadata.Configs;

/// <summary>Broker settings of replication.</summary>
static class BrokerReplicationConfigs
{
    public static readonly ConfigKey[] Rows =
    [
        Flag("auto.leader.rebalance.enable", "true", High,
            "Give leadership back to the preferred replicas from time to time."),
        Flag("follower.fetch.last.tiered.offset.enable", "false", Medium,
            "Let a new follower begin after what is in the remote tier.", ClusterWide, TieredStorage),
        Long("leader.imbalance.check.interval.seconds", "300", Min(1), High,
            "How often leaderships are compared with the preferred ones."),
        Int("num.replica.alter.log.dirs.threads", null, Any, High,
            "Threads that move partitions between directories.", unused: ThreadPools),
        Int("num.replica.fetchers", "1", Min(1), High,
            "Connections over which a follower fetches from each leader.", ClusterWide),
        Int("replica.fetch.backoff.ms", "1000", Min(0), Medium, "Pause after a follower's fetch has failed."),
        Int("replica.fetch.max.bytes", "1048576", Min(0), Medium,
            "Bytes a follower asks for of each partition; a larger first batch is sent all the same."),
        Int("replica.fetch.min.bytes", "1", Any, High, "Least bytes a leader gathers before it answers a follower."),
        Int("replica.fetch.response.max.bytes", "10485760", Min(0), Medium, "Bytes a follower asks for in one answer."),
        Int("replica.fetch.wait.max.ms", "500", Any, High, "Longest time a leader keeps a follower's fetch waiting."),
        Long("replica.high.watermark.checkpoint.interval.ms", "5000", Any, High,
            "How often the high watermarks are written down."),
        Long("replica.lag.time.max.ms", "30000", Any, High,
            "How long a follower may be behind before it no longer counts as in sync."),
        Text("replica.selector.class", null, Any, Medium,
            "How consumers are sent to a near replica: the rack-aware selector's name, or empty for the leader."),
        Int("replica.socket.receive.buffer.bytes", "65536", Any, High,
            "Receive buffer asked of the system for connections to leaders."),
        Int("replica.socket.timeout.ms", "30000", Any, High, "How long a follower waits for a leader's answer."),
    ];
}
