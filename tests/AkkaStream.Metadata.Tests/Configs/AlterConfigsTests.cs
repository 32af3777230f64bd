using System.Text.Json.Nodes;
using AkkaStream.Protocol;

namespace AkkaStream.Metadata.Tests.Configs;

public sealed class AlterConfigsTests
{
    /// <summary>Kafka's words around the reason are left out where they are its code's and not meant for people.</summary>
    static readonly Dictionary<string, string> ClearerMessages = new()
    {
        ["/ by zero"] = "Invalid value 0 for configuration log.cleaner.threads: Value must be at least 1",
        ["Error parsing configuration property 'max.connections.per.ip.overrides': begin 0, end -1, length 1"] =
            "Error parsing configuration property 'max.connections.per.ip.overrides': x is not of the form address:number",
    };

    /// <summary>Kafka refuses to change the size of a thread pool more than twofold; here there is no such pool.</summary>
    static bool IsAboutThreadPools(JsonNode example) => ((string?)example["message"])?.Contains("Dynamic thread count") == true;

    [Fact]
    public void Changes_are_made_and_refused_as_Kafka_does_it()
    {
        // Overrides as they are stored; the recording shows them as they are described.
        var stored = new Dictionary<string, IReadOnlyDictionary<string, string>>();
        var count = 0;
        JsonNode? lastStatic = null;
        foreach (var example in GoldenConfigs.Lines("behaviour.jsonl.gz").Where(line => (string)line["kind"]! == "alter"))
        {
            if (lastStatic is not null && !JsonNode.DeepEquals(lastStatic, example["static"])) stored.Clear();
            lastStatic = example["static"];
            var resource = (string)example["resource"]!;
            var current = stored.GetValueOrDefault(resource) ?? GoldenConfigs.Map(example["before"]);
            var broker = new BrokerLayers(
                GoldenConfigs.Map(example["static"]), Of(stored, "broker:", example["brokerDefault"]), Of(stored, "broker:1", example["broker"]));

            var changes = example["ops"]!.AsArray().Select(op => new ConfigChange(
                (string)op!["name"]!, Enum.Parse<ConfigOperation>((string)op["op"]!, ignoreCase: true), (string?)op["value"])).ToList();
            var tiered = broker.ValueOf("remote.log.storage.system.enable")!.Flag;
            var outcome = AlterConfigs.Incremental(
                TypeOf(resource), resource.Split(':')[1], current, changes, new AlterContext(broker, tiered, EligibleLeaderReplicas: true));

            if (IsAboutThreadPools(example)) continue;
            stored[resource] = outcome.Overrides;
            Assert.Equal(
                $"{resource} {example["ops"]!.ToJsonString()} -> {(int)example["code"]!} {Clear((string?)example["message"])}",
                $"{resource} {example["ops"]!.ToJsonString()} -> {(int)outcome.Error} {outcome.Message}");
            if (!resource.StartsWith("broker")) Assert.Equal(Sorted(GoldenConfigs.Map(example["after"])), Sorted(Described(resource, outcome.Overrides)));
            count++;
        }

        Assert.InRange(count, 200, 400);
    }

    static readonly Dictionary<string, string> Two = new() { ["retention.ms"] = "5", ["flush.ms"] = "6" };

    static ConfigAlteration Replace(params (string, string?)[] values) =>
        AlterConfigs.Replace(ConfigResourceType.Topic, "t", Two, values, new AlterContext(new BrokerLayers()));

    [Fact]
    public void The_older_request_takes_away_what_it_does_not_name()
    {
        var outcome = Replace(("max.message.bytes", "99999"), ("flush.ms", "7"));

        Assert.False(outcome.IsRefused);
        Assert.Equal("flush.ms=7, max.message.bytes=99999", Sorted(new(outcome.Overrides)));
        Assert.Empty(Replace().Overrides);
    }

    [Theory]
    [InlineData("max.message.bytes", "many", 40, "Invalid value many for configuration max.message.bytes: Not a number of type INT")]
    [InlineData("max.message.bytes", null, 42, "Null value not supported for : max.message.bytes")]
    [InlineData("no.such", "1", 40, "Unknown topic config name: no.such")]
    public void The_older_request_is_refused_in_the_same_words(string name, string? value, int code, string message)
    {
        var outcome = Replace((name, value));

        Assert.Equal((code, message), ((int)outcome.Error, outcome.Message));
        Assert.Same(Two, outcome.Overrides);
    }

