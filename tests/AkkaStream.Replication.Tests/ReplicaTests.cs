using System.Runtime.InteropServices;
using AkkaStream.Actors;
using AkkaStream.Actors.Dispatch;
using AkkaStream.Log;
using AkkaStream.Log.Files;
using AkkaStream.Metadata;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Records;
using AkkaStream.Protocol.Stored;
using AkkaStream.Protocol.Wire;
using AkkaStream.TestKit.Actors;
using Microsoft.Extensions.Logging.Abstractions;

namespace AkkaStream.Replication.Tests;

/// <summary>Replicas that follow metadata, with a disk lane that works when the test says so.</summary>
public sealed class ReplicaTests : IDisposable
{
    static readonly BrokerId Self = new(1);
    static readonly TopicId Topic = new(1, 2);

    readonly TestActorSystem _system = new(settings: new ActorSystemSettings
    {
        Dispatchers = [new DispatcherSettings { Name = ReplicaEnvironment.Dispatcher }],
    });
    readonly HeldLane _disk = new();
    readonly ReplicaTable _table = new();
    readonly ReplicaListener _listener;
    readonly AppendBatchesPool _pool = new();
    MetadataImage _image = MetadataImage.Empty;
    LogConfig _config = LogConfig.Default;

    public ReplicaTests()
    {
        var directories = LogDirectories.Open(["/logs"], new MemoryFiles(), openFiles: 64, NullLogger.Instance);
        var environment = new ReplicaEnvironment(directories, _disk, _system.System.Timers, _system.Time, NullLogger.Instance);
        _listener = new ReplicaListener(_system.System, Self, _table, environment, (_, _) => new ReplicaConfig(_config, 1));
        Follow();
    }

    public void Dispose() => _system.Dispose();

    [Fact]
    public void A_change_is_answered_when_replicas_act_by_it()
    {
        var answered = Begin(NewTopic());
        _system.RunUntilIdle();
        Assert.False(answered.IsCompleted, "the directory is not there yet");

        _disk.Run();
        _system.RunUntilIdle();

        Assert.True(answered.IsCompletedSuccessfully);
        Assert.True(Replica.Standing.IsLeader);
    }

    [Fact]
    public void A_setting_holds_when_its_change_is_answered()
    {
        Follow(NewTopic());
        _config = LogConfig.Default with { MaxMessageBytes = 7 };

        Follow(new ConfigRecord { ResourceType = (sbyte)ConfigResourceType.Topic, ResourceName = "t", Name = "max.message.bytes", Value = "7" });

        Assert.Equal(7, Replica.Standing.Config.MaxMessageBytes);
    }

    [Fact]
    public void Whoever_is_answered_sees_what_was_appended()
    {
        Follow(NewTopic());
        var waiter = new Waiter(Replica);

        Append(waiter);
        _disk.Run();
        _system.RunUntilIdle();

        Assert.Equal(ErrorCode.None, waiter.Error);
        Assert.Equal(1, waiter.VisibleWhenAnswered);
    }

    [Fact]
    public void A_producer_does_not_wait_for_ever_for_a_log_that_is_being_checked()
    {
        Follow(NewTopic());
        var waiter = new Waiter(Replica);
        Append(waiter);

        _system.Advance(TimeSpan.FromSeconds(4));
        Assert.Null(waiter.Error);
        _system.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(ErrorCode.NotLeaderOrFollower, waiter.Error);

        // What was refused is not appended when the log is open at last.
        _disk.Run();
        _system.RunUntilIdle();
        var second = new Waiter(Replica);
        Append(second);
        _system.RunUntilIdle();
        Assert.Equal((ErrorCode.None, 0L), (second.Error, second.BaseOffset));
    }

    [Fact]
    public async Task Deleting_records_waits_for_the_disk_outside_the_turn()
    {
        Follow(NewTopic());
        var first = new Waiter(Replica);
        Append(first);
        _disk.Run();
        _system.RunUntilIdle();

        var trimmed = Replica.Actor.Ask<LogTrimmed>(new TrimLog(Offset.Unknown), TimeSpan.FromSeconds(9)).AsTask();
        _system.RunUntilIdle();
        Assert.False(trimmed.IsCompleted, "it is not durable yet");
        var second = new Waiter(Replica);
        Append(second);
        Assert.Equal(ErrorCode.None, second.Error);

        _disk.Run();
        _system.RunUntilIdle();
        Assert.True(trimmed.IsCompleted);
        Assert.Equal(new LogTrimmed(ErrorCode.None, new Offset(1)), await trimmed);
        Assert.Equal((1, 2), (Replica.View!.StartOffset.Value, Replica.View.EndOffset.Value));
    }

