using AkkaStream.Log.Checkpoints;
using AkkaStream.Log.Files;
using AkkaStream.Protocol;
using Microsoft.Extensions.Logging;

namespace AkkaStream.Cluster;

/// <summary>Why this process may not use these log directories; says which file, and the cure.</summary>
public sealed class IdentityException(string message) : Exception(message);

/// <summary>What the settings say about who this broker is.</summary>
public sealed record IdentitySettings
{
    /// <summary>node.id, or broker.id of old; null takes what the directories say, or else a generated one.</summary>
    public BrokerId? NodeId { get; init; }

    /// <summary>Null takes what the directories say, or else a new one.</summary>
    public string? ClusterId { get; init; }

    /// <summary>reserved.broker.max.id: generated ids are above it.</summary>
    public int ReservedBrokerMaxId { get; init; } = 1_000;
}

/// <summary>One of log.dirs, with the id under which metadata knows it.</summary>
public sealed record IdentifiedDirectory(string Path, DirectoryId Id);

/// <summary>
/// Who this broker is, as the file <c>meta.properties</c> in each log directory says: written at the first start, checked at
/// each later one, so that a directory is never taken for one of another broker, another cluster, or a copy of itself.
/// Called by Server before any log is opened; waits for the disk.
/// </summary>
public sealed record LocalIdentity(string ClusterId, BrokerId NodeId, IReadOnlyList<IdentifiedDirectory> Directories)
{
    /// <param name="newId">Random ids; chance is the caller's.</param>
    /// <exception cref="IdentityException">The directories contradict the settings or each other.</exception>
    public static LocalIdentity Establish(
        ILogFiles files, IReadOnlyList<string> logDirs, IdentitySettings settings, Func<Uuid> newId, ILogger trace)
    {
        if (logDirs.Count == 0) throw new IdentityException("log.dirs names no directory. Name at least one");
        if (logDirs.GroupBy(Path.GetFullPath).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new IdentityException($"log.dirs names {twice.Key} twice. Name it once");
        var known = new List<Known>();
        foreach (string directory in logDirs)
        {
            if (Read(files, directory) is { } found) known.Add(new Known(directory, found));
        }

        string clusterId = AgreeOnCluster(known, settings.ClusterId) ?? newId().ToString();
        BrokerId nodeId = AgreeOnNode(known, settings.NodeId) ?? new BrokerId(settings.ReservedBrokerMaxId + 1);
        CheckDirectoryIds(known);

        var directories = new List<IdentifiedDirectory>();
        foreach (string path in logDirs)
        {
            MetaProperties? found = known.Find(k => k.Path == path)?.Found;
            directories.Add(new IdentifiedDirectory(path, Complete(files, path, found, clusterId, nodeId, newId, trace)));
        }

        return new LocalIdentity(clusterId, nodeId, directories);
    }

    /// <summary>A directory that says whose it is.</summary>
    sealed record Known(string Path, MetaProperties Found);

    static MetaProperties? Read(ILogFiles files, string directory)
    {
        string path = Path.Combine(directory, MetaProperties.Name);
        if (files.ReadAll(path) is not { } content) return null;
        return MetaProperties.Parse(content, out string? problem)
            ?? throw new IdentityException($"{path} cannot be used: {problem}. Restore it from a backup; node.id, cluster.id and version=1 " +
                "are what it must say");
    }

    static string? AgreeOnCluster(List<Known> known, string? configured)
    {
        List<Known> telling = known.FindAll(k => k.Found.ClusterId is not null);
        if (telling.Count == 0) return configured;
        if (telling.Find(k => k.Found.ClusterId != telling[0].Found.ClusterId) is { } other)
            throw new IdentityException($"{Describe(telling[0].Path)} says cluster.id={telling[0].Found.ClusterId}, but " +
                $"{Describe(other.Path)} says cluster.id={other.Found.ClusterId}: these directories belong to different " +
                "clusters. Take one of them out of log.dirs");
        if (configured is not null && configured != telling[0].Found.ClusterId)
            throw new IdentityException($"{Describe(telling[0].Path)} says cluster.id={telling[0].Found.ClusterId}, but the settings say " +
                $"{configured}. Point log.dirs at this cluster's directories, or correct the setting");
        return telling[0].Found.ClusterId;
    }

    static BrokerId? AgreeOnNode(List<Known> known, BrokerId? configured)
    {
        List<Known> telling = known.FindAll(k => k.Found.NodeId is not null);
        if (telling.Count == 0) return configured;
        if (telling.Find(k => k.Found.NodeId != telling[0].Found.NodeId) is { } other)
            throw new IdentityException($"{Describe(telling[0].Path)} says node.id={telling[0].Found.NodeId}, but " +
                $"{Describe(other.Path)} says node.id={other.Found.NodeId}: these directories belong to different brokers. " +
                "Give each broker its own log.dirs");
        if (configured is { } id && id.Value != telling[0].Found.NodeId)
            throw new IdentityException($"{Describe(telling[0].Path)} says node.id={telling[0].Found.NodeId}, but this broker is node.id={id}. " +
                $"Set node.id={telling[0].Found.NodeId} if it was changed by mistake, or point log.dirs at this broker's directories");
        return telling[0].Found.NodeId is { } found ? new BrokerId(found) : configured;
    }

    static void CheckDirectoryIds(List<Known> known)
    {
        var seen = new Dictionary<string, string>();
        foreach (Known one in known)
        {
            if (one.Found.DirectoryId is not { } id || seen.TryAdd(id, one.Path)) continue;
            throw new IdentityException($"{seen[id]} and {one.Path} have the same directory.id={id}: one is a copy of the other. " +
                "Take the copy out of log.dirs, or delete it");
        }
    }

    /// <summary>Writes what is missing: all of it in a new directory, the directory's id in one from before there were such ids.</summary>
    static DirectoryId Complete(
        ILogFiles files, string path, MetaProperties? found, string clusterId, BrokerId nodeId, Func<Uuid> newId, ILogger trace)
    {
        DirectoryId? id = ReadDirectoryId(path, found?.DirectoryId);
        bool isComplete = found is { Version: 1, ClusterId: not null, NodeId: not null };
        if (isComplete && id is { } complete) return complete;
        DirectoryId written = id ?? new DirectoryId(newId());
        MetaProperties properties = (found ?? new MetaProperties()) with
        {
            Version = 1,
            ClusterId = clusterId,
            NodeId = nodeId.Value,
            DirectoryId = written.ToString(),
        };
        if (!files.DirectoryExists(path)) files.CreateDirectory(path);
        files.WriteAtomically(Path.Combine(path, MetaProperties.Name), properties.Format(), durable: true);
        ClusterTrace.DirectoryFormatted(trace, path, nodeId.Value, clusterId, written.ToString());
        return written;
    }

    static DirectoryId? ReadDirectoryId(string path, string? text)
    {
        if (text is null) return null;
        if (Uuid.TryParse(text, out Uuid id) && !new DirectoryId(id).IsReserved) return new DirectoryId(id);
        throw new IdentityException($"{Describe(path)} says directory.id={text}, which is no id. Remove that line, and a new one is made");
    }

    static string Describe(string directory) => Path.Combine(directory, MetaProperties.Name);
}
