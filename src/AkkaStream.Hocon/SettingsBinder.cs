namespace AkkaStream.Hocon;

/// <summary>
/// Turns a configuration into the plain settings records of the rooms, which know nothing of HOCON. Used by the server
/// while starting, on one thread: ask for sections, read every value from them, then call <see cref="Finish"/>. Reading
/// never throws; all complaints are gathered, so that an operator mends a file in one go. No reflection: what is read
/// is what the code says, and the first start pays for no generated code.
/// </summary>
/// <param name="config">All layers together: defaults, the user's file, overrides.</param>
/// <param name="reference">The defaults alone: every key in there is known, also when nobody reads it.</param>
public sealed class SettingsBinder(HoconConfig config, HoconConfig reference)
{
    readonly List<SettingsProblem> _problems = [];
    readonly HashSet<string> _read = [];
    readonly HashSet<string> _accepted = [];
    readonly HashSet<string> _roots = [];
    readonly List<string> _open = [];
    Func<IEnumerable<string>> _suggested = () => [];

    /// <summary>A part of the configuration. Keys in it that nobody knows stop the start.</summary>
    public SettingsSection Section(string path)
    {
        var names = HoconPath.Parse(path);
        _roots.Add(names[0]);
        return new SettingsSection(this, names, config.Root.Find(names));
    }

    /// <summary>
    /// Names that may stand in a file although no room reads them: Kafka's, where this broker needs none.
    /// </summary>
    public void Accept(IEnumerable<string> paths) => _accepted.UnionWith(paths);

    /// <summary>Has a default, or was read or accepted before.</summary>
    public bool IsKnown(string path) =>
        _read.Contains(path) || _accepted.Contains(path) || IsOpen(path)
        || reference.Root.Find(HoconPath.Parse(path)) is { Kind: not HoconKind.None };

    /// <summary>
    /// Names that may be suggested in place of an unknown one, and are looked at only then: a start that has nothing to complain
    /// about does not pay for them.
    /// </summary>
    public void Suggest(Func<IEnumerable<string>> paths) => _suggested = paths;

    /// <summary>Below this path the user chooses the names: listeners, users, loggers.</summary>
    public void AcceptAllUnder(string path) => _open.Add(path + ".");

    /// <summary>
    /// Defaults that nobody read: a key was renamed in one place only, or its reader is gone. For tests.
    /// </summary>
    public IReadOnlyList<string> UnreadDefaults() =>
        [.. SettingsKeys.Of(reference.Root).Select(key => key.Path).Where(path => !_read.Contains(path))];

    /// <summary>The known name that an unknown one was probably meant to be, for a warning in place of a complaint.</summary>
    public static string? Nearest(string name, IEnumerable<string> known) => SettingsKeys.Nearest(name, known);

    /// <summary>Looks for unknown keys, then throws when there was anything to complain about.</summary>
    public void Finish()
    {
        var known = new HashSet<string>(_read);
        known.UnionWith(_accepted);
        foreach (var key in SettingsKeys.Of(reference.Root)) known.Add(key.Path);
        foreach (var key in SettingsKeys.Of(config.Root))
        {
            if (!_roots.Contains(key.Root) || known.Contains(key.Path) || IsOpen(key.Path)) continue;
            Complain(key.Node.Origin, SettingsKeys.Unknown(key.Path, known.Union(_suggested())));
        }

        if (_problems.Count > 0) throw new SettingsException(_problems);
    }

    internal void Read(string path) => _read.Add(path);

    internal void Complain(HoconOrigin origin, string text) => _problems.Add(new SettingsProblem(origin, text));

    bool IsOpen(string path) => _open.Exists(open => path.StartsWith(open, StringComparison.Ordinal));
}

/// <summary>One thing to mend, and where.</summary>
public sealed record SettingsProblem(HoconOrigin Origin, string Text)
{
    public override string ToString() => $"{Origin}: {Text}";
}

/// <summary>The settings cannot be used. The message has one line for each thing to mend.</summary>
public sealed class SettingsException(IReadOnlyList<SettingsProblem> problems)
    : Exception(string.Join('\n', problems))
{
    public IReadOnlyList<SettingsProblem> Problems { get; } = problems;
}
