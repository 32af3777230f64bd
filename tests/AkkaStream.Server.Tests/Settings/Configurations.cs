using System.Net;
using AkkaStream.Server.Settings;
using Microsoft.Extensions.Logging;

namespace AkkaStream.Server.Tests.Settings;

public sealed class Configurations
{
    [Fact]
    public void Without_a_file_it_listens_on_the_loopback_and_keeps_its_data_among_the_users_own()
    {
        var settings = Configured.Nothing().Settings;

        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 9092), Assert.Single(settings.Listeners).Address);
        Assert.Equal(["/home/somebody/.local/share/akkastream"], settings.LogDirs);
        Assert.Null(settings.NodeId);
        Assert.Empty(settings.Properties);
    }

    [Fact]
    public void A_Kafka_file_has_Kafkas_defaults_for_what_it_leaves_out()
    {
        var settings = Configured.Kafka("broker.id=-1").Settings;

        Assert.Equal(9092, settings.Listeners[0].Address.Port);
        Assert.False(IPAddress.IsLoopback(settings.Listeners[0].Address.Address));
        Assert.Equal(["/tmp/kafka-logs"], settings.LogDirs);
        Assert.Null(settings.NodeId);
    }

    [Fact]
    public void A_file_from_the_days_of_ZooKeeper_starts_and_says_what_became_of_its_names()
    {
        var node = Configured.Kafka(
            "broker.id=0", "num.network.threads=3", "log.dirs=/tmp/a,/tmp/b", "zookeeper.connect=localhost:2181",
            "zookeeper.connection.timeout.ms=18000", "log.message.format.version=2.6", "listners=PLAINTEXT://:9093", "my.own=1");

        Assert.Equal(0, node.Settings.NodeId);
        Assert.Equal(["/tmp/a", "/tmp/b"], node.Settings.LogDirs);
        Assert.Equal(5, node.Warnings.Count);
        Assert.Contains(node.Warnings, w => w.Contains("server.properties:4") && w.Contains("there is no ZooKeeper"));
        Assert.Contains(node.Warnings, w => w.Contains("log.message.format.version"));
        Assert.Contains(node.Warnings, w => w.Contains("did you mean listeners?"));
        Assert.Contains(node.Warnings, w => w.Contains("my.own is no setting of Kafka's or of AkkaStream's"));
    }

    [Fact]
    public void Everything_of_Kafkas_name_is_handed_on_by_that_name()
    {
        var settings = Configured.Kafka("log.retention.hours=24", "num.partitions=3", "listener.name.plaintext.max.connections=5").Settings;

        Assert.Equal("24", settings.Properties["log.retention.hours"]);
        Assert.Equal("3", settings.Properties["num.partitions"]);
        Assert.Equal("5", settings.Properties["listener.name.plaintext.max.connections"]);
    }

    [Fact]
    public void Units_lists_and_words_of_Hocon_become_what_Kafka_would_write()
    {
        var settings = Configured.Hocon("""
            akkastream {
              log.retention.ms = 7d
              log.roll.hours = 2 days
              log.segment.bytes = 64MiB
              auto.create.topics.enable = no
              log.dirs = [/tmp/a, /tmp/b]
              log.dir.failure.timeout.ms = 5s
              log.retention.bytes = -1
              num.partitions = null
            }
            """).Settings;

        Assert.Equal("604800000", settings.Properties["log.retention.ms"]);
        Assert.Equal("48", settings.Properties["log.roll.hours"]);
        Assert.Equal("67108864", settings.Properties["log.segment.bytes"]);
        Assert.Equal("false", settings.Properties["auto.create.topics.enable"]);
        Assert.Equal("5000", settings.Properties["log.dir.failure.timeout.ms"]);
        Assert.Equal("-1", settings.Properties["log.retention.bytes"]);
        Assert.Equal(["/tmp/a", "/tmp/b"], settings.LogDirs);
        Assert.DoesNotContain("num.partitions", settings.Properties.Keys);
    }

    [Fact]
    public void The_command_line_goes_before_the_file()
    {
        var settings = Configured.Hocon("akkastream { num.partitions = 2, node.id = 7 }", "num.partitions=5", "logging.level=debug").Settings;

        Assert.Equal("5", settings.Properties["num.partitions"]);
        Assert.Equal(7, settings.NodeId);
    }

    [Theory]
    [InlineData("akkastream { log.retension.hours = 1 }", "did you mean akkastream.log.retention.hours?")]
    [InlineData("akkastream { net.lops = 1 }", "did you mean akkastream.net.loops?")]
    [InlineData("akkastream { storage = tape }", "akkastream.storage must be one of disk, memory")]
    [InlineData("akkastream { num.partitions = 0 }", "Value must be at least 1")]
    [InlineData("akkastream { log.retention.hours = 90m }", "log.retention.hours counts whole hours")]
    [InlineData("akkastream { queued.max.request.bytes = 10 }", "queued.max.request.bytes must be larger or equal to socket.request.max.bytes")]
    public void A_mistake_in_Hocon_stops_the_start_and_names_the_place(string text, string cure)
    {
        string message = Configured.HoconRefusal(text);

        Assert.Contains("node.conf:1:", message);
        Assert.Contains(cure, message);
    }

    [Fact]
    public void Who_asks_for_access_control_is_not_left_without_it_unawares()
    {
        Assert.Contains("every client may do everything",
            Configured.Refusal(["authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer"]));
        Assert.Contains("ssl.keystore.location has no effect yet", Assert.Single(Configured.Kafka("ssl.keystore.location=/a").Warnings));
    }

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        string message = Configured.Refusal(["num.partitions=none", "log.retention.hours=x", "listeners=nothing"]);

        Assert.Equal(3, message.Split('\n').Length);
    }

    [Fact]
    public void Rooms_may_log_at_a_level_of_their_own()
    {
        var levels = Configured.Hocon("akkastream.logging { level = warn, rooms { net = debug } }").Levels;

        Assert.Equal(LogLevel.Debug, levels.Of("net"));
        Assert.Equal(LogLevel.Warning, levels.Of("log"));
    }

    [Fact]
    public void No_own_default_is_left_without_a_reader()
    {
        var reference = NodeConfiguration.Reference();
        var binder = new AkkaStream.Hocon.SettingsBinder(reference.Resolve(), reference.Resolve());

        OwnBinding.Bind(binder, binder.Section(NodeConfiguration.Root));
        binder.Finish();

        Assert.Empty(binder.UnreadDefaults());
    }

    [Fact]
    public void What_Net_needs_of_Kafkas_properties_replaces_its_own_values()
    {
        var net = NetBinding.Bind(new AkkaStream.Net.NetSettings(), new Dictionary<string, string>
        {
            ["socket.request.max.bytes"] = "1000", ["connections.max.idle.ms"] = "-1", ["max.connections.per.ip"] = "3",
            ["max.connections.per.ip.overrides"] = "127.0.0.1:200,[::1]:7", ["num.network.threads"] = "1000",
        });

        Assert.Equal(1000, net.RequestMaxBytes);
        Assert.True(net.MaxIdle > TimeSpan.FromDays(10_000));
        Assert.Equal(3, net.MaxConnectionsPerAddress);
        Assert.Equal(200, net.MaxConnectionsOverrides[IPAddress.Loopback]);
        Assert.Equal(7, net.MaxConnectionsOverrides[IPAddress.IPv6Loopback]);
        Assert.Equal(Environment.ProcessorCount, net.Loops);
    }
}
