using System.Diagnostics;
using System.Globalization;
using AkkaStream.Log;
using AkkaStream.Log.Files;
using AkkaStream.Log.Indexes;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Records;
using Microsoft.Win32.SafeHandles;

namespace AkkaStream.Benchmarks.Log;

/// <summary>
/// The log beside bare writes and reads of the same bytes through <see cref="RandomAccess"/>, in turns, on fresh preallocated files: megabytes a
/// second and processor time per gigabyte, and both as ratios. Appends validate each batch (checksum, every record), give offsets, keep the
/// indexes and publish a view; reads find the place by offset.
/// </summary>
static class LogBench
{
    const int ReadBytes = 1024 * 1024;

    static readonly (string Name, int Bytes, int Records)[] Sizes = [("1 KB", 1024, 8), ("16 KB", 16 * 1024, 16), ("1 MB", 1024 * 1024, 256)];

    public static int Run(string[] options)
    {
        long total = Number(options, "--mb", 64) * 1024 * 1024;
        int rounds = (int)Number(options, "--rounds", 15);
        string folder = Directory.CreateTempSubdirectory("akkastream-bench-").FullName;
        bool holds = true;
        try
        {
            Console.WriteLine($"{total >> 20} MB a round, {rounds} rounds, the best of each: what else the machine does only makes slower; in {folder}");
            Console.WriteLine($"  {"",-22}{"log MB/s",10}{"bare MB/s",11}{"ratio",8}   {"log s/GB",9}{"bare s/GB",11}{"ratio",8}   bytes/op");
            int only = Array.IndexOf(options, "--only");
            foreach (var (name, bytes, records) in Sizes.Where(size => only < 0 || size.Name == options[only + 1])) holds &= Compare(name, BatchOf(bytes, records), total, rounds, folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        Console.WriteLine($"at least 0.5x the speed, at most 2x the processor time: {(holds ? "holds" : "MISSED")}");
        return holds ? 0 : 1;
    }

    static bool Compare(string name, byte[] batch, long total, int rounds, string folder)
    {
        int count = (int)(total / batch.Length);
        var cases = new Dictionary<string, (List<Cost> Ours, List<Cost> Bare)>
        {
            ["append"] = ([], []), ["read"] = ([], []), ["read and check"] = ([], []),
        };
        for (int round = -1; round < rounds; round++)
        {
            var ours = OurRound(batch, count, folder);
            var bare = BareRound(batch, count, folder);
            if (round < 0) continue; // compiles, and warms up the disk
            for (int i = 0; i < 3; i++)
            {
                cases.Values.ElementAt(i).Ours.Add(ours[i]);
                cases.Values.ElementAt(i).Bare.Add(bare[i]);
            }
        }
        bool holds = true;
        foreach (var (what, (ours, bare)) in cases) holds &= Print($"{what}, {name}", Best(ours), Best(bare));
        return holds;
    }

    static bool Print(string name, Cost ours, Cost bare)
    {
        double speed = ours.MegabytesPerSecond / bare.MegabytesPerSecond, cpu = ours.CpuPerGigabyte / bare.CpuPerGigabyte;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {name,-22}{ours.MegabytesPerSecond,10:0}{bare.MegabytesPerSecond,11:0}{speed,8:0.00}   "
            + $"{ours.CpuPerGigabyte,9:0.000}{bare.CpuPerGigabyte,11:0.000}{cpu,8:0.00}   {ours.BytesPerOperation,8:0.0}"));
        return speed >= 0.5 && cpu <= 2;
    }

    static unsafe Cost[] OurRound(byte[] batch, int count, string folder)
    {
        string path = Path.Combine(folder, "log");
        var directory = LogDirectory.Open(path, new OsFiles());
        var name = new PartitionName("bench", 0);
        directory.CreatePartition(name, "AAAAAAAAAAAAAAAAAAAAAA");
        var config = new LogConfig { TimestampAfterMaxMs = long.MaxValue, MaxMessageBytes = int.MaxValue };
        using var log = PartitionLog.Open(directory, name, config, LogOpenOptions.After(directory, name, 0));
        byte[] frame = GC.AllocateArray<byte>(batch.Length, pinned: true);
        var batches = new ProducedBatch[1];
        var append = Cost.Of(batch.Length, count, () =>
        {
            fixed (byte* bytes = frame)
            {
                for (int i = 0; i < count; i++)
                {
                    // As a frame from the network: the append writes offsets into it.
                    batch.CopyTo(frame, 0);
                    BatchValidator.Validate(bytes, frame.Length, config, 0, zstdAllowed: true, out batches[0]);
                    var summary = log.AppendAsLeader(batches, new LeaderEpoch(1), 0, isCommitted: true);
                    if (summary.Error != ErrorCode.None) throw new IOException($"{summary.Error} {summary.Fault}");
                }
            }
        });
        var view = log.View;
        byte[] buffer = new byte[Math.Max(ReadBytes, batch.Length)];
        var read = Cost.Of(batch.Length, count, () => ReadAll(view, buffer, null));
        var check = Cost.Of(batch.Length, count, () => ReadAll(view, buffer, CheckBatches));
        log.Close(clean: false);
        Directory.Delete(path, recursive: true);
        return [append, read, check];
    }

