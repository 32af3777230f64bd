using System.Net;

namespace AkkaStream.Net;

/// <summary>What Net must be told; the server binds it from the configuration.</summary>
public sealed record NetSettings
{
    /// <summary>Threads that serve connections; 0 leaves the number to the server, which knows num.network.threads and the machine.</summary>
    public int Loops { get; init; }

    /// <summary>socket.request.max.bytes</summary>
    public int RequestMaxBytes { get; init; } = 104_857_600;

    /// <summary>connections.max.idle.ms</summary>
    public TimeSpan MaxIdle { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>max.connections, and max.connections.per.ip with its overrides.</summary>
    public int MaxConnections { get; init; } = int.MaxValue;
    public int MaxConnectionsPerAddress { get; init; } = int.MaxValue;
    public IReadOnlyDictionary<IPAddress, int> MaxConnectionsOverrides { get; init; } = new Dictionary<IPAddress, int>();

    /// <summary>socket.listen.backlog.size</summary>
    public int Backlog { get; init; } = 50;
    public SocketBuffers SocketBuffers { get; init; } = new(-1, -1);

    /// <summary>A connection with more unanswered requests, or more unsent bytes, is not read until it has fewer.</summary>
    public int MaxInFlight { get; init; } = 500;
    public int MaxUnsentBytes { get; init; } = 16 << 20;

    /// <summary>What requests under way may take in memory in all (queued.max.request.bytes); -1: a quarter of what the process may use.</summary>
    public long RequestMemory { get; init; } = -1;

    /// <summary>How long requests may wait for memory before the largest of them is given up.</summary>
    public TimeSpan MemoryPatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often idle connections are looked for.</summary>
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>One listener: its name is what clients and configs call it, its address where it listens.</summary>
public sealed record ListenerSettings(string Name, IPEndPoint Address)
{
    public string SecurityProtocol { get; init; } = "PLAINTEXT";
}

/// <summary>Plain counters of one loop; read from other threads, a little late at worst.</summary>
public sealed class NetCounters
{
    public long Frames, BytesIn, BytesOut, Opened;
    public readonly long[] Ended = new long[Enum.GetValues<EndReason>().Length];
}
