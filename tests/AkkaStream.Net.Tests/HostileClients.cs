using System.Net;
using System.Net.Sockets;
using System.Text;
using AkkaStream.Net;
using static AkkaStream.Net.Tests.TestServer;

namespace AkkaStream.Net.Tests;

public sealed class HostileClients
{
    public static TheoryData<byte[], string, string> Strangers => new()
    {
        { [0x16, 3, 1, 0, 0xa5, 1, 0, 0, 0xa1, 3, 3], nameof(EndReason.TlsOnPlaintextPort), "security.protocol" },
        { "GET / HTTP/1.1\r\n\r\n"u8.ToArray(), nameof(EndReason.HttpOnKafkaPort), "HTTP request" },
        { "POST /topics HTTP/1.1\r\n\r\n"u8.ToArray(), nameof(EndReason.HttpOnKafkaPort), "HTTP request" },
        { [0xff, 0xff, 0xff, 0xff], nameof(EndReason.FrameLengthNegative), "announced a length of -1" },
        { [0x06, 0x40, 0, 1], nameof(EndReason.FrameTooLarge), "socket.request.max.bytes = 104857600" },
        { [0x7f, 0xff, 0xff, 0xff], nameof(EndReason.FrameTooLarge), "max.request.size" },
    };

    [Theory]
    [MemberData(nameof(Strangers))]
    public void A_stranger_is_named_and_told_to_go(byte[] greeting, string reason, string cure)
    {
        using var server = new TestServer();
        var client = server.Connect();
        client.Send(greeting);
        var rest = new MemoryStream();
        var buffer = new byte[1_000];
        try { for (int n; (n = client.Receive(buffer)) > 0;) rest.Write(buffer, 0, n); }
        catch (SocketException) { }
        Eventually(() => !server.Sink.Ended.IsEmpty, "the connection to end");
        Assert.Equal(reason, server.Sink.Ended.First().ToString());
        Assert.True(server.Log.Contains(cure), string.Join('\n', server.Log.Lines));
        if (reason == nameof(EndReason.HttpOnKafkaPort)) Assert.StartsWith("HTTP/1.1 400", Encoding.ASCII.GetString(rest.ToArray()));
    }

    [Fact]
    public void A_handler_that_throws_costs_its_connection_and_nothing_else()
    {
        using var server = new TestServer();
        var other = server.Connect();
        var client = server.Connect();
        client.Send(Framed([(byte)'!']));
        Assert.Null(Receive(client));
        Eventually(() => !server.Sink.Ended.IsEmpty, "the connection to end");
        Assert.Equal(EndReason.InternalError, server.Sink.Ended.First());
        other.Send(Framed([(byte)'e', 5]));
        Assert.Equal([(byte)'e', 5], Receive(other)!);
    }

    [Fact]
    public void Announced_lengths_take_no_memory_until_bytes_arrive()
    {
        using var server = new TestServer();
        byte[] head = [0x05, 0x5d, 0x4a, 0x80, 1, 2, 3]; // 90,000,000 bytes announced, three sent
        var clients = Enumerable.Range(0, 100).Select(_ => server.Connect()).ToList();
        long before = Environment.WorkingSet;
        foreach (var client in clients) client.Send(head);
        var probe = server.Connect();
        probe.Send(Framed([(byte)'e', 1]));
        Receive(probe);
        Assert.InRange(Environment.WorkingSet - before, long.MinValue, 64 << 20);
    }

    [Fact]
    public void When_memory_for_requests_is_used_up_the_largest_unfinished_one_makes_room()
    {
        var settings = new NetSettings
        {
            RequestMemory = 8 << 20, MemoryPatience = TimeSpan.FromMilliseconds(50), SweepInterval = TimeSpan.FromMilliseconds(20),
        };
        using var server = new TestServer(settings: settings);
        var hoarders = Enumerable.Range(0, 4).Select(_ => server.Connect()).ToList();
        foreach (var hoarder in hoarders)
        {
            hoarder.Blocking = false;
            hoarder.Send([0x05, 0x5d, 0x4a, 0x80]);
        }
        var piece = new byte[100_000];
        Eventually(() =>
        {
            foreach (var hoarder in hoarders)
            {
                try { hoarder.Send(piece, 0, piece.Length, SocketFlags.None, out _); }
                catch (SocketException) { }
            }
            return server.Sink.Ended.Contains(EndReason.OutOfFrameMemory);
        }, "one of the hoarders to be ended");
        Assert.True(server.Log.Contains("queued.max.request.bytes"));
        var client = server.Connect();
        client.Send(Framed([(byte)'e', 1]));
        Assert.Equal([(byte)'e', 1], Receive(client)!);
    }

    [Fact]
    public void A_client_that_never_reads_is_not_read_any_more()
    {
        var settings = new NetSettings { MaxUnsentBytes = 1 << 20 };
        using var server = new TestServer(settings: settings);
        var client = server.Connect();
        client.Blocking = false;
        byte[] frame = Framed([(byte)'e', .. new byte[100_000]]);
        // The server's memory stays within what may be unsent, the sockets' buffers fill, and sending comes to a halt.
        Eventually(() =>
        {
            client.Send(frame, 0, frame.Length, SocketFlags.None, out var error);
            return error == SocketError.WouldBlock && !client.Poll(50_000, SelectMode.SelectWrite);
        }, "the server to stop reading");
        Assert.InRange(server.Net.Buffers.OutstandingBytes, 0, 4 << 20);
        var other = server.Connect();
        other.Send(Framed([(byte)'e', 2]));
        Assert.Equal([(byte)'e', 2], Receive(other)!);
    }

    [Fact]
    public void Two_thousand_idle_connections_hold_no_buffers()
    {
        using var server = new TestServer();
        var clients = Enumerable.Range(0, 2_000).Select(_ => server.Connect()).ToList();
        Eventually(() => server.Net.Loops.Sum(l => l.ConnectionCount) == 2_000, "all to be accepted");
        Assert.InRange(server.Net.Buffers.OutstandingBytes, 0, 1 << 20);
        clients[1_234].Send(Framed([(byte)'e', 3]));
        Assert.Equal([(byte)'e', 3], Receive(clients[1_234])!);
    }

    [Fact]
    public void Limits_on_connections_are_kept_and_named()
    {
        var settings = new NetSettings { MaxConnections = 3, MaxConnectionsOverrides = new Dictionary<IPAddress, int> { [IPAddress.Loopback] = 2 } };
        using var server = new TestServer(settings: settings);
        var first = server.Connect();
        server.Connect();
        Eventually(() => server.Net.Loops[0].ConnectionCount == 2, "two to be accepted");
        var third = server.Connect();
        Assert.Null(Receive(third));
        Assert.True(server.Log.Contains("max.connections.per.ip"));
        first.Dispose();
        Eventually(() => server.Net.Loops[0].ConnectionCount == 1, "the first to be gone");
        var fourth = server.Connect();
        fourth.Send(Framed([(byte)'e', 1]));
        Assert.Equal([(byte)'e', 1], Receive(fourth)!);
    }

    [Fact]
    public void A_closing_reply_is_sent_after_all_before_it()
    {
        using var server = new TestServer();
        var client = server.Connect();
        client.Send(Framed([(byte)'e', 1], [(byte)'x'], [(byte)'e', 2]));
        Assert.Equal([(byte)'e', 1], Receive(client)!);
        Assert.Null(Receive(client));
        Eventually(() => server.Sink.Ended.Contains(EndReason.UnsupportedVersion), "the reason to be recorded");
    }
}
