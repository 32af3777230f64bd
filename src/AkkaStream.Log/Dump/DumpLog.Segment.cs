using System.Buffers;
using System.Text;
using AkkaStream.Log.Files;
using AkkaStream.Protocol.Records;

namespace AkkaStream.Log.Dump;

/// <summary>A segment: one line for each batch, and with the data one for each record.</summary>
public sealed partial class DumpLog
{
    /// <summary>The file of the last gap.</summary>
    string? _gapsIn;

    void DumpSegment(string path, long baseOffset)
    {
        output.WriteLine($"Log starting offset: {baseOffset}");
        using var file = disk.Open(path);
        int end = (int)Math.Min(file.Length, int.MaxValue);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        var scanner = new BatchScanner(file, 0, end, buffer);
        int valid = 0;
        long last = -1;
        while (valid < options.MaxBytes && scanner.Next(out var header) == ScanResult.Batch)
        {
            DumpBatch(path, file, header, ref last);
            valid += header.Size;
        }
        ArrayPool<byte>.Shared.Return(buffer);
        if (valid < end && options.MaxBytes == int.MaxValue)
            output.WriteLine($"Found {end - valid} invalid bytes at the end of {Path.GetFileName(path)}");
        if (scanner.Problem != null) _findings.Add($"{path}, byte {valid}: {scanner.Problem}");
    }

    void DumpBatch(string path, ILogFile file, in BatchHeader header, ref long last)
    {
        byte[] bytes = new byte[header.Size];
        file.Read(bytes, header.Position);
        var batch = new RecordBatch(bytes);
        bool isValid = Crc32C.Compute(bytes.AsSpan(RecordBatch.CrcStart)) == batch.Crc;
        string horizon = Optional(batch.HasDeleteHorizon ? batch.BaseTimestamp : -1);
        output.WriteLine(
            $"baseOffset: {batch.BaseOffset} lastOffset: {batch.LastOffset} count: {batch.RecordCount} baseSequence: {batch.BaseSequence} "
            + $"lastSequence: {batch.LastSequence} producerId: {batch.ProducerId} producerEpoch: {batch.ProducerEpoch} "
            + $"partitionLeaderEpoch: {batch.PartitionLeaderEpoch} isTransactional: {Bool(batch.IsTransactional)} "
            + $"isControl: {Bool(batch.IsControl)} deleteHorizonMs: {horizon} position: {header.Position} "
            + $"{TimeName(batch)}: {batch.MaxTimestamp} size: {header.Size} magic: {batch.Magic} "
            + $"compresscodec: {batch.Codec.ToString().ToLowerInvariant()} crc: {batch.Crc} isvalid: {Bool(isValid)}");
        if (options.PrintsData || options.IsDeep) DumpRecords(path, batch, bytes, ref last);
    }

    void DumpRecords(string path, RecordBatch batch, byte[] bytes, ref long last)
    {
        using var plain = PlainRecords.Open(bytes, int.MaxValue);
        var reader = new RecordReader(batch, plain.Bytes);
        while (reader.Read(out var record))
        {
            if (record.Offset != last + 1)
            {
                if (_gaps.Count == 0 || _gapsIn != path) _gaps.Add($"Non-consecutive offsets in {path}");
                _gapsIn = path;
                _gaps.Add($"  {last} is followed by {record.Offset}");
            }
            last = record.Offset;
            DumpRecord(batch, record);
        }
        var fault = plain.Fault != RecordFault.None ? plain.Fault : reader.Fault;
        if (fault != RecordFault.None)
            _findings.Add($"{path}, batch at offset {batch.BaseOffset}: {plain.Reason ?? RecordFaults.Describe(fault)}");
    }

    void DumpRecord(RecordBatch batch, in Record record)
    {
        var line = new StringBuilder();
        if (!options.SkipsMetadata)
        {
            line.Append(
                $"| offset: {record.Offset} {TimeName(batch)}: {record.Timestamp} keySize: {(record.HasKey ? record.Key.Length : -1)} "
                + $"valueSize: {(record.HasValue ? record.Value.Length : -1)} sequence: {record.Sequence} headerKeys: [{HeaderKeys(record)}]");
            if (batch.IsControl) line.Append(Control(record));
        }
        if (options.PrintsData && !batch.IsControl)
        {
            var decoded = options.Decoder?.Invoke(record);
            string? key = decoded != null ? decoded.Value.Key : record.HasKey ? Encoding.UTF8.GetString(record.Key) : null;
            string? payload = decoded != null ? decoded.Value.Payload : record.HasValue ? Encoding.UTF8.GetString(record.Value) : null;
            if (key != null) line.Append(" key: ").Append(key);
            if (payload != null) line.Append(" payload: ").Append(payload);
        }
        output.WriteLine(line.ToString());
    }

    static string HeaderKeys(in Record record)
    {
        var keys = new List<string>();
        var headers = record.Headers;
        while (headers.Read(out var key, out _, out _)) keys.Add(Encoding.UTF8.GetString(key));
        return string.Join(',', keys);
    }

    static string Control(in Record record)
    {
        var type = ControlRecords.TypeOf(record.Key);
        return type is ControlRecordType.Abort or ControlRecordType.Commit
            && ControlRecords.TryReadEndTransaction(record.Value, out int coordinatorEpoch)
            ? $" endTxnMarker: {type.ToString().ToUpperInvariant()} coordinatorEpoch: {coordinatorEpoch}"
            : $" controlType: {type}({(short)type})";
    }

    static string TimeName(RecordBatch batch) => batch.IsLogAppendTime ? "LogAppendTime" : "CreateTime";

    static string Bool(bool value) => value ? "true" : "false";
}
