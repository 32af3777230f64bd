using static AkkaStream.Metadata.Configs.ConfigImportance;
using static AkkaStream.Metadata.Configs.ConfigRows;
using static AkkaStream.Metadata.Configs.ConfigRules;
using static AkkaStream.Metadata.Configs.ConfigUpdateMode;

namespace AkkaStream.Metadata.Configs;

/// <summary>Broker settings of transactions.</summary>
static class BrokerTransactionsConfigs
{
    public static readonly ConfigKey[] Rows =
    [
        Int("add.partitions.to.txn.retry.backoff.max.ms", "100", Min(0), High,
            "Longest pause between tries to add a partition to a transaction."),
        Int("add.partitions.to.txn.retry.backoff.ms", "20", Min(1), High,
            "First pause between tries to add a partition to a transaction."),
        Int("transaction.abort.timed.out.transaction.cleanup.interval.ms", "10000", Min(1), Low,
            "How often transactions that took too long are looked for."),
        Int("transaction.max.timeout.ms", "900000", Min(1), High, "Longest time-out a transaction may ask for."),
        Flag("transaction.partition.verification.enable", "true", Low,
            "Ask the coordinator whether a partition belongs to the transaction before the first write.", ClusterWide),
        Int("transaction.remove.expired.transaction.cleanup.interval.ms", "3600000", Min(1), Low,
            "How often forgotten transactional ids are looked for."),
        Int("transaction.state.log.load.buffer.size", "5242880", Min(1), High,
            "Bytes read at a time while transactions are loaded."),
        Int("transaction.state.log.min.isr", "2", Min(1), High, "In-sync replicas that the transaction topic needs."),
        Int("transaction.state.log.num.partitions", "50", Min(1), High,
            "Partitions of the transaction topic; not to be changed once it exists."),
        Short("transaction.state.log.replication.factor", "3", Min(1), High, "Replicas of the transaction topic."),
        Int("transaction.state.log.segment.bytes", "104857600", Min(1), High, "Segment size of the transaction topic."),
        Flag("transaction.two.phase.commit.enable", "false", Low,
            "Allow transactions that an outside coordinator ends."),
        Int("transactional.id.expiration.ms", "604800000", Min(1), High,
            "How long an unused transactional id is remembered."),
    ];
}
