using System.Runtime.InteropServices;
using AkkaStream.Log;
using AkkaStream.Log.Files;
using AkkaStream.Log.Indexes;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Records;

namespace AkkaStream.Server.Tests;

/// <summary>What the log alone allocates: one view for each append, nothing for a look-up, whatever the batch holds.</summary>
[Collection(Alone.Name)]
public sealed class LogBudgets : IDisposable
{
    const int Count = 2_000;
    static readonly LogConfig Config = new() { TimestampAfterMaxMs = long.MaxValue };

    readonly string _directory = Directory.CreateTempSubdirectory("akkastream-").FullName;
    readonly PartitionLog _log;

    public LogBudgets()
    {
        var directory = LogDirectory.Open(_directory, new OsFiles());
        var name = new PartitionName("t", 0);
        directory.CreatePartition(name, "AAAAAAAAAAAAAAAAAAAAAA");
        _log = PartitionLog.Open(directory, name, Config, LogOpenOptions.After(directory, name, 0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void An_append_stays_within_its_budget(int records) =>
        Budget.Assert("log append", Budget.Measure(Count, () => Append(records)));

    [Fact]
    public void A_look_up_stays_within_its_budget()
    {
        Append(1);
        var view = _log.View;
        Budget.Assert("log locate", Budget.Measure(Count, () =>
        {
            for (int i = 0; i < Count; i++)
                Assert.True(
                    view.Locate(new Offset(i), view.EndOffset, 1 << 20, atLeastOneBatch: true, ReadMode.CachedOnly, out _) == LocateOutcome.Found);
        }));
    }

    unsafe void Append(int records)
    {
        var builder = new RecordBatchBuilder();
        for (int i = 0; i < records; i++) builder.Append(1_700_000_000_000, "key"u8, new byte[100]);
        byte[] batch = builder.ToArray();
        byte* frame = (byte*)NativeMemory.Alloc((nuint)batch.Length);
        var batches = new ProducedBatch[1];
        for (int i = 0; i < Count; i++)
        {
            batch.CopyTo(new Span<byte>(frame, batch.Length));
            BatchValidator.Validate(frame, batch.Length, Config, 0, zstdAllowed: true, out batches[0]);
            Assert.True(_log.AppendAsLeader(batches, new LeaderEpoch(1), 0, isCommitted: true).Appended == 1);
        }
        NativeMemory.Free(frame);
    }

    public void Dispose()
    {
        _log.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
