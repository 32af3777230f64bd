using AkkaStream.Net.Links;

namespace AkkaStream.Client.Producing;

/// <summary>
/// Sends to one broker the batches of the partitions that it leads, as many requests at a time as may be under way. Whoever gives it
/// reason to (a full batch, an answer, a timer) runs it; one thread at a time does, the others leave word. Any thread.
/// </summary>
sealed class BrokerSender(ProducerEngine engine, int brokerId)
{
    readonly Lock _lock = new();
    readonly Queue<PartitionQueue> _line = new();
    int _kicks;
    int _inFlight;

    public int BrokerId => brokerId;

    /// <summary>The partition may have something to send. Its lock is held by the caller.</summary>
    public void Add(PartitionQueue queue)
    {
        if (queue.IsQueued) return;
        queue.IsQueued = true;
        lock (_lock) _line.Enqueue(queue);
    }

    public void Kick()
    {
        if (Interlocked.Increment(ref _kicks) != 1) return;
        int seen = 1;
        do
        {
            seen = Volatile.Read(ref _kicks);
            SendWhatIsReady();
        }
        while (Interlocked.Add(ref _kicks, -seen) != 0);
    }

    void SendWhatIsReady()
    {
        if (!engine.MaySend || engine.IsClosed) return;
        while (Volatile.Read(ref _inFlight) < engine.Settings.MaxInFlight)
        {
            if (engine.Cluster.LinkTo(brokerId, LinkUse.Produce) is not { } link)
            {
                engine.OnBrokerUnknown(this);
                return;
            }
            if (Gather() is not { } call) return;
            Interlocked.Increment(ref _inFlight);
            link.Send(call);
        }
    }

    /// <summary>The call has come back, whatever it brought.</summary>
    public void Landed()
    {
        Interlocked.Decrement(ref _inFlight);
        Kick();
    }

    ProduceCall? Gather()
    {
        int left;
        lock (_lock) left = _line.Count;
        ProduceCall? call = null;
        for (; left > 0; left--)
        {
            PartitionQueue? queue;
            lock (_lock)
            {
                if (!_line.TryDequeue(out queue)) break;
            }
            bool full = false;
            lock (queue.Lock)
            {
                queue.IsQueued = false;
                if (queue.Sender != this)
                {
                    // The leader moved while it stood in this line.
                    if (engine.HasToSend(queue)) engine.Route(queue);
                    continue;
                }
                TakeFrom(queue, ref call, ref full);
                if (engine.HasToSend(queue)) Add(queue);
            }
            if (full) break;
        }
        call?.Prepare();
        return call;
    }

    void TakeFrom(PartitionQueue queue, ref ProduceCall? call, ref bool full)
    {
        if (engine.TakesOpenAtOnce && !queue.HasWaiting) queue.CloseOpen();
        if (queue.PeekSendable(engine.Clock.Now, engine.Identity) is not { } batch) return;
        if (call is not null && call.EstimatedSize + batch.PlainSize > engine.Settings.MaxRequestBytes)
        {
            full = true;
            return;
        }
        queue.Take(batch, engine.Identity);
        call ??= engine.NewCall(this);
        call.Add(queue, batch);
    }

    public PartitionQueue[] TakeLine()
    {
        lock (_lock)
        {
            PartitionQueue[] all = [.. _line];
            _line.Clear();
            return all;
        }
    }
}
