namespace AkkaStream.Tidy.Tests;

/// <summary>Who may know whom: the law of the house. A project may reference less than its row says, never more.</summary>
static class RoomTable
{
    static readonly string[] Clustered = ["Actors", "Hocon", "Log", "Metadata", "Net", "Protocol"];

    public static readonly Dictionary<string, string[]> MayReference = new()
    {
        ["Hocon"] = [],
        ["Actors"] = ["Hocon"],
        ["Protocol"] = [],
        ["Protocol.Generator"] = [],
        ["Log"] = ["Protocol"],
        ["Net"] = ["Protocol"],
        ["Metadata"] = ["Protocol"],
        ["Coordinators"] = ["Metadata", "Protocol"],
        ["Cluster"] = Clustered,
        ["Replication"] = Clustered,
        ["Broker"] = [.. Clustered, "Cluster", "Coordinators", "Replication"],
        ["Management"] = [],
        ["Server"] = [.. Clustered, "Broker", "Cli", "Client", "Cluster", "Coordinators", "Management", "Replication"],
        ["Client"] = ["Actors", "Hocon", "Net", "Protocol"],
        ["Cli"] = ["Client", "Log", "Management", "Protocol"],
    };
}
