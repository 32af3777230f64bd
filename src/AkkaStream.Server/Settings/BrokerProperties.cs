using System.Globalization;
using AkkaStream.Hocon;
using AkkaStream.Metadata.Configs;

namespace AkkaStream.Server.Settings;

/// <summary>
/// Kafka's broker properties out of a configuration: by Kafka's name, with values as Kafka writes them, so that every room
/// and every tool sees the same. HOCON's comforts (units, lists, yes and no) are turned into Kafka's plain form here. A name
/// that has no effect gets one line; one that nobody knows is a warning in Kafka's files and stops the start in HOCON.
/// </summary>
sealed class BrokerProperties
{
    const string Overrides = "--override";
    const string PerListener = "listener.name.";

    readonly SettingsBinder _binder;
    readonly SettingsSection _root;
    readonly string? _kafkaFile;
    readonly Dictionary<string, string> _values = [];
    readonly Dictionary<string, HoconOrigin> _origins = [];

    public BrokerProperties(SettingsBinder binder, SettingsSection root, string? kafkaFile)
    {
        _binder = binder;
        _root = root;
        _kafkaFile = kafkaFile;
    }

    public IReadOnlyDictionary<string, string> Values => _values;

    /// <summary>One line for each name without effect; shown at the start, once.</summary>
    public List<string> Warnings { get; } = [];

    public HoconOrigin OriginOf(string name) => _origins.GetValueOrDefault(name, HoconOrigin.Of(_kafkaFile ?? "the settings"));

    public void Read()
    {
        _binder.Suggest(() => ConfigTable.Broker.Keys.Select(key => _root.PathOf(key.Name)));
        bool understood = true;
        foreach (var value in _root.Values())
        {
            if (ConfigTable.Broker.Find(value.Name) is { } key || IsForListener(value.Name, out key)) understood &= Take(value, key);
            else if (RetiredNames.Find(value.Name) is { } reason)
            {
                _binder.Accept([value.Path]);
                Warn(value, $"{value.Name} was a setting of older Kafkas and has no effect: {reason}");
            }
            else if (IsKafkas(value.Node.Origin)) TakeUnknown(value);
        }
        if (understood) CheckTogether();
    }

    static bool IsForListener(string name, out ConfigKey key)
    {
        key = name.StartsWith(PerListener, StringComparison.Ordinal) && ConfigTable.FindBroker(name) is { } found ? found : null!;
        return key is not null;
    }

    bool Take(SettingsValue value, ConfigKey key)
    {
        _binder.Accept([value.Path]);
        if (value.IsDefault || value.Node.IsNull) return true;
        string text = AsKafkaWrites(value, key);
        if (!key.TryParse(text, out _, out string error))
        {
            _root.Complain(value.Node.Origin, error);
            return false;
        }
        // Old files say -1 for "find an id yourself".
        if (value.Name == "broker.id" && text.Trim() == "-1") return true;
        _values[value.Name] = text;
        _origins[value.Name] = value.Node.Origin;
        CheckSecurity(value, key, text.Trim());
        if (key.Unused is { } reason && !IsOfTls(key.Name) && !IsOfSasl(key.Name)) Warn(value, reason.Explain(value.Name));
        return true;
    }

    /// <summary>Who asks for protection must not be left to believe that there is any.</summary>
    void CheckSecurity(SettingsValue value, ConfigKey key, string text)
    {
        if (key.Name == "authorizer.class.name" && text.Length > 0)
        {
            _root.Complain(value.Node.Origin, "authorizer.class.name asks for access control, which is not served yet: every client may do " +
                "everything. Remove it to start all the same, and keep the port from strangers by other means");
        }
        else if (IsOfTls(key.Name) || IsOfSasl(key.Name))
            Warn(value, $"{value.Name} has no effect yet: listeners with {(IsOfTls(key.Name) ? "TLS" : "SASL")} are not served");
    }

    static bool IsOfTls(string name) => name.StartsWith("ssl.", StringComparison.Ordinal);

    static bool IsOfSasl(string name) => name.StartsWith("sasl.", StringComparison.Ordinal);

    /// <summary>Own settings are read by their rooms; anything else in a Kafka file is kept out of the way with a word.</summary>
    void TakeUnknown(SettingsValue value)
    {
        if (_binder.IsKnown(value.Path)) return;
        _binder.Accept([value.Path]);
        string? nearest = SettingsBinder.Nearest(value.Name, ConfigTable.Broker.Keys.Select(key => key.Name));
        Warn(value, nearest is null
            ? $"{value.Name} is no setting of Kafka's or of AkkaStream's and has no effect"
            : $"{value.Name} is no setting and has no effect; did you mean {nearest}?");
    }

    void Warn(SettingsValue value, string text) => Warnings.Add($"{value.Node.Origin}: {text}");

    bool IsKafkas(HoconOrigin origin) => origin.Source == Overrides || origin.Source == _kafkaFile
        || origin.Source.StartsWith(PropertiesFile.VariableOrigin, StringComparison.Ordinal);

    void CheckTogether()
    {
        foreach (string problem in BrokerStartRules.Check(_values))
        {
            string? named = _values.Keys.Where(name => problem.Contains(name, StringComparison.Ordinal)).MaxBy(name => name.Length);
            _root.Complain(OriginOf(named ?? ""), problem);
        }
    }

    string AsKafkaWrites(SettingsValue value, ConfigKey key)
    {
        var node = value.Node;
        if (node.Kind == HoconKind.List) return string.Join(',', node.Items.Select(item => item.Text));
        if (IsKafkas(node.Origin)) return node.Text;
        return key.Type switch
        {
            ConfigType.Boolean => node.Text switch { "yes" or "on" => "true", "no" or "off" => "false", _ => node.Text },
            ConfigType.Int or ConfigType.Long or ConfigType.Short when !IsPlainNumber(node.Text) => WithoutUnit(value.Name),
            _ => node.Text,
        };
    }

    static bool IsPlainNumber(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);

    /// <summary>What a number counts stands at the end of Kafka's name for it; what is no time is a size or a plain number.</summary>
    string WithoutUnit(string name)
    {
        (DurationUnit Unit, TimeSpan Length)? time = name switch
        {
            _ when name.EndsWith(".ms", StringComparison.Ordinal) => (DurationUnit.Milliseconds, TimeSpan.FromMilliseconds(1)),
            _ when name.EndsWith(".seconds", StringComparison.Ordinal) => (DurationUnit.Seconds, TimeSpan.FromSeconds(1)),
            _ when name.EndsWith(".minutes", StringComparison.Ordinal) => (DurationUnit.Minutes, TimeSpan.FromMinutes(1)),
            _ when name.EndsWith(".hours", StringComparison.Ordinal) => (DurationUnit.Hours, TimeSpan.FromHours(1)),
            _ => null,
        };
        if (time is not { } counted) return _root.Size(name, min: long.MinValue).ToString(CultureInfo.InvariantCulture);
        var duration = _root.Duration(name, counted.Unit, TimeSpan.MinValue);
        if (duration.Ticks % counted.Length.Ticks != 0)
            _root.Complain(_root.OriginOf(name), $"{name} counts whole {counted.Unit.ToString().ToLowerInvariant()}; {duration} is none");
        return (duration.Ticks / counted.Length.Ticks).ToString(CultureInfo.InvariantCulture);
    }
}
