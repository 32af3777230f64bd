using AkkaStream.Actors;
using AkkaStream.Client.Settings;

namespace AkkaStream.Client.Actors;

/// <summary>
/// A consumer as an actor. Its subscriber is told <see cref="Records"/>, and gets the next ones when it has told <see cref="Processed"/>: what
/// was delivered is done whenever the consumer polls, so that offsets are committed, and partitions are given up, only for records that the
/// subscriber has worked on. Who is slower than max.poll.interval.ms loses its place in the group, as with any consumer.
/// </summary>
public sealed partial class ConsumerActor : ReceiveActor
{
    static readonly TimeSpan PollTime = TimeSpan.FromMinutes(1);

    readonly Consumer _consumer;
    readonly IActorRef _subscriber;
    readonly Listener _listener;
    readonly Queue<(Command Command, ReplyTo Reply)> _commands = new();
    CancellationTokenSource _interrupt = new();
    bool _isBusy, _isResting;
    Records? _outstanding;
    Task _atWork = Task.CompletedTask;

    /// <summary>Use <see cref="Props(ConsumerSettings, IActorRef)"/>.</summary>
    public ConsumerActor(ConsumerSettings settings, IActorRef subscriber)
    {
        _consumer = new Consumer(settings);
        _subscriber = subscriber;
        _listener = new Listener(subscriber, Self);
        Receive<Processed>(OnProcessed);
        Receive<Polled>(OnPolled);
        Receive<Command>(OnCommand);
        Receive<CommandDone>(OnCommandDone);
        Receive<Rested>(_ =>
        {
            _isResting = false;
            GoOn();
        });
    }

    /// <summary>How to make one.</summary>
    /// <param name="settings">As for a <see cref="Consumer"/>.</param>
    /// <param name="subscriber">Who gets the records and the news of partitions.</param>
    public static Props Props(ConsumerSettings settings, IActorRef subscriber) =>
        AkkaStream.Actors.Props.Create(() => new ConsumerActor(settings, subscriber));

    void OnProcessed(Processed processed)
    {
        // A second word about the same records would let another batch go out beside the present one.
        if (_outstanding is not { } records || !ReferenceEquals(processed.Records, records)) return;
        _outstanding = null;
        records.Batch.Dispose();
        GoOn();
    }

    // One thing at a time: a consumer is not made for more. A poll that waits for records is broken off for a command.
    void OnCommand(Command command)
    {
        _commands.Enqueue((command, DeferReply()));
        _interrupt.Cancel();
        GoOn();
    }

    void GoOn()
    {
        if (_isBusy) return;
        if (_commands.TryDequeue(out var next)) Run(next.Command, next.Reply);
        else if (_outstanding is null && !_isResting && (_consumer.Assignment.Count > 0 || _consumer.IsSubscribed)) Poll();
    }

    void Run(Command command, ReplyTo reply)
    {
        _isBusy = true;
        bool closes = command is Close;
        var work = new Work(_consumer, _listener, Undone());
        var running = RunAsync(command, work);
        _atWork = running;
        running.PipeTo(
            Self, success: answer => new CommandDone(reply, answer, closes), failure: e => new CommandDone(reply, new Status.Failure(e), closes));
    }

    // A command that is wrong throws at once; that too is an answer.
    static async Task<object> RunAsync(Command command, Work work) => await command.RunAsync(work).ConfigureAwait(false);

    Dictionary<TopicPartition, long> Undone() => _outstanding is null ? [] : FirstOf(_outstanding.Batch);

    void OnCommandDone(CommandDone done)
    {
        done.Reply.Tell(done.Answer, Self);
        if (done.Closes)
        {
            Context.Stop(Self);
            return;
        }
        _isBusy = false;
        GoOn();
    }

    void Poll()
    {
        _isBusy = true;
        if (_interrupt.IsCancellationRequested)
        {
            _interrupt.Dispose();
            _interrupt = new CancellationTokenSource();
        }
        var poll = PollAsync(_interrupt.Token);
        _atWork = poll;
        poll.PipeTo(Self);
    }

    async Task<Polled> PollAsync(CancellationToken cancel)
    {
        try
        {
            return new Polled(await _consumer.PollAsync(PollTime, cancel).ConfigureAwait(false), null);
        }
        catch (OperationCanceledException)
        {
            return new Polled(null, null);
        }
        catch (Exception e)
        {
            var failure = e as KafkaException ?? new KafkaException(Protocol.ErrorCode.UnknownServerError, $"Reading failed: {e.Message}", e);
            return new Polled(null, failure);
        }
    }

    void OnPolled(Polled polled)
    {
        _isBusy = false;
        if (polled.Batch is { Count: > 0 } batch)
        {
            _outstanding = new Records(batch);
            _subscriber.Tell(_outstanding, Self);
        }
        else if (polled.Failure is { } failure)
        {
            // The next poll goes on with the other partitions, or tries again, in a moment.
            _subscriber.Tell(new ReadFailed(failure), Self);
            _isResting = true;
            Timers.StartSingleTimer(Rested.Instance, Rested.Instance, _consumer.Settings.Client.Retry.Max);
        }
        GoOn();
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _interrupt.Cancel();
        _ = CloseAsync(_atWork, new Work(_consumer, _listener, Undone()));
        _outstanding?.Batch.Dispose();
        foreach (var (_, reply) in _commands)
            reply.Tell(new Status.Failure(new ObjectDisposedException(nameof(ConsumerActor), "The consumer was stopped.")), Self);
        _commands.Clear();
    }

    // A consumer is not made for two at once: what is under way ends first. What it still brings, nobody will work on here.
    static async Task CloseAsync(Task underWay, Work work)
    {
        await underWay.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        work.Rewind();
        if (underWay is Task<Polled> { IsCompletedSuccessfully: true, Result.Batch: { Count: > 0 } batch })
            (work with { Undone = FirstOf(batch) }).Rewind();
        await work.Consumer.DisposeAsync().ConfigureAwait(false);
    }

    static Dictionary<TopicPartition, long> FirstOf(ConsumerRecords batch)
    {
        var first = new Dictionary<TopicPartition, long>();
        foreach (var record in batch) first.TryAdd(new TopicPartition(record.Topic, record.Partition), record.Offset);
        return first;
    }

    sealed record Polled(ConsumerRecords? Batch, KafkaException? Failure);

    sealed record CommandDone(ReplyTo Reply, object Answer, bool Closes);

    sealed record Rested
    {
        public static readonly Rested Instance = new();
    }

    sealed class Listener(IActorRef subscriber, IActorRef self) : IRebalanceListener
    {
        public ValueTask OnRevokedAsync(IReadOnlyCollection<TopicPartition> partitions) => Tell(new Revoked(partitions));

        public ValueTask OnAssignedAsync(IReadOnlyCollection<TopicPartition> partitions) => Tell(new Assigned(partitions));

        public ValueTask OnLostAsync(IReadOnlyCollection<TopicPartition> partitions) => Tell(new Lost(partitions));

        ValueTask Tell(object news)
        {
            subscriber.Tell(news, self);
            return ValueTask.CompletedTask;
        }
    }
}
