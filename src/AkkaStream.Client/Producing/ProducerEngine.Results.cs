using AkkaStream.Protocol;

namespace AkkaStream.Client.Producing;

// What answers mean: done, again, or given up.
sealed partial class ProducerEngine
{
    public void OnResult(PartitionQueue queue, ProducerBatch batch, in BatchResult result, BrokerView[]? endpoints, BrokerSender? from)
    {
        bool done = result.Error is ErrorCode.None or ErrorCode.DuplicateSequenceNumber;
        bool leaderKnown = !done && result.Leader >= 0 && Cluster.ApplyLeader(
            queue.Topic.Name, queue.Partition, result.Leader, result.LeaderEpoch,
            endpoints is null ? null : Array.Find(endpoints, new EndpointOf(result.Leader).Is));
        if (!done && !leaderKnown && ErrorCodes.Describe(result.Error).RefreshesMetadata) Cluster.RefreshSoon();

        bool again = false, wasExpired;
        BrokerSender? kick = null;
        lock (queue.Lock)
        {
            queue.Land(batch);
            wasExpired = batch.IsExpired;
            if (!done && !wasExpired) again = MayTryAgain(queue, batch, result);
            if (again) TryAgain(queue, batch, result, leaderKnown);
            else if (!done && batch.HasSequence) queue.BeginAnew(batch, isKnown: false);
            if (HasToSend(queue))
            {
                Route(queue);
                kick = queue.Sender;
            }
        }
        if (!again)
        {
            if (!wasExpired) Tell(queue, batch, done, result);
            Release(batch);
        }
        // The sender that the answer came to is run by its call; another one needs to be told.
        if (kick != from) kick?.Kick();
    }

    readonly struct EndpointOf(int id)
    {
        readonly int _id = id;

        public bool Is(BrokerView broker) => broker.Id == _id;
    }

    bool MayTryAgain(PartitionQueue queue, ProducerBatch batch, in BatchResult result)
    {
        if (_closed || batch.Attempts > Settings.Retries || Clock.Now >= batch.ExpiresAt) return false;
        if (!batch.HasSequence) return ErrorCodes.IsRetriable(result.Error);
        switch (result.Error)
        {
            case ErrorCode.OutOfOrderSequenceNumber:
                // Had it been written, the broker would know it: so it was not. If what comes before it has a final word, the gap is
                // real: the broker lost something, or what came before was given up.
                batch.MayBeWritten = false;
                if (queue.IsFirstInLine(batch)) BeginAnew(queue, batch, "the broker misses what came before");
                return true;
            case ErrorCode.UnknownProducerId:
            case ErrorCode.InvalidProducerEpoch:
                batch.MayBeWritten = false;
                BeginAnew(queue, batch, ErrorCodes.NameOf(result.Error));
                return true;
            default:
                if (!ErrorCodes.IsRetriable(result.Error)) return false;
                batch.MayBeWritten |= result.MayBeWritten;
                return true;
        }
    }

    void BeginAnew(PartitionQueue queue, ProducerBatch batch, string cause)
    {
        queue.BeginAnew(batch, isKnown: true);
        ClientTrace.SequencesReset(Settings.Client.Log, queue.Topic.Name, queue.Partition, batch.ProducerEpoch, cause);
    }

    void TryAgain(PartitionQueue queue, ProducerBatch batch, in BatchResult result, bool leaderKnown)
    {
        batch.LastError = result.Text ?? ErrorCodes.NameOf(result.Error);
        ClientTrace.ProduceRetried(Settings.Client.Log, queue.Topic.Name, queue.Partition, batch.Attempts, batch.LastError);
        queue.Return(batch);
        queue.NotBefore = leaderKnown
            ? 0
            : Clock.Now + Clock.TicksOf(Settings.Client.Retry.After(batch.Attempts, Cluster.Chance.NextDouble()));
    }

    void Tell(PartitionQueue queue, ProducerBatch batch, bool done, in BatchResult result)
    {
        KafkaException? error = done
            ? null
            : KafkaException.Of(result.Error, $"{batch.Count} record(s) for {queue.Topic.Name}-{queue.Partition} were not delivered", result.Text);
        batch.Tell(queue.Topic.Name, queue.Partition, done ? result.BaseOffset : -1, result.LogAppendTime, error, OnThrown);
    }

    void OnThrown(Exception e) => ClientTrace.HandlerThrew(Settings.Client.Log, e);

    void OnExpired(PartitionQueue queue, ProducerBatch batch, int generation)
    {
        BrokerSender? kick = null;
        bool removed;
        lock (queue.Lock)
        {
            if (batch.Generation != generation || batch.IsExpired) return;
            removed = queue.Remove(batch);
            if (!removed) batch.IsExpired = true;
            // What follows must wait for a new epoch, unless this one still turns out to be written.
            if (batch.HasSequence) queue.BeginAnew(batch, isKnown: false);
            if (HasToSend(queue))
            {
                Route(queue);
                kick = queue.Sender;
            }
        }
        string text = $"Expiring {batch.Count} record(s) for {queue.Topic.Name}-{queue.Partition}: "
            + $"{Settings.DeliveryTimeout.TotalMilliseconds:0} ms has passed since batch creation";
        if (batch.LastError is { } last) text += $"; the last try failed: {last}";
        else if (queue.Sender is null) text += "; the partition has no leader";
        batch.Tell(queue.Topic.Name, queue.Partition, -1, -1, new KafkaException(ErrorCode.RequestTimedOut, text + "."), OnThrown);
        if (removed) Release(batch);
        kick?.Kick();
    }

    /// <summary>Nothing can be sent any more: all that waits is told so, and all that comes.</summary>
    void FailEverything(KafkaException error)
    {
        foreach (var topic in _topics.Values)
        {
            lock (topic.Line.Lock)
            {
                while (topic.Line.First is { } waiting)
                {
                    topic.Line.RemoveFirst();
                    waiting.TrySetException(error);
                }
            }
            foreach (var queue in topic.Partitions)
            {
                while (true)
                {
                    ProducerBatch? batch;
                    lock (queue.Lock) batch = queue.TakeAny();
                    if (batch is null) break;
                    batch.Tell(topic.Name, queue.Partition, -1, -1, error, OnThrown);
                    Release(batch);
                }
            }
        }
    }
}
