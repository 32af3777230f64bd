using System.Text;
using AkkaStream.Hocon.Syntax;

namespace AkkaStream.Hocon;

/// <summary>One property with the place it was written at.</summary>
public sealed record Property(string Name, string Value, HoconOrigin Origin);

/// <summary>
/// A Java properties file, as Kafka's server.properties is one, by Java's exact rules: comments with # or !, lines that
/// go on after a backslash, names that end at = or : or white space, escapes. Kafka reads such files as ISO-8859-1;
/// here a file that is valid UTF-8 is read as that, which differs only where Kafka would show garbage.
/// </summary>
public sealed class PropertiesFile
{
    readonly List<Property> _entries;

    PropertiesFile(List<Property> entries) => _entries = entries;

    /// <summary>In the order of the file; a name may occur twice, and then the later one counts.</summary>
    public IReadOnlyList<Property> Entries => _entries;

    public static PropertiesFile ParseFile(string path)
    {
        try
        {
            return Parse(Decode(File.ReadAllBytes(path)), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HoconException(HoconOrigin.Of(path), $"cannot be read: {e.Message}");
        }
    }

    public static string Decode(byte[] bytes)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }

    public static PropertiesFile Parse(string text, string source = "properties") =>
        new(new PropertiesReader(text, source).Read());

    /// <summary>
    /// Kafka's <c>--override name=value</c>: the value may hold further equal signs, and may be empty.
    /// </summary>
    public static PropertiesFile ParseOverrides(IEnumerable<string> arguments)
    {
        var origin = HoconOrigin.Of("--override");
        var entries = new List<Property>();
        foreach (var argument in arguments)
        {
            var split = argument.IndexOf('=');
            if (split <= 0)
                throw new HoconException(origin, $"\"{argument}\" has no name and value; write --override name=value");
            entries.Add(new Property(argument[..split], argument[(split + 1)..], origin));
        }

        return new PropertiesFile(entries);
    }

    /// <summary>
    /// Environment variables with a prefix, in the way of Kafka's container images: PREFIX_LOG_RETENTION_HOURS is
    /// log.retention.hours, two underscores stand for one, three for a dash.
    /// </summary>
    public static PropertiesFile OfEnvironment(string prefix, IEnumerable<KeyValuePair<string, string>> variables)
    {
        var entries = new List<Property>();
        foreach (var (variable, value) in variables)
        {
            if (!variable.StartsWith(prefix, StringComparison.Ordinal) || variable.Length == prefix.Length) continue;
            var name = variable[prefix.Length..].ToLowerInvariant()
                .Replace("___", "-").Replace("__", "\0").Replace('_', '.').Replace('\0', '_');
            entries.Add(new Property(name, value, HoconOrigin.Of($"{VariableOrigin}{variable}")));
        }

        return new PropertiesFile(entries);
    }

    /// <summary>How the origin of such a property begins.</summary>
    public const string VariableOrigin = "environment ";

    /// <summary>
    /// As a layer of the configuration, under the given path. A dot in a name always parts it; all values are texts.
    /// </summary>
    public HoconDocument ToDocument(string under) => HoconDocument.Of(ToObject(HoconPath.Parse(under)));

    internal ObjectElement ToObject(string[] under)
    {
        var fields = new List<HoconField>(_entries.Count);
        foreach (var (name, value, origin) in _entries)
        {
            string[] path = [.. under, .. name.Split('.')];
            if (path.Length > HoconParser.MaxDepth)
                throw new HoconException(origin, $"the name has more than {HoconParser.MaxDepth} parts; shorten it");
            HoconElement element = new ScalarElement(origin, HoconKind.String, value, quoted: true);
            for (var i = path.Length - 1; i > 0; i--)
                element = new ObjectElement(origin, [new HoconField(path[i], element)]);
            fields.Add(new HoconField(path[0], element));
        }

        var start = _entries.Count > 0 ? _entries[0].Origin : HoconOrigin.Of("no properties");
        return new ObjectElement(start, fields);
    }
}
