namespace AkkaStream.Metadata.Configs;

/// <summary>
/// What AkkaStream adds to Kafka's configs: rows as in the other files, marked as our own by standing here, and left
/// out when the tables are compared with Kafka's. A topic's row names its broker synonym, which stands in the other
/// list.
/// </summary>
static class OwnConfigs
{
    public static readonly ConfigKey[] Topic = [];

    public static readonly ConfigKey[] Broker = [];
}
