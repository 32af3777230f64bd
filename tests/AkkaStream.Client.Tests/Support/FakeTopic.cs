using System.Text;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Records;

namespace AkkaStream.Client.Tests.Support;

/// <summary>A topic of the fake cluster.</summary>
sealed class FakeTopic(string name, TopicId id, int partitions, int brokers)
{
    public string Name => name;

    public TopicId Id { get; set; } = id;

    public FakePartition[] Partitions { get; } = [.. Enumerable.Range(0, partitions).Select(i => new FakePartition { Leader = 1 + (i % brokers) })];

    public MetadataResponseTopic ToMetadata(IReadOnlySet<int> stopped) => new()
    {
        Name = name,
        TopicId = Id,
        Partitions = [.. Partitions.Select((p, i) => new MetadataResponsePartition
        {
            PartitionIndex = i,
            LeaderId = stopped.Contains(p.Leader) ? -1 : p.Leader,
            LeaderEpoch = p.Epoch,
            ErrorCode = stopped.Contains(p.Leader) ? ErrorCode.LeaderNotAvailable : ErrorCode.None,
            ReplicaNodes = [p.Leader],
            IsrNodes = [p.Leader],
        })],
    };
}

/// <summary>
/// The log of one partition: batches as they came, with the broker's offsets. Sequences are checked by Kafka's rules: the next one is
/// written, one of the last five is a duplicate, everything else is out of order.
/// </summary>
sealed class FakePartition
{
    const int Remembered = 5;

    readonly Dictionary<long, (short Epoch, List<(int First, int Last, long Offset)> Batches)> _producers = [];

    public int Leader { get; set; }
    public int Epoch { get; set; }

    /// <summary>Tells with NOT_LEADER where the leader is (KIP-951).</summary>
    public bool TellsLeader { get; set; }
    public List<byte[]> Batches { get; } = [];
    public List<FetchResponseAbortedTransaction> Aborted { get; } = [];
    public long EndOffset { get; set; }
    public long StartOffset { get; set; }

    /// <summary>Null is the end.</summary>
    public long? StableOffset { get; set; }

    /// <summary>Errors that are answered instead of writing, one for each produce.</summary>
    public Queue<ErrorCode> Errors { get; } = new();

    public ProduceResponsePartition Append(int broker, int index, ReadOnlyMemory<byte> records)
    {
        if (broker != Leader)
        {
            return new ProduceResponsePartition
            {
                Index = index,
                ErrorCode = ErrorCode.NotLeaderOrFollower,
                BaseOffset = -1,
                CurrentLeader = TellsLeader ? new ProduceResponseLeaderIdAndEpoch { LeaderId = Leader, LeaderEpoch = Epoch } : null,
            };
        }
        if (Errors.TryDequeue(out var error)) return new ProduceResponsePartition { Index = index, ErrorCode = error, BaseOffset = -1 };
        var batch = new RecordBatch(records.Span);
        Assert.Equal(records.Length, batch.SizeInBytes);
        Assert.Equal(Crc32C.Compute(records.Span[RecordBatch.CrcStart..]), batch.Crc);
        long at = EndOffset;
        if (batch.HasProducerId)
        {
            error = Check(batch, ref at);
            if (error != ErrorCode.None || at != EndOffset) return new ProduceResponsePartition { Index = index, ErrorCode = error, BaseOffset = error == ErrorCode.None ? at : -1 };
        }
        Add(records.ToArray());
        return new ProduceResponsePartition { Index = index, BaseOffset = at };
    }

    ErrorCode Check(in RecordBatch batch, ref long at)
    {
        var (epoch, batches) = _producers.GetValueOrDefault(batch.ProducerId, ((short)-1, []));
        if (batch.ProducerEpoch < epoch) return ErrorCode.InvalidProducerEpoch;
        if (batch.ProducerEpoch > epoch)
        {
            if (batch.BaseSequence != 0) return ErrorCode.OutOfOrderSequenceNumber;
            batches = [];
        }
        foreach (var known in batches)
        {
            if (known.First != batch.BaseSequence || known.Last != batch.LastSequence) continue;
            at = known.Offset;
            return ErrorCode.None;
        }
        int expected = batches.Count == 0 ? 0 : RecordBatch.NextSequence(batches[^1].Last, 1);
        if (batch.BaseSequence != expected) return ErrorCode.OutOfOrderSequenceNumber;
        batches.Add((batch.BaseSequence, batch.LastSequence, EndOffset));
        if (batches.Count > Remembered) batches.RemoveAt(0);
        _producers[batch.ProducerId] = (batch.ProducerEpoch, batches);
        return ErrorCode.None;
    }

    /// <summary>Writes a batch as it is, at the end.</summary>
    public void Add(byte[] batch)
    {
        BatchStamp.Place(batch, EndOffset, Epoch);
        Batches.Add(batch);
        EndOffset = new RecordBatch(batch).NextOffset;
    }

    /// <summary>Forgets all producers, as after deleting records or an unclean election.</summary>
    public void ForgetProducers() => _producers.Clear();

    public List<string> Values()
    {
        var values = new List<string>();
        foreach (byte[] bytes in Batches)
        {
            var batch = new RecordBatch(bytes);
            using var plain = PlainRecords.Open(bytes, 1 << 26);
            var reader = new RecordReader(batch, plain.Bytes);
            while (reader.Read(out var record)) values.Add(Encoding.UTF8.GetString(record.Value));
            Assert.Equal(RecordFault.None, reader.Fault);
        }
        return values;
    }

    public FetchResponsePartition Fetch(int broker, FetchRequestPartition asked, bool committedOnly)
    {
        var answer = new FetchResponsePartition
        {
            PartitionIndex = asked.Partition,
            HighWatermark = EndOffset,
            LastStableOffset = StableOffset ?? EndOffset,
            LogStartOffset = StartOffset,
            AbortedTransactions = committedOnly ? [.. Aborted] : null,
        };
        if (broker != Leader) answer.ErrorCode = ErrorCode.NotLeaderOrFollower;
        else if (asked.FetchOffset < StartOffset || asked.FetchOffset > EndOffset) answer.ErrorCode = ErrorCode.OffsetOutOfRange;
        long end = committedOnly ? answer.LastStableOffset : EndOffset;
        var bytes = new List<byte>();
        foreach (byte[] raw in answer.ErrorCode == ErrorCode.None ? Batches : [])
        {
            var batch = new RecordBatch(raw);
            if (batch.NextOffset <= asked.FetchOffset || batch.BaseOffset >= end) continue;
            if (bytes.Count > 0 && bytes.Count + raw.Length > asked.PartitionMaxBytes) break;
            bytes.AddRange(raw);
        }
        answer.Records = bytes.ToArray();
        return answer;
    }

    public ListOffsetsResponsePartition OffsetOf(int index, long timestamp) => new()
    {
        PartitionIndex = index,
        Offset = timestamp == -1 ? StableOffset ?? EndOffset : timestamp == -2 ? StartOffset : FirstSince(timestamp),
    };

    long FirstSince(long timestamp)
    {
        foreach (byte[] bytes in Batches)
        {
            var batch = new RecordBatch(bytes);
            using var plain = PlainRecords.Open(bytes, 1 << 26);
            var reader = new RecordReader(batch, plain.Bytes);
            while (reader.Read(out var record))
                if (record.Timestamp >= timestamp) return record.Offset;
        }
        return -1;
    }
}
