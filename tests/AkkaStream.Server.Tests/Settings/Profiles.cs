using AkkaStream.Hocon;
using AkkaStream.Server.Settings;

namespace AkkaStream.Server.Tests.Settings;

/// <summary>The files in hocon/ start as they are.</summary>
public sealed class Profiles
{
    static readonly string Folder = Path.Combine(Checkout.Root, "hocon");

    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder, "*.conf").Select(path => Path.GetFileName(path)!).Order()];

    static NodeConfiguration Load(string file, PropertiesFile? variables = null, params (string Name, string Value)[] environment) =>
        NodeConfiguration.Load(Path.Combine(Folder, file), [], name => environment.FirstOrDefault(e => e.Name == name).Value, variables);

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_profile_binds_without_a_warning_and_its_broker_starts(string file)
    {
        var node = Load(file);
        string directory = Directory.CreateTempSubdirectory("akkastream-").FullName;
        try
        {
            Assert.Empty(node.Warnings);
            var settings = node.Settings with
            {
                Listeners = [.. node.Settings.Listeners.Select(l => l with { Address = new(System.Net.IPAddress.Loopback, 0) })],
                LogDirs = node.Settings.LogDirs.Count == 0 ? [] : [directory],
            };
            await using var host = await AkkaStreamHost.StartAsync(settings);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Each_profile_is_in_the_readme(string file) => Assert.Contains($"`{file}`", Checkout.Read("hocon/README.md"));

    [Fact]
    public void The_container_profile_takes_what_differs_from_the_environment()
    {
        var variables = PropertiesFile.OfEnvironment("KAFKA_", new Dictionary<string, string>
        {
            ["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"] = "INTERNAL:PLAINTEXT,EXTERNAL:PLAINTEXT",
            ["KAFKA_LOG_RETENTION_HOURS"] = "24",
            ["PATH"] = "/bin",
        });
        var settings = Load("container.conf", variables,
            ("AKKASTREAM_NODE_ID", "4"),
            ("AKKASTREAM_LISTENERS", "INTERNAL://127.0.0.1:9092,EXTERNAL://127.0.0.1:9094"),
            ("AKKASTREAM_ADVERTISED_LISTENERS", "INTERNAL://broker:9092,EXTERNAL://localhost:9094")).Settings;

        Assert.Equal(4, settings.NodeId);
        Assert.Equal(["INTERNAL", "EXTERNAL"], settings.Listeners.Select(l => l.Name));
        Assert.Equal("broker", settings.Advertised["INTERNAL"].Host);
        Assert.Equal("24", settings.Properties["log.retention.hours"]);
    }
}
