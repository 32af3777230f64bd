using AkkaStream.Cluster.Store;
using AkkaStream.Protocol;
using Microsoft.Extensions.Logging;

namespace AkkaStream.Cluster;

/// <summary>All log texts of this room; ids 5000 to 5099.</summary>
static partial class ClusterTrace
{
    [LoggerMessage(5000, LogLevel.Debug,
        "Metadata store opened in {Directory} at revision {Revision}: {Topics} topics, {Partitions} partitions")]
    public static partial void StoreOpened(ILogger log, string directory, long revision, int topics, int partitions);

    [LoggerMessage(5001, LogLevel.Debug, "Controller epoch {Epoch} begins after revision {Revision}")]
    public static partial void ControllerClaimed(ILogger log, int epoch, long revision);

    [LoggerMessage(5002, LogLevel.Warning, "A metadata batch was refused ({Verdict}) at revision {Revision}: {Reason}")]
    public static partial void AppendRefused(ILogger log, AppendVerdict verdict, long revision, string reason);

    [LoggerMessage(5003, LogLevel.Critical, "The metadata store can write no more: {Problem}. Restart the broker once the disk is well")]
    public static partial void StoreOffline(ILogger log, string problem);

    [LoggerMessage(5004, LogLevel.Information, "Metadata snapshot taken at revision {Revision}")]
    public static partial void SnapshotTaken(ILogger log, long revision);

    [LoggerMessage(5005, LogLevel.Warning, "Metadata snapshot at revision {Revision} was put off: {Problem}")]
    public static partial void SnapshotPutOff(ILogger log, long revision, string problem);

    [LoggerMessage(5006, LogLevel.Information,
        "Taken over from Kafka: {Topics} topics with {Partitions} partitions, next producer id {ProducerId}")]
    public static partial void Adopted(ILogger log, int topics, int partitions, long producerId);

    [LoggerMessage(5007, LogLevel.Warning, "Taking over what Kafka left: {Note}")]
    public static partial void AdoptionNote(ILogger log, string note);

    [LoggerMessage(5010, LogLevel.Error, "Deciding on {Api} of {Principal} failed")]
    public static partial void DecisionFailed(ILogger log, ApiKey api, string principal, Exception bug);

    [LoggerMessage(5011, LogLevel.Error, "The controller of epoch {Epoch} writes no more ({Verdict}): {Reason}")]
    public static partial void ControllerEnded(ILogger log, int epoch, AppendVerdict verdict, string reason);

    [LoggerMessage(5012, LogLevel.Error, "{Listener} failed to follow the metadata to revision {Revision}")]
    public static partial void ListenerFailed(ILogger log, string listener, long revision, Exception failure);

    [LoggerMessage(5013, LogLevel.Debug, "Broker {Broker} registered with epoch {Epoch} in cluster {Cluster}, controller epoch {Controller}")]
    public static partial void BrokerRegistered(ILogger log, int broker, long epoch, string cluster, int controller);

    [LoggerMessage(5014, LogLevel.Information, "Log directory {Directory} made out to node {Node} of cluster {Cluster} as {Id}")]
    public static partial void DirectoryFormatted(ILogger log, string directory, int node, string cluster, string id);
}
