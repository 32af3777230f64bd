using AkkaStream.Server.Settings;

namespace AkkaStream.Server.Tests.Settings;

public sealed class Listening
{
    [Theory]
    [InlineData("PLAINTEXT://:9092", "PLAINTEXT", "", 9092)]
    [InlineData("plaintext://0.0.0.0:9092", "PLAINTEXT", "0.0.0.0", 9092)]
    [InlineData("INTERNAL://broker-1.example.com:19092", "INTERNAL", "broker-1.example.com", 19092)]
    [InlineData("EXT_1://[2001:db8::1]:0", "EXT_1", "2001:db8::1", 0)]
    [InlineData("EXT://[::]:9092", "EXT", "::", 9092)]
    public void A_listener_is_read_as_Kafka_reads_it(string text, string name, string host, int port)
    {
        Assert.Null(ListenerAddress.Parse(text, out var address));

        Assert.Equal(new ListenerAddress(name, host, port), address);
    }

    [Theory]
    [InlineData("localhost:9092", "write NAME://host:port")]
    [InlineData("PLAINTEXT:/localhost:9092", "write NAME://host:port")]
    [InlineData("PLAINTEXT://localhost", "names no port")]
    [InlineData("PLAINTEXT://localhost:", "names no port")]
    [InlineData("PLAINTEXT://localhost:70000", "ports are 1 to 65535")]
    [InlineData("PLAINTEXT://localhost:-1", "ports are 1 to 65535")]
    [InlineData("PLAINTEXT://2001:db8::1:9092", "stands in brackets")]
    [InlineData("PLAINTEXT://my host:9092", "' ' cannot be part of a host name")]
    public void A_listener_that_cannot_be_read_is_told_how_to_look(string text, string cure)
    {
        Assert.Contains(cure, ListenerAddress.Parse(text, out _));
    }

    [Fact]
    public void Several_listeners_bind_and_are_told_each_by_its_name()
    {
        var settings = Configured.Kafka(
            "listeners=INTERNAL://127.0.0.1:0,EXTERNAL://0.0.0.0:9094",
            "listener.security.protocol.map=INTERNAL:PLAINTEXT,EXTERNAL:PLAINTEXT",
            "advertised.listeners=INTERNAL://127.0.0.1:0,EXTERNAL://broker.example.com:30094",
            "inter.broker.listener.name=INTERNAL").Settings;

        Assert.Equal(["INTERNAL 127.0.0.1:0", "EXTERNAL 0.0.0.0:9094"], settings.Listeners.Select(l => $"{l.Name} {l.Address}"));
        Assert.Equal("broker.example.com", settings.Advertised["EXTERNAL"].Host);
        Assert.Equal(30094, settings.Advertised["EXTERNAL"].Port);
    }

    [Fact]
    public void Listeners_of_controllers_are_read_and_left_out()
    {
        var settings = Configured.Kafka(
            "process.roles=broker,controller", "node.id=3", "controller.listener.names=CONTROLLER",
            "listeners=PLAINTEXT://127.0.0.1:9092,CONTROLLER://127.0.0.1:9093",
            "advertised.listeners=PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093").Settings;

        Assert.Equal("PLAINTEXT", Assert.Single(settings.Listeners).Name);
        Assert.Equal("PLAINTEXT", Assert.Single(settings.Advertised).Key);
        Assert.Equal(3, settings.NodeId);
    }

    [Fact]
    public void An_empty_host_listens_everywhere_and_tells_a_name_that_can_be_looked_up()
    {
        var settings = Configured.Kafka("listeners=PLAINTEXT://:9092").Settings;

        Assert.Contains(settings.Listeners[0].Address.Address.ToString(), new[] { "::", "0.0.0.0" });
        Assert.NotEmpty(System.Net.Dns.GetHostAddresses(settings.Advertised["PLAINTEXT"].Host));
    }

    [Theory]
    [InlineData("listeners=SSL://:9093", "asks for SSL, which is not served yet")]
    [InlineData("listeners=CLIENTS://:9093", "add CLIENTS:PLAINTEXT to listener.security.protocol.map")]
    [InlineData("listeners=PLAINTEXT://:9092,PLAINTEXT://:9093", "names PLAINTEXT twice")]
    [InlineData("listeners=PLAINTEXT://:9092,SSL://:9092", "give each its own port")]
    [InlineData("listeners=PLAINTEXT://no.such.host.invalid:9092", "is not known here")]
    [InlineData("advertised.listeners=PLAINTEXT://0.0.0.0:9092", "which no client can")]
    [InlineData("advertised.listeners=OTHER://a:9092", "which is not in listeners")]
    [InlineData("inter.broker.listener.name=OTHER", "which is not in listeners")]
    [InlineData("listener.security.protocol.map=PLAINTEXT:PLAIN", "the protocol one of PLAINTEXT, SSL")]
    [InlineData("process.roles=controller", "this node is only a controller")]
    public void What_cannot_be_served_stops_the_start_with_its_cure(string line, string cure)
    {
        Assert.Contains(cure, Configured.Refusal([line]));
    }
}
