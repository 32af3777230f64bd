namespace AkkaStream.Protocol.Tests.Compression;

/// <summary>
/// Runs a check for many seeds and names the one that failed. AKKASTREAM_SEED repeats a single one; AKKASTREAM_FUZZ
/// multiplies the number.
/// </summary>
static class Seeds
{
    public static void Each(int count, Action<int> check)
    {
        if (int.TryParse(Environment.GetEnvironmentVariable("AKKASTREAM_SEED"), out int only))
        {
            check(only);
            return;
        }
        if (int.TryParse(Environment.GetEnvironmentVariable("AKKASTREAM_FUZZ"), out int factor)) count *= factor;
        int first = Random.Shared.Next();
        for (int i = 0; i < count; i++)
        {
            int seed = unchecked(first + i) & int.MaxValue;
            try
            {
                check(seed);
            }
            catch (Exception e)
            {
                throw new Xunit.Sdk.XunitException($"failed with AKKASTREAM_SEED={seed}: {e}");
            }
        }
    }
}
