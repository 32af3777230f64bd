using System.Collections.Concurrent;
using AkkaStream.Cluster.Controller;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Broker;

/// <summary>
/// Topics that are made because somebody needs them: asked for by name in Metadata, or by a coordinator. Each is asked of the controller
/// once at a time, however many clients want it. Any thread.
/// </summary>
sealed class TopicCreation(BrokerNode node)
{
    /// <summary>Clients ask again for what was not begun, so a flood of names costs no more than this.</summary>
    const int MostUnderWay = 1_000;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly ConcurrentDictionary<string, Task<ErrorCode>> _underWay = new(StringComparer.Ordinal);

    /// <summary>
    /// Complete when this broker serves the topic, or with the reason why it does not. That somebody else made it first is no error.
    /// </summary>
    public Task<ErrorCode> Create(CreateTopicsRequestTopic topic, RequestOrigin origin)
    {
        if (_underWay.TryGetValue(topic.Name, out var begun)) return begun;
        return _underWay.Count < MostUnderWay
            ? _underWay.GetOrAdd(topic.Name, _ => CreateAsync(topic, origin))
            : Task.FromResult(ErrorCode.RequestTimedOut);
    }

    async Task<ErrorCode> CreateAsync(CreateTopicsRequestTopic topic, RequestOrigin origin)
    {
        // The task must be in the table before it can take itself out.
        await Task.Yield();
        try
        {
            var request = new CreateTopicsRequest { Topics = [topic], TimeoutMs = (int)Patience.TotalMilliseconds };
            var answer = await node.Controller.Ask(request, ApiTable.Versions(ApiKey.CreateTopics).Highest, origin, Patience).ConfigureAwait(false);
            var result = answer.Topics[0];
            if (result.ErrorCode is ErrorCode.None or ErrorCode.TopicAlreadyExists) return ErrorCode.None;
            BrokerTrace.TopicNotCreated(node.Log, topic.Name, ErrorCodes.NameOf(result.ErrorCode), result.ErrorMessage ?? "", origin.ClientId ?? "");
            return result.ErrorCode;
        }
        catch (Exception e)
        {
            BrokerTrace.TopicNotCreated(node.Log, topic.Name, ErrorCodes.NameOf(ErrorCode.UnknownServerError), e.Message, origin.ClientId ?? "");
            return ErrorCode.UnknownServerError;
        }
        finally
        {
            _underWay.TryRemove(topic.Name, out _);
        }
    }
}
