using AkkaStream.Benchmarks;
using AkkaStream.Benchmarks.Actors;

// One subcommand a room; each prints a table and nothing else.
var commands = new Dictionary<string, (string About, Action<Bench> Run)>
{
    ["actors"] = ("mailboxes, tell, ask, inline turns, timers, memory", ActorsBench.Run),
};

if (args is ["load", .. var load]) return AkkaStream.Benchmarks.Load.LoadBench.Run(load);
if (args is ["log", .. var log]) return AkkaStream.Benchmarks.Log.LogBench.Run(log);
if (args is ["groups", .. var groups]) return AkkaStream.Benchmarks.Groups.LargeGroupBench.Run(groups);
if (args is ["startup", .. var startup]) return AkkaStream.Benchmarks.Startup.StartupBench.Run(startup);
if (args is ["produce" or "fetch", .. var clients]) return AkkaStream.Benchmarks.Clients.ClientBench.Run(args[0], clients);
if (args is ["compare", .. var compare]) return AkkaStream.Benchmarks.Compare.CompareBench.Run(compare);
if (args is ["tails", .. var tails]) return AkkaStream.Benchmarks.Tails.TailsBench.Run(tails);
if (args is ["bare", .. var bare]) return AkkaStream.Benchmarks.Bare.BareServer.Serve(bare);
if (args is [var name, .. var options] && commands.TryGetValue(name, out var command))
{
    command.Run(new Bench(options));
    return 0;
}

Console.WriteLine("usage: bench NAME [--rounds N] [--only TEXT]");
Console.WriteLine($"  {"startup",-12} from ./akkastream to the first answer, idle memory: empty, 1,000 and 10,000 partitions");
Console.WriteLine($"  {"produce",-12} our own client and librdkafka: rate, the broker's cost, latency and memory; fetch is the same for reading");
Console.WriteLine($"  {"compare",-12} this broker and another, in turns: processor time, throughput, latency, memory");
Console.WriteLine($"  {"tails",-12} a steady load while segments roll, retention deletes, the cleaner compacts, ...");
Console.WriteLine($"  {"groups",-12} groups of 500 members");
Console.WriteLine($"  {"load",-12} ready-made requests to a broker that runs");
Console.WriteLine($"  {"log",-12} append and read beside bare writes and reads, as ratios [--mb N] [--rounds N]");
foreach (var (known, (about, _)) in commands) Console.WriteLine($"  {known,-12} {about}");
return args.Length == 0 ? 0 : 2;
