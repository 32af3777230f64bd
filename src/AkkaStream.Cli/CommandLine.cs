using AkkaStream.Client;
using AkkaStream.Cli.Options;

namespace AkkaStream.Cli;

/// <summary>
/// Kafka's command line tools: the first word names the tool, the rest are its options. Called by the akkastream program, and by tests
/// in their own process.
/// </summary>
public static class CommandLine
{
    const int UsageError = 1;

    /// <summary>Whether a word names one of these commands.</summary>
    public static bool Knows(string command) => CommandTable.Find(command) is not null;

    /// <summary>The command, of these or of some others, that a mistyped word was perhaps meant to be.</summary>
    public static string? Nearest(string word, params IEnumerable<string> others) =>
        NearestName.Of(word, CommandTable.All.Select(c => c.Name).Concat(others));

    /// <summary>The names of all commands with one sentence each.</summary>
    public static IEnumerable<(string Name, string Summary)> Commands => CommandTable.All.Select(c => (c.Name, c.Summary));

    /// <summary>Runs a command on the process's own streams.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        using var io = CommandIo.OfConsole();
        return await RunAsync(args, io).ConfigureAwait(false);
    }

    /// <summary>Runs a command on texts.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args, TextReader input, TextWriter output, TextWriter error)
    {
        using var io = CommandIo.Of(input, output, error);
        return await RunAsync(args, io).ConfigureAwait(false);
    }

    /// <summary>Runs a command.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args, CommandIo io)
    {
        if (args.Length == 0 || args[0] is "help" or "--help" or "-h")
        {
            WriteCommands(io.Output);
            return args.Length == 0 ? UsageError : 0;
        }
        if (CommandTable.Find(args[0]) is not { } command)
        {
            string? nearest = NearestName.Of(args[0], CommandTable.All.Select(c => c.Name));
            io.Error.WriteLine($"akkastream: '{args[0]}' is no command{(nearest is null ? "" : $"; did you mean '{nearest}'?")}");
            WriteCommands(io.Error);
            return UsageError;
        }
        try
        {
            return await command.Run(new ToolContext(command.Name, [.. args.Skip(1)], io)).ConfigureAwait(false);
        }
        catch (UsageException e)
        {
            io.Error.WriteLine(e.Message);
            io.Error.WriteLine($"'akkastream {command.Name} --help' lists the options.");
            return UsageError;
        }
        catch (ToolFailedException e)
        {
            io.Flush();
            io.Error.WriteLine(e.Message);
            return 1;
        }
        catch (Exception e) when (e is KafkaException or KafkaConfigException or IOException or FormatException)
        {
            io.Flush();
            io.Error.WriteLine($"Error: {e.Message}");
            return 1;
        }
        catch (OperationCanceledException) when (io.Stop.IsCancellationRequested)
        {
            return 130;
        }
        finally
        {
            io.Flush();
        }
    }

    static void WriteCommands(TextWriter to)
    {
        to.WriteLine("usage: akkastream COMMAND [options]        'akkastream COMMAND --help' lists a command's options");
        to.WriteLine();
        foreach (var (name, summary) in Commands) to.WriteLine($"  {name,-28}{summary}");
    }
}
