namespace AkkaStream.Server;

static class Program
{
    static int Main(string[] args)
    {
        Console.Error.WriteLine($"akkastream: unknown command '{string.Join(' ', args)}'");
        return 2;
    }
}
