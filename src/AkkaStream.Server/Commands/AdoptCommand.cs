using AkkaStream.Cluster;
using AkkaStream.Cluster.Adoption;
using AkkaStream.Hocon;
using AkkaStream.Log.Checkpoints;
using AkkaStream.Log.Files;
using AkkaStream.Protocol;
using AkkaStream.Server.Settings;

namespace AkkaStream.Server.Commands;

/// <summary>
/// "akkastream adopt": tells what the next start would make of data directories that Kafka wrote, and changes nothing, but for the word of
/// somebody who wants partitions taken over without the metadata that says how long their records are kept.
/// </summary>
static class AdoptCommand
{
    const int Done = 0, Refused = 1, Misused = 2;

    const string Usage = """
        usage: akkastream adopt [CONFIG] [--override NAME=VALUE]... [--confirm]

        Tells what a start with this configuration takes over from data directories that Kafka wrote: topics, their ids and
        configs and the next producer id, out of __cluster_metadata-0. Stop Kafka first. Nothing is changed.

          --confirm   for directories without __cluster_metadata-0: the next start takes them over as they are, with configs
                      under which nothing is cleaned or deleted

        """;

    public static int Run(string[] words, TextWriter output, TextWriter errors)
    {
        if (words is ["--help" or "-h" or "help"])
        {
            output.Write(Usage);
            return Done;
        }
        bool confirms = words.Contains("--confirm");
        if (ServerArguments.Parse(words.Where(word => word != "--confirm").ToArray(), out var arguments) is { } problem)
        {
            errors.WriteLine($"akkastream adopt: {problem}");
            errors.Write(Usage);
            return Misused;
        }
        try
        {
            var settings = NodeConfiguration.Load(arguments.File, arguments.Overrides, Environment.GetEnvironmentVariable).Settings;
            return Run(settings, new OsFiles(), confirms, output, errors);
        }
        catch (Exception e) when (e is SettingsException or HoconException or IdentityException or IOException)
        {
            errors.WriteLine($"akkastream adopt: {e.Message}");
            return e is SettingsException or HoconException ? Misused : Refused;
        }
    }

    static int Run(AkkaStreamSettings settings, OsFiles files, bool confirms, TextWriter output, TextWriter errors)
    {
        if (settings.LogDirs.Count == 0) return Refuse(errors, "storage = memory has nothing to take over");
        if (KafkaDirectories.AreOurs(files, settings.LogDirs))
            return Refuse(errors, "these directories hold AkkaStream's own metadata already: there is nothing to adopt");
        string[] paths = [.. settings.LogDirs, .. NodeBuilder.KafkaMetadataDirs(settings)];
        var found = KafkaDirectories.Look(files, paths);
        if (found.Metadata is null && found.Partitions.Count == 0) return Refuse(errors, $"there are no partitions in {string.Join(", ", paths)}");
        var plan = found.Plan(NodeOf(settings, files), Chance.NewId);
        output.WriteLine(found.Metadata is null ? "Without metadata:" : $"As {Cluster.Store.KafkaMetadataReader.DirectoryName} says:");
        foreach (string name in plan.Image.Topics.SortedNames)
            if (plan.Image.Topics.Find(name) is { } topic) output.WriteLine($"  {name}  {topic.Partitions.Length} partitions, id {topic.Id}");
        output.WriteLine($"  next producer id {plan.Image.NextProducerId}");
        foreach (string note in plan.Notes) output.WriteLine($"Note: {note}");
        foreach (string problem in plan.Problems) errors.WriteLine($"In the way: {problem}");
        if (plan.Problems.Count > 0) return Refused;
        if (found.Metadata is null && !confirms)
            return Refuse(errors, "nothing is taken over without Kafka's metadata unless you say so: call this again with --confirm");
        if (found.Metadata is null) found.Confirm();
        output.WriteLine("The next start of the broker takes this over.");
        return Done;
    }

    static BrokerId NodeOf(AkkaStreamSettings settings, OsFiles files)
    {
        foreach (string directory in settings.LogDirs)
        {
            if (files.ReadAll(Path.Combine(directory, MetaProperties.Name)) is { } content
                && MetaProperties.Parse(content, out _) is { NodeId: { } node }) return new BrokerId(node);
        }
        return new BrokerId(settings.NodeId ?? 1);
    }

    static int Refuse(TextWriter errors, string text)
    {
        errors.WriteLine($"akkastream adopt: {text}");
        return Refused;
    }
}
