namespace AkkaStream.Protocol.Stored;

// The topology of a Streams group (KIP-1071).

[KafkaStored(StoredKind.GroupKey, versions: "0", flexible: "none", Id = 23)]
public sealed partial class StreamsGroupTopologyKey
{
    public string GroupId { get; init; } = "";
}

[KafkaStored(StoredKind.GroupValue, versions: "0", flexible: "0+", Id = 23)]
public sealed partial class StreamsGroupTopologyValue
{
    public int Epoch { get; init; }
    public StreamsGroupTopologyValueSubtopology[] Subtopologies { get; init; } = [];
}

public sealed partial class StreamsGroupTopologyValueSubtopology
{
    public string SubtopologyId { get; init; } = "";
    public string[] SourceTopics { get; init; } = [];
    public string[] SourceTopicRegex { get; init; } = [];
    public StreamsGroupTopologyValueTopic[] StateChangelogTopics { get; init; } = [];
    public string[] RepartitionSinkTopics { get; init; } = [];
    public StreamsGroupTopologyValueTopic[] RepartitionSourceTopics { get; init; } = [];
    public StreamsGroupTopologyValueCopartitionGroup[] CopartitionGroups { get; init; } = [];
}

public sealed partial class StreamsGroupTopologyValueTopic
{
    public string Name { get; init; } = "";
    public int Partitions { get; init; }
    public short ReplicationFactor { get; init; }
    public StreamsGroupTopologyValueTopicConfig[] TopicConfigs { get; init; } = [];
}

public sealed partial class StreamsGroupTopologyValueTopicConfig
{
    public string Key { get; init; } = "";
    public string Value { get; init; } = "";
}

public sealed partial class StreamsGroupTopologyValueCopartitionGroup
{
    public short[] SourceTopics { get; init; } = [];
    public short[] SourceTopicRegex { get; init; } = [];
    public short[] RepartitionSourceTopics { get; init; } = [];
}
