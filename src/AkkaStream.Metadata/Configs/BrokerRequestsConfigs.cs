using static AkkaStream.Metadata.Configs.ConfigImportance;
using static AkkaStream.Metadata.Configs.ConfigRows;
using static AkkaStream.Metadata.Configs.ConfigRules;
using static AkkaStream.Metadata.Configs.UnusedReasons;

namespace AkkaStream.Metadata.Configs;

/// <summary>Broker settings of fetch sessions and waiting requests.</summary>
static class BrokerRequestsConfigs
{
    public static readonly ConfigKey[] Rows =
    [
        Int("delete.records.purgatory.purge.interval.requests", "1", Any, Medium,
            "Answered delete-records requests that may linger in the waiting list.", unused: Purgatory),
        Int("fetch.max.bytes", "57671680", Min(1024), Medium,
            "Bytes in one answer to a consumer; a larger first batch is sent all the same."),
        Int("fetch.purgatory.purge.interval.requests", "1000", Any, Medium,
            "Answered fetches that may linger in the waiting list.", unused: Purgatory),
        Int("max.incremental.fetch.session.cache.slots", "1000", Min(0), Medium, "Fetch sessions that are remembered."),
        Int("producer.purgatory.purge.interval.requests", "1000", Any, Medium,
            "Answered produces that may linger in the waiting list.", unused: Purgatory),
        Int("share.fetch.purgatory.purge.interval.requests", "1000", Any, Medium,
            "Answered share fetches that may linger in the waiting list.", unused: Purgatory),
    ];
}
