using System.Threading.Tasks.Sources;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Net.Links;

/// <summary>
/// A request as a message, its answer as a value task. The request is built when its version is known. Who waits goes on
/// on another thread, so that it cannot hold up the connection (unless the seams say otherwise).
/// </summary>
sealed class MessageCall<TResponse> : LinkCall, IValueTaskSource<TResponse>
    where TResponse : IMessage
{
    readonly Func<short, IRequest<TResponse>> _build;
    readonly VersionRange _versions;
    readonly TimeSpan? _timeout;
    ManualResetValueTaskSourceCore<TResponse> _core;
    CancellationTokenRegistration _registration;
    IRequest<TResponse>? _request;
    int _done;

    public MessageCall(ApiKey api, VersionRange versions, Func<short, IRequest<TResponse>> build, TimeSpan? timeout, bool runsInline)
    {
        _core.RunContinuationsAsynchronously = !runsInline;
        Api = api;
        _versions = versions;
        _build = build;
        _timeout = timeout;
    }

    public override ApiKey Api { get; }
    public override TimeSpan? Timeout => _timeout;
    public override VersionRange Versions => _versions;
    protected internal override bool IsAbandoned => Volatile.Read(ref _done) != 0;

    public ValueTask<TResponse> AsTask(CancellationToken cancel)
    {
        if (cancel.CanBeCanceled)
        {
            _registration = cancel.UnsafeRegister(
                static (state, token) => ((MessageCall<TResponse>)state!).Fail(new OperationCanceledException(token)), this);
        }
        return new ValueTask<TResponse>(this, _core.Version);
    }

    protected internal override void Write(LinkOutput output, short version, int correlationId, string? clientId)
    {
        _request = _build(version);
        WriteMessage(output, _request, version, correlationId, clientId);
    }

    protected internal override void OnReply(in LinkReply reply)
    {
        if (_request is null) return;
        var reader = new WireReader(reply.Body);
        var response = Read(ref reader, reply.Version);
        if (Interlocked.Exchange(ref _done, 1) == 0) _core.SetResult(response);
    }

    // A broker that does not know our version of ApiVersions answers in version 0, whatever was asked.
    TResponse Read(ref WireReader reader, short version)
    {
        if (Api == ApiKey.ApiVersions && version > 0 && reader.Remaining >= 2)
        {
            var peek = reader;
            if (peek.ReadInt16("errorCode") == (short)ErrorCode.UnsupportedVersion) version = 0;
        }
        return _request is { } request ? request.ReadResponse(ref reader, version) : throw new InvalidOperationException();
    }

    protected internal override void OnFailed(LinkFailure failure) => Fail(new LinkException(failure));

    void Fail(Exception e)
    {
        if (Interlocked.Exchange(ref _done, 1) == 0) _core.SetException(e);
    }

    public TResponse GetResult(short token)
    {
        _registration.Dispose();
        return _core.GetResult(token);
    }

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
