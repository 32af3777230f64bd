using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;

namespace AkkaStream.Benchmarks.Load;

sealed class ProduceTraffic(string topic, int partition, byte[] batch, int recordsPerBatch) : Traffic
{
    readonly byte[] _request = ReadyRequests.Produce(topic, partition, batch);

    // correlation 4, topics 4, name 2 + n, partitions 4, index 4, error 2
    readonly int _errorAt = 4 + 4 + 2 + Encoding.UTF8.GetByteCount(topic) + 4 + 4;

    public override byte[] Request => _request;

    /// <summary>When each batch should have been sent, in order; kept for whoever follows.</summary>
    public List<long>? Schedule { get; init; }

    public override void OnScheduled(long due) => Schedule?.Add(due);

    public override void OnAnswer(ReadOnlySpan<byte> head, int length)
    {
        short error = BinaryPrimitives.ReadInt16BigEndian(head[_errorAt..]);
        if (error != 0) throw new InvalidOperationException($"produce answered error {error}");
        Bytes += batch.Length;
        Records += recordsPerBatch;
    }
}

/// <summary>Asks one thing after the other, and begins again; an answer that is shorter than it must be is a failure.</summary>
sealed class AskingTraffic(params (byte[] Request, int LeastBytes)[] questions) : Traffic
{
    int _next;

    public override byte[] Request => questions[_next].Request;

    public override void OnAnswer(ReadOnlySpan<byte> head, int length)
    {
        if (length < questions[_next].LeastBytes) throw new InvalidOperationException($"question {_next} was answered with {length} bytes");
        _next = (_next + 1) % questions.Length;
        Bytes += length;
        Records++;
    }
}

/// <summary>Reads a partition that holds equal batches, from the beginning and over again.</summary>
class FetchTraffic : Traffic
{
    readonly byte[] _request;
    readonly int _offsetAt, _errorAt, _lengthAt, _batchBytes, _recordsPerBatch;
    readonly long _end;
    long _offset;

    public FetchTraffic(string topic, int partition, int batchBytes, int recordsPerBatch, long end, int maxBytes, int maxWaitMs = 500, int minBytes = 1)
    {
        (_request, _offsetAt) = ReadyRequests.Fetch(topic, partition, maxBytes, maxWaitMs, minBytes);
        (_errorAt, _lengthAt) = ReadyRequests.FetchResponseLayout(topic);
        _batchBytes = batchBytes;
        _recordsPerBatch = recordsPerBatch;
        _end = end;
    }

    public override byte[] Request => _request;

    public override void OnAnswer(ReadOnlySpan<byte> head, int length)
    {
        short error = BinaryPrimitives.ReadInt16BigEndian(head[_errorAt..]);
        if (error != 0) throw new InvalidOperationException($"fetch answered error {error} at offset {_offset}");
        int bytes = BinaryPrimitives.ReadInt32BigEndian(head[_lengthAt..]);
        int batches = bytes / _batchBytes;
        Bytes += bytes;
        Records += (long)batches * _recordsPerBatch;
        _offset += (long)batches * _recordsPerBatch;
        if (_offset >= _end) _offset = 0;
        BinaryPrimitives.WriteInt64BigEndian(_request.AsSpan(_offsetAt), _offset);
    }
}

/// <summary>Waits at the end of a partition into which one connection writes; tells how long each record was on its way.</summary>
sealed class FollowTraffic(string topic, int partition, int batchBytes, List<long> schedule)
    : FetchTraffic(topic, partition, batchBytes, 1, long.MaxValue, 1 << 20)
{
    readonly List<double> _latencies = [];
    long _seen;

    public override bool Follows => true;

    public override bool Lags => _seen < schedule.Count;

    /// <summary>Microseconds, of the records seen since the last call.</summary>
    public List<double> TakeLatencies()
    {
        List<double> taken = [.. _latencies];
        _latencies.Clear();
        return taken;
    }

    public override void OnAnswer(ReadOnlySpan<byte> head, int length)
    {
        base.OnAnswer(head, length);
        long now = Stopwatch.GetTimestamp();
        for (; _seen < Records; _seen++) _latencies.Add((now - schedule[(int)_seen]) * 1e6 / Stopwatch.Frequency);
    }
}
