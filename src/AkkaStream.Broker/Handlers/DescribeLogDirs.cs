using AkkaStream.Log;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Broker.Handlers;

// DescribeLogDirs, versions 1-5: what lies in which log directory of this broker, and how large. Null asks for all partitions. The
// directories themselves are told in any case; the size of their disks from v4, whether they take new partitions from v5.
static class DescribeLogDirsHandler
{
    public static ValueTask<IMessage> Handle(RequestContext context, IRequest request)
    {
        var asked = (DescribeLogDirsRequest)request;
        var node = context.Node;
        var wanted = asked.Topics?.GroupBy(t => t.Topic).ToDictionary(g => g.Key, g => g.SelectMany(t => t.Partitions).ToHashSet());
        var cordoned = node.Configs.Layers.ValueOf("cordoned.log.dirs")?.Items ?? [];
        return new(new DescribeLogDirsResponse
        {
            Results =
            [
                .. node.Environment.Directories.All.Select(d => Describe(node, d, wanted, cordoned)),
                .. node.Environment.Directories.Lost.Select(Failed),
            ],
        });
    }

    /// <summary>Of a disk that does not answer nothing is told but that.</summary>
    static DescribeLogDirsResponseDir Describe(
        BrokerNode node, LogDirectory directory, Dictionary<string, HashSet<int>>? wanted, IReadOnlyList<string> cordoned)
    {
        try
        {
            if (node.Environment.Directories.FailureOf(directory) is null) return DescribeGood(node, directory, wanted, cordoned);
        }
        catch (IOException e)
        {
            BrokerTrace.DiskReadFailed(node.Log, e.Message);
        }
        return Failed(directory.DirectoryPath);
    }

    static DescribeLogDirsResponseDir Failed(string directory) =>
        new() { LogDir = Path.GetFullPath(directory), ErrorCode = ErrorCode.KafkaStorageError };

    static DescribeLogDirsResponseDir DescribeGood(
        BrokerNode node, LogDirectory directory, Dictionary<string, HashSet<int>>? wanted, IReadOnlyList<string> cordoned)
    {
        var topics = new List<DescribeLogDirsResponseTopic>();
        foreach (var (topic, partitions) in node.Environment.Directories.TopicsIn(directory))
        {
            var asked = wanted?.GetValueOrDefault(topic);
            if (wanted is not null && asked is null) continue;
            var told = new List<DescribeLogDirsResponsePartition>(asked?.Count ?? partitions.Count);
            foreach (int partition in partitions)
            {
                if (asked is not null && !asked.Contains(partition)) continue;
                if (node.Replicas.Find(topic, partition, out var replica) != ErrorCode.None) continue;
                told.Add(new DescribeLogDirsResponsePartition
                {
                    PartitionIndex = partition,
                    PartitionSize = replica.View?.SizeInBytes ?? new LogDescriptor(directory, new PartitionName(topic, partition)).MeasureSize(),
                });
            }
            if (told.Count > 0) topics.Add(new DescribeLogDirsResponseTopic { Name = topic, Partitions = [.. told] });
        }
        var answer = new DescribeLogDirsResponseDir
        {
            LogDir = Path.GetFullPath(directory.DirectoryPath),
            Topics = [.. topics],
            IsCordoned = cordoned.Contains("*") || cordoned.Contains(directory.DirectoryPath),
        };
        (answer.TotalBytes, answer.UsableBytes) = node.Environment.Directories.SpaceOf(directory);
        return answer;
    }
}
