using AkkaStream.Coordinators.Groups;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Coordinators;

/// <summary>Who asks a coordinator, and what. The host's own kind carries the way back to the client.</summary>
public class CoordinatorCall(IRequest request, short version, string clientId, string clientHost)
{
    public IRequest Request => request;
    public short Version => version;
    public string ClientId => clientId;

    /// <summary>As Kafka tells it: a slash and the address.</summary>
    public string ClientHost => clientHost;
}

/// <summary>An answer for one call, and whether it says something that must first be safe.</summary>
public readonly record struct Answer(CoordinatorCall Call, IMessage Response, bool AtCommit);

/// <summary>
/// What one step of a shard comes to: records to append (all or none), answers to this call and to others that waited, and news for log,
/// metrics and history. Filled by pure code, carried out by the host, then cleared and used again.
///
/// The order of things: the host appends the records and then calls <see cref="GroupShard.Apply"/>, or, when they cannot be appended,
/// <see cref="GroupShard.Refuse"/>. Answers marked so leave when everything appended up to then is committed; the others at once.
/// </summary>
public sealed class Decision
{
    readonly List<StoredRecord> _records = [];
    readonly List<Answer> _answers = [];
    readonly List<GroupEvent> _events = [];

    public IReadOnlyList<StoredRecord> Records => _records;
    public IReadOnlyList<Answer> Answers => _answers;
    public IReadOnlyList<GroupEvent> Events => _events;

    /// <summary>The producer whose open transaction the records belong to; None for all others.</summary>
    public ProducerId Producer { get; internal set; } = ProducerId.None;
    public ProducerEpoch ProducerEpoch { get; internal set; } = ProducerEpoch.None;

    public Moment Now { get; private set; }
    public GroupSettings Settings { get; private set; } = GroupSettings.Default;
    internal DeadlineQueue Deadlines { get; private set; } = new();

    /// <summary>What remains to be done in memory when the records were appended, or were refused for the reason given.</summary>
    internal Action<Decision, ErrorCode>? Afterwards { get; set; }

    internal void Begin(Moment now, GroupSettings settings, DeadlineQueue deadlines)
    {
        Clear();
        Now = now;
        Settings = settings;
        Deadlines = deadlines;
    }

    internal void Clear()
    {
        _records.Clear();
        _answers.Clear();
        _events.Clear();
        Afterwards = null;
        Producer = ProducerId.None;
        ProducerEpoch = ProducerEpoch.None;
    }

    /// <summary>Answers that spoke of records which are not going to be.</summary>
    internal void DropUncommittedAnswers(ErrorCode error)
    {
        for (int i = 0; i < _answers.Count; i++)
        {
            if (!_answers[i].AtCommit) continue;
            var call = _answers[i].Call;
            var told = Refusals.OfAppend(error, call.Request is OffsetCommitRequest);
            _answers[i] = new Answer(call, Refusals.Of(call.Request, call.Version, told), AtCommit: false);
        }
    }

    internal void DropRecords()
    {
        _records.Clear();
        Afterwards = null;
    }

    internal void Write(StoredRecord record) => _records.Add(record);

    internal void Answer(CoordinatorCall call, IMessage response) => _answers.Add(new Answer(call, response, AtCommit: false));

    internal void AnswerAtCommit(CoordinatorCall call, IMessage response) => _answers.Add(new Answer(call, response, AtCommit: true));

    internal void Tell(GroupEvent news) => _events.Add(news);

    internal void SetDeadline(Deadline deadline, long inMs) => Deadlines.Set(deadline, Now.UptimeMs + Math.Max(0, inMs));
}
