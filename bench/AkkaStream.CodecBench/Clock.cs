using System.Diagnostics;

namespace AkkaStream.CodecBench;

/// <summary>Measures alternatives in turns, so that a slow moment of the machine meets all of them alike.</summary>
static class Clock
{
    const int Rounds = 9;
    static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(30);

    /// <summary>Best seconds of one call for each alternative. The first round warms the code up and does not count.</summary>
    public static double[] Best(params Action[] alternatives)
    {
        var best = new double[alternatives.Length];
        Array.Fill(best, double.MaxValue);
        foreach (Action warm in alternatives) Once(warm, TimeSpan.FromMilliseconds(150));
        for (int round = 0; round < Rounds; round++)
        {
            for (int i = 0; i < alternatives.Length; i++) best[i] = Math.Min(best[i], Once(alternatives[i], Slice));
        }
        return best;
    }

    static double Once(Action action, TimeSpan slice)
    {
        int calls = 0;
        int step = 1;
        long start = Stopwatch.GetTimestamp();
        TimeSpan elapsed;
        do
        {
            for (int i = 0; i < step; i++) action();
            calls += step;
            if (step < 1 << 14) step *= 2;
            elapsed = Stopwatch.GetElapsedTime(start);
        }
        while (elapsed < slice);
        return elapsed.TotalSeconds / calls;
    }
}
