namespace AkkaStream.Server.Settings;

/// <summary>
/// Broker properties that older Kafkas had and 4.3 has no more. Files from then still hold them: each gets one line that
/// says what became of it, and none stops the start.
/// </summary>
static class RetiredNames
{
    const string ZooKeeper = "there is no ZooKeeper; metadata lives in the embedded store";
    const string Versions = "every client version is served at once, so nothing needs to be held back during an upgrade";
    const string MessageFormat = "records are always stored in the current format and are answered to every client";
    const string Passwords = "passwords that are set while the broker runs are not kept in ZooKeeper";
    const string Ids = "a broker without an id takes the one in its data directory, or else 1";
    const string Jmx = "there is no JMX";
    const string Addresses = "write it as listeners and advertised.listeners, such as listeners=PLAINTEXT://host:9092";

    static readonly Dictionary<string, string> Known = new()
    {
        ["broker.id.generation.enable"] = Ids,
        ["reserved.broker.max.id"] = Ids,
        ["control.plane.listener.name"] = "requests of the controller need no listener of their own",
        ["inter.broker.protocol.version"] = Versions,
        ["log.message.format.version"] = MessageFormat,
        ["log.message.downconversion.enable"] = MessageFormat,
        ["log.message.timestamp.difference.max.ms"] = "use log.message.timestamp.before.max.ms and log.message.timestamp.after.max.ms",
        ["host.name"] = Addresses,
        ["port"] = Addresses,
        ["advertised.host.name"] = Addresses,
        ["advertised.port"] = Addresses,
        ["delegation.token.master.key"] = "use delegation.token.secret.key",
        ["password.encoder.secret"] = Passwords,
        ["password.encoder.old.secret"] = Passwords,
        ["password.encoder.cipher.algorithm"] = Passwords,
        ["password.encoder.iterations"] = Passwords,
        ["password.encoder.key.length"] = Passwords,
        ["password.encoder.keyfactory.algorithm"] = Passwords,
        ["quota.producer.default"] = "set producer_byte_rate for the default client instead: kafka-configs --entity-type clients --entity-default",
        ["quota.consumer.default"] = "set consumer_byte_rate for the default client instead: kafka-configs --entity-type clients --entity-default",
        ["metrics.jmx.include"] = Jmx,
        ["metrics.jmx.exclude"] = Jmx,
        ["metrics.jmx.whitelist"] = Jmx,
        ["metrics.jmx.blacklist"] = Jmx,
        ["offsets.commit.required.acks"] = "a committed offset is always on every in-sync replica before it is answered",
        ["leader.imbalance.per.broker.percentage"] = "leaders go back to the preferred replica whatever the share of those that moved",
        ["clientPort"] = ZooKeeper,
        ["dataDir"] = ZooKeeper,
        ["maxClientCnxns"] = ZooKeeper,
    };

    static readonly string[] Prefixes = ["zookeeper.", "confluent."];

    /// <summary>What became of it; null for names that no Kafka had.</summary>
    public static string? Find(string name)
    {
        if (Known.TryGetValue(name, out string? reason)) return reason;
        return Array.FindIndex(Prefixes, prefix => name.StartsWith(prefix, StringComparison.Ordinal)) switch
        {
            0 => ZooKeeper,
            1 => "it belongs to another vendor's server",
            _ => null,
        };
    }
}
