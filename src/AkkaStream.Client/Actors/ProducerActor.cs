using AkkaStream.Actors;
using AkkaStream.Client.Settings;

namespace AkkaStream.Client.Actors;

/// <summary>
/// A producer as an actor: tell it <see cref="Send"/>, and it answers <see cref="Delivered"/>, or <see cref="Status.Failure"/> with a
/// <see cref="NotDeliveredException"/>. Records of one sender to one partition keep their order. While the buffer is full it puts messages
/// aside; who does not want its mailbox to grow sends the next record when an answer has come.
/// </summary>
public sealed class ProducerActor : ReceiveActor
{
    /// <summary>Send this record. Without a sender nobody is told what became of it.</summary>
    /// <param name="Record">Its bytes must stay as they are until the answer.</param>
    /// <param name="Tag">Comes back in the answer.</param>
    public sealed record Send(ProducerRecord Record, object? Tag = null);

    /// <summary>The answer to <see cref="Send"/>: the record stands in the log, as surely as acks asks for.</summary>
    public sealed record Delivered(Delivery Delivery, object? Tag);

    /// <summary>Send now what lingers; <see cref="Flushed"/> is the answer when all that was told before is delivered or given up.</summary>
    public sealed record Flush
    {
        /// <summary>There is nothing in it that could differ.</summary>
        public static readonly Flush Instance = new();
    }

    /// <summary>The answer to <see cref="Flush"/>.</summary>
    public sealed record Flushed
    {
        internal static readonly Flushed Instance = new();
    }

    /// <summary>Deliver what is there, answer <see cref="Closed"/>, and stop. A stop by other means gives up what has not been sent.</summary>
    /// <param name="Patience">How long to try; null is for as long as delivery.timeout.ms allows.</param>
    public sealed record Close(TimeSpan? Patience = null);

    /// <summary>The answer to <see cref="Close"/>.</summary>
    public sealed record Closed
    {
        internal static readonly Closed Instance = new();
    }

    sealed record Taken(Send Send, ReplyTo Reply, Exception? Failure);

    sealed record CloseDone(ReplyTo Reply);

    readonly Producer _producer;
    readonly Queue<(object Message, ReplyTo Reply)> _line = new();
    bool _isWaiting;

    /// <summary>Use <see cref="Props(ProducerSettings)"/>.</summary>
    public ProducerActor(ProducerSettings settings)
    {
        _producer = new Producer(settings);
        Receive<Send>(OnRequest);
        Receive<Flush>(OnRequest);
        Receive<Close>(OnRequest);
        Receive<Taken>(OnTaken);
        Receive<CloseDone>(done =>
        {
            done.Reply.Tell(Closed.Instance, Self);
            Context.Stop(Self);
        });
    }

    /// <summary>How to make one.</summary>
    public static Props Props(ProducerSettings settings) => AkkaStream.Actors.Props.Create(() => new ProducerActor(settings));

    // The buffer is full, or a topic is not known yet: what comes meanwhile keeps its place behind the record that waits.
    void OnRequest(object message)
    {
        var reply = DeferReply();
        if (_isWaiting) _line.Enqueue((message, reply));
        else Serve(message, reply);
    }

    void OnTaken(Taken taken)
    {
        if (taken.Failure is { } failure) taken.Reply.Tell(new Status.Failure(NotDeliveredException.Of(taken.Send, failure)), Self);
        _isWaiting = false;
        while (!_isWaiting && _line.TryDequeue(out var next)) Serve(next.Message, next.Reply);
    }

    void Serve(object message, ReplyTo reply)
    {
        switch (message)
        {
            case Send send:
                Enqueue(send, reply);
                break;
            case Close close:
                // Whatever comes after it finds a closed producer.
                _producer.CloseAsync(close.Patience ?? Timeout.InfiniteTimeSpan)
                    .PipeTo(Self, success: () => new CloseDone(reply), failure: _ => new CloseDone(reply));
                break;
            default:
                _ = AnswerFlushedAsync(_producer, reply, Self);
                break;
        }
    }

    void Enqueue(Send send, ReplyTo reply)
    {
        ValueTask taken;
        try
        {
            taken = _producer.EnqueueAsync(send.Record, reply.IsWanted ? new Answer(send, reply, Self) : null);
        }
        catch (ObjectDisposedException e)
        {
            taken = ValueTask.FromException(e);
        }
        if (taken.IsCompletedSuccessfully) return;
        _isWaiting = true;
        taken.PipeTo(Self, success: () => new Taken(send, reply, null), failure: e => new Taken(send, reply, e));
    }

    static async Task AnswerFlushedAsync(Producer producer, ReplyTo reply, IActorRef self)
    {
        try
        {
            await producer.FlushAsync().ConfigureAwait(false);
            reply.Tell(Flushed.Instance, self);
        }
        catch (Exception e)
        {
            reply.Tell(new Status.Failure(e), self);
        }
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _ = _producer.CloseAsync(TimeSpan.Zero);
        foreach (var (message, reply) in _line)
        {
            var stopped = new ObjectDisposedException(nameof(ProducerActor), "The producer was stopped.");
            reply.Tell(new Status.Failure(message is Send send ? NotDeliveredException.Of(send, stopped) : stopped), Self);
        }
        _line.Clear();
    }

    sealed class Answer(Send send, ReplyTo reply, IActorRef self) : IDeliveryHandler
    {
        public void OnDelivery(long token, in Delivery delivery) => reply.Tell(
            delivery.Error is { } error ? new Status.Failure(NotDeliveredException.Of(send, error)) : new Delivered(delivery, send.Tag), self);
    }
}
