using System.Net;

namespace AkkaStream.Benchmarks.Compare;

/// <summary>A broker that is measured.</summary>
sealed record Target(string Name, IPEndPoint Address, int Pid);

/// <summary>One number of a row, and how much of the peer's it may be.</summary>
/// <param name="Goal">Ours divided by the peer's: at most this, or at least this where more is better.</param>
sealed record Metric(string Name, string Unit, double Goal, bool MoreIsBetter = false)
{
    public bool IsMet(double ratio) => MoreIsBetter ? ratio >= Goal : ratio <= Goal;
}

/// <summary>One workload. Run gives a value for each metric, and the ideal for the first one where there is one.</summary>
sealed record Row(string Name, string About, Metric[] Metrics, Func<Target, double, Sample> Run)
{
    /// <summary>What no broker can go below in the first metrics, the machine being what it is: taken in turns with the others.</summary>
    public Func<double[]>? Floor { get; init; }
}

/// <param name="Limit">The first metric at the machine's best, from <see cref="LimitLine"/>; 0 where there is no such line.</param>
/// <param name="Note">What else is worth knowing, such as the real size of a response.</param>
sealed record Sample(double[] Values, double Limit = 0, string Note = "");
