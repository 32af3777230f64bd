using System.Runtime.InteropServices;
using AkkaStream.Actors;
using AkkaStream.Actors.Dispatch;
using AkkaStream.Log;
using AkkaStream.Metadata;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Records;
using AkkaStream.Protocol.Stored;
using AkkaStream.Protocol.Wire;
using AkkaStream.TestKit.Actors;
using AkkaStream.TestKit.Disk;

namespace AkkaStream.Replication.Tests.Support;

/// <summary>
/// The replicas of one broker on a simulated disk, in virtual time: lanes, timers and turns run when the test says so. Topics are named t0, t1, ...
/// with one partition each. Can be stopped and started again on the same disk.
/// </summary>
sealed class ReplicaRun : IDisposable
{
    public static readonly BrokerId Self = new(1);

    readonly string[] _directories;
    readonly LogCareSettings _care;
    readonly CleanerSettings _cleaner;
    readonly ScrubSettings _scrub;
    readonly Dictionary<string, LogConfig> _configs = [];
    readonly AppendBatchesPool _pool = new();
    TestActorSystem _system;
    ReplicaListener _listener;
    MetadataImage _image = MetadataImage.Empty;

    public ReplicaRun(
        LogCareSettings? care = null, SimulatedDisk? disk = null, CleanerSettings? cleaner = null, ScrubSettings? scrub = null,
        params string[] directories)
    {
        _care = care ?? new LogCareSettings();
        _cleaner = cleaner ?? new CleanerSettings();
        _scrub = scrub ?? new ScrubSettings();
        _directories = directories.Length == 0 ? ["/logs"] : directories;
        Disk = disk ?? new SimulatedDisk(1);
        (_system, _listener, Table, Environment) = (null!, null!, null!, null!);
        Start();
    }

    public SimulatedDisk Disk { get; }
    public ReplicaTable Table { get; private set; }
    public ReplicaEnvironment Environment { get; private set; }
    public TestActorSystem System => _system;
    public long NowMs => _system.Time.GetUtcNow().ToUnixTimeMilliseconds();

    public void NewTopic(int number, LogConfig config, int replicas = 1, bool[]? inSync = null)
    {
        _configs[$"t{number}"] = config;
        int[] all = [.. Enumerable.Range(1, replicas)];
        Follow(
            new TopicRecord { Name = $"t{number}", TopicId = IdOf(number) },
            new PartitionRecord { TopicId = IdOf(number), PartitionId = 0, Replicas = all, Isr = all, Leader = 1 });
    }

    /// <summary>All at once.</summary>
    public void NewTopics(int count) => Follow(
    [
        .. Enumerable.Range(0, count).Select(IStoredMessage (i) => new TopicRecord { Name = $"t{i}", TopicId = IdOf(i) }),
        .. Enumerable.Range(0, count).Select(i => new PartitionRecord { TopicId = IdOf(i), PartitionId = 0, Replicas = [1], Isr = [1], Leader = 1 }),
    ]);

    public void Reconfigure(int number, LogConfig config)
    {
        _configs[$"t{number}"] = config;
        string value = (_image.Revision + 1).ToString();
        Follow(new ConfigRecord { ResourceType = (sbyte)ConfigResourceType.Topic, ResourceName = $"t{number}", Name = "retention.ms", Value = value });
    }

    public void DeleteTopic(int number) => Follow(new RemoveTopicRecord { TopicId = IdOf(number) });

    public LocalReplica Replica(int number) => Table.TryFind(IdOf(number), out var topic) && topic.Replica(0) is { } replica
        ? replica
        : throw new InvalidOperationException($"t{number} is not there");

    public LogReadView View(int number) => Replica(number).View ?? throw new InvalidOperationException($"t{number} is not open");

    /// <summary>Names of the partition's files that are segments, or on their way out.</summary>
    public string[] Files(int number, string suffix = ".log", string directory = "/logs") =>
        [.. Disk.List($"{directory}/t{number}-0").Select(file => file.Name).Where(name => name.EndsWith(suffix, StringComparison.Ordinal)).Order()];

    public string? Checkpoint(string name, string directory = "/logs") =>
        Disk.ReadAll($"{directory}/{name}") is { } content ? global::System.Text.Encoding.UTF8.GetString(content) : null;

    public Appended Append(
        int number, int records = 1, long? timestamp = null, int valueBytes = 10, Action<RecordBatchBuilder>? set = null, int firstKey = 0)
    {
        var appended = Offer(number, records, timestamp, valueBytes, set, firstKey);
        _system.RunUntilIdle();
        return appended;
    }

