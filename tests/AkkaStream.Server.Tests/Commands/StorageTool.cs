using AkkaStream.Server.Commands;

namespace AkkaStream.Server.Tests.Commands;

/// <summary>Answers and exit codes as recorded from kafka-storage 4.3.1.</summary>
public sealed class StorageTool : IDisposable
{
    const string Cluster = "MkU3OEVBNTcwNTJENDM2Qg";

    readonly string _directory = Directory.CreateTempSubdirectory("akkastream-").FullName;
    readonly string _config;

    public StorageTool()
    {
        _config = Path.Combine(_directory, "server.properties");
        File.WriteAllText(_config, $"process.roles=broker,controller\nnode.id=1\nlog.dirs={First},{Second}\n" +
            "listeners=PLAINTEXT://:9092,CONTROLLER://:9093\ncontroller.listener.names=CONTROLLER\n");
    }

    string First => Path.Combine(_directory, "a");
    string Second => Path.Combine(_directory, "b");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    static (int Code, string Output, string Errors) Run(params string[] words)
    {
        var output = new StringWriter { NewLine = "\n" };
        var errors = new StringWriter { NewLine = "\n" };
        return (StorageCommand.Run(words, output, errors), output.ToString(), errors.ToString());
    }

    (int Code, string Output, string Errors) Format(params string[] more) => Run(["format", "-t", Cluster, "-c", _config, .. more]);

    [Fact]
    public void A_random_id_has_22_characters_and_does_not_look_like_an_option()
    {
        for (int i = 0; i < 200; i++)
        {
            var (code, output, _) = Run("random-uuid");
            Assert.Equal(0, code);
            Assert.Matches("^[A-Za-z0-9_][A-Za-z0-9_-]{21}\n$", output);
        }
    }

    [Fact]
    public void Formatting_makes_each_directory_out_and_info_tells_of_it()
    {
        var formatted = Format("--standalone");
        var described = Run("info", "--config", _config);

        Assert.Equal(0, formatted.Code);
        Assert.Equal($"Formatting data directory {First} with metadata.version 4.3-IV0.\n" +
            $"Formatting data directory {Second} with metadata.version 4.3-IV0.\n", formatted.Output);
        Assert.Equal(0, described.Code);
        Assert.StartsWith($"Found log directories:\n  {First}\n  {Second}\n\nFound metadata: {{cluster.id={Cluster}, directory.id=", described.Output);
        Assert.EndsWith(", node.id=1, version=1}\n\n", described.Output);
    }

    [Fact]
    public void Formatting_again_is_refused_unless_told_to_ignore_it()
    {
        Format();

        Assert.Equal((1, "", $"Log directory {First} is already formatted. Use --ignore-formatted to ignore this directory and format the others.\n"),
            Format());
        Assert.Equal((0, "All of the log directories are already formatted.\n", ""), Format("--ignore-formatted"));
    }

    [Fact]
    public void Another_clusters_directory_is_never_taken_over()
    {
        Format();

        var (code, _, errors) = Run("format", "--cluster-id=4U3OEVBNTcwNTJENDM2Qgg", "-g", "-c", _config);

        Assert.Equal(1, code);
        Assert.Equal($"Invalid cluster.id in: {First}/meta.properties. Expected 4U3OEVBNTcwNTJENDM2Qgg, but read {Cluster}\n", errors);
    }

    [Fact]
    public void Info_tells_what_is_missing()
    {
        Assert.Equal((1, $"Found problems:\n  {First} does not exist\n  {Second} does not exist\n\n", ""), Run("info", "-c", _config));

        Directory.CreateDirectory(First);

        Assert.Equal(
            (1, $"Found log directory:\n  {First}\n\nFound problems:\n  {First} is not formatted.\n  {Second} does not exist\n\n", ""),
            Run("info", "-c", _config));
    }

    [Fact]
    public void A_release_is_told_by_its_features()
    {
        var (code, output, _) = Run("version-mapping", "-r", "3.9");

        Assert.Equal(0, code);
        Assert.Equal("metadata.version=21 (3.9)\nkraft.version=1\ntransaction.version=0\ngroup.version=0\n" +
            "eligible.leader.replicas.version=0\nshare.version=0\nstreams.version=0\n", output);
    }

    [Theory]
    [InlineData("kafka-storage: error: argument --cluster-id/-t is required", "format", "-c", "x.properties")]
    [InlineData("kafka-storage: error: argument --config/-c is required", "info")]
    [InlineData("kafka-storage: error: unrecognized arguments: 'extra'", "random-uuid", "extra")]
    [InlineData("kafka-storage: error: invalid choice: 'bogus'", "bogus")]
    [InlineData("kafka-storage: error: too few arguments")]
    [InlineData("Unknown metadata.version '9.9'. Supported metadata.version are: 3.3-IV3", "version-mapping", "-r", "9.9")]
    [InlineData("Unsupported feature: foo. Supported features are: eligible.leader.replicas.version, group.version", "feature-dependencies", "-f", "foo=1")]
    public void Misuse_is_told_in_the_words_of_Kafkas_tool(string expected, params string[] words)
    {
        var (code, _, errors) = Run(words);

        Assert.Equal(1, code);
        Assert.Contains(expected, errors);
    }
}
