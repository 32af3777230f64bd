using static AkkaStream.Metadata.Configs.ConfigImportance;
using static AkkaStream.Metadata.Configs.ConfigRows;
using static AkkaStream.Metadata.Configs.ConfigRules;
using static AkkaStream.Metadata.Configs.UnusedReasons;

namespace AkkaStream.Metadata.Configs;

/// <summary>Broker settings of Kafka's controllers, which have no counterpart here.</summary>
static class BrokerQuorumConfigs
{
    public static readonly ConfigKey[] Rows =
    [
        List("controller.listener.names", null, SomeItems, High,
            "Names of the listeners of the controllers.", unused: Quorum, required: true),
        Long("controller.performance.always.log.threshold.ms", "2000", Min(0), Medium,
            "Controller events slower than this are always logged.", unused: Quorum, hidden: true),
        Long("controller.performance.sample.period.ms", "60000", Min(100), Medium,
            "How often slow controller events are summed up in the log.", unused: Quorum, hidden: true),
        Int("controller.quorum.append.linger.ms", "25", Min(0), Medium,
            "How long the quorum's leader gathers records before writing.", unused: Quorum),
        Flag("controller.quorum.auto.join.enable", "false", Low,
            "Let a new controller join the quorum by itself.", unused: Quorum),
        List("controller.quorum.bootstrap.servers", "", QuorumServers, High,
            "Where a node finds the quorum at first.", unused: Quorum),
        Int("controller.quorum.election.backoff.max.ms", "1000", Min(0), High,
            "Longest pause after a lost election.", unused: Quorum),
        Int("controller.quorum.election.timeout.ms", "1000", Min(0), High,
            "How long a candidate waits for votes.", unused: Quorum),
        Int("controller.quorum.fetch.max.bytes", "1048576", Min(1), Low,
            "Most bytes a quorum member fetches at a time.", unused: Quorum),
        Int("controller.quorum.fetch.snapshot.max.bytes", "1048576", Min(1), Low,
            "Most bytes of a snapshot fetched at a time.", unused: Quorum),
        Int("controller.quorum.fetch.timeout.ms", "2000", Min(0), High,
            "How long a quorum member waits for its leader before it stands for election.", unused: Quorum),
        Int("controller.quorum.request.timeout.ms", "2000", Min(0), Medium,
            "How long a quorum member waits for an answer.", unused: Quorum),
        Int("controller.quorum.retry.backoff.ms", "20", Min(0), Low,
            "Pause before a failed request within the quorum is sent again.", unused: Quorum),
        List("controller.quorum.voters", "", QuorumVoters, High,
            "Voters of the quorum, as id@host:port.", unused: Quorum),
        Int("controller.socket.timeout.ms", "30000", Any, Medium,
            "How long a broker waits for the controller's answer."),
        Long("internal.metadata.delete.delay.millis", "60000", Any, Low,
            "How long deleted files of the metadata log stay; for tests.", unused: Quorum, hidden: true),
        Int("internal.metadata.log.segment.bytes", null, Any, Low,
            "Segment size of the metadata log without the usual minimum; for tests.", unused: Quorum, hidden: true),
        Int("internal.metadata.max.batch.size.in.bytes", "8388608", Any, Low,
            "Largest batch of the metadata log; for tests.", unused: Quorum, hidden: true),
        Text("metadata.log.dir", null, Any, High, "Directory of the metadata log.", unused: Quorum),
        Long("metadata.log.max.record.bytes.between.snapshots", "20971520", Min(1), High,
            "Bytes of metadata after which a snapshot is written.", unused: Quorum),
        Long("metadata.log.max.snapshot.interval.ms", "3600000", Min(0), High,
            "Time after which a snapshot of the metadata is written.", unused: Quorum),
        Int("metadata.log.segment.bytes", "1073741824", Min(8388608), High,
            "Segment size of the metadata log.", unused: Quorum),
        Long("metadata.log.segment.ms", "604800000", Any, High,
            "Age at which a new segment of the metadata log is begun.", unused: Quorum),
        Int("metadata.max.idle.interval.ms", "500", Min(0), Low,
            "How often the quorum's leader writes when there is nothing to write.", unused: Quorum),
        Long("metadata.max.retention.bytes", "104857600", Any, High,
            "Size at which old metadata segments and snapshots go.", unused: Quorum),
        Long("metadata.max.retention.ms", "604800000", Any, High,
            "Age at which old metadata segments and snapshots go.", unused: Quorum),
        List("process.roles", null, SomeItemsOf("broker", "controller"), High,
            "What this node is: broker, controller or both.", unused: Quorum, required: true),
        Text("sasl.mechanism.controller.protocol", "GSSAPI", Any, High,
            "SASL mechanism for talking to the controllers.", unused: Quorum),
    ];
}
