using AkkaStream.Client.Settings;
using AkkaStream.Protocol.Records;
using AkkaStream.TestKit;

namespace AkkaStream.Client.Tests.Support;

/// <summary>A consumer in a group that polls by itself, and remembers what it read and what was told to its listener.</summary>
sealed class GroupReader : IRebalanceListener, IAsyncDisposable
{
    static readonly TimeSpan PollTime = TimeSpan.FromMilliseconds(50), Patience = TimeSpan.FromSeconds(60);

    readonly Lock _lock = new();
    readonly List<ConsumerRecord> _records = [];
    readonly List<string> _events = [];
    TaskCompletionSource _turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    IReadOnlyList<TopicPartition> _assignment = [];
    CancellationTokenSource _stop = new();
    Task _loop = Task.CompletedTask;
    Exception? _failure;

    public GroupReader(ConsumerSettings settings) => Consumer = new Consumer(settings);

    public Consumer Consumer { get; }

    public Func<IReadOnlyCollection<TopicPartition>, ValueTask> OnRevoked { get; set; } = _ => ValueTask.CompletedTask;

    public Func<Consumer, ConsumerRecords, ValueTask> OnRecords { get; set; } = (_, _) => ValueTask.CompletedTask;

    public static GroupReader Start(ConsumerSettings settings, params string[] topics)
    {
        var reader = new GroupReader(settings);
        reader.Consumer.Subscribe(topics, reader);
        reader.Resume();
        return reader;
    }

    public IReadOnlyList<ConsumerRecord> Records
    {
        get { lock (_lock) return [.. _records]; }
    }

    public IReadOnlyList<string> Values => [.. Records.Select(r => r.Value.ToText() ?? "")];

    /// <summary>"+0,1" for partitions that came, "-0" for revoked ones, "!0" for lost ones.</summary>
    public IReadOnlyList<string> Events
    {
        get { lock (_lock) return [.. _events]; }
    }

    public IReadOnlyList<int> Partitions
    {
        get { lock (_lock) return [.. _assignment.Select(p => p.Partition).Order()]; }
    }

    public Exception? Failure
    {
        get { lock (_lock) return _failure; }
    }

    public void Resume()
    {
        _stop = new CancellationTokenSource();
        _loop = Task.Run(() => RunAsync(_stop.Token));
    }

    /// <summary>Stops polling; the consumer stays what it is.</summary>
    public async Task Pause()
    {
        await _stop.CancelAsync();
        await _loop;
    }

    async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var records = await Consumer.PollAsync(PollTime, CancellationToken.None);
                lock (_lock)
                {
                    foreach (var record in records) _records.Add(record.Copy());
                    _assignment = [.. Consumer.Assignment];
                }
                await OnRecords(Consumer, records);
            }
            catch (Exception e)
            {
                lock (_lock) _failure ??= e;
            }
            Turn();
        }
    }

    void Turn()
    {
        lock (_lock)
        {
            _turn.TrySetResult();
            _turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    Task NextTurn
    {
        get { lock (_lock) return _turn.Task; }
    }

    /// <summary>Lets the readers poll until something holds.</summary>
    public static async Task Until(Func<bool> holds, string what, params GroupReader[] readers)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!holds())
        {
            if (patience.IsCancellationRequested)
            {
                throw new TestFailedException($"did not happen: {what}\n" + string.Join('\n', readers.Select((r, i) =>
                    $"reader {i}: {r.Records.Count} records, partitions {string.Join(',', r.Partitions)}, events {string.Join(' ', r.Events)}, {r.Failure}")));
            }
            await Task.WhenAny(readers.Select(r => r.NextTurn)).WaitAsync(Patience);
        }
    }

    void Note(char sign, IReadOnlyCollection<TopicPartition> partitions)
    {
        lock (_lock) _events.Add(sign + string.Join(',', partitions.Select(p => p.Partition).Order()));
    }

    public ValueTask OnRevokedAsync(IReadOnlyCollection<TopicPartition> partitions)
    {
        Note('-', partitions);
        return OnRevoked(partitions);
    }

    public ValueTask OnAssignedAsync(IReadOnlyCollection<TopicPartition> partitions)
    {
        Note('+', partitions);
        return ValueTask.CompletedTask;
    }

    public ValueTask OnLostAsync(IReadOnlyCollection<TopicPartition> partitions)
    {
        Note('!', partitions);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await Pause();
        await Consumer.DisposeAsync();
        Turn();
    }
}
