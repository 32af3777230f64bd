using AkkaStream.Cli.Tools;

namespace AkkaStream.Cli;

/// <param name="Name">The word on the command line.</param>
/// <param name="Summary">One sentence.</param>
/// <param name="Run">Runs it; returns the exit code.</param>
sealed record Command(string Name, string Summary, Func<ToolContext, Task<int>> Run);

/// <summary>All commands by name. A switch and no dictionary: nothing but the one that is called is touched.</summary>
static class CommandTable
{
    public static readonly Command[] All =
    [
        new("topics", "create, list, describe, alter and delete topics", TopicsTool.RunAsync),
        new("console-producer", "send lines of the input as records", ConsoleProducerTool.RunAsync),
        new("console-consumer", "print records", ConsoleConsumerTool.RunAsync),
        new("configs", "describe and change configs of topics, brokers and others", ConfigsTool.RunAsync),
        new("get-offsets", "first, last and other offsets of partitions", GetOffsetsTool.RunAsync),
        new("delete-records", "delete the oldest records of partitions", DeleteRecordsTool.RunAsync),
        new("log-dirs", "what lies in the log directories of brokers", LogDirsTool.RunAsync),
        new("dump-log", "print segment files of a broker", DumpLogTool.RunAsync),
        new("consumer-groups", "describe groups, their lag and members; reset offsets", ConsumerGroupsTool.RunAsync),
        new("groups", "list groups of all types", GroupsTool.RunAsync),
        new("cluster", "the cluster's id and endpoints", ClusterTool.RunAsync),
        new("features", "which features the cluster has, and at which level; change levels", FeaturesTool.RunAsync),
        new("metadata-quorum", "who keeps the metadata of the cluster", MetadataQuorumTool.RunAsync),
        new("reassign-partitions", "move replicas to other brokers", ReassignPartitionsTool.RunAsync),
        new("leader-election", "elect leaders anew", LeaderElectionTool.RunAsync),
        new("producer-perf-test", "measure how fast records can be produced", ProducerPerfTool.RunAsync),
        new("consumer-perf-test", "measure how fast records can be consumed", ConsumerPerfTool.RunAsync),
        new("e2e-latency", "measure how long records are on their way", EndToEndLatencyTool.RunAsync),
        new("verifiable-producer", "produce rising numbers and tell of each what became of it", VerifiableProducerTool.RunAsync),
        new("verifiable-consumer", "consume as a member of a group and tell each step", VerifiableConsumerTool.RunAsync),
        new("broker-api-versions", "which APIs and versions brokers serve", BrokerApiVersionsTool.RunAsync),
    ];

    public static Command? Find(string name) => Array.Find(All, c => c.Name == name);
}
