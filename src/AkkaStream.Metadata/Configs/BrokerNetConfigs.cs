using static AkkaStream.Metadata.Configs.ConfigImportance;
using static AkkaStream.Metadata.Configs.ConfigRows;
using static AkkaStream.Metadata.Configs.ConfigRules;
using static AkkaStream.Metadata.Configs.ConfigUpdateMode;
using static AkkaStream.Metadata.Configs.UnusedReasons;

namespace AkkaStream.Metadata.Configs;

/// <summary>Broker settings of listeners and connections.</summary>
static class BrokerNetConfigs
{
    public static readonly ConfigKey[] Rows =
    [
        List("advertised.listeners", null, SomeItems, High,
            "Addresses told to clients; the listeners' own when not set."),
        Int("connection.failed.authentication.delay.ms", "100", Min(0), Low,
            "How long a refused login waits for its answer, against guessing."),
        Long("connections.max.idle.ms", "600000", Any, Medium, "How long a silent connection is kept."),
        Long("connections.max.reauth.ms", "0", Any, Medium,
            "How long a login lasts before it must be renewed; 0 for ever."),
        List("early.start.listeners", null, Items, High,
            "Listeners that open before the authorizer is ready.", unused: EarlyStart),
        Text("inter.broker.listener.name", null, Any, Medium, "Listener on which brokers talk to each other."),
        Text("listener.security.protocol.map",
            "SASL_SSL:SASL_SSL,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT", Any, Low,
            "Security protocol of each listener name.", PerBroker),
        List("listeners", "PLAINTEXT://:9092", SomeItems, High,
            "Addresses to listen on, as name://host:port.", PerBroker),
        Int("max.connection.creation.rate", "2147483647", Min(0), Medium,
            "New connections a second that are accepted.", ClusterWide),
        Int("max.connections", "2147483647", Min(0), Medium,
            "Open connections that are accepted; the listener among brokers goes first.", ClusterWide),
        Int("max.connections.per.ip", "2147483647", Min(0), Medium,
            "Open connections accepted from one address.", ClusterWide),
        Text("max.connections.per.ip.overrides", "", Any, Medium,
            "Exceptions from max.connections.per.ip, as address:number pairs.", ClusterWide),
        Int("max.request.partition.size.limit", "2000", Min(1), Medium, "Partitions that one answer may describe."),
        Int("num.io.threads", "8", Min(1), High, "Threads that work on requests.", ClusterWide, ThreadPools),
        Int("num.network.threads", "3", Min(1), High,
            "Threads that read and write connections of each listener.", ClusterWide),
        Long("queued.max.request.bytes", "-1", Any, Medium,
            "Memory for requests being read or waiting; -1 for no limit."),
        Int("queued.max.requests", "500", Min(1), High,
            "Requests that may wait for a thread before connections are muted.", unused: ThreadPools),
        Int("request.timeout.ms", "30000", Any, High, "How long a broker waits for another's answer."),
        Text("security.inter.broker.protocol",
            "PLAINTEXT", OneOf("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"), Medium,
            "Security protocol among brokers, when no listener name is given for them."),
        Long("socket.connection.setup.timeout.max.ms", "30000", Any, Medium,
            "Longest wait for a connection to another broker after several failures."),
        Long("socket.connection.setup.timeout.ms", "10000", Any, Medium,
            "First wait for a connection to another broker."),
        Int("socket.listen.backlog.size", "50", Min(1), Medium,
            "Connections the system queues until they are accepted."),
        Int("socket.receive.buffer.bytes", "102400", Any, High,
            "Receive buffer asked of the system for each connection; -1 leaves it to the system."),
        Int("socket.request.max.bytes", "104857600", Min(1), High,
            "Largest request accepted; a longer one closes the connection."),
        Int("socket.send.buffer.bytes", "102400", Any, High,
            "Send buffer asked of the system for each connection; -1 leaves it to the system."),
    ];
}
