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

    /// <summary>Later assemblies win, but no two rooms should set the same key.</summary>
    public static HoconDocument Load(params ReadOnlySpan<Assembly> assemblies)
    {
        var document = HoconDocument.Empty;
        foreach (var assembly in assemblies)
        {
            if (Read(assembly) is not { } text) continue;
            var source = $"{ResourceName} of {assembly.GetName().Name}";
            document = HoconParser.Parse(text, source, HoconIncludes.None).WithFallback(document);
        }

        return document;
    }

    static string? Read(Assembly assembly)
    {
        using var stream = assembly.GetManifestResourceStream(ResourceName);
        if (stream is null) return null;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return HoconIncludes.Decode(bytes, $"{ResourceName} of {assembly.GetName().Name}");
    }
}
