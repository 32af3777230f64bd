using AkkaStream.Net;
using static AkkaStream.Net.Tests.TestServer;

namespace AkkaStream.Net.Tests;

public sealed class Stopping
{
    [Fact]
    public async Task What_is_under_way_is_answered_before_the_end()
    {
        using var server = new TestServer();
        var idle = server.Connect();
        var busy = server.Connect();
        busy.Send(Framed([(byte)'h', 1]));
        Eventually(() => server.Sink.Parked.Count == 1 && server.Net.Loops[0].ConnectionCount == 2, "the request under way");
        var stopping = server.Net.StopAsync(CancellationToken.None);
        Assert.Null(Receive(idle));
        server.Sink.Parked.TryDequeue(out var slot);
        EchoSink.Answer(slot!, [42]);
        Assert.Equal([42], Receive(busy)!);
        Assert.Null(Receive(busy));
        await stopping;
    }

    [Fact]
    public void The_port_is_free_again()
    {
        var server = new TestServer();
        server.Dispose();
        using var client = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        Assert.ThrowsAny<System.Net.Sockets.SocketException>(() => client.Connect(server.Address));
    }

    [Fact]
    public void A_taken_port_is_named_with_the_cure()
    {
        using var server = new TestServer();
        var error = Assert.Throws<IOException>(() => server.Net.Listen(new ListenerSettings("SECOND", server.Address)));
        Assert.Contains("another process listens there", error.Message);
    }

    [Fact]
    public void An_address_of_another_machine_is_named_with_the_cure()
    {
        using var server = new TestServer();
        var elsewhere = new System.Net.IPEndPoint(System.Net.IPAddress.Parse("192.0.2.1"), 0);
        var error = Assert.Throws<IOException>(() => server.Net.Listen(new ListenerSettings("SECOND", elsewhere)));
        Assert.Contains("0.0.0.0 for all", error.Message);
    }
}
