using AkkaStream.Actors;
using AkkaStream.Cluster.Store;
using AkkaStream.Metadata;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Wire;
using Microsoft.Extensions.Logging;

namespace AkkaStream.Cluster.Controller;

/// <summary>
/// The shell around <see cref="ControllerState"/>: decides on its own newest state, hands the records to the store, and when
/// they are committed and every listener has followed, answers. Many decisions may be on their way at once; each builds on
/// the one before, whether that is committed or not, and a refused one takes those behind it along.
/// </summary>
sealed class ControllerActor : ReceiveActor
{
    readonly Func<MetadataImage, ControllerState> _decidingOn;
    readonly IMetadataStore _store;
    readonly ControllerEpoch _epoch;
    readonly MetadataPublisher _publisher;
    readonly TimeProvider _time;
    readonly ILogger _trace;

    /// <summary>In the order in which they were decided; those at the front are committed.</summary>
    readonly List<PendingDecision> _pending = [];
    ControllerState _state;
    MetadataImage _committed;
    int _publishing;
    MetadataImage? _publishingImage;
    (ErrorCode Code, string Reason)? _ended;

    public ControllerActor(Func<MetadataImage, ControllerState> decidingOn, MetadataImage committed, IMetadataStore store,
        ControllerEpoch epoch, MetadataPublisher publisher, TimeProvider time, ILogger trace)
    {
        _decidingOn = decidingOn;
        _state = decidingOn(committed);
        _committed = committed;
        _store = store;
        _epoch = epoch;
        _publisher = publisher;
        _time = time;
        _trace = trace;
        Receive<ControllerCommand>(OnCommand);
        Receive<DecisionStored>(OnStored);
        Receive<ImagePublished>(m => OnPublished(m.Image));
    }

    /// <summary>After an error of our own: what was under way is unknown, and what is committed is read from the store.</summary>
    protected override void PostRestart(Exception reason)
    {
        Become(() =>
        {
            Receive<StoreLoaded>(OnLoaded);
            Receive<ControllerCommand>(_ => Stash.Stash());
            Receive<DecisionStored>(_ => { });
            Receive<ImagePublished>(_ => { });
        });
        _store.LoadAsync().PipeTo(Self, success: image => new StoreLoaded(image, null), failure: e => new StoreLoaded(null, e.Message));
    }

    void OnLoaded(StoreLoaded loaded)
    {
        if (loaded.Image is { } image) (_committed, _state) = (image, _decidingOn(image));
        else End(ErrorCode.KafkaStorageError, AppendVerdict.Offline, $"The metadata store cannot be read: {loaded.Problem}");
        Become(() =>
        {
            Receive<ControllerCommand>(OnCommand);
            Receive<DecisionStored>(OnStored);
            Receive<ImagePublished>(m => OnPublished(m.Image));
        });
        Stash.UnstashAll();
    }

    void OnCommand(ControllerCommand command)
    {
        IRequest request = command.Request.Message;
        if (_ended is { } ended)
            Reply(RefusedResponse.Of(request, ended.Code, ended.Reason));
        else if (_time.GetTimestamp() >= command.Deadline)
            Reply(RefusedResponse.Of(request, ErrorCode.RequestTimedOut));
        else if (Decide(command.Request) is not { } pending)
            Reply(RefusedResponse.Of(request, ErrorCode.UnknownServerError));
        else if (pending.IsCommitted && _pending.Count == 0)
            pending.Reply.Tell(pending.Response);
        else
            _pending.Add(pending);
    }

    /// <summary>An error of our own in a decision costs its request only: the state is as it was before.</summary>
    PendingDecision? Decide(ControllerRequest request)
    {
        try
        {
            Decision decision = _state.Decide(request) ?? throw new ArgumentException($"{request.Message.ApiKey} is not the controller's");
            if (decision.Records.Count == 0)
                return new PendingDecision(request, decision.Response, DeferReply(), _state.Image, delta: null);
            MetadataRevision expected = _state.Image.Revision;
            MetadataDelta delta = _state.Apply(decision.Records);
            var pending = new PendingDecision(request, decision.Response, DeferReply(), _state.Image, delta);
            Store(pending, new MetadataAppend(_epoch, expected, decision.Records));
            return pending;
        }
        catch (Exception bug)
        {
            ClusterTrace.DecisionFailed(_trace, request.Message.ApiKey, request.Origin.Principal, bug);
            return null;
        }
    }

