using System.Text;

namespace AkkaStream.Protocol.Tests.Compression;

/// <summary>Plain bytes of many characters, each made from a seed alone.</summary>
static class Samples
{
    static readonly string[] Words =
        "broker topic partition offset leader follower replica commit fetch produce group member rebalance heartbeat session timeout retry batch record header value key timestamp codec epoch sequence transaction abort".Split(' ');

    public static readonly string[] Kinds =
        ["text", "json", "random", "runs", "periodic", "far", "sparse", "few", "high", "skewed", "same", "mixed"];

    public static byte[] Make(string kind, int length, int seed)
    {
        var random = new Random(seed);
        var bytes = new byte[length];
        switch (kind)
        {
            case "text": Lines(random, bytes, r => $"{r.Next(24):00}:{r.Next(60):00} [{Word(r)}-{r.Next(8)}] {Word(r)} {Word(r)} {Word(r)} {Word(r)} id={r.Next():x8}\n"); break;
            case "json": Lines(random, bytes, r => $"{{\"id\":{r.Next()},\"name\":\"{Word(r)}\",\"tags\":[\"{Word(r)}\",\"{Word(r)}\"],\"ok\":{(r.Next(2) == 0 ? "true" : "false")}}}\n"); break;
            case "random": random.NextBytes(bytes); break;
            case "runs": Runs(random, bytes); break;
            case "periodic": Periodic(random, bytes, 1 + random.Next(40)); break;
            case "far": Periodic(random, bytes, 20_000 + random.Next(300_000)); break;
            case "sparse": for (int i = 0; i < length; i += 1 + random.Next(200)) bytes[i] = (byte)random.Next(256); break;
            case "few": for (int i = 0; i < length; i++) bytes[i] = (byte)"acgt"[random.Next(4)]; break;
            case "high": for (int i = 0; i < length; i++) bytes[i] = (byte)(255 - Math.Min(127, Math.Abs(Gauss(random)) * 20)); break;
            case "skewed": for (int i = 0; i < length; i++) bytes[i] = (byte)Math.Min(255, -Math.Log2(1 - random.NextDouble()) * 1.5); break;
            case "same": Array.Fill(bytes, (byte)random.Next(256)); break;
            case "mixed": Mix(random, bytes); break;
            default: throw new ArgumentOutOfRangeException(nameof(kind), kind, null);
        }
        return bytes;
    }

    /// <summary>Small lengths often, large ones now and then, and the places where blocks and tables change.</summary>
    public static int Length(Random random, int largest)
    {
        int[] edges = [0, 1, 2, 5, 12, 13, 15, 16, 17, 63, 64, 255, 256, 257, 1023, 1024, 16383, 16384, 32767, 32768, 32769, 65535, 65536, 65537, 131071, 131072, 131073, 1 << 20, (1 << 20) + 1];
        int length = random.Next(4) switch
        {
            0 => edges[random.Next(edges.Length)],
            1 => random.Next(300),
            2 => random.Next(20_000),
            _ => random.Next(1 << (8 + random.Next(15))),
        };
        return Math.Min(length, largest);
    }

    static string Word(Random random) => Words[random.Next(Words.Length)];

    static double Gauss(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    static void Lines(Random random, byte[] bytes, Func<Random, string> line)
    {
        for (int at = 0; at < bytes.Length;)
        {
            byte[] next = Encoding.UTF8.GetBytes(line(random));
            int n = Math.Min(next.Length, bytes.Length - at);
            next.AsSpan(0, n).CopyTo(bytes.AsSpan(at));
            at += n;
        }
    }

    static void Runs(Random random, byte[] bytes)
    {
        for (int at = 0; at < bytes.Length;)
        {
            int n = Math.Min(1 + random.Next(1 << random.Next(18)), bytes.Length - at);
            bytes.AsSpan(at, n).Fill((byte)random.Next(4));
            at += n;
        }
    }

    static void Periodic(Random random, byte[] bytes, int period)
    {
        random.NextBytes(bytes.AsSpan(0, Math.Min(period, bytes.Length)));
        for (int i = period; i < bytes.Length; i++) bytes[i] = random.Next(500) == 0 ? (byte)random.Next(256) : bytes[i - period];
    }

    static void Mix(Random random, byte[] bytes)
    {
        for (int at = 0; at < bytes.Length;)
        {
            int n = Math.Min(1 + random.Next(1 << random.Next(18)), bytes.Length - at);
            Make(Kinds[random.Next(Kinds.Length - 1)], n, random.Next()).CopyTo(bytes, at);
            at += n;
        }
    }
}