    static void ReadAll(LogReadView view, byte[] buffer, Action<ReadOnlySpan<byte>>? check)
    {
        for (var from = view.StartOffset; from < view.EndOffset;)
        {
            var outcome = view.Locate(from, view.EndOffset, ReadBytes, atLeastOneBatch: true, ReadMode.MayWait, out var slice);
            if (outcome != LocateOutcome.Found || !slice.TryLease(out var lease)) throw new IOException($"{outcome} at {from}");
            using (lease)
            {
                var bytes = buffer.AsSpan(0, slice.Length);
                if (lease.File.Read(bytes, slice.Position) < bytes.Length) throw new IOException("too short");
                from = EndOf(bytes, from);
                check?.Invoke(bytes);
            }
        }
    }

    /// <summary>Where the next fetch begins: behind the last whole batch.</summary>
    static Offset EndOf(ReadOnlySpan<byte> bytes, Offset from)
    {
        while (bytes.Length >= RecordBatch.HeaderLength && new RecordBatch(bytes) is var batch && batch.SizeInBytes <= bytes.Length)
        {
            from = new Offset(batch.NextOffset);
            bytes = bytes[(int)batch.SizeInBytes..];
        }
        return from;
    }

    static void CheckBatches(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= RecordBatch.HeaderLength && new RecordBatch(bytes) is var batch && batch.SizeInBytes <= bytes.Length)
        {
            var one = bytes[..(int)batch.SizeInBytes];
            if (Crc32C.Compute(one[RecordBatch.CrcStart..]) != batch.Crc) throw new IOException("damaged");
            bytes = bytes[one.Length..];
        }
    }

    static Cost[] BareRound(byte[] batch, int count, string folder)
    {
        string path = Path.Combine(folder, "bare");
        using (SafeFileHandle file = File.OpenHandle(
            path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, FileOptions.RandomAccess, preallocationSize: (long)batch.Length * count))
        {
            byte[] frame = new byte[batch.Length];
            var append = Cost.Of(batch.Length, count, () =>
            {
                for (int i = 0; i < count; i++)
                {
                    batch.CopyTo(frame, 0);
                    RandomAccess.Write(file, frame, (long)i * frame.Length);
                }
            });
            byte[] buffer = new byte[ReadBytes];
            long end = (long)batch.Length * count;
            var read = Cost.Of(batch.Length, count, () =>
            {
                for (long at = 0; at < end;) at += RandomAccess.Read(file, buffer, at);
            });
            return [append, read, read];
        }
    }

    static byte[] BatchOf(int bytes, int records)
    {
        var random = new Random(7);
        for (int value = bytes / records; ; value--)
        {
            var builder = new RecordBatchBuilder();
            byte[] content = new byte[value];
            for (int i = 0; i < records; i++)
            {
                random.NextBytes(content);
                builder.Append(1_700_000_000_000 + i, BitConverter.GetBytes(i), content);
            }
            byte[] batch = builder.ToArray();
            if (batch.Length <= bytes) return batch;
        }
    }

    static Cost Best(List<Cost> costs) => new(
        costs.Max(c => c.MegabytesPerSecond), costs.Min(c => c.CpuPerGigabyte), costs.Min(c => c.BytesPerOperation));

    static long Number(string[] options, string name, long otherwise)
    {
        int at = Array.IndexOf(options, name);
        return at >= 0 && at + 1 < options.Length ? long.Parse(options[at + 1], CultureInfo.InvariantCulture) : otherwise;
    }

    sealed record Cost(double MegabytesPerSecond, double CpuPerGigabyte, double BytesPerOperation)
    {
        public static Cost Of(int bytes, int count, Action run)
        {
            GC.Collect();
            long allocated = GC.GetTotalAllocatedBytes(precise: true);
            var cpu = Environment.CpuUsage.TotalTime;
            long began = Stopwatch.GetTimestamp();
            run();
            double wall = Stopwatch.GetElapsedTime(began).TotalSeconds;
            double used = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds;
            double total = (double)bytes * count;
            return new Cost(
                total / 1e6 / wall, used / (total / 1e9), (double)(GC.GetTotalAllocatedBytes(precise: true) - allocated) / count);
        }
    }
}