    void Store(PendingDecision pending, MetadataAppend append) => _store.AppendAsync(append).PipeTo(Self,
        success: outcome => new DecisionStored(pending, outcome),
        failure: cause => new DecisionStored(pending, new AppendOutcome(AppendVerdict.Offline, append.Expected, cause.Message)));

    void OnStored(DecisionStored stored)
    {
        // Not there any more: an earlier decision was refused and took this one along.
        int index = _pending.IndexOf(stored.Decision);
        if (index < 0) return;
        if (stored.Outcome.Verdict == AppendVerdict.Committed) Commit(index);
        else Undo(index, stored.Outcome);
    }

    /// <summary>The store takes appends in order, so all before this one are committed too, whatever order the news comes in.</summary>
    void Commit(int index)
    {
        for (int i = 0; i <= index; i++) _pending[i].IsCommitted = true;
        _committed = _pending[index].Image;
        PublishNext();
    }

    void Undo(int index, AppendOutcome outcome)
    {
        (ErrorCode code, string? reason) = Describe(outcome);
        List<PendingDecision> refused = _pending[index..];
        _pending.RemoveRange(index, refused.Count);
        _state.UndoTo(_pending.Count > 0 ? _pending[^1].Image : _committed);
        bool ends = outcome.Verdict is AppendVerdict.Offline or AppendVerdict.StaleEpoch
            || (outcome.Verdict == AppendVerdict.WrongRevision && outcome.Revision > _state.Image.Revision);
        if (ends && _ended is null) End(code, outcome.Verdict, reason ?? "");
        foreach (PendingDecision decision in refused)
            decision.Reply.Tell(RefusedResponse.Of(decision.Request.Message, code, reason));
    }

    void End(ErrorCode code, AppendVerdict verdict, string reason)
    {
        _ended = (code, reason);
        ClusterTrace.ControllerEnded(_trace, _epoch.Value, verdict, reason);
    }

    static (ErrorCode Code, string? Reason) Describe(AppendOutcome outcome) => outcome.Verdict switch
    {
        AppendVerdict.TooLarge => (ErrorCode.PolicyViolation, "Unable to perform excessively large batch operation."),
        AppendVerdict.NoSpace => (ErrorCode.KafkaStorageError, $"The disk of the metadata store is full: {outcome.Reason}"),
        AppendVerdict.Offline => (ErrorCode.KafkaStorageError, $"The metadata store can write no more: {outcome.Reason}"),
        _ => (ErrorCode.NotController, $"This controller was followed by another one: {outcome.Reason}"),
    };

    /// <summary>All committed decisions at the front together: listeners see one change where several came close together.</summary>
    void PublishNext()
    {
        if (_publishing > 0 || _publisher.IsBusy) return;
        MetadataDelta? delta = null;
        MetadataImage image = _committed;
        while (_publishing < _pending.Count && _pending[_publishing] is { IsCommitted: true } next)
        {
            if (next.Delta is not null) delta = delta?.Then(next.Delta) ?? next.Delta;
            image = next.Image;
            _publishing++;
        }

        if (_publishing == 0) return;
        _publishingImage = image;
        if (delta is null) OnPublished(image);
        else _publisher.PublishAsync(image, delta).PipeTo(Self, success: () => new ImagePublished(image));
    }

    void OnPublished(MetadataImage image)
    {
        // Otherwise it is news for the object that was here before a restart.
        if (image == _publishingImage)
        {
            for (int i = 0; i < _publishing; i++) _pending[i].Reply.Tell(_pending[i].Response);
            _pending.RemoveRange(0, _publishing);
            _publishing = 0;
            _publishingImage = null;
            _store.OfferSnapshot(image);
        }

        PublishNext();
    }
}
