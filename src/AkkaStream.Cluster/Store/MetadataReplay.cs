using AkkaStream.Metadata;
using AkkaStream.Protocol.Records;
using AkkaStream.Protocol.Stored;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Cluster.Store;

/// <summary>
/// Records of a metadata log in their order, onto an image. Honours the log's transactions (KIP-868): what stands between
/// begin and end counts from the end on, or never. Pure, used by one thread, once.
/// </summary>
sealed class MetadataReplay(MetadataImage start)
{
    readonly MetadataDraft _draft = new(start);

    /// <summary>Records, or bytes of unknown ones, that wait for the end of their transaction.</summary>
    List<object>? _open;
    long _last = start.Revision.Value;
    bool _hasHeader;
    bool _hasFooter;

    public long LastOffset => _last;

    public long RecordCount { get; private set; }

    /// <summary>Begun and neither ended nor aborted: whoever was to do that is gone, so it does not count.</summary>
    public bool HasOpenTransaction => _open is not null;

    /// <summary>A snapshot is whole only with its last record.</summary>
    public bool IsWholeSnapshot => _hasHeader && _hasFooter;

    public void Apply(IStoredMessage record, long offset)
    {
        Note(offset);
        switch (record)
        {
            case BeginTransactionRecord when _open is not null:
                throw new MetadataRecordException($"a metadata transaction begins at offset {offset} within another one");
            case BeginTransactionRecord:
                _open = [];
                break;
            case EndTransactionRecord:
                List<object> records = _open
                    ?? throw new MetadataRecordException($"a metadata transaction ends at offset {offset} that did not begin");
                _open = null;
                foreach (object waiting in records) Count(waiting);
                break;
            case AbortTransactionRecord:
                _open = null;
                break;
            default:
                if (_open is null) _draft.Apply(record);
                else _open.Add(record);
                break;
        }
    }

    public void KeepUnknown(ReadOnlyMemory<byte> record, long offset)
    {
        Note(offset);
        if (_open is null) _draft.KeepUnknown(record);
        else _open.Add(record);
    }

    /// <summary>Leader changes and voters are Kafka's quorum's and mean nothing here; the ends of a snapshot do.</summary>
    public void Control(ControlRecordType type, long offset)
    {
        _last = Math.Max(_last, offset);
        _hasHeader |= type == ControlRecordType.SnapshotHeader;
        _hasFooter |= type == ControlRecordType.SnapshotFooter;
    }

    /// <exception cref="MetadataRecordException">A topic has a gap between its partitions.</exception>
    public MetadataImage Build(MetadataRevision revision) => _draft.Build(revision).Image;

    void Note(long offset)
    {
        _last = Math.Max(_last, offset);
        RecordCount++;
    }

    void Count(object waiting)
    {
        if (waiting is IStoredMessage record) _draft.Apply(record);
        else _draft.KeepUnknown((ReadOnlyMemory<byte>)waiting);
    }
}
