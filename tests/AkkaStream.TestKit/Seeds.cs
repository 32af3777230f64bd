using System.Globalization;

namespace AkkaStream.TestKit;

/// <summary>
/// Seeds for tests that draw by chance. AKKASTREAM_SEED repeats one run; AKKASTREAM_RUNS makes a test try more of them.
/// </summary>
public static class Seeds
{
    /// <summary>Runs the test for a few seeds, or as many as the environment asks for. A failure names its seed.</summary>
    public static void ForEach(int usually, Action<long> test)
    {
        foreach (var seed in Choose(usually))
        {
            try
            {
                test(seed);
            }
            catch (Exception failure)
            {
                throw new TestFailedException($"with AKKASTREAM_SEED={seed}: {failure.Message}", failure);
            }
        }
    }

    /// <summary>The same for tests that wait.</summary>
    public static async Task ForEachAsync(int usually, Func<long, Task> test)
    {
        foreach (var seed in Choose(usually))
        {
            try
            {
                await test(seed);
            }
            catch (Exception failure)
            {
                throw new TestFailedException($"with AKKASTREAM_SEED={seed}: {failure.Message}", failure);
            }
        }
    }

    /// <summary>The same sequence for the same seed in every process; another one for each use.</summary>
    public static Random Random(long seed, int use = 0)
    {
        ulong mixed = ((ulong)seed + (ulong)use * 0x9E3779B97F4A7C15) * 0xBF58476D1CE4E5B9;
        return new Random((int)(mixed ^ (mixed >> 32)));
    }

    static IEnumerable<long> Choose(int usually)
    {
        if (Read("AKKASTREAM_SEED") is { } seed) return [seed];
        var runs = (int)(Read("AKKASTREAM_RUNS") ?? usually);
        var first = Environment.ProcessId * 1_000_003L + Environment.TickCount64;
        return Enumerable.Range(0, runs).Select(i => first + i);
    }

    static long? Read(string variable) =>
        long.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var value)
            ? value
            : null;
}
