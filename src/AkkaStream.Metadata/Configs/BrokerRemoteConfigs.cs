using static AkkaStream.Metadata.Configs.ConfigImportance;
using static AkkaStream.Metadata.Configs.ConfigRows;
using static AkkaStream.Metadata.Configs.ConfigRules;
using static AkkaStream.Metadata.Configs.ConfigUpdateMode;
using static AkkaStream.Metadata.Configs.UnusedReasons;

namespace AkkaStream.Metadata.Configs;

/// <summary>Broker settings of tiered storage, which does not exist here.</summary>
static class BrokerRemoteConfigs
{
    public static readonly ConfigKey[] Rows =
    [
        Int("remote.fetch.max.wait.ms", "500", Min(1), Medium,
            "Longest time a fetch waits for the remote tier.", ClusterWide, TieredStorage),
        Long("remote.list.offsets.request.timeout.ms", "30000", Min(1), Medium,
            "How long a question for offsets waits for the remote tier.", ClusterWide, TieredStorage),
        Long("remote.log.index.file.cache.total.size.bytes", "1073741824", Min(1), Low,
            "Disk space for indexes fetched from the remote tier.", ClusterWide, TieredStorage),
        Long("remote.log.index.file.cache.ttl.ms", "900000", Min(-1), Low,
            "How long an index fetched from the remote tier is kept.", unused: TieredStorage, hidden: true),
        Int("remote.log.manager.copier.thread.pool.size", "10", Min(1), Medium,
            "Threads that copy segments to the remote tier.", ClusterWide, TieredStorage),
        Long("remote.log.manager.copy.max.bytes.per.second", "9223372036854775807", Min(1), Medium,
            "Bytes a second copied to the remote tier.", ClusterWide, TieredStorage),
        Int("remote.log.manager.copy.quota.window.num", "11", Min(1), Medium,
            "Samples kept of the copy rate.", unused: TieredStorage),
        Int("remote.log.manager.copy.quota.window.size.seconds", "1", Min(1), Medium,
            "Length of such a sample.", unused: TieredStorage),
        Int("remote.log.manager.expiration.thread.pool.size", "10", Min(1), Medium,
            "Threads that delete expired remote segments.", ClusterWide, TieredStorage),
        Long("remote.log.manager.fetch.max.bytes.per.second", "9223372036854775807", Min(1), Medium,
            "Bytes a second fetched from the remote tier.", ClusterWide, TieredStorage),
        Int("remote.log.manager.fetch.quota.window.num", "11", Min(1), Medium,
            "Samples kept of the fetch rate.", unused: TieredStorage),
        Int("remote.log.manager.fetch.quota.window.size.seconds", "1", Min(1), Medium,
            "Length of such a sample.", unused: TieredStorage),
        Int("remote.log.manager.follower.thread.pool.size", "2", Min(1), Medium,
            "Threads for the followers' part of tiering.", ClusterWide, TieredStorage),
        Long("remote.log.manager.task.interval.ms", "30000", Min(1), Low,
            "How often segments to copy or delete are looked for.", unused: TieredStorage),
        Long("remote.log.manager.task.retry.backoff.max.ms", "30000", Min(1), Low,
            "Longest pause after a failed tiering task.", unused: TieredStorage, hidden: true),
        Long("remote.log.manager.task.retry.backoff.ms", "500", Min(1), Low,
            "First pause after a failed tiering task.", unused: TieredStorage, hidden: true),
        Real("remote.log.manager.task.retry.jitter", "0.2", Between(0, 0.5), Low,
            "Random part of that pause.", unused: TieredStorage, hidden: true),
        Int("remote.log.manager.thread.pool.size", "2", Min(1), Medium,
            "Threads for tiering in all.", unused: TieredStorage),
        Int("remote.log.metadata.custom.metadata.max.bytes", "128", Min(0), Low,
            "Bytes that a storage plug-in may keep with each segment.", unused: TieredStorage),
        Text("remote.log.metadata.manager.class.name",
            "org.apache.kafka.server.log.remote.metadata.storage.TopicBasedRemoteLogMetadataManager", NotEmpty, Medium,
            "Class that keeps book of remote segments.", unused: TieredStorage),
        Text("remote.log.metadata.manager.class.path", null, Any, Medium,
            "Where that class is found.", unused: TieredStorage),
        Text("remote.log.metadata.manager.impl.prefix", "rlmm.config.", NotEmpty, Medium,
            "Prefix of that class's own settings.", unused: TieredStorage),
        Text("remote.log.metadata.manager.listener.name", null, NotEmpty, Medium,
            "Listener over which that class talks to brokers.", unused: TieredStorage),
        Int("remote.log.reader.max.pending.tasks", "100", Min(1), Medium,
            "Remote reads that may wait.", unused: TieredStorage),
        Int("remote.log.reader.threads", "10", Min(1), Medium, "Threads for remote reads.", ClusterWide, TieredStorage),
        Text("remote.log.storage.manager.class.name", null, NotEmpty, Medium,
            "Class that stores and fetches remote segments.", unused: TieredStorage),
        Text("remote.log.storage.manager.class.path", null, Any, Medium,
            "Where that class is found.", unused: TieredStorage),
        Text("remote.log.storage.manager.impl.prefix", "rsm.config.", NotEmpty, Medium,
            "Prefix of that class's own settings.", unused: TieredStorage),
        Flag("remote.log.storage.system.enable", "false", Medium,
            "Whether this broker takes part in tiering.", unused: TieredStorage),
    ];
}
