using AkkaStream.Server.Commands;

namespace AkkaStream.Server;

/// <summary>The one program: its first word says what it is this time.</summary>
static class Program
{
    const int Misused = 2;

    static Task<int> Main(string[] args) => args switch
    {
        ["server", .. var words] => ServerCommand.RunAsync(words, Console.Out, Console.Error),
        ["storage", .. var words] => Task.FromResult(StorageCommand.Run(words, Console.Out, Console.Error)),
        ["version" or "--version"] => Say($"AkkaStream {ProductVersion.Text}"),
        [] => Task.FromResult(Help(Console.Error, Misused)),
        ["help" or "--help" or "-h"] => Task.FromResult(Help(Console.Out, 0)),
        _ => Unknown(args[0]),
    };

    static Task<int> Say(string text)
    {
        Console.WriteLine(text);
        return Task.FromResult(0);
    }

    static Task<int> Unknown(string word)
    {
        Console.Error.WriteLine($"akkastream: unknown command '{word}'");
        return Task.FromResult(Help(Console.Error, Misused));
    }

    static int Help(TextWriter to, int code)
    {
        to.Write("""
            usage: akkastream COMMAND [arguments]

              server [CONFIG] [--override NAME=VALUE]...   runs a broker
              storage random-uuid|format|info              makes ids and data directories, as kafka-storage does
              version                                      tells the version
              help                                         this text

            """);
        return code;
    }
}
