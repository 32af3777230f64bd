using AkkaStream.Protocol;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Net.Links;

/// <summary>
/// A broker as seen from outside: requests go in, answers come out, and the connection beneath is made when it is needed,
/// made again with growing waits after it broke, and dropped when idle. A request that could not be sent or answered fails with
/// the reason; whether to repeat it is the caller's decision. Used by the client, and by brokers among themselves. Any thread.
/// </summary>
public sealed class BrokerLink : IDisposable
{
    readonly string _host;
    readonly int _port;
    readonly LinkSettings _settings;
    readonly LinkSeams _seams;
    readonly Lock _lock = new();
    readonly Queue<LinkCall> _waiting = new();
    readonly CancellationTokenSource _closing = new();
    LinkConnection? _connection;
    bool _connecting;
    int _failures;
    long _notBefore;

    public BrokerLink(string host, int port, LinkSettings settings, LinkSeams seams)
    {
        _host = host;
        _port = port;
        _settings = settings;
        _seams = seams;
        Peer = host.Contains(':') ? $"[{host}]:{port}" : $"{host}:{port}";
    }

    /// <summary>Host and port, for texts.</summary>
    public string Peer { get; }

    /// <summary>What the peer serves; null while there is no connection.</summary>
    public ApiRanges? Ranges => Volatile.Read(ref _connection)?.Ranges;

    public bool IsConnected => Volatile.Read(ref _connection) is { IsEnded: false };

    /// <summary>The last attempts to connect failed, and the wait before the next one is not over.</summary>
    public bool IsBackingOff
    {
        get { lock (_lock) return _connection is null && _failures > 0 && _seams.Time.GetTimestamp() < _notBefore; }
    }

    /// <summary>Sends the request in the newest version in common.</summary>
    /// <exception cref="LinkException">There was no answer; see its failure.</exception>
    public ValueTask<TResponse> Ask<TResponse>(IRequest<TResponse> request, TimeSpan? timeout = null, CancellationToken cancel = default)
        where TResponse : IMessage =>
        Ask(request.ApiKey, ApiTable.Advertised(request.ApiKey), _ => request, timeout, cancel);

    /// <summary>As above, for requests whose content depends on the version.</summary>
    public ValueTask<TResponse> Ask<TResponse>(
        ApiKey api, VersionRange versions, Func<short, IRequest<TResponse>> build, TimeSpan? timeout = null, CancellationToken cancel = default)
        where TResponse : IMessage
    {
        var call = new MessageCall<TResponse>(api, versions, build, timeout, _seams.RunsInline);
        var task = call.AsTask(cancel);
        Send(call);
        return task;
    }

    /// <summary>Connects if need be, and tells what the broker serves.</summary>
    public async ValueTask<ApiRanges> ConnectAsync(TimeSpan? timeout = null, CancellationToken cancel = default)
    {
        if (Ranges is { } known) return known;
        // Any request brings the connection up; this one is answered by every broker.
        var response = await Ask(
            ApiKey.ApiVersions, ApiTable.Versions(ApiKey.ApiVersions),
            _ => new Protocol.Messages.ApiVersionsRequest { ClientSoftwareName = _settings.SoftwareName,
                ClientSoftwareVersion = _settings.SoftwareVersion },
            timeout, cancel).ConfigureAwait(false);
        return Ranges ?? new ApiRanges(response);
    }

    public void Send(LinkCall call)
    {
        LinkConnection? connection;
        bool connect = false;
        lock (_lock)
        {
            if (_closing.IsCancellationRequested)
            {
                connection = null;
            }
            else
            {
                connection = _connection;
                if (connection is null)
                {
                    call.Deadline = _seams.Time.GetTimestamp() + TicksOf(call.Timeout ?? _settings.RequestTimeout);
                    _waiting.Enqueue(call);
                    if (_connecting) return;
                    connect = _connecting = true;
                }
            }
        }
        if (connection is not null) connection.Send(call);
        else if (connect) _ = ConnectAsync();
        else call.OnFailed(Closed());
    }

