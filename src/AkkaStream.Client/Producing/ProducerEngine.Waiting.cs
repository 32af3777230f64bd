using AkkaStream.Net.Links;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Client.Producing;

// What has to wait: records for memory and metadata, batches for the producer id, flushes for batches.
sealed partial class ProducerEngine
{
    /// <summary>Takes the record at once, or in its turn; completes when it was taken.</summary>
    public ValueTask EnqueueAsync(in ProducerRecord record, IDeliveryHandler? handler, long token, CancellationToken cancel)
    {
        if (Volatile.Read(ref _fatal) is { } fatal) return ValueTask.FromException(fatal);
        if (_closed) return ValueTask.FromException(new ObjectDisposedException(nameof(Producer)));
        var topic = TopicOf(record.Topic);
        if (topic.Line.Count == 0 && TryTake(topic, record, handler, token) is var outcome && outcome != Appended.NoMetadata
            && outcome != Appended.NoMemory)
            return outcome == Appended.Done ? default : ValueTask.FromException(ClosedError());
        return Join(topic, record, handler, token, cancel);
    }

    Exception ClosedError() => Volatile.Read(ref _fatal) is { } fatal ? fatal : new ObjectDisposedException(nameof(Producer));

    public Appended TryTake(TopicQueues topic, in ProducerRecord record, IDeliveryHandler? handler, long token) =>
        TryAppend(topic, record.Partition, new OutgoingRecord
        {
            Key = record.Key.Span,
            HasKey = record.Key.HasValue,
            Value = record.Value.Span,
            HasValue = record.Value.HasValue,
            Timestamp = record.Timestamp ?? NowMs,
            Headers = record.Headers,
            Handler = handler,
            Token = token,
        });

    public long NowMs => Settings.Client.Time.GetUtcNow().ToUnixTimeMilliseconds();

    ValueTask Join(TopicQueues topic, in ProducerRecord record, IDeliveryHandler? handler, long token, CancellationToken cancel)
    {
        long deadline = Clock.Now + Clock.TicksOf(Settings.MaxBlock);
        var waiting = new WaitingRecord(record, handler, token, deadline, Settings.Client.Completions);
        lock (topic.Line.Lock) topic.Line.Add(waiting);
        Interlocked.Increment(ref _lines);
        Clock.TickBy(deadline);
        // What it waits for may have come while it joined.
        Pump(topic);
        return new ValueTask(cancel.CanBeCanceled ? Cancellable(waiting, cancel) : waiting.Task);
    }

    static async Task Cancellable(WaitingRecord waiting, CancellationToken cancel)
    {
        using var registration = cancel.UnsafeRegister(static (state, token) => ((WaitingRecord)state!).TrySetCanceled(token), waiting);
        await waiting.Task.ConfigureAwait(false);
    }

    void PumpLines()
    {
        foreach (var topic in _topics.Values)
            if (topic.Line.Count > 0) Pump(topic);
    }

    void Pump(TopicQueues topic)
    {
        lock (topic.Line.Lock)
        {
            while (topic.Line.First is { } waiting)
            {
                if (Refused(topic) is { } error)
                {
                    waiting.TrySetException(error);
                }
                else
                {
                    var outcome = TryTake(topic, waiting.Record, waiting.Handler, waiting.Token);
                    if (outcome == Appended.NoMetadata) Cluster.RefreshSoon();
                    if (outcome is Appended.NoMemory or Appended.NoMetadata) break;
                    if (outcome == Appended.Closed) waiting.TrySetException(ClosedError());
                    else waiting.TrySetResult();
                }
                topic.Line.RemoveFirst();
            }
            if (topic.Line.Count == 0) Volatile.Write(ref _lines, _topics.Values.Count(t => t.Line.Count > 0));
        }
    }

    /// <summary>Errors of a topic that waiting does not mend.</summary>
    KafkaException? Refused(TopicQueues topic) =>
        Cluster.Snapshot.Topics.TryGetValue(topic.Name, out var view)
            && view.Error is ErrorCode.InvalidTopicException or ErrorCode.TopicAuthorizationFailed
            ? KafkaException.Of(view.Error, $"Topic {topic.Name}")
            : null;

    void OnTick()
    {
        long now = Clock.Now, next = long.MaxValue;
        foreach (var topic in _topics.Values)
        {
            lock (topic.Line.Lock)
            {
                while (topic.Line.First is { } waiting)
                {
                    if (waiting.Deadline > now)
                    {
                        next = Math.Min(next, waiting.Deadline);
                        break;
                    }
                    topic.Line.RemoveFirst();
                    waiting.TrySetException(Late(topic, waiting));
                }
            }
        }
        if (next != long.MaxValue) Clock.TickBy(next);
    }

