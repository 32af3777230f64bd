using System.Globalization;
using System.Text;

namespace AkkaStream.CodecBench;

/// <summary>What brokers carry, made from a seed: log lines, JSON events, and bytes that nothing can compress.</summary>
static class Payloads
{
    static readonly string[] Words =
        "request accepted from client session opened closed timeout while waiting for upstream connection reset by peer retrying with backoff cache miss on key user order payment shipment inventory failed succeeded partition leader moved replica lagging behind fetch produce commit offset rebalance group member joined left heartbeat expired token refreshed certificate loaded configuration changed threshold exceeded memory pressure collecting garbage flushed segment rolled index rebuilt checkpoint written recovery finished snapshot installed".Split(' ');

    static readonly string[] Levels = ["INFO ", "INFO ", "INFO ", "DEBUG", "WARN ", "ERROR"];
    static readonly string[] Components = ["http.server", "db.pool", "auth.tokens", "orders.api", "payments.gateway", "cache.redis", "kafka.consumer"];
    static readonly string[] Countries = ["DE", "FR", "US", "JP", "BR", "IN", "GB", "NL"];
    static readonly string[] Actions = ["view", "click", "add_to_cart", "purchase", "search", "login", "logout"];

    public static IEnumerable<(string Name, Func<int, byte[]> Make)> All =>
        [("text", Text), ("json", Json), ("random", Noise)];

    public static byte[] Text(int length) => Fill(length, 11, (random, into, i) =>
    {
        into.Append(CultureInfo.InvariantCulture, $"2024-03-{1 + i / 86400 % 28:00}T{i / 3600 % 24:00}:{i / 60 % 60:00}:{i % 60:00}.{random.Next(1000):000}Z ");
        into.Append(Pick(random, Levels)).Append(" [worker-").Append(random.Next(16)).Append("] ").Append(Pick(random, Components)).Append(" - ");
        for (int n = 6 + random.Next(8); n > 0; n--) into.Append(Pick(random, Words)).Append(' ');
        into.Append(CultureInfo.InvariantCulture, $"id={random.Next():x8} took={random.Next(900)}ms\n");
    });

    public static byte[] Json(int length) => Fill(length, 12, (random, into, i) =>
        into.Append(CultureInfo.InvariantCulture, $"{{\"event_id\":\"{random.NextInt64():x16}{random.NextInt64():x16}\",\"timestamp\":{1700000000000 + i * 37L},\"user_id\":{random.Next(200000)},\"session\":\"{random.Next():x8}\",\"action\":\"{Pick(random, Actions)}\",\"country\":\"{Pick(random, Countries)}\",\"amount\":{random.Next(100000) / 100.0:F2},\"items\":[{random.Next(5000)},{random.Next(5000)}],\"user_agent\":\"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/{90 + random.Next(30)}.0\",\"comment\":\"{Pick(random, Words)} {Pick(random, Words)} {Pick(random, Words)}\"}}\n"));

    public static byte[] Noise(int length)
    {
        var bytes = new byte[length];
        new Random(13).NextBytes(bytes);
        return bytes;
    }

    static string Pick(Random random, string[] from) => from[random.Next(from.Length)];

    static byte[] Fill(int length, int seed, Action<Random, StringBuilder, int> line)
    {
        var random = new Random(seed);
        var text = new StringBuilder();
        for (int i = 0; text.Length < length; i++) line(random, text, i);
        return Encoding.ASCII.GetBytes(text.ToString(0, length));
    }
}
