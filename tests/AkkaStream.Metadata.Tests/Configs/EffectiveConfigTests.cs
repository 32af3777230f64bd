using System.Text.Json.Nodes;

namespace AkkaStream.Metadata.Tests.Configs;

public sealed class EffectiveConfigTests
{
    /// <summary>
    /// Known differences: while log.retention.ms is set dynamically Kafka shows the default of the coarser units although
    /// it says that the file set them; here the file's value is shown.
    /// </summary>
    static bool IsKafkaOddity(string line, BrokerLayers layers)
    {
        var name = line[..line.IndexOf(' ')];
        return ConfigTable.Broker.Keys.Any(key => key.Synonyms.Skip(1).Contains(name) && key.Synonyms[0] == key.Name
            && (layers.Broker.ContainsKey(key.Name) || layers.ClusterDefault.ContainsKey(key.Name)));
    }

    [Fact]
    public void Descriptions_are_Kafka_s_in_every_situation_that_was_recorded()
    {
        var count = 0;
        foreach (var example in GoldenConfigs.Lines("behaviour.jsonl.gz").Where(line => (string)line["kind"]! == "describe"))
        {
            var layers = new BrokerLayers(
                GoldenConfigs.Map(example["static"]), GoldenConfigs.Map(example["brokerDefault"]), Unmasked(example["broker"]));
            var own = GoldenConfigs.Map(example["own"]);
            var resource = (string)example["resource"]!;
            var ours = resource.Split(':') switch
            {
                ["topic", _] => EffectiveConfig.DescribeTopic(layers, own),
                ["group", _] => EffectiveConfig.DescribeGroup(layers, own),
                ["client-metrics", _] => EffectiveConfig.DescribeClientMetrics(own),
                ["broker", ""] => EffectiveConfig.DescribeBrokerDefault(layers),
                _ => EffectiveConfig.DescribeBroker(layers),
            };

            var expected = example["entries"]!.AsArray().Select(Show).Where(line => !IsKafkaOddity(line, layers)).ToList();
            var found = ours.Select(Show).Where(line => !IsKafkaOddity(line, layers)).ToList();
            if (example["partial"] is not null)
            {
                var names = expected.Select(line => line[..line.IndexOf(' ')]).ToHashSet();
                found = found.FindAll(line => names.Contains(line[..line.IndexOf(' ')]));
            }

            Assert.True(expected.SequenceEqual(found),
                $"{resource} with {layers.Broker.Count} and {layers.ClusterDefault.Count} dynamic configs, own {example["own"]}\n" +
                $"expected only: {string.Join("\n   ", expected.Except(found))}\nfound only:    {string.Join("\n   ", found.Except(expected))}");
            count++;
        }

        Assert.InRange(count, 60, 200);
    }

    /// <summary>A value that Kafka hides was recorded as null; some value was there.</summary>
    static Dictionary<string, string> Unmasked(JsonNode? node) =>
        node!.AsObject().ToDictionary(field => field.Key, field => (string?)field.Value ?? "hidden");

    [Fact]
    public void The_topic_wins_over_the_broker_and_the_broker_over_the_cluster_and_the_file()
    {
        var retention = ConfigTable.Topic.Find("retention.ms")!;
        Dictionary<string, string> file = new() { ["log.retention.hours"] = "2" };
        Dictionary<string, string> minutes = new() { ["log.retention.hours"] = "2", ["log.retention.minutes"] = "3" };
        Dictionary<string, string> cluster = new() { ["log.retention.ms"] = "4000" };
        Dictionary<string, string> broker = new() { ["log.retention.ms"] = "5000" };
        Dictionary<string, string> own = new() { ["retention.ms"] = "6000" };
        Dictionary<string, string> none = [];

        Assert.Equal(604_800_000, Value(new BrokerLayers(), none));
        Assert.Equal(7_200_000, Value(new BrokerLayers(file), none));
        Assert.Equal(180_000, Value(new BrokerLayers(minutes), none));
        Assert.Equal(4000, Value(new BrokerLayers(file, cluster), none));
        Assert.Equal(5000, Value(new BrokerLayers(file, cluster, broker), none));
        Assert.Equal(6000, Value(new BrokerLayers(file, cluster, broker), own));

        long? Value(BrokerLayers layers, Dictionary<string, string> overrides) =>
            EffectiveConfig.ValueOf(retention, layers, overrides)?.Number;
    }

    [Fact]
    public void Names_that_are_asked_for_are_told_and_unknown_ones_are_not()
    {
        var told = EffectiveConfig.DescribeTopic(new BrokerLayers(), new Dictionary<string, string>(), ["retention.ms", "no.such"]);

        Assert.Equal(["retention.ms"], told.Select(entry => entry.Name));
        Assert.Equal(33, EffectiveConfig.DescribeTopic(new BrokerLayers(), new Dictionary<string, string>(), []).Count);
    }

    [Fact]
    public void A_password_is_never_told()
    {
        var layers = new BrokerLayers(new Dictionary<string, string> { ["ssl.key.password"] = "secret", ["my.own"] = "secret" });

        foreach (var entry in EffectiveConfig.DescribeBroker(layers, ["ssl.key.password", "my.own"]))
        {
            Assert.Null(entry.Value);
            Assert.True(entry.IsSensitive);
            Assert.All(entry.Synonyms, synonym => Assert.Null(synonym.Value));
        }
    }

    static string Show(JsonNode? entry) => Show(
        (string)entry!["name"]!, (string?)entry["value"], (string)entry["source"]!, (bool)entry["readOnly"]!, (bool)entry["sensitive"]!,
        (string)entry["type"]!, entry["synonyms"]!.AsArray().Select(s => ((string)s!["name"]!, (string?)s["value"], (string)s["source"]!)));

    static string Show(ConfigEntry entry) => Show(
        entry.Name, entry.Value, Source(entry.Source), entry.IsReadOnly, entry.IsSensitive,
        entry.Type.ToString().ToUpperInvariant(), entry.Synonyms.Select(s => (s.Name, s.Value, Source(s.Source))));

    static string Show(string name, string? value, string source, bool readOnly, bool sensitive, string type,
        IEnumerable<(string Name, string? Value, string Source)> synonyms) =>
        $"{name} = {value ?? "null"} {source}{(readOnly ? " read-only" : "")}{(sensitive ? " sensitive" : "")} {type} " +
        string.Join(", ", synonyms.Select(s => $"{s.Name}={s.Value ?? "null"} {s.Source}"));

    static string Source(ConfigSource source) => source switch
    {
        ConfigSource.Topic => "DYNAMIC_TOPIC_CONFIG",
        ConfigSource.DynamicBroker => "DYNAMIC_BROKER_CONFIG",
        ConfigSource.DynamicDefaultBroker => "DYNAMIC_DEFAULT_BROKER_CONFIG",
        ConfigSource.StaticBroker => "STATIC_BROKER_CONFIG",
        ConfigSource.ClientMetrics => "DYNAMIC_CLIENT_METRICS_CONFIG",
        ConfigSource.Group => "DYNAMIC_GROUP_CONFIG",
        ConfigSource.Default => "DEFAULT_CONFIG",
        _ => source.ToString(),
    };
}
