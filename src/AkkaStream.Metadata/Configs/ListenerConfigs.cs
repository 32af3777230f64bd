namespace AkkaStream.Metadata.Configs;

/// <summary>
/// Broker settings for one listener: <c>listener.name.NAME.KEY</c>, and for one SASL mechanism of it
/// <c>listener.name.NAME.MECHANISM.KEY</c>.
/// </summary>
static class ListenerConfigs
{
    const string Prefix = "listener.name.";

    static readonly string[] PerMechanism =
    [
        "connections.max.reauth.ms", "sasl.jaas.config", "sasl.login.callback.handler.class", "sasl.login.class",
        "sasl.server.callback.handler.class",
    ];

    public static bool IsForListener(string name) => AfterListener(name) is not null;

    /// <summary>The name without listener and mechanism; the name itself when it has neither.</summary>
    public static string PlainName(string name)
    {
        if (AfterListener(name) is not { } key) return name;
        return Array.Find(PerMechanism, mechanismKey => key.EndsWith(mechanismKey, StringComparison.Ordinal)) ?? key;
    }

    static string? AfterListener(string name)
    {
        if (!name.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        var dot = name.IndexOf('.', Prefix.Length);
        return dot < 0 ? null : name[(dot + 1)..];
    }
}
