using System.Reflection;

namespace AkkaStream.Hocon;

/// <summary>
/// The defaults. Each room writes them, with unit and reason, into a <c>reference.conf</c> beside its project file; the
/// build embeds it into the room's assembly, and the server loads those of all rooms as the lowest layer.
/// </summary>
public static class ReferenceConf
{
    /// <summary>The name under which the build embeds the file.</summary>
    public const string ResourceName = "reference.conf";

    /// <summary>How the origin of every default begins.</summary>
    internal const string SourcePrefix = ResourceName + " of ";

    /// <summary>Later assemblies win, but no two rooms should set the same key.</summary>
    public static HoconDocument Load(params ReadOnlySpan<Assembly> assemblies)
    {
        var document = HoconDocument.Empty;
        foreach (var assembly in assemblies)
        {
            using var stream = assembly.GetManifestResourceStream(ResourceName);
            if (stream is null) continue;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            var source = SourceName(assembly);
            var text = HoconIncludes.Decode(bytes, source);
            document = HoconParser.Parse(text, source, HoconIncludes.None).WithFallback(document);
        }

        return document;
    }

    /// <summary>The simple name stands before the first comma; GetName would cost half a millisecond.</summary>
    static string SourceName(Assembly assembly)
    {
        var name = assembly.FullName ?? "";
        var comma = name.IndexOf(',');
        return SourcePrefix + (comma < 0 ? name : name[..comma]);
    }
}
