using AkkaStream.Cli;
using AkkaStream.Server.Commands;

namespace AkkaStream.Server;

/// <summary>The one program: its first word says what it is this time.</summary>
static class Program
{
    const int Misused = 2;

    static Task<int> Main(string[] args) => args switch
    {
        ["server", .. var words] => Task.FromResult(ServerCommand.Run(words, Console.Out, Console.Error)),
        ["storage", .. var words] => Task.FromResult(StorageCommand.Run(words, Console.Out, Console.Error)),
        ["adopt", .. var words] => Task.FromResult(AdoptCommand.Run(words, Console.Out, Console.Error)),
        ["accept-damage", .. var words] => Task.FromResult(AcceptDamageCommand.Run(words, Console.Out, Console.Error)),
        ["version" or "--version"] => Say($"AkkaStream {ProductVersion.Text}"),
        [] => Task.FromResult(Help(Console.Error, Misused)),
        ["help" or "--help" or "-h"] => Task.FromResult(Help(Console.Out, 0)),
        [var tool, ..] when CommandLine.Knows(tool) => CommandLine.RunAsync(args),
        _ => Unknown(args[0]),
    };

    static Task<int> Say(string text)
    {
        Console.WriteLine(text);
        return Task.FromResult(0);
    }

    static Task<int> Unknown(string word)
    {
        string? nearest = CommandLine.Nearest(word, "server", "storage", "adopt", "accept-damage", "version");
        string meant = nearest is null ? "" : $"; did you mean '{nearest}'?";
        Console.Error.WriteLine($"akkastream: unknown command '{word}'{meant}");
        return Task.FromResult(Help(Console.Error, Misused));
    }

    static int Help(TextWriter to, int code)
    {
        to.Write("""
            usage: akkastream COMMAND [arguments]

              server [CONFIG] [--override NAME=VALUE]...   runs a broker
              storage random-uuid|format|info              makes ids and data directories, as kafka-storage does
              adopt [CONFIG]                               tells what a start takes over from Kafka's data directories
              accept-damage FOLDER                         tells what damaged files cost, and has them cut
              version                                      tells the version
              help                                         this text

            and Kafka's tools, each with its own --help (also as bin/kafka-TOOL.sh):

            """);
        foreach (var (name, summary) in CommandLine.Commands) to.WriteLine($"  {name,-42} {summary}");
        return code;
    }
}
