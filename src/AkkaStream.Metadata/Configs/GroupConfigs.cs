using static AkkaStream.Metadata.Configs.ConfigImportance;
using static AkkaStream.Metadata.Configs.ConfigRows;
using static AkkaStream.Metadata.Configs.ConfigRules;

namespace AkkaStream.Metadata.Configs;

/// <summary>What a group may set; left out, the synonym of the broker counts.</summary>
static class GroupConfigs
{
    public static readonly ConfigKey[] Rows =
    [
        Int("consumer.assignment.interval.ms", "1000", Min(0), Medium,
            "Least time between two assignments of a consumer group.",
            synonyms: ["group.consumer.assignment.interval.ms"]),
        Int("consumer.heartbeat.interval.ms", "5000", Min(1), Medium,
            "How often members of a consumer group are told to send heartbeats.",
            synonyms: ["group.consumer.heartbeat.interval.ms"]),
        Int("consumer.session.timeout.ms", "45000", Min(1), Medium,
            "How long a silent member of a consumer group is kept.", synonyms: ["group.consumer.session.timeout.ms"]),
        Int("share.assignment.interval.ms", "1000", Min(0), Medium,
            "Least time between two assignments of a share group.", synonyms: ["group.share.assignment.interval.ms"]),
        Text("share.auto.offset.reset", "latest", ShareOffsetReset, Medium,
            "Where a share group starts on a partition it has not read: earliest, latest or a duration back."),
        Int("share.delivery.count.limit", "5", Min(2), Medium,
            "How often a record is handed out before the share group gives it up.",
            synonyms: ["group.share.delivery.count.limit"]),
        Int("share.heartbeat.interval.ms", "5000", Min(1), Medium,
            "How often members of a share group are told to send heartbeats.",
            synonyms: ["group.share.heartbeat.interval.ms"]),
        Text("share.isolation.level", "read_uncommitted", OneOf("read_committed", "read_uncommitted"), Medium,
            "Whether a share group sees records of open transactions."),
        Int("share.partition.max.record.locks", "2000", Min(100), Medium,
            "Records of one partition that may be handed out and unacknowledged at a time.",
            synonyms: ["group.share.partition.max.record.locks"]),
        Int("share.record.lock.duration.ms", "30000", Min(1000), Medium,
            "How long a record handed out is reserved for its consumer.",
            synonyms: ["group.share.record.lock.duration.ms"]),
        Flag("share.renew.acknowledge.enable", "true", Medium,
            "Let consumers prolong the reservation of a record they are still working on."),
        Int("share.session.timeout.ms", "45000", Min(1), Medium,
            "How long a silent member of a share group is kept.", synonyms: ["group.share.session.timeout.ms"]),
        Int("streams.assignment.interval.ms", "1000", Min(0), Medium,
            "Least time between two assignments of a streams group.",
            synonyms: ["group.streams.assignment.interval.ms"]),
        Int("streams.heartbeat.interval.ms", "5000", Min(1), Medium,
            "How often members of a streams group are told to send heartbeats.",
            synonyms: ["group.streams.heartbeat.interval.ms"]),
        Int("streams.initial.rebalance.delay.ms", "3000", Min(0), Medium,
            "How long a new streams group waits for more members before its first assignment.",
            synonyms: ["group.streams.initial.rebalance.delay.ms"]),
        Int("streams.num.standby.replicas", "0", Min(0), Medium,
            "Standby copies kept of each task's state.", synonyms: ["group.streams.num.standby.replicas"]),
        Int("streams.session.timeout.ms", "45000", Min(1), Medium,
            "How long a silent member of a streams group is kept.", synonyms: ["group.streams.session.timeout.ms"]),
    ];
}
