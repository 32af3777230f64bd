namespace AkkaStream.Benchmarks.Compare;

/// <summary>
/// What a frame costs at the very least: receive, checksum and a write into the page cache; or a read from it and a send. Taken from
/// bare loops of system calls on a two-core machine; on another one only the shape holds, so it is printed as a ratio.
/// </summary>
static class LimitLine
{
    const int Knee = 16_384;

    public static double ProduceSecondsPerGb(double frameBytes) => PerGb(
        frameBytes <= Knee ? 1.74 + 0.261 * frameBytes / 1e3 : 3.4 + 0.159 * frameBytes / 1e3, frameBytes);

    public static double FetchSecondsPerGb(double responseBytes) => PerGb(5.1 + 0.136 * responseBytes / 1e3, responseBytes);

    static double PerGb(double micros, double bytes) => micros * 1e-6 / bytes * 1e9;
}
