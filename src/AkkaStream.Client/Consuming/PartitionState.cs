using System.Runtime.InteropServices;
using AkkaStream.Client.Settings;

namespace AkkaStream.Client.Consuming;

/// <summary>
/// One assigned partition: where reading stands, what was fetched ahead, what went wrong. The position and the records belong to the
/// thread that polls; what fetches bring is under the engine's lock.
/// </summary>
sealed class PartitionState(TopicPartition partition)
{
    readonly List<ConsumerRecord> _parsed = [];
    int _parsedAt;
    long _parsedNext;
    FetchedChunk? _current;

    public TopicPartition Partition => partition;

    /// <summary>The next record for the application; -1 while that is not known.</summary>
    public long Position { get; private set; } = -1;

    /// <summary>The next record to fetch: behind all that was fetched ahead.</summary>
    public long FetchPosition { get; private set; } = -1;

    /// <summary>Epoch of the last record that was handed out, for commits.</summary>
    public int LastEpoch { get; private set; } = -1;

    public bool IsPaused;

    /// <summary>Grows with each seek, so that answers to older questions are recognised.</summary>
    public int Era { get; private set; }

    /// <summary>The position is being looked up.</summary>
    public bool IsLookingUp;

    /// <summary>The time to look the position up by (special ones are negative); null when it is known, or the group has it.</summary>
    public long? ResetTo { get; private set; }

    /// <summary>The committed offset decides first.</summary>
    public bool AwaitsCommitted;

    public Queue<FetchedChunk> Chunks { get; } = new();

    public int BufferedBytes { get; private set; }

    /// <summary>The broker has nothing at the fetch position. What was fetched before is still good.</summary>
    public bool IsOutOfRange;

    /// <summary>A failure makes it wait until then.</summary>
    public long NotBefore;

    /// <summary>For the application, at its next poll.</summary>
    public KafkaException? Error;

    public long HighWatermark = -1, LastStableOffset = -1, LogStartOffset = -1;

    /// <summary>A replica that the leader named as nearer; -1 for the leader itself.</summary>
    public int PreferredReplica = -1;

    public bool HasPosition => Position >= 0;

    public bool HasRecords => _parsedAt < _parsed.Count || _current is not null || Chunks.Count > 0;

    public void Seek(long offset)
    {
        Drop();
        Position = FetchPosition = offset;
        ResetTo = null;
        AwaitsCommitted = IsOutOfRange = false;
        Error = null;
        Era++;
    }

    public void ResetBy(long timestamp)
    {
        Drop();
        Position = FetchPosition = -1;
        ResetTo = timestamp;
        AwaitsCommitted = IsOutOfRange = false;
        Error = null;
        Era++;
    }

    public void AddChunk(FetchedChunk chunk, long next)
    {
        Chunks.Enqueue(chunk);
        BufferedBytes += chunk.Bytes;
        FetchPosition = Math.Max(FetchPosition, next);
    }

    /// <summary>Hands out up to so many records; only on the thread that polls. Chunks are taken under the lock.</summary>
    public void TakeRecords(ConsumerRecords into, int most, Lock gate)
    {
        while (most > 0)
        {
            if (_parsedAt >= _parsed.Count && !ParseNext(gate)) return;
            int count = Math.Min(most, _parsed.Count - _parsedAt);
            into.Records.AddRange(CollectionsMarshal.AsSpan(_parsed).Slice(_parsedAt, count));
            if (_current?.BatchLease is { } lease) into.Hold(lease);
            _parsedAt += count;
            most -= count;
            bool finished = _parsedAt == _parsed.Count;
            LastEpoch = _parsed[_parsedAt - 1].LeaderEpoch;
            Position = finished ? _parsedNext : _parsed[_parsedAt - 1].Offset + 1;
        }
    }

    bool ParseNext(Lock gate)
    {
        _parsed.Clear();
        _parsedAt = 0;
        while (true)
        {
            if (_current is null)
            {
                lock (gate)
                {
                    if (!Chunks.TryDequeue(out _current)) return false;
                }
            }
            bool found;
            try
            {
                found = _current.ReadBatch(Position, _parsed, out _parsedNext);
            }
            catch
            {
                // The error is told once for each poll that meets it; the position stays before the damaged batch.
                EndCurrent(gate);
                lock (gate) DropChunks();
                FetchPosition = Position;
                throw;
            }
            if (found) return true;
            Position = Math.Max(Position, _parsedNext);
            EndCurrent(gate);
        }
    }

    void EndCurrent(Lock gate)
    {
        if (_current is not { } chunk) return;
        _current = null;
        lock (gate) BufferedBytes -= chunk.Bytes;
        chunk.Release();
    }

    void DropChunks()
    {
        while (Chunks.TryDequeue(out var chunk))
        {
            BufferedBytes -= chunk.Bytes;
            chunk.Release();
        }
    }

    /// <summary>Under the lock, on the thread that polls: forgets what was fetched ahead.</summary>
    public void Drop()
    {
        _parsed.Clear();
        _parsedAt = 0;
        _current?.Release();
        _current = null;
        DropChunks();
        BufferedBytes = 0;
    }
}
