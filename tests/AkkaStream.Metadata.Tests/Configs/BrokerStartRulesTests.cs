namespace AkkaStream.Metadata.Tests.Configs;

public sealed class BrokerStartRulesTests
{
    /// <summary>Kafka's code speaks where a person would say something else.</summary>
    static string Clear(string message) => message switch
    {
        "/ by zero" => "Invalid value 0 for configuration log.cleaner.threads: Value must be at least 1",
        "For input string: \"x\"" => Overrides("127.0.0.1:x"),
        _ when message.Contains("begin 0, end -1") => Overrides("x"),
        _ => message.Replace("requirement failed: ", ""),
    };

    static string Overrides(string item) =>
        $"Error parsing configuration property 'max.connections.per.ip.overrides': {item} is not of the form address:number";

    [Fact]
    public void A_broker_starts_or_is_refused_as_Kafka_s()
    {
        var refused = 0;
        foreach (var example in GoldenConfigs.Lines("starts.jsonl.gz"))
        {
            var problems = BrokerStartRules.Check(GoldenConfigs.Map(example["static"]));

            var expected = example["error"] is { } error ? Clear((string)error!) : null;
            Assert.True(expected == problems.FirstOrDefault(),
                $"{example["static"]!.ToJsonString()}: expected \"{expected}\", found \"{string.Join(" / ", problems)}\"");
            if (expected is not null) refused++;
        }

        Assert.InRange(refused, 50, 80);
    }

    [Fact]
    public void Nothing_at_all_needs_to_be_set() => Assert.Empty(BrokerStartRules.Check(new Dictionary<string, string>()));

    [Fact]
    public void All_problems_are_told_at_once()
    {
        var problems = BrokerStartRules.Check(new Dictionary<string, string>
        {
            ["num.partitions"] = "x",
            ["message.max.bytes"] = "-1",
            ["no.such"] = "x",
        });

        Assert.Equal(
            [
                "Invalid value -1 for configuration message.max.bytes: Value must be at least 0",
                "Invalid value x for configuration num.partitions: Not a number of type INT",
            ],
            problems);
    }
}
