using System.Net;
using AkkaStream.Net;
using AkkaStream.Server;

if (args is not ["server", ..])
{
    Console.Error.WriteLine($"akkastream: unknown command '{string.Join(' ', args)}'");
    return 2;
}
var stop = new TaskCompletionSource();
using var term = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, c => { c.Cancel = true; stop.TrySetResult(); });
using var interrupt = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGINT, c => { c.Cancel = true; stop.TrySetResult(); });
await using var host = await AkkaStreamHost.StartAsync(new AkkaStreamSettings
{
    Listeners = [new ListenerSettings("PLAINTEXT", new IPEndPoint(IPAddress.Loopback, args.Length > 1 ? int.Parse(args[1]) : 9092))],
    LogDirs = [args.Length > 2 ? args[2] : "data"],
    Net = new NetSettings { Loops = args.Length > 3 ? int.Parse(args[3]) : 1 },
});
Console.WriteLine($"AkkaStream listens on {host.BootstrapServers}");
await stop.Task;
return 0;
