namespace AkkaStream.Client;

/// <summary>
/// A record to send. The bytes are copied when the record is taken into the buffer; until then they must stay as they are.
/// </summary>
public readonly record struct ProducerRecord(string Topic)
{
    /// <summary>A record with a key and a value.</summary>
    public ProducerRecord(string topic, RecordBytes key, RecordBytes value)
        : this(topic)
    {
        Key = key;
        Value = value;
    }

    /// <summary>Null lets the partitioner choose.</summary>
    public int? Partition { get; init; }

    /// <summary>Null is no key, which differs from an empty one.</summary>
    public RecordBytes Key { get; init; }

    /// <summary>Null is a tombstone in a compacted topic.</summary>
    public RecordBytes Value { get; init; }

    /// <summary>Milliseconds since 1970; null takes the moment of sending.</summary>
    public long? Timestamp { get; init; }

    /// <summary>Null is none.</summary>
    public IReadOnlyList<RecordHeader>? Headers { get; init; }
}

/// <summary>What became of a record.</summary>
/// <param name="Topic">The topic it was sent to.</param>
/// <param name="Partition">The partition that was chosen.</param>
/// <param name="Offset">Where it stands; -1 when that is not known (acks=0, or a repetition that the broker had before).</param>
/// <param name="Timestamp">Milliseconds since 1970: the record's own, or the broker's where the topic is set so.</param>
/// <param name="Error">Why it was not delivered; null when it was.</param>
public readonly record struct Delivery(string Topic, int Partition, long Offset, long Timestamp, KafkaException? Error)
{
    /// <summary>It stands in the log, as surely as acks asks for.</summary>
    public bool IsDelivered => Error is null;
}

/// <summary>
/// Is told what became of records, on a network thread: it must be quick and must not block. Per partition in the order of sending.
/// </summary>
public interface IDeliveryHandler
{
    /// <param name="token">What was given with the record.</param>
    /// <param name="delivery">What became of it.</param>
    void OnDelivery(long token, in Delivery delivery);
}
