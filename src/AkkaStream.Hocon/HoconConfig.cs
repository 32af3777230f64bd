namespace AkkaStream.Hocon;

/// <summary>
/// A finished configuration: look-up by path, with the type conversions of the HOCON specification. A missing or
/// mistyped value throws a <see cref="HoconException"/> that names the place. Rooms do not use this: the server binds
/// sections to their settings records with <see cref="SettingsBinder"/>, which gathers all complaints. Immutable.
/// </summary>
public sealed class HoconConfig(HoconNode root)
{
    delegate string? Reader<T>(HoconNode node, out T value);

    public HoconNode Root { get; } = root;

    public static HoconConfig Parse(string text, string source = "text", Func<string, string?>? environment = null) =>
        HoconParser.Parse(text, source).Resolve(environment);

    /// <summary>The node at a path, also when it is null; nothing when it was never mentioned.</summary>
    public HoconNode? Find(string path) => Root.Find(HoconPath.Parse(path));

    /// <summary>True when there is a value or an object that is not null.</summary>
    public bool Has(string path) => Find(path) is { IsNull: false };

    public string GetString(string path) => Get<string>(path, HoconReading.Text);

    public bool GetBoolean(string path) => Get<bool>(path, HoconReading.Boolean);

    public long GetInt64(string path) => Get<long>(path, HoconReading.Int64);

    public int GetInt32(string path) => Get<int>(path, static (HoconNode node, out int value) =>
    {
        var expected = HoconReading.Int64(node, out var wide);
        value = (int)wide;
        return expected ?? (value == wide ? null : "a whole number of 32 bits");
    });

    public double GetDouble(string path) => Get<double>(path, HoconReading.Double);

    /// <summary>A number without a unit counts milliseconds.</summary>
    public TimeSpan GetDuration(string path) => Get<TimeSpan>(path, static (HoconNode node, out TimeSpan value) =>
        HoconReading.Duration(node, DurationUnit.Milliseconds, out value));

    public HoconPeriod GetPeriod(string path) => Get<HoconPeriod>(path, HoconReading.Period);

    /// <summary>In bytes.</summary>
    public long GetSize(string path) => Get<long>(path, HoconReading.Size);

    /// <summary>A list, or one text with commas, as Kafka writes lists.</summary>
    public IReadOnlyList<string> GetStringList(string path) => Get<IReadOnlyList<string>>(path, HoconReading.TextList);

    public IReadOnlyList<HoconNode> GetList(string path) => Get<IReadOnlyList<HoconNode>>(path,
        static (HoconNode node, out IReadOnlyList<HoconNode> items) =>
        {
            var found = node.ItemsOrNumberedFields();
            items = found ?? [];
            return found is null ? "a list such as [a, b]" : null;
        });

    public HoconConfig GetConfig(string path)
    {
        var node = Existing(path);
        return node.IsObject ? new HoconConfig(node) : throw Mistyped(path, node, "an object such as { a = 1 }");
    }

    T Get<T>(string path, Reader<T> read)
    {
        var node = Existing(path);
        return read(node, out var value) is { } expected ? throw Mistyped(path, node, expected) : value;
    }

    HoconNode Existing(string path) => Find(path) switch
    {
        null => throw new HoconException(Root.Origin, $"the setting {path} is missing; add it"),
        { IsNull: true } node => throw new HoconException(node.Origin,
            $"the setting {path} is null, but a value is needed"),
        var node => node,
    };

    static HoconException Mistyped(string path, HoconNode node, string expected) =>
        new(node.Origin, $"the setting {path} must be {expected}; found {HoconReading.Describe(node)}");
}
