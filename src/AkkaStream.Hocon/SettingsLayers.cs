namespace AkkaStream.Hocon;

/// <summary>
/// The layers of a node's settings, lowest first: the rooms' defaults, one file, the command line's overrides. The file
/// may be HOCON or a Kafka properties file; the ending of its name tells. Substitutions are looked up over all layers.
/// </summary>
public static class SettingsLayers
{
    /// <param name="reference">What <see cref="ReferenceConf.Load"/> gave.</param>
    /// <param name="file">Path of the user's file, if there is one.</param>
    /// <param name="overrides">Arguments of the form name=value, with Kafka's names.</param>
    /// <param name="root">The object that holds all settings; Kafka's names are paths in it.</param>
    /// <param name="environment">Environment variables, for substitutions.</param>
    public static SettingsBinder Bind(
        HoconDocument reference, string? file, IEnumerable<string> overrides, string root,
        Func<string, string?>? environment = null)
    {
        return BindBelow([PropertiesFile.ParseOverrides(overrides)], reference, file, root, environment);
    }

    /// <summary>As <see cref="Bind"/>, with properties of any origin in place of the overrides, the strongest first.</summary>
    public static SettingsBinder BindBelow(
        IReadOnlyList<PropertiesFile> above, HoconDocument reference, string? file, string root,
        Func<string, string?>? environment = null)
    {
        var document = HoconDocument.Empty;
        foreach (var properties in above) document = document.WithFallback(properties.ToDocument(root));
        if (file is not null) document = document.WithFallback(LoadFile(file, root));
        document = document.WithFallback(reference);
        return new SettingsBinder(document.Resolve(environment), reference.Resolve(environment));
    }

    public static HoconDocument LoadFile(string path, string root) =>
        path.EndsWith(".properties", StringComparison.OrdinalIgnoreCase)
            ? PropertiesFile.ParseFile(path).ToDocument(root)
            : HoconParser.ParseFile(path);
}
