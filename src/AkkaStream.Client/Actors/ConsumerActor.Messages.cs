namespace AkkaStream.Client.Actors;

// What it is told, and what it tells.
public sealed partial class ConsumerActor
{
    /// <summary>
    /// Records for the subscriber. Their bytes are valid until <see cref="Processed"/> is told; copy what is kept for longer
    /// (<see cref="ConsumerRecord.Copy"/>).
    /// </summary>
    public sealed record Records(ConsumerRecords Batch);

    /// <summary>From the subscriber: these are done; the next ones may come.</summary>
    public sealed record Processed(Records Records);

    /// <summary>For the subscriber: these partitions have come.</summary>
    public sealed record Assigned(IReadOnlyCollection<TopicPartition> Partitions);

    /// <summary>For the subscriber: these partitions go to another member. All of their records that it was told are done.</summary>
    public sealed record Revoked(IReadOnlyCollection<TopicPartition> Partitions);

    /// <summary>For the subscriber: these partitions are somebody else's already; what was done last may be read there again.</summary>
    public sealed record Lost(IReadOnlyCollection<TopicPartition> Partitions);

    /// <summary>For the subscriber: a partition or the group cannot be read. It is tried again in a moment; stop the actor to end that.</summary>
    public sealed record ReadFailed(KafkaException Error);

    /// <summary>The answer to a command; one that failed is answered with <see cref="AkkaStream.Actors.Status.Failure"/>.</summary>
    public sealed record Done
    {
        internal static readonly Done Instance = new();
    }

    /// <summary>What anybody may tell it to do. Commands are done in their order, between two polls.</summary>
    public abstract record Command
    {
        private protected Command()
        {
        }

        internal abstract ValueTask<Done> RunAsync(Work work);
    }

    /// <summary>What a command works on.</summary>
    /// <param name="Consumer">The consumer, which nobody else uses at the moment.</param>
    /// <param name="Listener">Tells the subscriber of partitions.</param>
    /// <param name="Undone">Where the records begin that the subscriber has and is not done with.</param>
    internal sealed record Work(Consumer Consumer, IRebalanceListener Listener, IReadOnlyDictionary<TopicPartition, long> Undone)
    {
        /// <summary>What the subscriber is not done with has to be read again, by whoever comes next.</summary>
        public void Rewind()
        {
            foreach (var (partition, offset) in Undone)
                if (Consumer.Assignment.Contains(partition)) Consumer.Seek(partition, offset);
        }

        public Dictionary<TopicPartition, OffsetAndMetadata> DoneOffsets()
        {
            var offsets = new Dictionary<TopicPartition, OffsetAndMetadata>();
            foreach (var partition in Consumer.Assignment)
                if (Undone.TryGetValue(partition, out long undone)) offsets[partition] = new OffsetAndMetadata(undone);
                else if (Consumer.PositionOf(partition) is { } position) offsets[partition] = new OffsetAndMetadata(position);
            return offsets;
        }
    }

    /// <summary>Something that needs no waiting.</summary>
    public abstract record QuickCommand : Command
    {
        private protected QuickCommand()
        {
        }

        internal abstract void Run(Work work);

        internal override ValueTask<Done> RunAsync(Work work)
        {
            Run(work);
            return new ValueTask<Done>(Done.Instance);
        }
    }

    /// <summary>Read these topics as a member of the group.</summary>
    public sealed record Subscribe(IReadOnlyCollection<string> Topics) : QuickCommand
    {
        internal override void Run(Work work) => work.Consumer.Subscribe(Topics, work.Listener);
    }

    /// <summary>Read all topics whose names match, as a member of the group.</summary>
    public sealed record SubscribePattern(string Pattern) : QuickCommand
    {
        internal override void Run(Work work) => work.Consumer.SubscribePattern(Pattern, work.Listener);
    }

    /// <summary>Read exactly these partitions.</summary>
    public sealed record Assign(IReadOnlyCollection<TopicPartition> Partitions) : QuickCommand
    {
        internal override void Run(Work work) => work.Consumer.Assign(Partitions);
    }

    /// <summary>Read nothing any more; leave the group.</summary>
    public sealed record Unsubscribe : Command
    {
        internal override async ValueTask<Done> RunAsync(Work work)
        {
            work.Rewind();
            await work.Consumer.UnsubscribeAsync().ConfigureAwait(false);
            return Done.Instance;
        }
    }

    /// <summary>Go on with the record at that offset.</summary>
    public sealed record Seek(TopicPartition Partition, long Offset) : QuickCommand
    {
        internal override void Run(Work work) => work.Consumer.Seek(Partition, Offset);
    }

    /// <summary>Go on with the oldest records; of all partitions if none is named.</summary>
    public sealed record SeekToBeginning(params IReadOnlyCollection<TopicPartition> Partitions) : QuickCommand
    {
        internal override void Run(Work work) => work.Consumer.SeekToBeginning(Partitions);
    }

    /// <summary>Go on with the next records that come; of all partitions if none is named.</summary>
    public sealed record SeekToEnd(params IReadOnlyCollection<TopicPartition> Partitions) : QuickCommand
    {
        internal override void Run(Work work) => work.Consumer.SeekToEnd(Partitions);
    }

    /// <summary>Bring nothing of these until they are resumed.</summary>
    public sealed record Pause(params IReadOnlyCollection<TopicPartition> Partitions) : QuickCommand
    {
        internal override void Run(Work work) => work.Consumer.Pause(Partitions);
    }

    /// <summary>Bring records of these again.</summary>
    public sealed record Resume(params IReadOnlyCollection<TopicPartition> Partitions) : QuickCommand
    {
        internal override void Run(Work work) => work.Consumer.Resume(Partitions);
    }

    /// <summary>Commit these offsets (of each partition the next record to read), or all that was told to be <see cref="Processed"/>.</summary>
    public sealed record Commit(IReadOnlyDictionary<TopicPartition, OffsetAndMetadata>? Offsets = null) : Command
    {
        internal override async ValueTask<Done> RunAsync(Work work)
        {
            await work.Consumer.CommitAsync(Offsets ?? work.DoneOffsets()).ConfigureAwait(false);
            return Done.Instance;
        }
    }

    /// <summary>Leave the group (under auto-commit, commit first) and stop. A stop by other means does the same in the background.</summary>
    public sealed record Close : Command
    {
        internal override async ValueTask<Done> RunAsync(Work work)
        {
            work.Rewind();
            await work.Consumer.DisposeAsync().ConfigureAwait(false);
            return Done.Instance;
        }
    }
}
