namespace AkkaStream.Client.Settings;

/// <summary>
/// The names of Kafka's client properties: those that steer Java classes or are of no use here are accepted in silence, so that a
/// properties file of a Java client works as it is.
/// </summary>
static class KnownProperties
{
    static readonly string[] Names =
    [
        "acks", "allow.auto.create.topics", "auto.commit.interval.ms", "auto.include.jmx.reporter", "auto.offset.reset", "batch.size",
        "bootstrap.servers", "bootstrap.controllers", "buffer.memory", "check.crcs", "client.dns.lookup", "client.id", "client.rack",
        "compression.gzip.level", "compression.lz4.level", "compression.type", "compression.zstd.level", "config.providers",
        "connections.max.idle.ms", "default.api.timeout.ms", "delivery.timeout.ms", "enable.auto.commit", "enable.idempotence",
        "enable.metrics.push", "exclude.internal.topics", "fetch.max.bytes", "fetch.max.wait.ms", "fetch.min.bytes", "group.id",
        "group.instance.id", "group.protocol", "group.remote.assignor", "heartbeat.interval.ms", "interceptor.classes", "isolation.level",
        "key.deserializer", "key.serializer", "linger.ms", "max.block.ms", "max.in.flight.requests.per.connection",
        "max.partition.fetch.bytes", "max.poll.interval.ms", "max.poll.records", "max.request.size", "metadata.max.age.ms",
        "metadata.max.idle.ms", "metadata.recovery.rebootstrap.trigger.ms", "metadata.recovery.strategy", "metric.reporters",
        "metrics.num.samples", "metrics.recording.level", "metrics.sample.window.ms", "partition.assignment.strategy",
        "partitioner.adaptive.partitioning.enable", "partitioner.availability.timeout.ms", "partitioner.class",
        "partitioner.ignore.keys", "receive.buffer.bytes", "reconnect.backoff.max.ms", "reconnect.backoff.ms", "request.timeout.ms",
        "retries", "retry.backoff.max.ms", "retry.backoff.ms", "sasl.client.callback.handler.class", "sasl.jaas.config",
        "sasl.kerberos.kinit.cmd", "sasl.kerberos.min.time.before.relogin", "sasl.kerberos.service.name", "sasl.login.class",
        "sasl.login.callback.handler.class", "sasl.mechanism", "security.protocol", "security.providers", "send.buffer.bytes",
        "session.timeout.ms", "share.acknowledgement.mode", "socket.connection.setup.timeout.max.ms",
        "socket.connection.setup.timeout.ms", "ssl.ca.location", "ssl.cipher.suites", "ssl.enabled.protocols",
        "ssl.endpoint.identification.algorithm", "ssl.engine.factory.class", "ssl.key.password", "ssl.keymanager.algorithm",
        "ssl.keystore.certificate.chain", "ssl.keystore.key", "ssl.keystore.location", "ssl.keystore.password", "ssl.keystore.type",
        "ssl.protocol", "ssl.provider", "ssl.secure.random.implementation", "ssl.trustmanager.algorithm",
        "ssl.truststore.certificates", "ssl.truststore.location", "ssl.truststore.password", "ssl.truststore.type",
        "throw.on.fetch.stable.offset.unsupported", "transaction.timeout.ms", "transaction.two.phase.commit.enable",
        "transactional.id", "value.deserializer", "value.serializer",
    ];

    public static bool IsKnown(string name) =>
        Array.BinarySearch(Names, name, StringComparer.Ordinal) >= 0 || Array.IndexOf(Names, name) >= 0
        || name.StartsWith("sasl.", StringComparison.Ordinal) || name.StartsWith("ssl.", StringComparison.Ordinal);

    public static string? Nearest(string name) => NearestName.Of(name, Names);
}