    async Task ConnectAsync()
    {
        LinkFailure failure;
        LinkConnection? made = null;
        try
        {
            await WaitForTurn().ConfigureAwait(false);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
            using var clock = _seams.Time.CreateTimer(
                static state => ((CancellationTokenSource)state!).Cancel(), limit, _settings.ConnectTimeout, Timeout.InfiniteTimeSpan);
            var stream = await _seams.Connector.ConnectAsync(_host, _port, limit.Token).ConfigureAwait(false);
            made = new LinkConnection(stream, Peer, _settings, _seams, OnEnded);
            made.Start();
            await made.NegotiateAsync(limit.Token).ConfigureAwait(false);
            if (_settings.Authenticate is { } authenticate) await authenticate(made, limit.Token).ConfigureAwait(false);
            Connected(made);
            return;
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            failure = Closed();
        }
        catch (OperationCanceledException)
        {
            failure = new LinkFailure(LinkFailureKind.NotConnected, $"{Peer} could not be reached within {_settings.ConnectTimeout:g}");
        }
        catch (LinkException e)
        {
            failure = e.Failure.Kind == LinkFailureKind.Disconnected
                ? new LinkFailure(LinkFailureKind.NotConnected, $"{Peer} took the connection and closed it again before it said what it serves")
                : e.Failure with { MayHaveArrived = false };
        }
        catch (Exception e)
        {
            var kind = e is UnknownHostException ? LinkFailureKind.UnknownHost : LinkFailureKind.NotConnected;
            failure = new LinkFailure(kind, $"{Peer} cannot be reached: {e.Message}");
        }
        made?.End(failure);
        NotConnected(failure);
    }

    async ValueTask WaitForTurn()
    {
        TimeSpan wait;
        lock (_lock) wait = _seams.Time.GetElapsedTime(_seams.Time.GetTimestamp(), _notBefore);
        if (wait <= TimeSpan.Zero) return;
        await Task.Delay(wait, _seams.Time, _closing.Token).ConfigureAwait(false);
    }

    void Connected(LinkConnection connection)
    {
        NetTrace.LinkConnected(_seams.Log, Peer);
        while (true)
        {
            LinkCall? call;
            lock (_lock)
            {
                if (connection.IsEnded || _closing.IsCancellationRequested) break;
                _failures = 0;
                if (!_waiting.TryDequeue(out call))
                {
                    // From here on requests go straight to the connection, behind those that waited.
                    _connection = connection;
                    _connecting = false;
                    return;
                }
            }
            connection.Send(call);
        }
        var failure = _closing.IsCancellationRequested
            ? Closed()
            : new LinkFailure(LinkFailureKind.Disconnected, $"the connection to {Peer} ended as soon as it was made");
        connection.End(failure);
        NotConnected(failure);
    }

    void NotConnected(LinkFailure failure)
    {
        LinkCall[] waiting;
        lock (_lock)
        {
            _connecting = false;
            _failures++;
            _notBefore = _seams.Time.GetTimestamp() + TicksOf(_settings.Reconnect.After(_failures, _seams.Chance()));
            waiting = [.. _waiting];
            _waiting.Clear();
        }
        NetTrace.LinkNotConnected(_seams.Log, Peer, failure.Text);
        foreach (var call in waiting) call.OnFailed(failure);
    }

    void OnEnded(LinkConnection connection, LinkFailure failure)
    {
        if (failure.Kind != LinkFailureKind.Closed) NetTrace.LinkEnded(_seams.Log, Peer, failure.Text);
        lock (_lock)
        {
            if (_connection != connection) return;
            _connection = null;
            _notBefore = _seams.Time.GetTimestamp() + TicksOf(_settings.Reconnect.After(1, _seams.Chance()));
        }
    }

    /// <summary>Fails what is under way and refuses what comes.</summary>
    public void Dispose()
    {
        LinkConnection? connection;
        LinkCall[] waiting = [];
        lock (_lock)
        {
            if (_closing.IsCancellationRequested) return;
            connection = _connection;
            _connection = null;
            if (!_connecting)
            {
                waiting = [.. _waiting];
                _waiting.Clear();
            }
        }
        _closing.Cancel();
        connection?.End(Closed());
        foreach (var call in waiting) call.OnFailed(Closed());
    }

    LinkFailure Closed() => new(LinkFailureKind.Closed, $"the link to {Peer} was closed here");

    long TicksOf(TimeSpan span) => (long)(span.TotalSeconds * _seams.Time.TimestampFrequency);
}
