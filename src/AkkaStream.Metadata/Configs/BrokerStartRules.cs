namespace AkkaStream.Metadata.Configs;

/// <summary>
/// What a broker's configs must fulfil when it starts, beyond the rules of each by itself. All problems are told at
/// once, in Kafka's words where Kafka looks too. Listeners are looked at where they are opened. Pure.
/// </summary>
public static class BrokerStartRules
{
    static readonly string[] Kinds = ["consumer", "share", "streams"];

    static readonly string[] ShareLimits =
        ["record.lock.duration.ms", "delivery.count.limit", "partition.max.record.locks"];

    public static List<string> Check(IReadOnlyDictionary<string, string> fromFile)
    {
        var problems = new List<string>();
        foreach (var name in fromFile.Keys.Order(StringComparer.Ordinal))
        {
            if (ConfigTable.FindBroker(name) is { } key && !key.TryParse(fromFile[name], out _, out var error))
                problems.Add(error);
        }

        // What cannot be read cannot be compared.
        if (problems.Count > 0) return problems;
        var layers = new BrokerLayers(fromFile);
        problems.AddRange(CheckNode(layers).OfType<string>());
        foreach (var kind in Kinds) problems.AddRange(CheckGroups(layers, kind).OfType<string>());
        problems.AddRange(CheckShareGroups(layers).OfType<string>());
        return problems;
    }

    static IEnumerable<string?> CheckNode(BrokerLayers layers)
    {
        if (layers.ValueOf("node.id") is { } node && node.Number != layers.NumberOf("broker.id"))
            yield return "You must set `node.id` to the same value as `broker.id`.";
        yield return BrokerRules.CheckLogs(layers);
        yield return BrokerRules.CheckCordoned(layers);
        yield return BrokerRules.CheckAddresses(layers);
        if (layers.NumberOf("replica.fetch.wait.max.ms") > layers.NumberOf("replica.socket.timeout.ms"))
        {
            yield return "replica.socket.timeout.ms should always be at least replica.fetch.wait.max.ms " +
                "to prevent unnecessary socket timeouts";
        }

        if (layers.NumberOf("replica.fetch.wait.max.ms") > layers.NumberOf("replica.lag.time.max.ms"))
        {
            yield return "replica.fetch.wait.max.ms should always be less than or equal to replica.lag.time.max.ms " +
                "to prevent frequent changes in ISR";
        }

        var queued = layers.NumberOf("queued.max.request.bytes");
        if (queued > 0 && queued < layers.NumberOf("socket.request.max.bytes"))
            yield return "queued.max.request.bytes must be larger or equal to socket.request.max.bytes";
        var delay = layers.NumberOf("connection.failed.authentication.delay.ms");
        var idle = layers.NumberOf("connections.max.idle.ms");
        if (idle > 0 && delay >= idle)
        {
            yield return $"connection.failed.authentication.delay.ms={delay} should always be less than " +
                $"connections.max.idle.ms={idle} to prevent failed authentication responses from timing out";
        }

        foreach (var topic in (string[])["offsets.topic", "share.coordinator.state.topic"])
        {
            if (layers.NumberOf($"{topic}.compression.codec") is var codec and (< 0 or > 4))
                yield return $"Unknown compression type id: {codec}";
        }

        if (layers.ValueOf("group.coordinator.rebalance.protocols")?.Items.Contains("classic") == false)
            yield return "Disabling the 'classic' protocol is not supported.";
    }

    static IEnumerable<string?> CheckGroups(BrokerLayers layers, string kind)
    {
        foreach (var name in (string[])["heartbeat.interval.ms", "session.timeout.ms", "assignment.interval.ms"])
        {
            var (value, min, max) = ($"group.{kind}.{name}", $"group.{kind}.min.{name}", $"group.{kind}.max.{name}");
            yield return AtLeast(layers, max, min);
            yield return AtLeast(layers, value, min);
            yield return AtMost(layers, value, max);
        }

        var (heartbeat, session) = ($"group.{kind}.heartbeat.interval.ms", $"group.{kind}.session.timeout.ms");
        if (layers.NumberOf(heartbeat) >= layers.NumberOf(session))
            yield return $"{heartbeat} must be less than {session}";
        if (kind == "streams")
            yield return AtMost(layers, "group.streams.num.standby.replicas", "group.streams.max.standby.replicas");
    }

    static IEnumerable<string?> CheckShareGroups(BrokerLayers layers)
    {
        foreach (var name in ShareLimits)
        {
            yield return AtLeast(layers, $"group.share.{name}", $"group.share.min.{name}");
            yield return AtLeast(layers, $"group.share.max.{name}", $"group.share.{name}");
        }

        yield return AtLeast(layers, "group.share.max.share.sessions", "group.share.max.size");
    }

    static string? AtMost(BrokerLayers layers, string name, string most) =>
        layers.NumberOf(name) <= layers.NumberOf(most) ? null : $"{name} must be less than or equal to {most}";

    static string? AtLeast(BrokerLayers layers, string name, string least) =>
        layers.NumberOf(name) >= layers.NumberOf(least) ? null : $"{name} must be greater than or equal to {least}";
}
