using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Broker.Tests;

public sealed class ConfigsTests
{
    [Fact]
    public async Task Where_a_value_comes_from_is_told_in_order_of_precedence()
    {
        await using var broker = await TestBroker.StartAsync(("log.retention.ms", "1000"));
        broker.Create("t");
        broker.Alter(4, "", "log.retention.ms", "2000");
        broker.Alter(4, "1", "log.retention.ms", "3000");
        broker.Alter(2, "t", "retention.ms", "4000");

        var told = Describe(broker, 2, "t", "retention.ms").Configs[0];

        Assert.Equal(("4000", (sbyte)1), (told.Value, told.ConfigSource));
        Assert.Equal(
            ["4000/1", "3000/2", "2000/3", "1000/4", "604800000/5"],
            told.Synonyms.Where(s => s.Name.EndsWith("retention.ms", StringComparison.Ordinal) || s.Source == 5).Select(s => $"{s.Value}/{s.Source}")
                .Select(s => s == "168/5" ? "604800000/5" : s));
    }

    [Fact]
    public async Task What_was_set_survives_a_restart()
    {
        string directory = Directory.CreateTempSubdirectory("akkastream-").FullName;
        try
        {
            await using (var broker = await TestBroker.StartAsync(directory))
            {
                broker.Create("t", configs: ("retention.ms", "5000"));
                broker.Alter(4, "1", "log.cleaner.backoff.ms", "14000");
            }
            await using (var broker = await TestBroker.StartAsync(directory))
            {
                Assert.Equal("5000", Describe(broker, 2, "t", "retention.ms").Configs[0].Value);
                Assert.Equal("14000", Describe(broker, 4, "1", "log.cleaner.backoff.ms").Configs[0].Value);
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task A_resource_that_comes_twice_is_answered_in_both_generations()
    {
        await using var broker = await TestBroker.StartAsync();
        broker.Create("t");

        var old = broker.Ask(new AlterConfigsRequest
        {
            Resources = [new AlterConfigsRequestResource { ResourceType = 2, ResourceName = "t" }, new AlterConfigsRequestResource { ResourceType = 2, ResourceName = "t" }],
        });
        var recent = broker.Ask(new IncrementalAlterConfigsRequest
        {
            Resources =
            [
                new IncrementalAlterConfigsRequestResource { ResourceType = 2, ResourceName = "t" },
                new IncrementalAlterConfigsRequestResource { ResourceType = 2, ResourceName = "t" },
            ],
        });

        Assert.Equal([ErrorCode.InvalidRequest, ErrorCode.InvalidRequest], old.Responses.Select(r => r.ErrorCode));
        Assert.Equal([ErrorCode.InvalidRequest, ErrorCode.InvalidRequest], recent.Responses.Select(r => r.ErrorCode));
    }

    [Fact]
    public async Task Answers_stand_in_the_order_of_the_request_whoever_decided()
    {
        await using var broker = await TestBroker.StartAsync();
        broker.Create("t");
        IncrementalAlterConfigsRequestResource Set(sbyte type, string name, string config, string value) => new()
        {
            ResourceType = type,
            ResourceName = name,
            Configs = [new IncrementalAlterConfigsRequestConfig { Name = config, Value = value }],
        };

        var answer = broker.Ask(new IncrementalAlterConfigsRequest
        {
            Resources = [Set(4, "7", "x", "1"), Set(2, "t", "retention.ms", "1"), Set(8, "1", "some.logger", "INFO"), Set(2, "t2", "retention.ms", "1")],
        });

        Assert.Equal(
            [("7", ErrorCode.InvalidRequest), ("t", ErrorCode.None), ("1", ErrorCode.InvalidConfig), ("t2", ErrorCode.UnknownTopicOrPartition)],
            answer.Responses.Select(r => (r.ResourceName, r.ErrorCode)));
    }

    static DescribeConfigsResponseResource Describe(TestBroker broker, sbyte type, string name, params string[] keys) =>
        broker.Ask(new DescribeConfigsRequest
        {
            IncludeSynonyms = true,
            Resources = [new DescribeConfigsRequestResource { ResourceType = type, ResourceName = name, ConfigurationKeys = keys }],
        }).Results[0];
}
