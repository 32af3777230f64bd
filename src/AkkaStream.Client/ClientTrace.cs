using Microsoft.Extensions.Logging;

namespace AkkaStream.Client;

/// <summary>All log texts of this room; ids 1300 to 1399.</summary>
static partial class ClientTrace
{
    [LoggerMessage(1300, LogLevel.Warning, "No broker could be asked for metadata: {Cause}")]
    public static partial void NoMetadata(ILogger log, string cause);

    [LoggerMessage(1301, LogLevel.Debug, "Metadata {Version}: {Brokers} brokers, {Topics} topics, from {Peer}")]
    public static partial void MetadataRefreshed(ILogger log, long version, int brokers, int topics, string peer);

    [LoggerMessage(1302, LogLevel.Warning, "Topic {Topic}: {Error}")]
    public static partial void TopicError(ILogger log, string topic, string error);

    [LoggerMessage(1310, LogLevel.Debug, "Producer id {ProducerId}, epoch {Epoch}")]
    public static partial void ProducerIdGiven(ILogger log, long producerId, short epoch);

    [LoggerMessage(1311, LogLevel.Warning, "Producing to {Topic}-{Partition} is repeated ({Attempt}): {Error}")]
    public static partial void ProduceRetried(ILogger log, string topic, int partition, int attempt, string error);

    [LoggerMessage(1312, LogLevel.Error, "A handler of deliveries threw")]
    public static partial void HandlerThrew(ILogger log, Exception error);

    [LoggerMessage(1313, LogLevel.Warning, "Sequences of {Topic}-{Partition} begin anew in epoch {Epoch}: {Cause}")]
    public static partial void SequencesReset(ILogger log, string topic, int partition, short epoch, string cause);

    [LoggerMessage(1314, LogLevel.Warning, "No producer id yet: {Cause}")]
    public static partial void NoProducerId(ILogger log, string cause);

    [LoggerMessage(1315, LogLevel.Warning, "Going on without idempotence: {Cause}")]
    public static partial void NoIdempotence(ILogger log, string cause);

    [LoggerMessage(1320, LogLevel.Debug, "Fetching {Topic}-{Partition} is repeated: {Error}")]
    public static partial void FetchRefused(ILogger log, string topic, int partition, string error);

    [LoggerMessage(1321, LogLevel.Information, "Fetching is repeated: {Cause}")]
    public static partial void FetchFailed(ILogger log, string cause);

    [LoggerMessage(1322, LogLevel.Information, "Offset {Offset} of {Topic}-{Partition} is out of range; reset policy: {Policy}")]
    public static partial void OutOfRange(ILogger log, string topic, int partition, long offset, string policy);

    [LoggerMessage(1330, LogLevel.Warning, "{Api} is asked again: {Cause}")]
    public static partial void AskedAgain(ILogger log, string api, string cause);

    [LoggerMessage(1340, LogLevel.Information, "Group {Group}: joined as {Member} in generation {Generation}, assignor {Assignor}")]
    public static partial void JoinedGroup(ILogger log, string group, string member, int generation, string assignor);

    [LoggerMessage(1341, LogLevel.Information, "Group {Group}: {Count} partitions {How}")]
    public static partial void PartitionsGone(ILogger log, string group, int count, string how);

    [LoggerMessage(1342, LogLevel.Information, "Group {Group}: {Count} partitions have come in generation {Generation}")]
    public static partial void PartitionsCame(ILogger log, string group, int count, int generation);

    [LoggerMessage(1343, LogLevel.Warning, "Group {Group}: no longer a member: {Cause}")]
    public static partial void MemberLost(ILogger log, string group, string cause);

    [LoggerMessage(1344, LogLevel.Warning, "Group {Group}: not joined yet: {Cause}")]
    public static partial void NotJoined(ILogger log, string group, string cause);

    [LoggerMessage(1345, LogLevel.Information, "Group {Group}: the broker was not told that this member leaves: {Cause}")]
    public static partial void NotLeft(ILogger log, string group, string cause);

    [LoggerMessage(1346, LogLevel.Warning, "Group {Group}: the offset of {What} was not committed: {Cause}")]
    public static partial void NotCommitted(ILogger log, string group, string what, string cause);
}
