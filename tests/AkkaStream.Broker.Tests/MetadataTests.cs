using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Broker.Tests;

public sealed class MetadataTests
{
    [Fact]
    public async Task A_topic_made_on_demand_takes_writes_as_soon_as_it_has_a_leader()
    {
        await using var broker = await TestBroker.StartAsync(("num.partitions", "3"));

        var told = broker.Describe("new", create: true);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, told.ErrorCode);
        while (told.ErrorCode == ErrorCode.UnknownTopicOrPartition) told = broker.Describe("new", create: true);

        Assert.Equal(3, told.Partitions.Length);
        Assert.All(told.Partitions, p => Assert.Equal((ErrorCode.None, 1), (p.ErrorCode, p.LeaderId)));
        Assert.All(told.Partitions, p => Assert.Equal(ErrorCode.None, broker.Produce("new", TestBroker.Batch(), p.PartitionIndex).ErrorCode));
    }

    [Fact]
    public async Task A_broker_that_may_not_create_topics_creates_none()
    {
        await using var broker = await TestBroker.StartAsync(("auto.create.topics.enable", "false"));

        broker.Describe("new", create: true);
        broker.Create("other");

        Assert.Equal(["other"], broker.Ask(new MetadataRequest { Topics = null }).Topics.Select(t => t.Name));
    }

    [Fact]
    public async Task Internal_topics_are_marked_and_made_with_their_own_settings()
    {
        await using var broker = await TestBroker.StartAsync(("offsets.topic.num.partitions", "7"));

        while (broker.Describe("__consumer_offsets", create: true).ErrorCode != ErrorCode.None) { }

        var topic = broker.Describe("__consumer_offsets");
        Assert.True(topic.IsInternal);
        Assert.Equal(7, topic.Partitions.Length);
    }

    [Fact]
    public async Task Asking_for_neither_name_nor_id_is_an_invalid_request()
    {
        await using var broker = await TestBroker.StartAsync();

        var answer = broker.Ask(new MetadataRequest { Topics = [new MetadataRequestTopic { Name = null }] });

        Assert.Equal(ErrorCode.InvalidRequest, answer.ErrorCode);
    }

    [Fact]
    public async Task Who_asks_for_all_topics_is_told_the_newest_in_every_version()
    {
        await using var broker = await TestBroker.StartAsync();
        for (int i = 0; i < 5; i++)
        {
            broker.Create($"t{i}");
            for (short version = 1; version <= 13; version++)
            {
                var request = new MetadataRequest { Topics = null, IncludeTopicAuthorizedOperations = version >= 8 && i % 2 == 0 };
                for (int again = 0; again < 2; again++)
                {
                    var answer = broker.Ask(request, version);
                    Assert.Equal(Enumerable.Range(0, i + 1).Select(n => $"t{n}"), answer.Topics.Select(t => t.Name).Order());
                    Assert.All(answer.Topics, t => Assert.Equal(request.IncludeTopicAuthorizedOperations, t.TopicAuthorizedOperations > 0));
                }
            }
        }
    }
}
