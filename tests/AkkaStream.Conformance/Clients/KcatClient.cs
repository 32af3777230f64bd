using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AkkaStream.TestKit;

namespace AkkaStream.Conformance.Clients;

/// <summary>kcat: one run of the program for each thing asked of it. It has no admin calls.</summary>
sealed partial class KcatClient(string servers) : IKafkaClient
{
    const string Quiet = "-q";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public string Name => "kcat 1.7.1";
    public IReadOnlySet<string> Codecs { get; } = new HashSet<string> { "none", "gzip", "snappy", "lz4", "zstd" };
    public IReadOnlySet<string> Can { get; } = new HashSet<string> { "produce", "consume", "offset", "topics", "idempotent", "group" };

    public async Task<IReadOnlyList<Placed>> ProduceAsync(string topic, IReadOnlyList<ClientRecord> records, ProduceWith with)
    {
        // It tells no offsets. One run for each record, because key and headers are given once for a run.
        foreach (var record in records)
        {
            List<string> words =
            [
                "-P", "-t", topic, "-z", with.Codec, "-X", $"acks={with.Acks}", "-X", "message.max.bytes=20000000", "-X", "partitioner=murmur2_random",
                "-X", "delivery.timeout.ms=20000",
            ];
            if (with.IsIdempotent) words.AddRange(["-X", "enable.idempotence=true"]);
            if (record.Partition is { } partition) words.AddRange(["-p", partition.ToString(CultureInfo.InvariantCulture)]);
            foreach (var (name, value) in record.Headers) words.AddRange(["-H", value is null ? name : $"{name}={Encoding.UTF8.GetString(value)}"]);
            await ProduceOneAsync(words, record.Key is null ? null : Encoding.UTF8.GetString(record.Key), record.Value);
        }

        return [.. records.Select(r => new Placed(r.Partition ?? -1, -1))];
    }

    /// <summary>The content of a file is one value. A null one is a line that ends behind the key.</summary>
    async Task ProduceOneAsync(List<string> words, string? key, byte[]? value)
    {
        if (value is null)
        {
            await RunAsync([.. words, "-Z", "-K", ":"], stdin: $"{key}:\n");
            return;
        }

        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, value);
            await RunAsync([.. words, .. key is null ? Array.Empty<string>() : ["-k", key], file]);
        }
        finally
        {
            File.Delete(file);
        }
    }

    public async Task<IReadOnlyList<ClientRecord>> ConsumeAsync(string topic, int partition, long offset, int count)
    {
        byte[] output = await RunAsync([.. Reading(count), "-C", "-t", topic, "-p", $"{partition}", "-o", $"{offset}"]);
        return Records(output);
    }

    public async Task<IReadOnlyList<ClientRecord>> ReadAsMemberAsync(string group, string topic, int count, string protocol = "classic") =>
        Records(await RunAsync([.. Reading(count), "-X", "auto.offset.reset=earliest", "-G", group, topic]));

    static string[] Reading(int count) =>
        [Quiet, "-c", $"{count}", "-X", "check.crcs=true", "-X", "fetch.wait.max.ms=100", "-X", "fetch.message.max.bytes=20000000",
            "-f", "%p %o %T %K %S %h\n%k%s\n"];

    static List<ClientRecord> Records(byte[] output)
    {
        var records = new List<ClientRecord>();
        for (int at = 0; at < output.Length;)
        {
            int end = Array.IndexOf(output, (byte)'\n', at);
            string[] head = Encoding.UTF8.GetString(output, at, end - at).Split(' ', 6);
            int keyLength = int.Parse(head[3]), valueLength = int.Parse(head[4]);
            at = end + 1;
            byte[]? key = Take(output, ref at, keyLength), value = Take(output, ref at, valueLength);
            at++;
            records.Add(new ClientRecord(key, value, int.Parse(head[0]), long.Parse(head[2]))
            {
                Offset = long.Parse(head[1]),
                Headers = [.. head[5].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(h => h.Split('=', 2)).Select(h =>
                    (h[0], h[1] == "NULL" ? null : Encoding.UTF8.GetBytes(h[1])))],
            });
        }

        return records;
    }

    static byte[]? Take(byte[] from, ref int at, int length)
    {
        if (length < 0) return null;
        at += length;
        return from[(at - length)..at];
    }

    public async Task<long> OffsetAsync(string topic, int partition, long time)
    {
        string answer = Encoding.UTF8.GetString(await RunAsync(["-Q", "-t", $"{topic}:{partition}:{time}"]));
        var match = OffsetAnswer().Match(answer);
        return match.Success ? Math.Max(-1, long.Parse(match.Groups[1].Value)) : throw new ClientRefusedException(null, answer);
    }

    [GeneratedRegex(@"offset (-?\d+)")]
    private static partial Regex OffsetAnswer();

    public async Task<IReadOnlyDictionary<string, int>> TopicsAsync()
    {
        var json = JsonNode.Parse(await RunAsync(["-L", "-J"]))!;
        return json["topics"]!.AsArray().ToDictionary(t => (string)t!["topic"]!, t => t!["partitions"]!.AsArray().Count);
    }

    public Task CreateAsync(string topic, int partitions, int replication, IReadOnlyDictionary<string, string>? configs) => throw No("create topics");

    public Task GrowAsync(string topic, int partitions) => throw No("create partitions");

    public Task DeleteAsync(string topic) => throw No("delete topics");

    public Task<IReadOnlyDictionary<string, string?>> DescribeAsync(string topic) => throw No("describe configs");

    public Task AlterAsync(string topic, IReadOnlyDictionary<string, string> configs) => throw No("alter configs");

    static NotSupportedException No(string what) => new($"kcat cannot {what}");

    async Task<byte[]> RunAsync(IEnumerable<string> words, string? stdin = null)
    {
        var start = new ProcessStartInfo("kcat", ["-b", servers, .. words])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Start(start);
        try
        {
            await process.StandardInput.WriteAsync(stdin);
            process.StandardInput.Close();
            var output = new MemoryStream();
            var errors = process.StandardError.ReadToEndAsync();
            await process.StandardOutput.BaseStream.CopyToAsync(output).WaitAsync(Patience);
            await process.WaitForExitAsync().WaitAsync(Patience);
            return process.ExitCode == 0 ? output.ToArray() : throw new ClientRefusedException(null, await errors);
        }
        catch (TimeoutException late)
        {
            process.Kill();
            throw new TestFailedException($"kcat {string.Join(' ', words)} does not end within {Patience.TotalSeconds} s", late);
        }
    }

    static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            throw new TestFailedException($"kcat is not there ({missing.Message}): run tests/install as root", missing);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
