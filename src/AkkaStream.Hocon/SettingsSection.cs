namespace AkkaStream.Hocon;

/// <summary>
/// The way of one room's binding code to its part of the configuration. Each method reads one key, checks type and
/// range, and notes that the key is known. After a complaint it returns a harmless value: the complaint is thrown
/// later, with all others, by <see cref="SettingsBinder.Finish"/>.
/// </summary>
public sealed class SettingsSection
{
    delegate string? Reader<T>(HoconNode node, out T value);

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

    /// <summary>
    /// False when the value is null or was never mentioned: then the room has a rule of its own for it.
    /// </summary>
    public bool IsSet(string key)
    {
        _binder.Read(PathOf(key));
        return Find(key) is { IsNull: false, Kind: not HoconKind.None };
    }

    public string Text(string key) => Read<string>(key, "", HoconReading.Text);

    public string? TextOrNull(string key) => IsSet(key) ? Text(key) : null;

    public bool Flag(string key) => Read<bool>(key, false, HoconReading.Boolean);

    public int Int32(string key, int min = int.MinValue, int max = int.MaxValue) => (int)Int64(key, min, max);

    public long Int64(string key, long min = long.MinValue, long max = long.MaxValue) =>
        InRange(key, Read<long>(key, min, HoconReading.Int64), min, max);

    public double Double(string key, double min = double.MinValue, double max = double.MaxValue) =>
        InRange(key, Read<double>(key, min, HoconReading.Double), min, max);

    /// <param name="key">The key.</param>
    /// <param name="unitless">What a bare number counts: Kafka's names end in ms, seconds, minutes or hours.</param>
    /// <param name="min">The shortest that makes sense; zero when left out.</param>
    public TimeSpan Duration(string key, DurationUnit unitless = DurationUnit.Milliseconds, TimeSpan? min = null)
    {
        var shortest = min ?? TimeSpan.Zero;
        var value = Read(key, shortest, (HoconNode node, out TimeSpan value) =>
            HoconReading.Duration(node, unitless, out value));
        return InRange(key, value, shortest, TimeSpan.MaxValue);
    }

    /// <summary>Bytes. Give -1 as the minimum where that stands for unlimited.</summary>
    public long Size(string key, long min = 0, long max = long.MaxValue) =>
        InRange(key, Read<long>(key, min, HoconReading.Size), min, max);

    public IReadOnlyList<string> TextList(string key) => Read<IReadOnlyList<string>>(key, [], HoconReading.TextList);

    /// <summary>One of a few words, spelled as Kafka spells them.</summary>
    public T Choice<T>(string key, params ReadOnlySpan<(string Word, T Value)> choices)
    {
        var word = Read<string>(key, choices[0].Word, HoconReading.Text);
        foreach (var choice in choices)
        {
            if (choice.Word == word) return choice.Value;
        }

        var words = new List<string>();
        foreach (var choice in choices) words.Add(choice.Word);
        _binder.Complain(OriginOf(key), $"{PathOf(key)} must be one of {string.Join(", ", words)}; found \"{word}\"");
        return choices[0].Value;
    }

    HoconNode? Find(string key) => _node?.Find(HoconPath.Parse(key));

    T Read<T>(string key, T otherwise, Reader<T> read)
    {
        var path = PathOf(key);
        _binder.Read(path);
        if (Find(key) is not { } node)
        {
            _binder.Complain(OriginOf(key), $"{path} is not set and has no default; set it");
            return otherwise;
        }

        if (node.IsNull)
        {
            _binder.Complain(node.Origin, $"{path} is null, but a value is needed");
            return otherwise;
        }

        if (read(node, out var value) is not { } expected) return value;
        _binder.Complain(node.Origin, $"{path} must be {expected}; found {HoconReading.Describe(node)}");
        return otherwise;
    }

    T InRange<T>(string key, T value, T min, T max)
        where T : struct, IComparable<T>
    {
        if (value.CompareTo(min) >= 0 && value.CompareTo(max) <= 0) return value;
        var bound = value.CompareTo(min) < 0 ? $"at least {Show(min)}" : $"at most {Show(max)}";
        _binder.Complain(OriginOf(key), $"{PathOf(key)} must be {bound}; found {Show(value)}");
        return min;
    }

    static string Show<T>(T value) => value switch
    {
        TimeSpan time when time.Ticks % TimeSpan.TicksPerSecond == 0 => $"{time.Ticks / TimeSpan.TicksPerSecond}s",
        TimeSpan time => $"{time.TotalMilliseconds.ToString(System.Globalization.CultureInfo.InvariantCulture)}ms",
        _ => $"{value}",
    };
}
