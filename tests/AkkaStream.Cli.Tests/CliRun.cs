using System.Text;

namespace AkkaStream.Cli.Tests;

/// <summary>What a command printed.</summary>
sealed record CliRun(int Exit, string Output, string Error)
{
    public static Task<CliRun> Of(string[] args, string input = "") => Of(args, Encoding.UTF8.GetBytes(input));

    public static async Task<CliRun> Of(string[] args, byte[] input)
    {
        var output = new MemoryStream();
        var error = new StringWriter { NewLine = "\n" };
        int exit;
        using (var io = CommandIo.Of(new MemoryStream(input), output, TextWriter.Synchronized(error))) exit = await CommandLine.RunAsync(args, io);
        return new CliRun(exit, Encoding.UTF8.GetString(output.ToArray()), error.ToString());
    }
}