    [Theory]
    [InlineData(ConfigResourceType.Topic, "", "Default topic resources are not allowed.")]
    [InlineData(ConfigResourceType.Group, "", "Default group resources are not allowed.")]
    [InlineData(ConfigResourceType.ClientMetrics, "", "Subscription name can't be empty")]
    [InlineData((ConfigResourceType)77, "x", "Unknown resource type 77")]
    public void Resources_that_cannot_be_are_refused(ConfigResourceType type, string resource, string message)
    {
        var outcome = AlterConfigs.Incremental(type, resource, Two, [], new AlterContext(new BrokerLayers()));

        Assert.Equal((ErrorCode.InvalidRequest, message), (outcome.Error, outcome.Message));
    }

    [Fact]
    public void An_unknown_operation_is_refused_by_name()
    {
        var outcome = AlterConfigs.Incremental(ConfigResourceType.Topic, "t", Two,
            [new ConfigChange("retention.ms", (ConfigOperation)9, "5")], new AlterContext(new BrokerLayers()));

        Assert.Equal((ErrorCode.InvalidRequest, "Unknown operation 9 for retention.ms"), (outcome.Error, outcome.Message));
    }

    [Fact]
    public void A_value_too_long_to_be_stored_is_refused()
    {
        var outcome = AlterConfigs.Incremental(ConfigResourceType.Broker, "1", Two,
            [new ConfigChange("config.providers", ConfigOperation.Set, new string('x', 32768))], new AlterContext(new BrokerLayers()));

        Assert.Equal(ErrorCode.InvalidConfig, outcome.Error);
        Assert.Contains("exceeds the maximum value size of 32767 bytes", outcome.Message);
    }

    [Fact]
    public void A_new_topic_is_checked_against_the_broker_it_inherits_from()
    {
        var broker = new BrokerLayers(new Dictionary<string, string> { ["log.cleaner.min.compaction.lag.ms"] = "100" });
        Dictionary<string, string> wish = new() { ["max.compaction.lag.ms"] = "50" };

        Assert.Equal("conflict topic config setting min.compaction.lag.ms (100) > max.compaction.lag.ms (50)",
            TopicRules.Check(broker, new Dictionary<string, string>(), wish));
        Assert.Null(TopicRules.Check(new BrokerLayers(), new Dictionary<string, string>(), wish));
    }

    static IReadOnlyDictionary<string, string> Of(
        Dictionary<string, IReadOnlyDictionary<string, string>> stored, string resource, JsonNode? recorded) =>
        stored.GetValueOrDefault(resource) ?? GoldenConfigs.Map(recorded);

    static ConfigResourceType TypeOf(string resource) => resource.Split(':')[0] switch
    {
        "topic" => ConfigResourceType.Topic,
        "broker" => ConfigResourceType.Broker,
        "group" => ConfigResourceType.Group,
        _ => ConfigResourceType.ClientMetrics,
    };

    static Dictionary<string, string> Described(string resource, IReadOnlyDictionary<string, string> overrides)
    {
        var table = GoldenConfigs.TableOf(resource.Split(':')[0]);
        return overrides.ToDictionary(pair => pair.Key, pair =>
        {
            Assert.True(table.Find(pair.Key)!.TryParse(pair.Value, out var value, out var error), error);
            return value.Text;
        });
    }

    static string Sorted(Dictionary<string, string> values) =>
        string.Join(", ", values.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"));

    static string Clear(string? message)
    {
        const string wrapped = "Invalid value org.apache.kafka.common.config.ConfigException: ";
        if (message is null) return "";
        if (message.StartsWith("requirement failed: ")) message = message["requirement failed: ".Length..];
        if (message.StartsWith(wrapped)) message = message[wrapped.Length..].Replace(" for configuration Invalid dynamic configuration", "");
        return ClearerMessages.GetValueOrDefault(message, message);
    }
}
