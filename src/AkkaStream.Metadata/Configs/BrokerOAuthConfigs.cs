using static AkkaStream.Metadata.Configs.ConfigImportance;
using static AkkaStream.Metadata.Configs.ConfigRows;
using static AkkaStream.Metadata.Configs.ConfigRules;
using static AkkaStream.Metadata.Configs.UnusedReasons;

namespace AkkaStream.Metadata.Configs;

/// <summary>Broker settings of OAuth tokens.</summary>
static class BrokerOAuthConfigs
{
    public static readonly ConfigKey[] Rows =
    [
        Text("sasl.oauthbearer.assertion.algorithm", "RS256", OneOfAnyCase("ES256", "RS256"), Medium,
            "Algorithm that signs an assertion.", unused: OAuthLogin),
        Text("sasl.oauthbearer.assertion.claim.aud", null, Any, Medium,
            "Audience written into an assertion.", unused: OAuthLogin),
        Int("sasl.oauthbearer.assertion.claim.exp.seconds", "300", Between(0, 86400), Low,
            "Life of an assertion.", unused: OAuthLogin),
        Text("sasl.oauthbearer.assertion.claim.iss", null, Any, Medium,
            "Issuer written into an assertion.", unused: OAuthLogin),
        Flag("sasl.oauthbearer.assertion.claim.jti.include", "false", Medium,
            "Whether an assertion gets a number of its own.", unused: OAuthLogin),
        Int("sasl.oauthbearer.assertion.claim.nbf.seconds", "60", Between(0, 3600), Low,
            "How long before now an assertion is valid already.", unused: OAuthLogin),
        Text("sasl.oauthbearer.assertion.claim.sub", null, Any, Medium,
            "Subject written into an assertion.", unused: OAuthLogin),
        Text("sasl.oauthbearer.assertion.file", null, Any, Medium,
            "File with a ready-made assertion.", unused: OAuthLogin),
        Text("sasl.oauthbearer.assertion.private.key.file", null, Any, Medium,
            "File with the key that signs assertions.", unused: OAuthLogin),
        Secret("sasl.oauthbearer.assertion.private.key.passphrase", null, Medium,
            "Pass phrase of that key.", unused: OAuthLogin),
        Text("sasl.oauthbearer.assertion.template.file", null, Any, Medium,
            "File with headers and claims for assertions.", unused: OAuthLogin),
        Text("sasl.oauthbearer.client.credentials.client.id", null, Any, Medium,
            "Name under which tokens are asked for.", unused: OAuthLogin),
        Secret("sasl.oauthbearer.client.credentials.client.secret", null, Medium,
            "Secret that belongs to that name.", unused: OAuthLogin),
        Int("sasl.oauthbearer.clock.skew.seconds", "30", Any, Low, "How far the identity provider's clock may be off."),
        List("sasl.oauthbearer.expected.audience", "", Items, High, "Audiences of which a token must name one."),
        Text("sasl.oauthbearer.expected.issuer", null, Any, High, "Issuer that a token must name."),
        Long("sasl.oauthbearer.jwks.endpoint.refresh.ms", "3600000", Any, Low,
            "How often the identity provider's keys are fetched."),
        Long("sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms", "10000", Any, Low,
            "Longest pause between tries to fetch these keys."),
        Long("sasl.oauthbearer.jwks.endpoint.retry.backoff.ms", "100", Any, Low,
            "First pause between tries to fetch these keys."),
        Text("sasl.oauthbearer.jwks.endpoint.url", null, Any, Medium,
            "Where the identity provider's keys are fetched."),
        Class("sasl.oauthbearer.jwt.retriever.class",
            "org.apache.kafka.common.security.oauthbearer.DefaultJwtRetriever", Medium,
            "Class that fetches tokens.", unused: JavaClass),
        Class("sasl.oauthbearer.jwt.validator.class",
            "org.apache.kafka.common.security.oauthbearer.DefaultJwtValidator", Medium,
            "Class that checks tokens.", unused: JavaClass),
        Text("sasl.oauthbearer.scope", null, Any, Medium, "Scope asked for with a token.", unused: OAuthLogin),
        Text("sasl.oauthbearer.scope.claim.name", "scope", Any, Low, "Claim that holds a token's scope."),
        Text("sasl.oauthbearer.sub.claim.name", "sub", Any, Low, "Claim that holds the user's name."),
        Text("sasl.oauthbearer.token.endpoint.url", null, Any, Medium,
            "Where tokens are asked for.", unused: OAuthLogin),
    ];
}
