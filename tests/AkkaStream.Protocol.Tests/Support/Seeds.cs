using System.Globalization;

namespace AkkaStream.Protocol.Tests.Support;

/// <summary>
/// One seed per test run, told in every failure. AKKASTREAM_SEED repeats a run, AKKASTREAM_RUNS makes it so many times
/// longer.
/// </summary>
static class Seeds
{
    public static int Seed { get; } = Number("AKKASTREAM_SEED") ?? Random.Shared.Next();

    public static int Runs { get; } = Number("AKKASTREAM_RUNS") ?? 1;

    /// <summary>A generator for one case: the case can be repeated alone.</summary>
    public static Random For(string name, int version, int run) =>
        new(HashOf($"{Seed}/{name}/{version}/{run}"));

    public static string Told => $"repeat with AKKASTREAM_SEED={Seed}";

    static int HashOf(string text)
    {
        uint hash = 2166136261;
        foreach (char c in text) hash = unchecked((hash ^ c) * 16777619);
        return (int)hash;
    }

    static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int number)
            ? number
            : null;
}
