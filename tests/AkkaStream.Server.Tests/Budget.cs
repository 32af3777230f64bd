using System.Text.Json;

namespace AkkaStream.Server.Tests;

/// <summary>What an operation may allocate: bench/budgets.json.</summary>
static class Budget
{
    public static void Assert(string operation, double measured)
    {
        using var budgets = JsonDocument.Parse(Checkout.Read("bench/budgets.json"));
        double allowed = budgets.RootElement.GetProperty(operation).GetDouble();
        Xunit.Assert.True(measured <= allowed, $"{operation}: {measured:0.0} bytes allocated, {allowed:0.0} allowed (bench/budgets.json)");
    }

    /// <summary>
    /// Bytes for one operation in the quietest of several rounds: what else goes on in the process (compilation in the background, timers)
    /// comes and goes, what the operation allocates is there in every one.
    /// </summary>
    public static double Measure(int count, Action run) => Measure(count, run, () => GC.GetTotalAllocatedBytes(precise: true));

    /// <summary>The same for what happens on the caller's thread alone.</summary>
    public static double MeasureHere(int count, Action run) => Measure(count, run, GC.GetAllocatedBytesForCurrentThread);

    static double Measure(int count, Action run, Func<long> allocated)
    {
        const int Rounds = 10;
        double least = double.MaxValue;
        run();
        for (int round = 0; round < Rounds; round++)
        {
            long before = allocated();
            run();
            least = Math.Min(least, (allocated() - before) / (double)count);
        }
        return least;
    }
}
