using System.Net;
using System.Threading.Tasks.Sources;
using AkkaStream.Coordinators;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Broker.Coordinators;

/// <summary>
/// One client's request on its way to a group coordinator: message, right to answer, and the awaitable of its handler in one object. Answered
/// once, in whatever turn the answer falls.
/// </summary>
sealed class GroupCall : CoordinatorCall, IValueTaskSource<IMessage>
{
    readonly Action? _fixOrder;
    ManualResetValueTaskSourceCore<IMessage> _answer;

    public GroupCall(RequestContext context, IRequest request)
        : this(request, context.Version, context.ClientId, HostOf(context.Connection.RemoteAddress), context.FixOrder)
    {
    }

    public GroupCall(IRequest request, short version, string clientId, string clientHost, Action? fixOrder)
        : base(request, version, clientId, clientHost) => _fixOrder = fixOrder;

    public ValueTask<IMessage> Answered => new(this, _answer.Version);

    public bool IsDone { get; private set; }

    public void Answer(IMessage response)
    {
        IsDone = true;
        _answer.SetResult(response);
    }

    /// <summary>The coordinator has dealt with it and the answer will come: the connection's next request may begin.</summary>
    public void FixOrder() => _fixOrder?.Invoke();

    IMessage IValueTaskSource<IMessage>.GetResult(short token) => _answer.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<IMessage>.GetStatus(short token) => _answer.GetStatus(token);

    void IValueTaskSource<IMessage>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _answer.OnCompleted(continuation, state, token, flags);

    /// <summary>Java prints an address behind a slash, and so do Kafka's tools.</summary>
    static string HostOf(EndPoint remote) => remote is IPEndPoint ip ? $"/{ip.Address}" : $"/{remote}";
}
