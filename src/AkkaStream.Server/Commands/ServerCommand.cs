using AkkaStream.Cluster;
using AkkaStream.Hocon;
using AkkaStream.Log;
using AkkaStream.Server.Logging;
using AkkaStream.Server.Settings;
using Microsoft.Extensions.Logging;

namespace AkkaStream.Server.Commands;

/// <summary>
/// "akkastream server": reads the configuration, runs a broker until a signal asks it to stop. Whatever goes wrong on the way is one
/// message with its cure on the standard error, and an exit code: 2 for what the user wrote, 1 for what the machine refused.
/// </summary>
static class ServerCommand
{
    const int Stopped = 0, Refused = 1, Misused = 2;

    static readonly string[] JavaVariables =
        ["KAFKA_HEAP_OPTS", "KAFKA_OPTS", "KAFKA_JVM_PERFORMANCE_OPTS", "KAFKA_GC_LOG_OPTS", "KAFKA_DEBUG", "KAFKA_VERSION", "KAFKA_HOME"];

    public static int Run(string[] words, TextWriter output, TextWriter errors)
    {
        if (words is ["--help" or "-h" or "help"])
        {
            output.Write(ServerArguments.Usage);
            return Stopped;
        }
        if (ServerArguments.Parse(words, out var arguments) is { } problem)
        {
            errors.WriteLine($"akkastream server: {problem}");
            errors.Write(ServerArguments.Usage);
            return Misused;
        }
        using var signals = new StopSignals();
        try
        {
            var configuration = NodeConfiguration.Load(
                arguments.File, arguments.Overrides, Environment.GetEnvironmentVariable, Variables(arguments.VariablePrefix));
            using var log = new ConsoleLog(Console.OpenStandardError(), configuration.Levels, TimeProvider.System);
            return Run(configuration, log, signals, output);
        }
        catch (Exception e) when (e is SettingsException or HoconException)
        {
            errors.WriteLine($"akkastream: the configuration cannot be used\n  {e.Message.Replace("\n", "\n  ")}");
            return Misused;
        }
        catch (Exception e) when (e is DirectoryUnusableException or IdentityException or LogDamagedException or IOException)
        {
            errors.WriteLine($"akkastream: cannot start. {e.Message}");
            return Refused;
        }
        catch (Exception e)
        {
            // Ours to mend: the operator gets one line, and the place in the code for a report.
            errors.WriteLine($"akkastream: cannot start, because of an error of its own: {e.GetType().Name}: {e.Message} " +
                $"({e.StackTrace?.Split('\n', 2)[0].Trim()})");
            return Refused;
        }
    }

    /// <summary>Without those that Kafka's start script reads for its virtual machine: nobody has to take them out of a manifest.</summary>
    static PropertiesFile? Variables(string? prefix)
    {
        if (prefix is null) return null;
        var found = new List<KeyValuePair<string, string>>();
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            if (variable is { Key: string name, Value: string value } && !IsForJava(name)) found.Add(new(name, value));
        }
        return PropertiesFile.OfEnvironment(prefix, found.OrderBy(v => v.Key, StringComparer.Ordinal));
    }

    static bool IsForJava(string name) => name.StartsWith("KAFKA_JMX_", StringComparison.Ordinal)
        || name.StartsWith("KAFKA_LOG4J_", StringComparison.Ordinal) || JavaVariables.Contains(name);

    static int Run(NodeConfiguration configuration, ConsoleLog log, StopSignals signals, TextWriter output)
    {
        var trace = log.CreateLogger("AkkaStream.Server");
        foreach (string warning in configuration.Warnings) ServerTrace.Setting(trace, warning);
        var settings = configuration.Settings with { Loggers = log };
        // The program's first thread has nothing to do but wait, and a state machine for that would be compiled at every start.
        var host = NodeBuilder.StartAsync(settings).GetAwaiter().GetResult();
        output.Write(StartBlock.Describe(host, settings));
        output.Flush();
        ServiceNotice.Ready();
        signals.First.GetAwaiter().GetResult();
        ServiceNotice.Stopping();
        ServerTrace.Stopping(trace);
        host.StopAsync(configuration.StopPatience, signals.Hurry).AsTask().GetAwaiter().GetResult();
        ServerTrace.Stopped(trace);
        return Stopped;
    }
}
