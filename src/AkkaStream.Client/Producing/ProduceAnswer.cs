using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Client.Producing;

/// <summary>
/// A Produce response where it lies, partition by partition. Allocates only for what went wrong. Same reading as
/// <see cref="ProduceResponse"/>, and compared with it by tests.
/// </summary>
ref struct ProduceAnswer
{
    readonly short _version;
    readonly bool _flexible;
    WireReader _reader;
    int _topicsLeft;
    int _partitionsLeft;
    bool _inTopic;

    public ProduceAnswer(ReadOnlySpan<byte> body, short version)
    {
        _version = version;
        _flexible = version >= 9;
        _reader = new WireReader(body);
        _reader.Enter("ProduceResponse", version);
        _topicsLeft = _reader.ReadCount(_flexible, 1, "responses");
    }

    public readonly bool IsById => _version >= 13;
    public ReadOnlySpan<byte> TopicName { get; private set; }
    public TopicId TopicId { get; private set; }
    public int Partition { get; private set; }
    public BatchResult Result { get; private set; }

    public bool MoveToPartition()
    {
        while (_partitionsLeft == 0)
        {
            if (_inTopic && _flexible) _reader.SkipTags();
            _inTopic = false;
            if (_topicsLeft == 0) return false;
            _topicsLeft--;
            _inTopic = true;
            if (IsById) TopicId = _reader.ReadTopicId("topicId");
            else TopicName = _reader.ReadStringBytes(_flexible, "name");
            _partitionsLeft = _reader.ReadCount(_flexible, 1, "partitionResponses");
        }
        _partitionsLeft--;
        ReadPartition();
        return true;
    }

    void ReadPartition()
    {
        Partition = _reader.ReadInt32("index");
        var error = (ErrorCode)_reader.ReadInt16("errorCode");
        long baseOffset = _reader.ReadInt64("baseOffset");
        long appendTime = _reader.ReadInt64("logAppendTimeMs");
        if (_version >= 5) _reader.ReadInt64("logStartOffset");
        string? text = _version >= 8 ? ReadWords() : null;
        var (leader, epoch) = _flexible ? ReadLeader() : (-1, -1);
        Result = new BatchResult
        {
            Error = error,
            BaseOffset = baseOffset,
            LogAppendTime = appendTime,
            Text = text,
            Leader = leader,
            LeaderEpoch = epoch,
            MayBeWritten = error is ErrorCode.RequestTimedOut or ErrorCode.NotEnoughReplicasAfterAppend or ErrorCode.UnknownServerError,
        };
    }

    /// <summary>The broker's sentence, and what it says of single records.</summary>
    string? ReadWords()
    {
        string? ofRecords = null;
        int errors = _reader.ReadArrayLength(_flexible, 5, "recordErrors");
        for (int i = 0; i < errors; i++)
        {
            int index = _reader.ReadInt32("batchIndex");
            var words = _reader.ReadNullableString(_flexible, "batchIndexErrorMessage");
            if (_flexible) _reader.SkipTags();
            ofRecords ??= words is null ? $"record {index} of the batch" : $"record {index} of the batch: {words}";
        }
        var text = _reader.ReadNullableString(_flexible, "errorMessage");
        return text is null ? ofRecords : ofRecords is null ? text : $"{text.TrimEnd('.')} ({ofRecords})";
    }

    (int Leader, int Epoch) ReadLeader()
    {
        int leader = -1, epoch = -1;
        for (int left = _reader.ReadTagCount(); left > 0; left--)
        {
            int tag = _reader.ReadTag(out int end);
            if (tag == 0 && _version >= 10)
            {
                leader = _reader.ReadInt32("leaderId");
                epoch = _reader.ReadInt32("leaderEpoch");
                _reader.SkipTags();
                _reader.EndTag(tag, end);
            }
            else
            {
                _reader.SkipTag(end);
            }
        }
        return (leader, epoch);
    }

    /// <summary>After the last partition: the endpoints of the leaders that were named.</summary>
    public BrokerView[]? ReadEndpoints()
    {
        _reader.ReadInt32("throttleTimeMs");
        if (!_flexible) return null;
        BrokerView[]? endpoints = null;
        for (int left = _reader.ReadTagCount(); left > 0; left--)
        {
            int tag = _reader.ReadTag(out int end);
            if (tag != 0 || _version < 10)
            {
                _reader.SkipTag(end);
                continue;
            }
            endpoints = new BrokerView[_reader.ReadCount(true, 1, "nodeEndpoints")];
            for (int i = 0; i < endpoints.Length; i++)
            {
                int id = _reader.ReadInt32("nodeId");
                string host = _reader.ReadString(true, "host");
                int port = _reader.ReadInt32("port");
                endpoints[i] = new BrokerView(id, host, port, _reader.ReadNullableString(true, "rack"));
                _reader.SkipTags();
            }
            _reader.EndTag(tag, end);
        }
        return endpoints;
    }
}
