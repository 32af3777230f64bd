using AkkaStream.TestKit.Processes;

namespace AkkaStream.Chaos.Tests.Kills;

/// <summary>One connection for each member that a group may have: whoever waits for the others of its group holds up nobody else.</summary>
sealed class Connections : IAsyncDisposable
{
    public const int Most = 4;

    readonly List<WireClient> _clients = [];

    public WireClient this[int member] => _clients[member];

    public static async Task<Connections> OpenAsync(BrokerProcess broker)
    {
        var connections = new Connections();
        for (int i = 0; i < Most; i++) connections._clients.Add(await WireClient.ConnectAsync(broker.Address));
        return connections;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) await client.DisposeAsync();
    }
}
