using System.Text;
using AkkaStream.Protocol.Records;

namespace AkkaStream.Log.Tests.Model;

/// <summary>A null value is a tombstone.</summary>
readonly record struct ModelRecord(long Offset, long Timestamp, string? Key, string? Value);

/// <summary>One batch as it should lie in the log, taken apart without the log's help.</summary>
sealed class ModelBatch
{
    public ModelBatch(byte[] bytes)
    {
        Bytes = bytes;
        var batch = new RecordBatch(bytes);
        BaseOffset = batch.BaseOffset;
        LastOffset = batch.LastOffset;
        Epoch = batch.PartitionLeaderEpoch;
        ProducerId = batch.ProducerId;
        ProducerEpoch = batch.ProducerEpoch;
        BaseSequence = batch.BaseSequence;
        LastSequence = batch.LastSequence;
        MaxTimestamp = batch.MaxTimestamp;
        IsControl = batch.IsControl;
        IsTransactional = batch.IsTransactional;
        using var plain = PlainRecords.Open(bytes, int.MaxValue);
        var reader = new RecordReader(batch, plain.Bytes);
        while (reader.Read(out var record))
        {
            Records.Add(new ModelRecord(record.Offset, record.Timestamp, TextOf(record.HasKey, record.Key), TextOf(record.HasValue, record.Value)));
            if (!IsControl) continue;
            Marker = ControlRecords.TypeOf(record.Key);
            ControlRecords.TryReadEndTransaction(record.Value, out int coordinatorEpoch);
            CoordinatorEpoch = coordinatorEpoch;
        }
    }

    public byte[] Bytes { get; }
    public long BaseOffset { get; }
    public long LastOffset { get; }
    public int Epoch { get; }
    public long ProducerId { get; }
    public short ProducerEpoch { get; }
    public int BaseSequence { get; }
    public int LastSequence { get; }
    public long MaxTimestamp { get; }
    public bool IsControl { get; }
    public bool IsTransactional { get; }
    public ControlRecordType Marker { get; } = ControlRecordType.Unknown;
    public int CoordinatorEpoch { get; } = -1;
    public List<ModelRecord> Records { get; } = [];

    static string? TextOf(bool isThere, ReadOnlySpan<byte> bytes) => isThere ? Encoding.UTF8.GetString(bytes) : null;

    public override string ToString() => $"{BaseOffset}..{LastOffset} epoch {Epoch} producer {ProducerId} sequence {BaseSequence} {Marker}";
}
