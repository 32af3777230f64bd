using AkkaStream.Protocol;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Net.Links;

/// <summary>
/// One outgoing connection's life: requests leave in order and are gathered into few sends, answers come back in the same
/// order. It ends once, for one reason, and then every request that was under way fails with it; who may repeat what is
/// decided above. Any thread may send.
/// </summary>
public sealed partial class LinkConnection
{
    readonly ILinkStream _stream;
    readonly LinkSettings _settings;
    readonly TimeProvider _time;
    readonly ITimer _timer;
    readonly bool _runsInline;
    readonly Action<LinkConnection, LinkFailure> _onEnded;
    readonly Lock _lock = new();
    readonly Queue<LinkCall> _inFlight = new();
    LinkFailure? _ended;
    int _nextCorrelation;
    long _armedFor = long.MaxValue;
    long _lastActivity;

    internal LinkConnection(
        ILinkStream stream, string peer, LinkSettings settings, LinkSeams seams, Action<LinkConnection, LinkFailure> onEnded)
    {
        _stream = stream;
        Peer = peer;
        _settings = settings;
        _time = seams.Time;
        _runsInline = seams.RunsInline;
        _onEnded = onEnded;
        _lastActivity = _time.GetTimestamp();
        _timer = _time.CreateTimer(static state => ((LinkConnection)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Host and port, for texts.</summary>
    public string Peer { get; }

    /// <summary>Null until the peer told them; then requests take the newest version in common.</summary>
    public ApiRanges? Ranges { get; private set; }

    public bool IsEnded => Volatile.Read(ref _ended) is not null;

    internal void Start()
    {
        _ = ReceiveAsync();
        lock (_lock) Arm(_time.GetTimestamp() + Ticks(_settings.MaxIdle));
    }

    /// <summary>Tells what the connection can do; asked of the peer before anything else.</summary>
    internal async ValueTask NegotiateAsync(CancellationToken cancel)
    {
        var response = await AskVersions(ApiTable.Versions(ApiKey.ApiVersions).Highest, cancel).ConfigureAwait(false);
        if (response.ErrorCode == ErrorCode.UnsupportedVersion)
        {
            var known = new ApiRanges(response).Of(ApiKey.ApiVersions);
            short version = known.NewestCommon(ApiTable.Versions(ApiKey.ApiVersions)) ?? 0;
            response = await AskVersions(version, cancel).ConfigureAwait(false);
        }
        if (response.ErrorCode != ErrorCode.None)
        {
            throw new LinkException(new LinkFailure(
                LinkFailureKind.Malformed, $"{Peer} refused ApiVersions: {ErrorCodes.NameOf(response.ErrorCode)}"));
        }
        Ranges = new ApiRanges(response);
    }

    ValueTask<Protocol.Messages.ApiVersionsResponse> AskVersions(short version, CancellationToken cancel) =>
        Ask(ApiKey.ApiVersions, new VersionRange(version, version), _ => new Protocol.Messages.ApiVersionsRequest
        {
            ClientSoftwareName = _settings.SoftwareName,
            ClientSoftwareVersion = _settings.SoftwareVersion,
        }, null, cancel);

    /// <summary>For the steps of authentication, which run before the connection is handed out.</summary>
    public ValueTask<TResponse> Ask<TResponse>(
        ApiKey api, VersionRange versions, Func<short, IRequest<TResponse>> build, TimeSpan? timeout, CancellationToken cancel)
        where TResponse : IMessage
    {
        var call = new MessageCall<TResponse>(api, versions, build, timeout, _runsInline);
        var task = call.AsTask(cancel);
        Send(call);
        return task;
    }

    internal void End(LinkFailure failure)
    {
        bool failNow;
        lock (_lock)
        {
            if (_ended is not null) return;
            _ended = failure;
            failNow = !_sending;
        }
        _timer.Dispose();
        _stream.Dispose();
        // The owner first: who sends again when a request fails must not get this connection once more.
        _onEnded(this, failure);
        // While a send is under way the network still reads the memory of requests: its end fails them.
        if (failNow) FailAll();
    }

    void FailAll()
    {
        LinkCall[] sent, unsent;
        LinkFailure failure;
        lock (_lock)
        {
            failure = _ended ?? throw new InvalidOperationException("a connection that has not ended fails nothing");
            sent = [.. _inFlight];
            unsent = [.. _outgoing];
            _inFlight.Clear();
            _outgoing.Clear();
        }
        foreach (var call in sent) call.OnFailed(failure.AfterSending());
        foreach (var call in unsent) call.OnFailed(failure);
    }

    long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _time.TimestampFrequency);

    // Under the lock. One timer serves all: it is set only when something is due earlier than what it is set for.
    void Arm(long due)
    {
        if (due >= _armedFor || _ended is not null) return;
        _armedFor = due;
        double seconds = Math.Max(0, (due - _time.GetTimestamp()) / (double)_time.TimestampFrequency);
        _timer.Change(TimeSpan.FromSeconds(Math.Min(seconds, 86_400)), Timeout.InfiniteTimeSpan);
    }

    void OnTimer()
    {
        LinkFailure? end = null;
        List<LinkCall>? late = null;
        lock (_lock)
        {
            if (_ended is not null) return;
            _armedFor = long.MaxValue;
            long now = _time.GetTimestamp(), next = long.MaxValue;
            foreach (var call in _inFlight)
            {
                if (call.Deadline <= now) end ??= LateAnswer(call);
                else next = Math.Min(next, call.Deadline);
            }
            late = TakeLate(now, ref next);
            long idleAt = _lastActivity + Ticks(_settings.MaxIdle);
            bool isIdle = _inFlight.Count == 0 && _outgoing.Count == 0;
            if (isIdle && idleAt <= now) end ??= new LinkFailure(LinkFailureKind.Disconnected, $"the connection to {Peer} was idle");
            Arm(Math.Min(next, isIdle ? idleAt : now + Ticks(_settings.MaxIdle)));
        }
        foreach (var call in late ?? [])
            call.OnFailed(new LinkFailure(LinkFailureKind.TimedOut, $"{call.Api} could not be sent to {Peer} in time"));
        if (end is not null) End(end);
    }

    LinkFailure LateAnswer(LinkCall call) =>
        new(LinkFailureKind.TimedOut, $"{Peer} did not answer {call.Api} within {call.Timeout ?? _settings.RequestTimeout:g}");

    List<LinkCall>? TakeLate(long now, ref long next)
    {
        List<LinkCall>? late = null;
        for (int left = _outgoing.Count; left > 0; left--)
        {
            var call = _outgoing.Dequeue();
            if (call.Deadline <= now)
            {
                (late ??= []).Add(call);
                continue;
            }
            next = Math.Min(next, call.Deadline);
            _outgoing.Enqueue(call);
        }
        return late;
    }
}
