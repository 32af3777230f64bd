using AkkaStream.Actors;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Cluster.Controller;

/// <summary>
/// How brokers reach the controller: Kafka's request in, Kafka's response out, whatever happens in between. Any thread.
/// </summary>
public sealed class ControllerClient
{
    readonly IActorRef _controller;

    internal ControllerClient(IActorRef controller) => _controller = controller;

    /// <summary>
    /// Answered once the decision is committed and every listener has followed it. What is not answered in time is answered
    /// with REQUEST_TIMED_OUT, and may still be done; what was not begun in time is not done.
    /// </summary>
    public async ValueTask<TResponse> Ask<TResponse>(IRequest<TResponse> request, short version, RequestOrigin origin, TimeSpan timeout)
        where TResponse : IMessage
    {
        if (timeout <= TimeSpan.Zero) return (TResponse)RefusedResponse.Of(request, ErrorCode.RequestTimedOut);
        TimeProvider time = _controller.System.Time;
        long deadline = time.GetTimestamp() + (long)(timeout.TotalSeconds * time.TimestampFrequency);
        try
        {
            var command = new ControllerCommand(new ControllerRequest(request, version, origin), deadline);
            return (TResponse)await _controller.Ask<IMessage>(command, timeout).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            return (TResponse)RefusedResponse.Of(request, ErrorCode.RequestTimedOut);
        }
        catch (AskFailedException)
        {
            return (TResponse)RefusedResponse.Of(request, ErrorCode.NotController, "The controller has stopped.");
        }
    }
}
