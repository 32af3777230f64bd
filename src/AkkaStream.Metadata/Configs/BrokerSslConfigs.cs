using static AkkaStream.Metadata.Configs.ConfigImportance;
using static AkkaStream.Metadata.Configs.ConfigRows;
using static AkkaStream.Metadata.Configs.ConfigRules;
using static AkkaStream.Metadata.Configs.ConfigUpdateMode;
using static AkkaStream.Metadata.Configs.UnusedReasons;

namespace AkkaStream.Metadata.Configs;

/// <summary>Broker settings of TLS.</summary>
static class BrokerSslConfigs
{
    public static readonly ConfigKey[] Rows =
    [
        Flag("ssl.allow.dn.changes", "false", Low,
            "Accept a new certificate with another distinguished name while running."),
        Flag("ssl.allow.san.changes", "false", Low,
            "Accept a new certificate with other alternative names while running."),
        List("ssl.cipher.suites", "", Items, Medium,
            "Cipher suites allowed; empty leaves it to the system.", PerBroker),
        Text("ssl.client.auth", "none", OneOf("required", "requested", "none"), Medium,
            "Whether clients must, may or need not show a certificate.", PerBroker),
        List("ssl.enabled.protocols", "TLSv1.2,TLSv1.3", Items, Medium, "TLS versions allowed.", PerBroker),
        Text("ssl.endpoint.identification.algorithm", "https", Any, Low,
            "How a host name is checked against its certificate; empty for not at all.", PerBroker),
        Class("ssl.engine.factory.class", null, Low, "Class that makes TLS engines.", PerBroker, JavaClass),
        Secret("ssl.key.password", null, Medium, "Password of the private key.", PerBroker),
        Text("ssl.keymanager.algorithm", "SunX509", Any, Medium, "Java's way of choosing a key.", PerBroker, JavaTls),
        Secret("ssl.keystore.certificate.chain", null, Medium, "Certificate chain in PEM form.", PerBroker),
        Secret("ssl.keystore.key", null, Medium, "Private key in PEM form.", PerBroker),
        Text("ssl.keystore.location", null, Any, Medium, "File with key and certificates.", PerBroker),
        Secret("ssl.keystore.password", null, Medium, "Password of that file.", PerBroker),
        Text("ssl.keystore.type", "JKS", Any, Medium,
            "Form of that file: PEM or PKCS12; Java's own JKS cannot be read.", PerBroker),
        Text("ssl.principal.mapping.rules", "DEFAULT", Any, Low, "Rules that make a user's name out of a certificate."),
        Text("ssl.protocol", "TLSv1.3", Any, Medium,
            "TLS version used when this broker connects to others.", PerBroker),
        Text("ssl.provider", null, Any, Medium, "Java's TLS provider.", PerBroker, JavaTls),
        Text("ssl.secure.random.implementation", null, Any, Low,
            "Java's source of random numbers.", PerBroker, JavaTls),
        Text("ssl.trustmanager.algorithm", "PKIX", Any, Medium,
            "Java's way of checking certificates.", PerBroker, JavaTls),
        Secret("ssl.truststore.certificates", null, Medium, "Trusted certificates in PEM form.", PerBroker),
        Text("ssl.truststore.location", null, Any, Medium, "File with trusted certificates.", PerBroker),
        Secret("ssl.truststore.password", null, Medium, "Password of that file.", PerBroker),
        Text("ssl.truststore.type", "JKS", Any, Medium,
            "Form of that file: PEM or PKCS12; Java's own JKS cannot be read.", PerBroker),
    ];
}
