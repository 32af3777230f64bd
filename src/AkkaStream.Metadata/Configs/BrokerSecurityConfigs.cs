using static AkkaStream.Metadata.Configs.ConfigImportance;
using static AkkaStream.Metadata.Configs.ConfigRows;
using static AkkaStream.Metadata.Configs.ConfigRules;
using static AkkaStream.Metadata.Configs.ConfigUpdateMode;
using static AkkaStream.Metadata.Configs.UnusedReasons;

namespace AkkaStream.Metadata.Configs;

/// <summary>Broker settings of logins and rights.</summary>
static class BrokerSecurityConfigs
{
    public static readonly ConfigKey[] Rows =
    [
        Text("authorizer.class.name", "", NotNull, Low,
            "Which authorizer decides what users may do; empty lets everyone do everything."),
        Long("delegation.token.expiry.check.interval.ms", "3600000", Min(1), Low,
            "How often expired delegation tokens are looked for."),
        Long("delegation.token.expiry.time.ms", "86400000", Min(1), Medium,
            "How long a delegation token lasts unless it is renewed."),
        Long("delegation.token.max.lifetime.ms", "604800000", Min(1), Medium,
            "How long a delegation token can be renewed."),
        Secret("delegation.token.secret.key", null, Medium,
            "Key with which delegation tokens are made; the same on all brokers."),
        Class("principal.builder.class",
            "org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder", Medium,
            "Class that makes a user's name out of a login.", PerBroker, JavaClass),
        Class("sasl.client.callback.handler.class", null, Medium,
            "Class that answers questions of a client-side login.", unused: JavaClass),
        List("sasl.enabled.mechanisms", "GSSAPI", Items, Medium, "SASL mechanisms that clients may use.", PerBroker),
        Secret("sasl.jaas.config", null, Medium,
            "Users, passwords and login modules, one entry for each listener and mechanism.", PerBroker),
        Text("sasl.kerberos.kinit.cmd", "/usr/bin/kinit", Any, Medium,
            "Path of the kinit command.", PerBroker, Kerberos),
        Long("sasl.kerberos.min.time.before.relogin", "60000", Any, Medium,
            "Least time between two Kerberos logins.", PerBroker, Kerberos),
        List("sasl.kerberos.principal.to.local.rules", "DEFAULT", Items, Medium,
            "Rules that make short names out of Kerberos principals.", PerBroker, Kerberos),
        Text("sasl.kerberos.service.name", null, Any, Medium,
            "Kerberos service name of the brokers.", PerBroker, Kerberos),
        Real("sasl.kerberos.ticket.renew.jitter", "0.05", Any, Medium,
            "Random part of the time until a ticket is renewed.", PerBroker, Kerberos),
        Real("sasl.kerberos.ticket.renew.window.factor", "0.8", Any, Medium,
            "Part of a ticket's life after which it is renewed.", PerBroker, Kerberos),
        Class("sasl.login.callback.handler.class", null, Medium,
            "Class that answers questions of a login.", unused: JavaClass),
        Class("sasl.login.class", null, Medium, "Class that logs in.", unused: JavaClass),
        Int("sasl.login.connect.timeout.ms", null, Any, Low,
            "How long a login waits for a connection to the identity provider.", unused: OAuthLogin),
        Int("sasl.login.read.timeout.ms", null, Any, Low,
            "How long a login waits for the identity provider's answer.", unused: OAuthLogin),
        Short("sasl.login.refresh.buffer.seconds", "300", Any, Medium,
            "Time before its end at which a token is renewed at the latest.", PerBroker, OAuthLogin),
        Short("sasl.login.refresh.min.period.seconds", "60", Any, Medium,
            "Least time between two renewals of a token.", PerBroker, OAuthLogin),
        Real("sasl.login.refresh.window.factor", "0.8", Any, Medium,
            "Part of a token's life after which it is renewed.", PerBroker, OAuthLogin),
        Real("sasl.login.refresh.window.jitter", "0.05", Any, Medium,
            "Random part of that time.", PerBroker, OAuthLogin),
        Long("sasl.login.retry.backoff.max.ms", "10000", Any, Low,
            "Longest pause between tries to reach the identity provider.", unused: OAuthLogin),
        Long("sasl.login.retry.backoff.ms", "100", Any, Low,
            "First pause between tries to reach the identity provider.", unused: OAuthLogin),
        Text("sasl.mechanism.inter.broker.protocol", "GSSAPI", Any, Medium,
            "SASL mechanism with which brokers log in to each other.", PerBroker),
        Class("sasl.server.callback.handler.class", null, Medium,
            "Class that answers questions of a server-side login.", unused: JavaClass),
        Int("sasl.server.max.receive.size", "524288", Any, Medium, "Largest message accepted during a login."),
        Text("security.providers", null, Any, Low, "Java security providers to load.", unused: JavaClass),
    ];
}
