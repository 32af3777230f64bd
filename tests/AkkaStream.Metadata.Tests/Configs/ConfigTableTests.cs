using System.Text.Json.Nodes;

namespace AkkaStream.Metadata.Tests.Configs;

public sealed class ConfigTableTests
{
    [Theory]
    [InlineData("topic", 34)]
    [InlineData("broker", 360)]
    [InlineData("group", 17)]
    [InlineData("client-metrics", 3)]
    public void Every_config_of_Kafka_is_listed_with_the_same_facts(string scope, int count)
    {
        var golden = GoldenConfigs.Table(scope);
        var ours = GoldenConfigs.TableOf(scope).Keys.Where(key => !key.IsOwn).ToList();

        Assert.Equal(count, golden.Count);
        Assert.Equal(golden.Select(Describe), ours.Select(key => Describe(scope, key)));
    }

    static string Describe(JsonNode? node) => string.Join(" | ",
        node!["name"], node["type"], node["default"]?.ToString() ?? "none", node["valid"]?.ToString() ?? "", node["importance"],
        node["internal"] is null ? "" : "internal", node["required"] is null ? "" : "required", node["updateMode"]?.ToString() ?? "",
        node["brokerSynonyms"] is JsonArray synonyms ? string.Join(",", synonyms) : node["brokerSynonym"]?.ToString() ?? "");

    static string Describe(string scope, ConfigKey key) => string.Join(" | ",
        key.Name, key.Type.ToString().ToUpperInvariant(), key.Default ?? "none", key.Rule?.ToString() ?? "",
        key.Importance.ToString().ToUpperInvariant(), key.IsInternal ? "internal" : "", key.IsRequired ? "required" : "",
        scope != "broker" ? "" : key.UpdateMode switch
        {
            ConfigUpdateMode.ReadOnly => "read-only",
            ConfigUpdateMode.PerBroker => "per-broker",
            _ => "cluster-wide",
        },
        scope == "broker" ? "" : string.Join(",", key.Synonyms));

    [Fact]
    public void Every_config_is_explained_in_a_sentence_of_its_own()
    {
        foreach (var key in AllKeys())
        {
            Assert.EndsWith(".", key.Words);
            Assert.InRange(key.Words.Length, 15, 130);
            Assert.DoesNotContain("<", key.Words);
        }
    }

    [Fact]
    public void A_config_without_effect_says_why_in_one_line()
    {
        var unused = AllKeys().Where(key => !key.IsUsed).ToList();

        Assert.NotEmpty(unused);
        foreach (var key in unused)
        {
            var line = key.Unused!.Explain(key.Name);
            Assert.StartsWith($"{key.Name} is Kafka's, and AkkaStream does not need it: ", line);
            Assert.DoesNotContain('\n', line);
        }
    }

    [Fact]
    public void Every_default_is_a_valid_value()
    {
        foreach (var key in AllKeys().Where(key => key.Default is not null))
        {
            // Kafka's own rule for the quorum's lists refuses nothing here; an empty list stands for not set.
            Assert.True(key.TryParse(key.Default!, out var value, out var error), error);
            Assert.Equal(key.Default, value.Text);
        }
    }

    [Fact]
    public void Every_synonym_is_a_broker_config()
    {
        foreach (var synonym in AllKeys().SelectMany(key => key.Synonyms)) Assert.NotNull(ConfigTable.Broker.Find(synonym));
    }

    [Fact]
    public void A_setting_for_one_listener_is_found_under_its_plain_name()
    {
        Assert.Equal("max.connections", ConfigTable.FindBroker("listener.name.internal.max.connections")?.Name);
        Assert.Equal("sasl.jaas.config", ConfigTable.FindBroker("listener.name.internal.plain.sasl.jaas.config")?.Name);
        Assert.Equal("leader.replication.throttled.rate", ConfigTable.FindBroker("leader.replication.throttled.rate")?.Name);
        Assert.Null(ConfigTable.FindBroker("listener.name.internal.no.such"));
        Assert.Null(ConfigTable.FindBroker("listener.name.internal"));
    }

    static IEnumerable<ConfigKey> AllKeys() =>
        [.. ConfigTable.Topic.Keys, .. ConfigTable.Broker.Keys, .. ConfigTable.BrokerDynamicOnly.Keys,
            .. ConfigTable.Group.Keys, .. ConfigTable.ClientMetrics.Keys];
}
