namespace AkkaStream.Client.Settings;

/// <summary>What an admin client must be told: connections and waits, which all clients share.</summary>
public sealed record AdminSettings
{
    /// <summary>Connections and waits.</summary>
    public ClientSettings Client { get; init; } = new();

    /// <summary>Admin settings for some brokers, with all else at its default.</summary>
    public static AdminSettings For(string bootstrapServers) => new() { Client = ClientSettings.For(bootstrapServers) };

    /// <exception cref="KafkaConfigException">A value cannot be used.</exception>
    public static AdminSettings FromProperties(IReadOnlyDictionary<string, string> properties) =>
        new() { Client = ClientSettings.FromProperties(properties) };
}
