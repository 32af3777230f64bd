using System.IO.Compression;
using System.Reflection;
using System.Text.Json;
using AkkaStream.TestKit.Messages;

namespace AkkaStream.Protocol.Tests.Golden;

/// <summary>
/// Our descriptions against Kafka's own, field by field, where AKKASTREAM_KAFKA_JARS names a folder with Kafka's jars.
/// Run it when a new Kafka comes out: it lists what changed. Without the folder the golden bytes have to do.
/// </summary>
public class DescriptionsTests
{
    static readonly JsonDocumentOptions WithComments = new() { CommentHandling = JsonCommentHandling.Skip };

    [Fact]
    public void Messages_are_described_as_kafka_describes_them()
    {
        if (Environment.GetEnvironmentVariable("AKKASTREAM_KAFKA_JARS") is not { Length: > 0 } folder) return;
        var differences = new List<string>();
        HashSet<string> seen = [];
        foreach (JsonElement theirs in Descriptions(folder))
        {
            string name = theirs.GetProperty("name").GetString()!;
            VersionSet valid = VersionSet.Parse(theirs.GetProperty("validVersions").GetString()!);
            if (valid == VersionSet.None) continue;
            seen.Add(name);
            if (MessageCatalog.All.FirstOrDefault(m => m.Name == name) is not { } ours)
            {
                differences.Add($"{name} is not described");
                continue;
            }

            if (ours.Versions != valid) differences.Add($"{name} has versions {valid}, not {ours.Versions}");
            new Comparison(name, theirs, differences).Compare(ours.Type, theirs.GetProperty("fields"), valid, name);
        }

        differences.AddRange(MessageCatalog.Kafkas.Where(m => !seen.Contains(m.Name))
            .Select(m => $"{m.Name} is not Kafka's"));
        Assert.True(differences.Count == 0, string.Join('\n', differences));
        Assert.True(seen.Count > 250, $"only {seen.Count} descriptions found in {folder}");
    }

    static IEnumerable<JsonElement> Descriptions(string folder)
    {
        foreach (string jar in Directory.GetFiles(folder, "kafka-*.jar"))
        {
            using ZipArchive zip = ZipFile.OpenRead(jar);
            foreach (ZipArchiveEntry entry in zip.Entries)
            {
                bool isDescription = entry.FullName.EndsWith(".json")
                    && (entry.FullName.Contains("message/") || entry.FullName.Contains("common/metadata/"));
                if (!isDescription) continue;
                using Stream stream = entry.Open();
                using JsonDocument document = JsonDocument.Parse(stream, WithComments);
                yield return document.RootElement.Clone();
            }
        }
    }

    /// <summary>One message of theirs with one class of ours.</summary>
    sealed class Comparison(string message, JsonElement description, List<string> differences)
    {
        /// <param name="present">The versions that have the structure at this place.</param>
        public void Compare(Type type, JsonElement theirFields, VersionSet present, string path)
        {
            List<JsonElement> theirs =
                [.. theirFields.EnumerateArray().Where(f => Common(Versions(f), present) != VersionSet.None)];
            FieldEntry[] ours = MessageCatalog.Fields(type);
            if (!theirs.Select(Name).SequenceEqual(ours.Select(f => f.Name)))
            {
                string names = string.Join(", ", theirs.Select(Name));
                differences.Add($"{path} has {names}; ours {string.Join(", ", ours.Select(f => f.Name))}");
                return;
            }

            for (int i = 0; i < ours.Length; i++) Compare(ours[i], theirs[i], present, $"{path}.{ours[i].Name}");
        }

        void Compare(FieldEntry ours, JsonElement theirs, VersionSet present, string path)
        {
            VersionSet versions = Common(Versions(theirs), present);
            Note(path, "type", Type(theirs), Type(ours));
            Note(path, "versions", versions, Common(ours.Versions, present));
            Note(path, "tag", theirs.TryGetProperty("tag", out JsonElement tag) ? tag.GetInt32() : -1, ours.Tag);
            VersionSet nullable = VersionSet.Parse(Text(theirs, "nullableVersions") ?? "none");
            Note(path, "nullable versions", Common(nullable, versions), Common(ours.Nullable, versions));
            bool isIgnorable = theirs.TryGetProperty("ignorable", out JsonElement i) && i.GetBoolean();
            if (versions != present)
                Note(path, "ignorable", isIgnorable, ours.Property.IsDefined(typeof(IgnorableAttribute)));
            Note(path, "map key", theirs.TryGetProperty("mapKey", out JsonElement k) && k.GetBoolean(), ours.IsMapKey);
            if (!ours.IsStructure) return;
            JsonElement fields = theirs.TryGetProperty("fields", out JsonElement own)
                ? own
                : CommonFields(ElementType(theirs));
            Compare(ours.ElementType, fields, versions, path);
        }

        void Note<T>(string path, string what, T theirs, T ours)
        {
            if (!Equals(theirs, ours)) differences.Add($"{path}: {what} {theirs}, ours {ours}");
        }

        /// <summary>A structure that is used again is described at its first use, or among the common ones.</summary>
        JsonElement CommonFields(string type) =>
            description.TryGetProperty("commonStructs", out JsonElement common)
                ? common.EnumerateArray().First(s => s.GetProperty("name").GetString() == type).GetProperty("fields")
                : throw new InvalidDataException($"{message} does not describe {type}");

        static string Name(JsonElement field)
        {
            string name = field.GetProperty("name").GetString()!;
            return char.ToLowerInvariant(name[0]) + name[1..];
        }

        static VersionSet Versions(JsonElement field) =>
            VersionSet.Parse(Text(field, "versions") ?? Text(field, "taggedVersions")!);

        static string? Text(JsonElement field, string property) =>
            field.TryGetProperty(property, out JsonElement text) ? text.GetString() : null;

        static string ElementType(JsonElement field) => field.GetProperty("type").GetString()!.Replace("[]", "");

        static string Type(JsonElement field)
        {
            string type = field.GetProperty("type").GetString()!;
            bool isArray = type.StartsWith("[]");
            string element = ElementType(field);
            if (element == "records") element = "bytes";
            return (isArray ? "[]" : "") + (char.IsUpper(element[0]) ? "structure" : element);
        }

        static string Type(FieldEntry field) => (field.IsArray ? "[]" : "") + ElementType(field);

        static string ElementType(FieldEntry field) => field.ElementType.Name switch
        {
            _ when field.IsStructure => "structure",
            "SByte" => "int8",
            "Int16" or "ErrorCode" => "int16",
            "Int32" => "int32",
            "Int64" => "int64",
            "UInt16" => "uint16",
            "UInt32" => "uint32",
            "Double" => "float64",
            "Boolean" => "bool",
            "String" => "string",
            "Uuid" or "TopicId" => "uuid",
            _ => "bytes",
        };

        static VersionSet Common(VersionSet a, VersionSet b)
        {
            var common = new VersionSet(Math.Max(a.Low, b.Low), Math.Min(a.High, b.High));
            return common.Low > common.High ? VersionSet.None : common;
        }
    }
}
