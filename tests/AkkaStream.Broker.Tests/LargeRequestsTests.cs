using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Broker.Tests;

public sealed class LargeRequestsTests
{
    [Fact]
    public async Task A_request_of_many_megabytes_is_answered()
    {
        await using var broker = await TestBroker.StartAsync(("auto.create.topics.enable", "false"));
        broker.Create("t");
        string[] names = [.. Enumerable.Range(0, 100_000).Select(i => $"a-name-that-nobody-has-{i}-{new string('x', 80)}"), "t"];

        var answer = broker.Ask(new MetadataRequest { Topics = [.. names.Select(n => new MetadataRequestTopic { Name = n })] });

        Assert.Equal(names.Length, answer.Topics.Length);
        Assert.Equal("t", Assert.Single(answer.Topics, t => t.ErrorCode == ErrorCode.None).Name);
    }

    [Theory]
    [InlineData(true, 7)]
    [InlineData(true, 8)]
    [InlineData(false, 7)]
    [InlineData(false, 8)]
    public void Whoever_asks_for_all_offsets_of_a_group_is_not_answered_on_a_network_loop(bool all, short version)
    {
        var few = new OffsetFetchRequestTopic { Name = "t", PartitionIndexes = [0] };
        var fewOfGroup = new OffsetFetchRequestGroupTopic { Name = "t", PartitionIndexes = [0] };
        var asked = version < 8
            ? new OffsetFetchRequest { GroupId = "g", Topics = all ? null : [few] }
            : new OffsetFetchRequest { Groups = [new OffsetFetchRequestGroup { GroupId = "g", Topics = all ? null : [fewOfGroup] }] };

        Assert.Equal(all, LargeRequests.TakesLong(asked, frameLength: 60));
        Assert.True(LargeRequests.TakesLong(asked, frameLength: 20_000));
    }

    [Fact]
    public async Task What_follows_a_large_request_is_answered_after_it()
    {
        await using var broker = await TestBroker.StartAsync(("auto.create.topics.enable", "false"));
        var large = new MetadataRequest { Topics = [.. Enumerable.Range(0, 20_000).Select(i => new MetadataRequestTopic { Name = $"name-{i}" })] };
        var small = new MetadataRequest { Topics = [] };

        broker.Send(large, 12);
        broker.Send(small, 12);

        Assert.Equal(20_000, broker.Receive(large, 12).Topics.Length);
        Assert.Empty(broker.Receive(small, 12).Topics);
    }

    [Fact]
    public async Task A_large_request_that_is_malformed_ends_its_connection_alone()
    {
        await using var broker = await TestBroker.StartAsync();
        using var hostile = broker.Connect();
        byte[] frame = new byte[200_004];
        frame[1] = 3;
        frame[2] = 13;
        frame[3] = 60;
        frame[5] = (byte)ApiKey.Metadata;
        Array.Fill<byte>(frame, 0xff, 14, frame.Length - 14);
        frame[0] = 0;
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - 4);

        hostile.Send(frame);

        Assert.Equal(0, hostile.Receive(new byte[16]));
        Assert.NotEmpty(broker.Ask(new MetadataRequest { Topics = [] }).Brokers);
    }
}
