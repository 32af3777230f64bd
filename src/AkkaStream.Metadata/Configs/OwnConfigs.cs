using static AkkaStream.Metadata.Configs.ConfigImportance;
using static AkkaStream.Metadata.Configs.ConfigRows;
using static AkkaStream.Metadata.Configs.ConfigRules;
using static AkkaStream.Metadata.Configs.ConfigUpdateMode;

namespace AkkaStream.Metadata.Configs;

/// <summary>
/// What AkkaStream adds to Kafka's configs: rows as in the other files, marked as our own by standing here, and left
/// out when the tables are compared with Kafka's. A topic's row names its broker synonym, which stands in the other
/// list.
/// </summary>
static class OwnConfigs
{
    /// <summary>What an acknowledgement means: "os" that the system has the bytes, "fsync" that the disk has.</summary>
    static ConfigRule Durability { get; } = OneOf("os", "fsync");

    // Hidden as long as nobody sets it: who compares a topic's configs with Kafka's list finds Kafka's list.
    public static readonly ConfigKey[] Topic =
    [
        Text("durability", "os", Durability, High,
            "What an acknowledgement means: that the operating system has the bytes, or with fsync that they are on the disk.",
            hidden: true, synonyms: ["log.durability"]),
    ];

    public static readonly ConfigKey[] Broker =
    [
        Text("log.durability", "os", Durability, High, "Default of the topics' durability.", ClusterWide, hidden: true),
    ];
}
