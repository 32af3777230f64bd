namespace AkkaStream.Cli.Tools;

/// <summary>Delivery times in whole milliseconds, counted. Any thread.</summary>
sealed class Latencies
{
    readonly Lock _lock = new();
    readonly List<long> _counts = [];

    public long Count { get; private set; }

    public long Most { get; private set; }

    public double Average => Count == 0 ? 0 : _sum / (double)Count;

    long _sum;

    public void Add(TimeSpan latency)
    {
        int ms = (int)Math.Clamp(latency.TotalMilliseconds, 0, 3_600_000);
        lock (_lock)
        {
            while (_counts.Count <= ms) _counts.Add(0);
            _counts[ms]++;
            Count++;
            _sum += ms;
            Most = Math.Max(Most, ms);
        }
    }

    /// <summary>The time that so large a part of the records did not exceed.</summary>
    public int Percentile(double part)
    {
        lock (_lock)
        {
            long left = (long)Math.Ceiling(Count * part);
            for (int ms = 0; ms < _counts.Count; ms++)
            {
                left -= _counts[ms];
                if (left <= 0) return ms;
            }
            return 0;
        }
    }
}
