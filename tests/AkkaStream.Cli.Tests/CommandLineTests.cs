namespace AkkaStream.Cli.Tests;

public sealed class CommandLineTests
{
    static async Task<string> Complaint(params string[] args)
    {
        var run = await CliRun.Of(args);
        Assert.NotEqual(0, run.Exit);
        return run.Error;
    }

    [Theory]
    [InlineData("partiction", "partitions")]
    [InlineData("rep-lication-factor", "replication-factor")]
    [InlineData("boots-server", "bootstrap-server")]
    [InlineData("toipc", "topic")]
    public async Task A_mistyped_option_is_answered_with_the_nearest_one(string typed, string meant) =>
        Assert.Contains($"{typed} is not a recognized option; did you mean --{meant}?", await Complaint("topics", $"--{typed}", "x"));

    [Fact]
    public async Task A_mistyped_command_is_answered_with_the_nearest_one() =>
        Assert.Contains("'topis' is no command; did you mean 'topics'?", await Complaint("topis"));

    [Fact]
    public async Task A_word_without_dashes_is_told_how_it_is_written() =>
        Assert.Contains("'create' is written with dashes: --create", await Complaint("topics", "create", "--topic", "x"));

    [Fact]
    public async Task The_zookeeper_option_is_answered_with_what_to_write_instead() =>
        Assert.Contains("Write --bootstrap-server HOST:PORT", await Complaint("topics", "--zookeeper", "localhost:2181", "--list"));

    [Fact]
    public async Task A_producer_that_is_asked_to_read_names_the_consumer() => Assert.Contains(
        "use console-consumer",
        await Complaint("console-producer", "--zookeeper", "localhost:2181", "--topic", "t", "--from-beginning"));

    [Fact]
    public async Task A_value_may_begin_with_a_dash_and_may_stand_behind_an_equals_sign()
    {
        Assert.Contains("'-3' is incorrect", await Complaint("console-consumer", "--bootstrap-server", "x:1", "--topic", "t", "--partition", "0", "--offset", "-3"));
        Assert.Contains("'-3' is incorrect", await Complaint("console-consumer", "-bootstrap-server=x:1", "--topic=t", "--partition=0", "--offset=-3"));
    }

    [Fact]
    public async Task An_option_that_lost_its_value_is_named() =>
        Assert.Contains("Option topic requires an argument", await Complaint("topics", "--topic", "--describe"));

    [Fact]
    public async Task Every_command_has_a_help_that_names_its_options()
    {
        foreach (var (name, _) in CommandLine.Commands)
        {
            var run = await CliRun.Of([name, "--help"]);
            Assert.Equal(0, run.Exit);
            Assert.Contains("--", run.Output);
            Assert.DoesNotContain(run.Output.Split('\n'), line => line.EndsWith(' ') || line.Length > 130);
        }
    }

    [Fact]
    public async Task A_properties_file_that_is_not_there_is_named() => Assert.Contains(
        "/no/such/file", await Complaint("topics", "--bootstrap-server", "localhost:1", "--list", "--command-config", "/no/such/file"));

    [Fact]
    public async Task Servers_that_are_no_addresses_are_told_how_they_are_written() => Assert.Contains(
        "Write host:port, for example localhost:9092", await Complaint("topics", "--bootstrap-server", "localhost", "--list"));
}
