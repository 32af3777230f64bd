namespace AkkaStream.Hocon;

/// <summary>
/// The way of one room's binding code to its part of the configuration. Each method reads one key, checks type and
/// range, and notes that the key is known. After a complaint it returns a harmless value: the complaint is thrown
/// later, with all others, by <see cref="SettingsBinder.Finish"/>.
/// </summary>
public sealed class SettingsSection
{
    readonly SettingsBinder _binder;
    readonly string[] _path;
    readonly HoconNode? _node;

    internal SettingsSection(SettingsBinder binder, string[] path, HoconNode? node)
    {
        _binder = binder;
        _path = path;
        _node = node;
    }

    /// <summary>The full name of a key, for messages.</summary>
    public string PathOf(string key) => HoconPath.Render([.. _path, .. HoconPath.Parse(key)]);

    public HoconOrigin OriginOf(string key) => Find(key)?.Origin ?? _node?.Origin ?? HoconOrigin.Of(PathOf(key));

    public SettingsSection Section(string key)
    {
        var names = HoconPath.Parse(key);
        return new SettingsSection(_binder, [.. _path, .. names], _node?.Find(names));
    }

    /// <summary>Parts whose names the user chose, such as one per listener. Their names come along.</summary>
    public IReadOnlyList<(string Name, SettingsSection Section)> NamedSections(string key)
    {
        var parent = Section(key);
        if (parent._node is null) return [];
        return [.. parent._node.Fields.Select(field =>
            (field.Key, new SettingsSection(_binder, [.. parent._path, field.Key], field.Value)))];
    }

    /// <summary>Every value in this part, at any depth, with its dotted name as a properties file would write it.</summary>
    public IReadOnlyList<SettingsValue> Values()
    {
        var found = new List<SettingsValue>();
        if (_node is not null) Collect(_node, "", HoconPath.Render(_path), found);
        return found;
    }

    static void Collect(HoconNode node, string name, string path, List<SettingsValue> found)
    {
        if (name.Length > 0 && node.Kind != HoconKind.None) found.Add(new SettingsValue(name, path, node));
        if (!node.IsObject) return;
        foreach (var (part, child) in node.Fields)
            Collect(child, name.Length == 0 ? part : $"{name}.{part}", $"{path}.{HoconPath.Render([part])}", found);
    }

    /// <summary>For a rule that is not a type or a range, about a value that was read.</summary>
    public void Complain(HoconOrigin origin, string text) => _binder.Complain(origin, text);

    /// <summary>
    /// False when the value is null or was never mentioned: then the room has a rule of its own for it.
    /// </summary>
    public bool IsSet(string key)
    {
        _binder.Read(PathOf(key));
        return Find(key) is { IsNull: false, Kind: not HoconKind.None };
    }

    public string Text(string key) =>
        Existing(key) is { } node && Understood(key, node, HoconReading.Text(node, out var value)) ? value : "";

    public string? TextOrNull(string key) => IsSet(key) ? Text(key) : null;

    public bool Flag(string key) =>
        Existing(key) is { } node && Understood(key, node, HoconReading.Boolean(node, out var value)) && value;

    public int Int32(string key, int min = int.MinValue, int max = int.MaxValue) => (int)Int64(key, min, max);

    public long Int64(string key, long min = long.MinValue, long max = long.MaxValue) =>
        Existing(key) is { } node && Understood(key, node, HoconReading.Int64(node, out var value))
            ? InRange(key, value, min, max) : min;

    public double Double(string key, double min = double.MinValue, double max = double.MaxValue)
    {
        if (Existing(key) is not { } node || !Understood(key, node, HoconReading.Double(node, out var value)))
            return min;
        if (value >= min && value <= max) return value;
        OutOfRange(key, value < min ? $"at least {min}" : $"at most {max}", $"{value}");
        return min;
    }

    /// <param name="key">The key.</param>
    /// <param name="unitless">What a bare number counts: Kafka's names end in ms, seconds, minutes or hours.</param>
    /// <param name="min">The shortest that makes sense; zero when left out.</param>
    public TimeSpan Duration(string key, DurationUnit unitless = DurationUnit.Milliseconds, TimeSpan? min = null)
    {
        var shortest = min ?? TimeSpan.Zero;
        if (Existing(key) is not { } node
            || !Understood(key, node, HoconReading.Duration(node, unitless, out var value)))
        {
            return shortest;
        }

        if (value >= shortest) return value;
        OutOfRange(key, $"at least {Show(shortest)}", Show(value));
        return shortest;
    }

    /// <summary>Bytes. Give -1 as the minimum where that stands for unlimited.</summary>
    public long Size(string key, long min = 0, long max = long.MaxValue) =>
        Existing(key) is { } node && Understood(key, node, HoconReading.Size(node, out var value))
            ? InRange(key, value, min, max) : min;

    public IReadOnlyList<string> TextList(string key) =>
        Existing(key) is { } node && Understood(key, node, HoconReading.TextList(node, out var values)) ? values : [];

    /// <summary>One of a few words, spelled as Kafka spells them; the caller turns it into its own enum.</summary>
    public string OneOf(string key, params string[] words)
    {
        if (Existing(key) is not { } node || !Understood(key, node, HoconReading.Text(node, out var word)))
            return words[0];
        if (Array.IndexOf(words, word) >= 0) return word;
        OutOfRange(key, $"one of {string.Join(", ", words)}", $"\"{word}\"");
        return words[0];
    }

    HoconNode? Find(string key) => _node?.Find(HoconPath.Parse(key));

    // What follows is not generic, and the caller's enums stay outside: generic code over value types would be compiled
    // anew at each start, at about a millisecond apiece.
    HoconNode? Existing(string key)
    {
        var path = PathOf(key);
        _binder.Read(path);
        var node = Find(key);
        if (node is null) _binder.Complain(OriginOf(key), $"{path} is not set and has no default; set it");
        else if (node.IsNull) _binder.Complain(node.Origin, $"{path} is null, but a value is needed");
        else return node;
        return null;
    }

    bool Understood(string key, HoconNode node, string? expected)
    {
        if (expected is null) return true;
        OutOfRange(key, expected, HoconReading.Describe(node));
        return false;
    }

    long InRange(string key, long value, long min, long max)
    {
        if (value >= min && value <= max) return value;
        OutOfRange(key, value < min ? $"at least {min}" : $"at most {max}", $"{value}");
        return min;
    }

    void OutOfRange(string key, string expected, string found) =>
        _binder.Complain(OriginOf(key), $"{PathOf(key)} must be {expected}; found {found}");

    static string Show(TimeSpan time) => time.Ticks % TimeSpan.TicksPerSecond == 0
        ? $"{time.Ticks / TimeSpan.TicksPerSecond}s"
        : $"{time.TotalMilliseconds.ToString(System.Globalization.CultureInfo.InvariantCulture)}ms";
}

/// <summary>One value where it stands: <c>Name</c> within its section, <c>Path</c> from the root.</summary>
public sealed record SettingsValue(string Name, string Path, HoconNode Node)
{
    /// <summary>A room's default, which neither file nor command line replaced.</summary>
    public bool IsDefault => Node.Origin.Source.StartsWith(ReferenceConf.SourcePrefix, StringComparison.Ordinal);
}
