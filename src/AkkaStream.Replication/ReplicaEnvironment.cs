using AkkaStream.Actors.Dispatch;
using AkkaStream.Log;
using Microsoft.Extensions.Logging;

namespace AkkaStream.Replication;

/// <summary>What every replica needs of its broker: the clock, the lane for slow disks, the directory that holds its log.</summary>
public sealed class ReplicaEnvironment(LogDirectories directories, Dispatcher diskLane, TimeProvider time, ILogger log)
{
    public Dispatcher DiskLane => diskLane;
    public ILogger Log => log;
    public LogDirectories Directories => directories;
    public TimeProvider Time => time;

    public long NowMs() => time.GetUtcNow().ToUnixTimeMilliseconds();

    internal PartitionLog Open(LocalReplica replica, LogConfig config) => directories.Open(replica, config, NowMs());

    internal string DirectoryOf(LocalReplica replica) => directories.PathOf(replica);
}
