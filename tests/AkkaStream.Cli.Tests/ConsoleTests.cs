using System.Text;
using AkkaStream.Client;
using AkkaStream.Client.Settings;
using AkkaStream.Server;

namespace AkkaStream.Cli.Tests;

/// <summary>The console producer and consumer against a broker in this process.</summary>
public sealed class ConsoleTests : IAsyncLifetime
{
    AkkaStreamHost _host = null!;

    public async Task InitializeAsync() => _host = await AkkaStreamHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    Task<CliRun> Produce(byte[] input, params string[] more) =>
        CliRun.Of(["console-producer", "--bootstrap-server", _host.BootstrapServers, "--topic", "t", .. more], input);

    Task<CliRun> Consume(params string[] more) =>
        CliRun.Of(["console-consumer", "--bootstrap-server", _host.BootstrapServers, "--topic", "t", "--from-beginning", .. more]);

    [Fact]
    public async Task Bytes_that_are_no_text_come_out_as_they_went_in()
    {
        byte[] value = [.. Enumerable.Range(0, 256).Select(i => (byte)i).Where(b => b is not ((byte)'\n' or (byte)'\r'))];
        Assert.Equal(0, (await Produce([.. value, (byte)'\n'])).Exit);
        await using var consumer = new Consumer(ConsumerSettings.For(_host.BootstrapServers) with { OffsetReset = OffsetReset.Earliest });
        consumer.Assign(new TopicPartition("t", 0));
        using var records = await consumer.PollAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(value, records[0].Value.ToArray());
    }

    [Theory]
    [InlineData("none")]
    [InlineData("gzip")]
    [InlineData("snappy")]
    [InlineData("lz4")]
    [InlineData("zstd")]
    public async Task A_long_file_of_lines_arrives_whole_and_in_order(string codec)
    {
        const int lines = 12_434;
        string text = string.Concat(Enumerable.Range(0, lines).Select(i => $"{i},customer {i},{new string('x', i % 90)}\r\n"));
        Assert.Equal(0, (await Produce(Encoding.UTF8.GetBytes(text), "--compression-codec", codec)).Exit);

        var read = await Consume("--max-messages", $"{lines}");

        Assert.Equal(text.Replace("\r", ""), read.Output);
        Assert.EndsWith($"Processed a total of {lines} messages\n", read.Error);
    }

    [Fact]
    public async Task A_line_longer_than_any_buffer_arrives_whole()
    {
        string line = new('y', 700_000);
        Assert.Equal(0, (await Produce(Encoding.UTF8.GetBytes(line))).Exit);
        Assert.Equal(line + "\n", (await Consume("--max-messages", "1")).Output);
    }

    [Fact]
    public async Task Records_that_are_too_large_are_named_and_the_exit_code_tells()
    {
        var run = await Produce(Encoding.UTF8.GetBytes(new string('z', 1_200_000) + "\nsmall\n"));

        Assert.Equal(1, run.Exit);
        Assert.Contains("max.request.size", run.Error);
        Assert.Equal("small\n", (await Consume("--max-messages", "1")).Output);
    }

    [Fact]
    public async Task Readers_and_writers_of_text_serve_as_well_as_streams()
    {
        var output = new StringWriter();
        int code = await CommandLine.RunAsync(
            ["console-producer", "--bootstrap-server", _host.BootstrapServers, "--topic", "t"], new StringReader("ä\n"), TextWriter.Null, output);
        Assert.Equal(0, code);
        var printed = new StringWriter();
        code = await CommandLine.RunAsync(
            ["console-consumer", "--bootstrap-server", _host.BootstrapServers, "--topic", "t", "--from-beginning", "--max-messages", "1"],
            TextReader.Null, printed, output);
        Assert.Equal((0, "ä\n"), (code, printed.ToString()));
    }

    [Fact]
    public async Task A_consumer_that_is_told_to_stop_says_how_much_it_read()
    {
        await Produce("one\ntwo\n"u8.ToArray());
        var output = new StopAfter(8);
        var error = new StringWriter { NewLine = "\n" };
        using var io = CommandIo.Of(Stream.Null, output, error);
        output.Stop = io.RequestStop;

        int code = await CommandLine.RunAsync(
            ["console-consumer", "--bootstrap-server", _host.BootstrapServers, "--topic", "t", "--from-beginning"], io);

        Assert.Equal(0, code);
        Assert.Equal("Processed a total of 2 messages\n", error.ToString());
    }

    [Fact]
    public async Task Partitions_that_are_added_while_a_consumer_runs_are_read_from_their_beginning()
    {
        await Produce("one\n"u8.ToArray());
        var output = new StopAfter(8);
        using var io = CommandIo.Of(Stream.Null, output, TextWriter.Null);
        output.Stop = io.RequestStop;
        var reading = CommandLine.RunAsync(
            ["console-consumer", "--bootstrap-server", _host.BootstrapServers, "--topic", "t", "--from-beginning",
                "--command-property", "metadata.max.age.ms=50"], io);
        await output.AtLeast(4);

        await CliRun.Of(["topics", "--bootstrap-server", _host.BootstrapServers, "--alter", "--topic", "t", "--partitions", "2"]);
        await using (var producer = new Producer(ProducerSettings.For(_host.BootstrapServers)))
            await producer.SendAsync(new ProducerRecord("t", default, "two"u8.ToArray()) { Partition = 1 });
        await reading;

        Assert.Equal("one\ntwo\n", Encoding.UTF8.GetString(output.ToArray()));
    }

    /// <summary>An output that presses Ctrl-C once it holds so many bytes.</summary>
    sealed class StopAfter(int bytes) : MemoryStream
    {
        readonly TaskCompletionSource _some = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int _wanted = int.MaxValue;

        public Action Stop { get; set; } = () => { };

        public Task AtLeast(int count)
        {
            _wanted = count;
            if (Length >= count) _some.TrySetResult();
            return _some.Task;
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
            base.Write(buffer, offset, count);
            Check();
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            base.Write(buffer);
            Check();
        }

        void Check()
        {
            if (Length >= _wanted) _some.TrySetResult();
            if (Length >= bytes) Stop();
        }
    }
}
