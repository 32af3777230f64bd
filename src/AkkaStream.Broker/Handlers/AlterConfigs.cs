using System.Globalization;
using AkkaStream.Metadata;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Broker.Handlers;

// IncrementalAlterConfigs, versions 0-1, and the older AlterConfigs, versions 0-2. What only this broker can judge is judged here: that a
// resource comes twice, another broker's settings, loggers. The rest goes to the controller; its answers are put in between.
//
// Kafka never answers AlterConfigs that names a resource twice; here it is INVALID_REQUEST, as in IncrementalAlterConfigs.
static class AlterConfigsHandler
{
    const int Patience = 30_000;

    public static async ValueTask<IMessage> HandleIncremental(RequestContext context, IRequest request)
    {
        var asked = (IncrementalAlterConfigsRequest)request;
        var twice = NamedTwice(asked.Resources.Select(r => (r.ResourceType, r.ResourceName)));
        var answers = Array.ConvertAll(asked.Resources, r => Refusal(context, r.ResourceType, r.ResourceName, twice)
            ?? LoggerRefusal(r.ResourceType, r.Configs.Select(c => c.Name)));
        var forwarded = new IncrementalAlterConfigsRequest
        {
            Resources = [.. asked.Resources.Where((_, i) => answers[i] is null)],
            ValidateOnly = asked.ValidateOnly,
        };
        var decided = forwarded.Resources.Length == 0 ? [] : (await context.AskController(forwarded, Patience)).Responses;
        int next = 0;
        return new IncrementalAlterConfigsResponse
        {
            Responses = [.. asked.Resources.Select((r, i) => answers[i] is { } refused
                ? new IncrementalAlterConfigsResponseResource
                {
                    ErrorCode = refused.Error,
                    ErrorMessage = refused.Message,
                    ResourceType = r.ResourceType,
                    ResourceName = r.ResourceName,
                }
                : decided[next++])],
        };
    }

    public static async ValueTask<IMessage> HandleReplacing(RequestContext context, IRequest request)
    {
        var asked = (AlterConfigsRequest)request;
        var twice = NamedTwice(asked.Resources.Select(r => (r.ResourceType, r.ResourceName)));
        var answers = Array.ConvertAll(asked.Resources, r => Refusal(context, r.ResourceType, r.ResourceName, twice)
            ?? LoggerRefusal(r.ResourceType, r.Configs.Select(c => c.Name)));
        var forwarded = new AlterConfigsRequest
        {
            Resources = [.. asked.Resources.Where((_, i) => answers[i] is null)],
            ValidateOnly = asked.ValidateOnly,
        };
        var decided = forwarded.Resources.Length == 0 ? [] : (await context.AskController(forwarded, Patience)).Responses;
        int next = 0;
        return new AlterConfigsResponse
        {
            Responses = [.. asked.Resources.Select((r, i) => answers[i] is { } refused
                ? new AlterConfigsResponseResource
                {
                    ErrorCode = refused.Error,
                    ErrorMessage = refused.Message,
                    ResourceType = r.ResourceType,
                    ResourceName = r.ResourceName,
                }
                : decided[next++])],
        };
    }

    sealed record Refused(ErrorCode Error, string Message);

    static HashSet<(sbyte, string)> NamedTwice(IEnumerable<(sbyte Type, string Name)> resources) =>
        [.. resources.GroupBy(r => r).Where(g => g.Count() > 1).Select(g => g.Key)];

    static Refused? Refusal(RequestContext context, sbyte type, string name, HashSet<(sbyte, string)> twice)
    {
        if (twice.Contains((type, name))) return new Refused(ErrorCode.InvalidRequest, "Each resource must appear at most once.");
        bool isOneBroker = ((ConfigResourceType)type == ConfigResourceType.Broker && name.Length > 0)
            || (ConfigResourceType)type == ConfigResourceType.BrokerLogger;
        if (!isOneBroker) return null;
        if (!int.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int id))
            return new Refused(ErrorCode.InvalidRequest, $"Node id must be an integer, but it is: {name}");
        return id == context.Node.Id.Value
            ? null
            : new Refused(ErrorCode.InvalidRequest, $"Unexpected broker id, expected {context.Node.Id}, but received {name}");
    }

    // No logger's level can be set while the broker runs, so every one is unknown.
    static Refused? LoggerRefusal(sbyte type, IEnumerable<string> names)
    {
        if ((ConfigResourceType)type != ConfigResourceType.BrokerLogger) return null;
        return names.FirstOrDefault() is { } name
            ? new Refused(ErrorCode.InvalidConfig, $"Logger {name} does not exist!")
            : new Refused(ErrorCode.InvalidRequest, "No logger is named");
    }
}