    [Fact]
    public async Task Records_are_deleted_in_the_order_of_the_requests()
    {
        Follow(NewTopic());
        for (int i = 0; i < 3; i++) Append(new Waiter(Replica));
        _disk.Run();
        _system.RunUntilIdle();

        var answers = new[] { 2L, 1L, -1L }.Select(
            to => Replica.Actor.Ask<LogTrimmed>(new TrimLog(new Offset(to)), TimeSpan.FromSeconds(9)).AsTask()).ToList();
        for (int i = 0; i < 4; i++)
        {
            _system.RunUntilIdle();
            _disk.Run();
        }
        _system.RunUntilIdle();

        Assert.All(answers, a => Assert.True(a.IsCompleted));
        Assert.Equal([2L, 2L, 3L], (await Task.WhenAll(answers)).Select(a => a.LogStart.Value));
    }

    LocalReplica Replica => _table.TryFind(Topic, out var topic) && topic.Replica(0) is { } replica
        ? replica
        : throw new InvalidOperationException("The topic is not there");

    static IStoredMessage[] NewTopic() =>
    [
        new TopicRecord { Name = "t", TopicId = Topic },
        new PartitionRecord { TopicId = Topic, PartitionId = 0, Replicas = [1], Isr = [1], Leader = 1 },
    ];

    Task Begin(params IStoredMessage[] records)
    {
        var draft = new MetadataDraft(_image);
        foreach (var record in records) draft.Apply(record);
        (_image, var delta) = draft.Build(_image.Revision + records.Length);
        return _listener.OnMetadata(_image, delta).AsTask();
    }

    void Follow(params IStoredMessage[] records)
    {
        var done = Begin(records);
        for (int i = 0; i < 10 && !done.IsCompleted; i++)
        {
            _system.RunUntilIdle();
            _disk.Run();
        }
        Assert.True(done.IsCompletedSuccessfully, string.Join('\n', _system.Log.Lines));
    }

    unsafe void Append(Waiter waiter)
    {
        var builder = new RecordBatchBuilder();
        builder.Append(1_000, default, new byte[10]);
        byte[] bytes = builder.ToArray();
        waiter.Bytes = (nint)NativeMemory.Alloc((nuint)bytes.Length);
        bytes.CopyTo(new Span<byte>((void*)waiter.Bytes, bytes.Length));
        BatchValidator.Validate((byte*)waiter.Bytes, bytes.Length, LogConfig.Default, 1_000, zstdAllowed: true, out var batch);
        var group = _pool.Rent(Replica);
        group.Add(batch, waiter, 0, -1);
        Replica.Actor.Tell(group, null);
        _system.RunUntilIdle();
    }

    sealed class Waiter(LocalReplica replica) : IAppendWaiter
    {
        public nint Bytes { get; set; }
        public ErrorCode? Error { get; private set; }
        public long BaseOffset { get; private set; }
        public long VisibleWhenAnswered { get; private set; } = -1;

        public unsafe void OnAppended(int index, in ProducedBatch outcome, Offset logStart)
        {
            Error = outcome.Error;
            BaseOffset = outcome.BaseOffset.Value;
            VisibleWhenAnswered = replica.View?.HighWatermark.Value ?? -1;
            NativeMemory.Free((void*)Bytes);
        }
    }

    /// <summary>A disk that is busy until the test lets it go on.</summary>
    sealed class HeldLane() : Dispatcher(new DispatcherSettings { Name = "disk" })
    {
        readonly Queue<IThreadPoolWorkItem> _work = new();

        public override void Schedule(IThreadPoolWorkItem work) => _work.Enqueue(work);

        public void Run()
        {
            while (_work.TryDequeue(out var work)) work.Execute();
        }
    }
}