    KafkaException Late(TopicQueues topic, WaitingRecord waiting)
    {
        string ms = $"{Settings.MaxBlock.TotalMilliseconds:0} ms";
        if (topic.Partitions.Length == 0)
            return new KafkaException(ErrorCode.RequestTimedOut, Cluster.WhyAbsent(topic.Name, Settings.MaxBlock) + ".");
        if (waiting.Record.Partition is { } partition && partition >= topic.Partitions.Length)
        {
            return new KafkaException(ErrorCode.RequestTimedOut,
                $"Partition {partition} of topic {topic.Name} with partition count {topic.Partitions.Length} is not present in metadata after {ms}.");
        }
        return new KafkaException(ErrorCode.RequestTimedOut,
            $"Failed to allocate memory within the configured max blocking time {ms}: buffer.memory is {Memory.Limit} bytes, {Memory.Free} are free; "
            + "the brokers do not take records as fast as they come.");
    }

    void AcquireIdentity()
    {
        if (Interlocked.Exchange(ref _acquiring, 1) == 0) _ = AcquireIdentityAsync();
    }

    async Task AcquireIdentityAsync()
    {
        int failures = 0;
        var time = Settings.Client.Time;
        while (!_closed)
        {
            string failure = "there is no broker to ask";
            foreach (var link in Cluster.LinksToAny())
            {
                try
                {
                    var response = await link.Ask(new InitProducerIdRequest
                    {
                        TransactionalId = null,
                        TransactionTimeoutMs = int.MaxValue,
                    }).ConfigureAwait(false);
                    if (OnIdentity(response)) return;
                    failure = ErrorCodes.NameOf(response.ErrorCode);
                }
                catch (LinkException e) when (e.Failure.Kind is LinkFailureKind.Unsupported && !Settings.IdempotenceIsRequired)
                {
                    ClientTrace.NoIdempotence(Settings.Client.Log, e.Failure.Text);
                    Volatile.Write(ref _identity, null);
                    KickAll();
                    return;
                }
                catch (LinkException e) when (e.Failure.IsTransient)
                {
                    failure = e.Failure.Text;
                }
                catch (Exception e)
                {
                    Fail(new KafkaException(ErrorCode.UnsupportedVersion, $"No producer id: {e.Message}", e));
                    return;
                }
            }
            failures++;
            ClientTrace.NoProducerId(Settings.Client.Log, failure);
            try
            {
                await Task.Delay(Settings.Client.Retry.After(failures, Cluster.Chance.NextDouble()), time, Cluster.Closing).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    bool OnIdentity(InitProducerIdResponse response)
    {
        if (response.ErrorCode == ErrorCode.None)
        {
            Identity?.Set(response.ProducerId, response.ProducerEpoch);
            Volatile.Write(ref _acquiring, 0);
            ClientTrace.ProducerIdGiven(Settings.Client.Log, response.ProducerId, response.ProducerEpoch);
            KickAll();
            return true;
        }
        if (ErrorCodes.IsRetriable(response.ErrorCode)) return false;
        Fail(KafkaException.Of(response.ErrorCode, "The cluster gives no producer id"));
        return true;
    }

    void Fail(KafkaException error)
    {
        Volatile.Write(ref _fatal, error);
        FailEverything(error);
    }

    void KickAll()
    {
        foreach (var sender in _senders.Values) sender.Kick();
    }

    /// <summary>Sends all that was taken so far and waits for the final word on it.</summary>
    public async Task FlushAsync(CancellationToken cancel)
    {
        foreach (var topic in _topics.Values)
        {
            WaitingRecord? last;
            lock (topic.Line.Lock) last = topic.Line.Last;
            if (last is not null) await last.Task.WaitAsync(cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancel.ThrowIfCancellationRequested();
        }
        FlushMark mark;
        lock (_markLock)
        {
            mark = _mark;
            _mark = mark.Follow();
        }
        mark.Leave();
        Interlocked.Increment(ref _flushing);
        try
        {
            CloseOpenBatches();
            KickAll();
            await mark.Done.WaitAsync(cancel).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _flushing);
        }
    }

    void CloseOpenBatches()
    {
        foreach (var topic in _topics.Values)
        {
            foreach (var queue in topic.Partitions)
            {
                lock (queue.Lock)
                {
                    if (queue.CloseOpen() || queue.HasWaiting) Route(queue);
                }
            }
        }
    }
}
