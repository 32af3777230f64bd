using System.Buffers.Binary;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Chaos.Tests.Hostile;

/// <summary>What is no Kafka request, or only the beginning of one: named, closed, and paid for by whoever sent it.</summary>
public sealed class StrangerTests(VictimBroker broker) : IClassFixture<VictimBroker>
{
    public static TheoryData<string, byte[], string> Greetings => new()
    {
        { "a TLS hello", [0x16, 3, 1, 0, 0xa5, 1, 0, 0, 0xa1, 3, 3], "security.protocol" },
        { "an HTTP request", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), "HTTP" },
        { "a negative length", [0xff, 0xff, 0xff, 0xff], "-1" },
        { "a huge length", [0x7f, 0xff, 0xff, 0xff], "socket.request.max.bytes" },
        { "one byte over the limit", [0x06, 0x40, 0, 1], "socket.request.max.bytes" },
        { "an API that nobody has", [0, 0, 0, 10, 0x03, 0xe7, 0, 0, 0, 0, 0, 1, 0xff, 0xff], "999" },
        { "an API of controllers", [0, 0, 0, 11, 0, 0x34, 0, 0, 0, 0, 0, 1, 0xff, 0xff, 0], "52" },
        { "a version that nobody has", [0, 0, 0, 11, 0, 3, 0, 0x63, 0, 0, 0, 1, 0xff, 0xff, 0], "Metadata version 99" },
        { "a header without an end", [0, 0, 0, 4, 0, 18, 0, 0], "header" },
        { "a client id longer than the frame", [0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0, 0x64], "header" },
        { "an array of two thousand million", [0, 0, 0, 14, 0, 3, 0, 1, 0, 0, 0, 1, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff], "Metadata" },
    };

    [Theory]
    [MemberData(nameof(Greetings))]
    public async Task A_stranger_is_sent_away_and_the_log_says_why(string what, byte[] greeting, string reason)
    {
        using var stranger = await Stranger.ConnectAsync(broker.Process.Address);
        await stranger.SendAsync(greeting);
        await stranger.ReadToEndAsync(what);

        await broker.ProbeAsync();
        await EventuallyAsync(() => broker.Process.Output.Contains(reason), $"the log says {reason} of {what}");
    }

    [Fact]
    public async Task Garbage_ends_its_connection_and_nothing_else()
    {
        var random = new Random(7);
        for (int i = 0; i < 200; i++)
        {
            var garbage = new byte[random.Next(5, 3_000)];
            random.NextBytes(garbage);
            using var stranger = await Stranger.ConnectAsync(broker.Process.Address);
            await stranger.SendAsync(garbage);
            stranger.EndSending();
            await stranger.ReadToEndAsync($"garbage {i}");
        }

        await broker.AssertUnharmedAsync();
    }

    [Fact]
    public async Task A_hundred_announcements_of_90_megabytes_take_no_memory()
    {
        var frame = new byte[20_000];
        BinaryPrimitives.WriteInt32BigEndian(frame, 90_000_000);
        BinaryPrimitives.WriteInt16BigEndian(frame.AsSpan(4), (short)ApiKey.Produce);
        BinaryPrimitives.WriteInt16BigEndian(frame.AsSpan(6), 9);
        var strangers = new List<Stranger>();
        for (int i = 0; i < 100; i++)
        {
            strangers.Add(await Stranger.ConnectAsync(broker.Process.Address));
            await strangers[i].SendAsync(frame);
        }

        for (int i = 0; i < 20; i++) await broker.ProbeAsync();
        await broker.AssertUnharmedAsync(allowedMegabytes: 60);
        strangers.ForEach(s => s.Dispose());
    }

    [Fact]
    public async Task Two_thousand_idle_connections_are_borne()
    {
        var strangers = new List<Stranger>();
        for (int i = 0; i < 2_000; i++) strangers.Add(await Stranger.ConnectAsync(broker.Process.Address));

        for (int i = 0; i < 20; i++) await broker.ProbeAsync();
        await broker.AssertUnharmedAsync(allowedMegabytes: 60);
        byte[] request = Frames.ToBytes(new ApiVersionsRequest(), 0, 5, "late");
        Assert.True(await strangers[1_999].SendAsync(request));
        Assert.Equal(5, BinaryPrimitives.ReadInt32BigEndian((await strangers[1_999].ReadAsync(8, "the last of the idle ones")).AsSpan(4)));
        strangers.ForEach(s => s.Dispose());
    }

    [Fact]
    public async Task A_request_may_come_a_byte_at_a_time()
    {
        using var slow = await Stranger.ConnectAsync(broker.Process.Address);
        byte[] request = Frames.ToBytes(new MetadataRequest { Topics = [] }, 9, 6, "slow");
        for (int i = 0; i < request.Length; i++)
        {
            Assert.True(await slow.SendAsync(request.AsMemory(i, 1)));
            if (i % 8 == 0) await broker.ProbeAsync();
        }

        Assert.Equal(6, BinaryPrimitives.ReadInt32BigEndian((await slow.ReadAsync(8, "a slow sender")).AsSpan(4)));
    }

    [Fact]
    public async Task A_thousand_requests_at_once_are_answered_in_turn()
    {
        using var eager = await Stranger.ConnectAsync(broker.Process.Address);
        byte[] requests = [.. Enumerable.Range(0, 1_000).SelectMany(i => Frames.ToBytes(new ApiVersionsRequest(), 0, i, "eager"))];
        var sending = eager.SendAsync(requests);
        for (int i = 0; i < 1_000; i++)
        {
            byte[] head = await eager.ReadAsync(8, "an eager sender");
            Assert.Equal(i, BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(4)));
            await eager.ReadAsync(BinaryPrimitives.ReadInt32BigEndian(head) - 4, "an eager sender");
        }

        Assert.True(await sending);
        await broker.AssertUnharmedAsync();
    }

    /// <summary>The log is written by another process, so its lines may come a moment after the connection's end.</summary>
    async Task EventuallyAsync(Func<bool> isSo, string what)
    {
        for (int i = 0; i < 200 && !isSo(); i++) await broker.ProbeAsync();
        Assert.True(isSo(), $"it does not hold that {what}; the log: {broker.Process.Output}");
    }
}