    /// <summary>Sent, and nothing else: the test lets the turns run.</summary>
    public unsafe Appended Offer(
        int number, int records = 1, long? timestamp = null, int valueBytes = 10, Action<RecordBatchBuilder>? set = null, int firstKey = 0)
    {
        var builder = new RecordBatchBuilder();
        set?.Invoke(builder);
        for (int i = 0; i < records; i++) builder.Append(timestamp ?? NowMs, BitConverter.GetBytes(firstKey + i), new byte[valueBytes]);
        byte[] bytes = builder.ToArray();
        var replica = Replica(number);
        var appended = new Appended(replica, bytes);
        var config = new LogConfig { TimestampAfterMaxMs = long.MaxValue };
        BatchValidator.Validate(appended.Bytes, bytes.Length, config, NowMs, zstdAllowed: true, out var batch);
        if (batch.Error != ErrorCode.None) throw new InvalidOperationException(BatchFaults.Describe(batch));
        var group = _pool.Rent(replica);
        group.Add(batch, appended, 0, -1);
        replica.Actor.Tell(group, null);
        return appended;
    }

    public void Advance(TimeSpan by) => _system.Advance(by);

    /// <summary>The broker stops; cleanly or as if the process had died.</summary>
    public void Restart(CrashKind? crash = null)
    {
        if (crash == null)
        {
            var closed = _listener.CloseAsync().AsTask();
            _system.RunUntilIdle();
            Assert.True(closed.IsCompletedSuccessfully, string.Join('\n', _system.Log.Lines));
            Environment.Directories.CloseClean(7);
        }
        var time = _system.Time;
        _system.Dispose();
        Disk.Restart(crash ?? CrashKind.Kill);
        Start(time);
        var image = _image;
        _image = MetadataImage.Empty;
        Follow(image, MetadataDelta.Between(MetadataImage.Empty, image));
    }

    public void Dispose() => _system.Dispose();

    static TopicId IdOf(int number) => new(1, number + 1);

    void Start(TestKit.ManualTime? time = null)
    {
        _system = new TestActorSystem(time: time, settings: new ActorSystemSettings
        {
            Dispatchers = [new DispatcherSettings { Name = ReplicaEnvironment.Dispatcher }],
        });
        Disk.Clock = () => NowMs;
        Table = new ReplicaTable();
        var log = _system.Log.CreateLogger("replication");
        var directories = LogDirectories.Open(_directories, Disk, openFiles: 64, log);
        Environment = new ReplicaEnvironment(directories, _system.Dispatcher, _system.System.Timers, _system.Time, log)
        {
            Care = _care,
            Cleaner = () => _cleaner,
            Scrub = _scrub,
        };
        _listener = new ReplicaListener(
            _system.System, Self, Table, Environment,
            (_, topic) => new ReplicaConfig(_configs.GetValueOrDefault(topic) ?? LogConfig.Default, 1));
        if (_image.Revision == MetadataRevision.None) Follow();
    }

    void Follow(params IStoredMessage[] records)
    {
        var draft = new MetadataDraft(_image);
        foreach (var record in records) draft.Apply(record);
        var (image, delta) = draft.Build(_image.Revision + records.Length);
        Follow(image, delta);
    }

    void Follow(MetadataImage image, MetadataDelta delta)
    {
        _image = image;
        var done = _listener.OnMetadata(image, delta).AsTask();
        _system.RunUntilIdle();
        Assert.True(done.IsCompletedSuccessfully, string.Join('\n', _system.Log.Lines));
    }
}

/// <summary>One append and what became of it.</summary>
sealed unsafe class Appended : IAppendWaiter
{
    readonly LocalReplica _replica;

    public Appended(LocalReplica replica, byte[] bytes)
    {
        _replica = replica;
        Bytes = (byte*)NativeMemory.Alloc((nuint)bytes.Length);
        bytes.CopyTo(new Span<byte>(Bytes, bytes.Length));
    }

    public byte* Bytes { get; }

    /// <summary>Null until it is answered.</summary>
    public ErrorCode? Error { get; private set; }
    public bool IsOrdered { get; private set; }
    public long BaseOffset { get; private set; }
    public bool IsDuplicate { get; private set; }

    /// <summary>How far consumers could read at that moment.</summary>
    public long VisibleWhenAnswered { get; private set; } = -1;

    public void OnOrdered(int index) => IsOrdered = true;

    public void OnAppended(int index, in ProducedBatch outcome, Offset logStart)
    {
        Error = outcome.Error;
        BaseOffset = outcome.BaseOffset.Value;
        IsDuplicate = outcome.IsDuplicate;
        VisibleWhenAnswered = _replica.View?.HighWatermark.Value ?? -1;
        NativeMemory.Free(Bytes);
    }
}
