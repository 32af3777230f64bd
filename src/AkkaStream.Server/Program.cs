using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using AkkaStream.Net;

namespace AkkaStream.Server;

static class Program
{
    static async Task<int> Main(string[] args)
    {
        if (args is not ["server", ..])
        {
            Console.Error.WriteLine($"akkastream: unknown command '{string.Join(' ', args)}'");
            return 2;
        }
        var stop = new TaskCompletionSource();
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.TrySetResult();
        }
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        await using var host = await AkkaStreamHost.StartAsync(new AkkaStreamSettings
        {
            Listeners = [new ListenerSettings("PLAINTEXT", new IPEndPoint(IPAddress.Loopback, Number(args, 1, 9092)))],
            LogDirs = [args.Length > 2 ? args[2] : "data"],
            Net = new NetSettings { Loops = Number(args, 3, 1) },
        });
        Console.WriteLine($"AkkaStream listens on {host.BootstrapServers}");
        await stop.Task;
        return 0;
    }

    static int Number(string[] args, int at, int otherwise) =>
        args.Length > at ? int.Parse(args[at], CultureInfo.InvariantCulture) : otherwise;
}
