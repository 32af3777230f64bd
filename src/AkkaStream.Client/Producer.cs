using AkkaStream.Client.Producing;
using AkkaStream.Client.Settings;
using AkkaStream.Protocol;

namespace AkkaStream.Client;

/// <summary>
/// Sends records to a cluster: gathers them into batches, finds the leaders, repeats what failed, keeps the order. One for a process
/// is usually enough. Any thread may send; records of one thread to one partition keep their order.
/// </summary>
public sealed class Producer : IAsyncDisposable
{
    readonly ProducerEngine _engine;
    int _closing;

    /// <exception cref="KafkaConfigException">A setting cannot be used.</exception>
    public Producer(ProducerSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        Settings = settings;
        _engine = new ProducerEngine(settings);
    }

    /// <summary>What it was made with.</summary>
    public ProducerSettings Settings { get; }

    /// <summary>What it knows of the cluster.</summary>
    public ClusterView Cluster => _engine.Cluster;

    /// <summary>Bytes of buffer.memory that are free.</summary>
    public long FreeMemory => _engine.Memory.Free;

    /// <summary>Sends a record; the task ends when it is delivered, and fails when it cannot be.</summary>
    /// <exception cref="KafkaException">In the task: why the record was not delivered.</exception>
    public Task<Delivery> SendAsync(in ProducerRecord record, CancellationToken cancel = default)
    {
        var delivery = new DeliveryTask(Settings.Client.Completions);
        var taken = EnqueueAsync(record, delivery, 0, cancel);
        return taken.IsCompletedSuccessfully ? delivery.Task : AfterTaken(taken, delivery);
    }

    static async Task<Delivery> AfterTaken(ValueTask taken, DeliveryTask delivery)
    {
        await taken.ConfigureAwait(false);
        return await delivery.Task.ConfigureAwait(false);
    }

    /// <summary>
    /// The cheap way: completes when the record was taken into the buffer (nearly always at once), and allocates nothing then. What became
    /// of it is told to the handler.
    /// </summary>
    /// <param name="record">What to send.</param>
    /// <param name="handler">Who is told; null is nobody.</param>
    /// <param name="token">Comes back to the handler.</param>
    /// <param name="cancel">Ends the wait for memory or metadata.</param>
    /// <exception cref="KafkaException">In the task: the record was not taken, and the handler will not hear of it.</exception>
    public ValueTask EnqueueAsync(in ProducerRecord record, IDeliveryHandler? handler = null, long token = 0, CancellationToken cancel = default)
    {
        if (string.IsNullOrEmpty(record.Topic)) return ValueTask.FromException(new ArgumentException("A record needs a topic.", nameof(record)));
        if (record.Partition < 0)
            return ValueTask.FromException(
                new ArgumentException($"Invalid partition: {record.Partition}. Partition number should always be non-negative or null."));
        return TooLarge(record) is { } error ? ValueTask.FromException(error) : _engine.EnqueueAsync(record, handler, token, cancel);
    }

    /// <summary>
    /// Takes the record if that can be done at once; false when the buffer is full or the topic is not known yet. For loops that do
    /// something else meanwhile.
    /// </summary>
    public bool TryEnqueue(in ProducerRecord record, IDeliveryHandler? handler = null, long token = 0)
    {
        if (TooLarge(record) is { } error) throw error;
        var topic = _engine.TopicOf(record.Topic);
        if (topic.Line.Count > 0) return false;
        var outcome = _engine.TryTake(topic, record, handler, token);
        ObjectDisposedException.ThrowIf(outcome == Appended.Closed, this);
        return outcome == Appended.Done;
    }

    KafkaException? TooLarge(in ProducerRecord record)
    {
        // The usual record is far from both bounds: only a large one is measured exactly.
        long rough = record.Key.Length + (long)record.Value.Length;
        if (rough < Settings.MaxRequestBytes / 2 && record.Headers is null) return null;
        long size = ProducerBatch.SizeOfAlone(new OutgoingRecord
        {
            Key = record.Key.Span, HasKey = record.Key.HasValue,
            Value = record.Value.Span, HasValue = record.Value.HasValue,
            Timestamp = 0, Headers = record.Headers,
        });
        if (size > Settings.MaxRequestBytes)
        {
            return new KafkaException(ErrorCode.MessageTooLarge,
                $"The message is {size} bytes when serialized which is larger than {Settings.MaxRequestBytes}, "
                + "which is the value of the max.request.size configuration.");
        }
        return size <= Settings.BufferMemory
            ? null
            : new KafkaException(ErrorCode.MessageTooLarge,
                $"The message is {size} bytes when serialized which is larger than the total memory buffer you have configured "
                + $"with the buffer.memory configuration ({Settings.BufferMemory}).");
    }

    /// <summary>Sends what lingers and waits until all that was sent so far is delivered or given up.</summary>
    public Task FlushAsync(CancellationToken cancel = default) => _engine.FlushAsync(cancel);

    /// <summary>Delivers what it can for as long as the caller is patient, and closes.</summary>
    public async Task CloseAsync(TimeSpan patience)
    {
        if (Interlocked.Exchange(ref _closing, 1) != 0) return;
        try
        {
            if (patience > TimeSpan.Zero || patience == Timeout.InfiniteTimeSpan)
            {
                var flushed = _engine.FlushAsync(CancellationToken.None);
                await (patience == Timeout.InfiniteTimeSpan ? flushed : flushed.WaitAsync(patience, Settings.Client.Time)).ConfigureAwait(false);
            }
        }
        catch (TimeoutException)
        {
            // The rest is told that it was given up.
        }
        finally
        {
            _engine.Dispose();
        }
    }

    /// <summary>Delivers all that it can, and closes; delivery.timeout.ms bounds the wait.</summary>
    public async ValueTask DisposeAsync() => await CloseAsync(Timeout.InfiniteTimeSpan).ConfigureAwait(false);

    sealed class DeliveryTask(TaskCreationOptions options) : TaskCompletionSource<Delivery>(options), IDeliveryHandler
    {
        public void OnDelivery(long token, in Delivery delivery)
        {
            if (delivery.Error is null) TrySetResult(delivery);
            else TrySetException(delivery.Error);
        }
    }
}
