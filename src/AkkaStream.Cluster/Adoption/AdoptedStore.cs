using AkkaStream.Cluster.Store;
using AkkaStream.Log;
using AkkaStream.Log.Files;
using AkkaStream.Metadata;
using AkkaStream.Protocol;

namespace AkkaStream.Cluster.Adoption;

/// <summary>
/// The metadata store that a broker begins with after an adoption: a snapshot at the place where Kafka's log ended, so that revisions, and
/// with them the epochs of features and brokers, go on growing. A crash in between leaves a mark, and all is done again.
/// </summary>
static class AdoptedStore
{
    const string UnfinishedMark = ".adopting";

    public static bool Exists(ILogFiles files, string logDirectory)
    {
        string path = PathIn(logDirectory);
        return files.DirectoryExists(path) && !files.FileExists(Path.Combine(path, UnfinishedMark));
    }

    public static void Begin(ILogFiles files, LogDirectory directory, MetadataImage image, long nowMs)
    {
        string path = PathIn(directory.DirectoryPath), mark = Path.Combine(path, UnfinishedMark);
        files.DeleteDirectory(path);
        files.CreateDirectory(path);
        files.WriteAtomically(mark, ReadOnlySpan<byte>.Empty, durable: true);
        directory.CreatePartition(MetadataLog.Name, TopicId.ClusterMetadata.ToString());
        directory.SyncNames();
        var epoch = new ControllerEpoch(1);
        var snapshot = new SnapshotId(image.Revision.Value + 1, epoch);
        files.WriteAtomically(Path.Combine(path, snapshot.FileName), MetadataSnapshot.Write(image, epoch, nowMs).Span, durable: true);
        var options = LogOpenOptions.After(directory, MetadataLog.Name, nowMs) with { LogStart = new Offset(snapshot.EndOffset) };
        PartitionLog.Open(directory, MetadataLog.Name, LogConfig.Default, options).Close(clean: true);
        files.SyncDirectory(path);
        files.DeleteFile(mark);
        files.SyncDirectory(path);
    }

    static string PathIn(string logDirectory) => Path.Combine(logDirectory, MetadataLog.Name.DirectoryName);
}
