using AkkaStream.Cluster.Store;
using AkkaStream.Log;
using AkkaStream.Log.Checkpoints;
using AkkaStream.Log.Files;
using AkkaStream.Metadata;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Cluster.Adoption;

/// <summary>
/// Data directories without this broker's metadata: Kafka's, or what is left of some. Looks without changing anything. With Kafka's metadata
/// a broker takes them over when it starts; without, somebody must have said so (<see cref="Confirm"/>).
/// </summary>
public sealed class KafkaDirectories
{
    /// <summary>Left in the first directory by who confirms.</summary>
    const string ConfirmedFile = ".adopt-without-metadata";

    readonly ILogFiles _files;
    readonly IReadOnlyList<string> _paths;

    KafkaDirectories(ILogFiles files, IReadOnlyList<string> paths, KafkaMetadata? metadata, IReadOnlyList<FoundPartition> partitions)
    {
        _files = files;
        _paths = paths;
        Metadata = metadata;
        Partitions = partitions;
    }

    public KafkaMetadata? Metadata { get; }

    public IReadOnlyList<FoundPartition> Partitions { get; }

    public bool IsConfirmed => _files.FileExists(ConfirmedPath);

    string ConfirmedPath => Path.Combine(_paths[0], ConfirmedFile);

    /// <summary>This broker has its metadata in one of them, so there is nothing to adopt.</summary>
    public static bool AreOurs(ILogFiles files, IReadOnlyList<string> paths) => paths.Any(path => AdoptedStore.Exists(files, path));

    /// <param name="paths">log.dirs, and metadata.log.dir where that is another.</param>
    /// <exception cref="LogDamagedException">Kafka's metadata cannot be read.</exception>
    /// <exception cref="IdentityException">A partition says nothing sensible about its topic.</exception>
    public static KafkaDirectories Look(ILogFiles files, IReadOnlyList<string> paths)
    {
        KafkaMetadata? metadata = null;
        foreach (string path in paths) metadata ??= files.DirectoryExists(path) ? KafkaMetadataReader.Read(files, path) : null;
        return new KafkaDirectories(files, paths, metadata, [.. paths.Where(files.DirectoryExists).SelectMany(path => PartitionsIn(files, path))]);
    }

    public AdoptionPlan Plan(BrokerId node, Func<Uuid> newId) =>
        Metadata is { } metadata
            ? AdoptionPlan.With(metadata.Image, Partitions, node) is var plan && metadata.Notes.Count == 0 ? plan
                : plan with { Notes = [.. metadata.Notes, .. plan.Notes] }
            : AdoptionPlan.Without(Partitions, node, newId);

    /// <summary>The same with what the logs themselves say, for carrying it out.</summary>
    public KafkaDirectories Surveyed(IReadOnlyList<LogDirectory> directories) => Metadata is not null ? this
        : new KafkaDirectories(_files, _paths, null, [.. Partitions.Select(found => found with { Survey = Survey(found.Name, directories) })]);

    public void Confirm() =>
        _files.WriteAtomically(ConfirmedPath, "The next start of the broker adopts these partitions without Kafka's metadata.\n"u8, durable: true);

    public void TakeBackConfirmation() => _files.DeleteFile(ConfirmedPath);

    static LogSurvey Survey(PartitionName name, IReadOnlyList<LogDirectory> directories)
    {
        var home = directories.First(directory => directory.Holds(name));
        return new LogDescriptor(home, name).Survey();
    }

    static IEnumerable<FoundPartition> PartitionsIn(ILogFiles files, string directory)
    {
        foreach (var entry in files.List(directory))
        {
            if (!entry.IsDirectory || PartitionName.IsRetired(entry.Name) || !PartitionName.TryParse(entry.Name, out var name)) continue;
            if (name.Topic == TopicName.ClusterMetadata || TopicName.FindProblem(name.Topic) is not null) continue;
            yield return new FoundPartition(name, TopicIn(files, Path.Combine(directory, entry.Name, LogFileName.PartitionMetadata)));
        }
    }

    static TopicId? TopicIn(ILogFiles files, string path)
    {
        if (files.ReadAll(path) is not { } content) return null;
        if (PartitionMetadataFile.Parse(content, out string? problem) is { } text && Uuid.TryParse(text, out var id)) return new TopicId(id);
        throw new IdentityException($"{path} cannot be used: {problem ?? "the id is none"}. Restore it, or write the topic's id into it");
    }
}
