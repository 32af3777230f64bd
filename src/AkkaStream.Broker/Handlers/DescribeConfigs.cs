using System.Globalization;
using AkkaStream.Metadata;
using AkkaStream.Metadata.Configs;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Broker.Handlers;

// DescribeConfigs, versions 1-4. Documentation and types come with v3. Broker settings of one id are told by that broker alone.
// A resource type that nobody knows spoils the whole request, as on Kafka.
static class DescribeConfigsHandler
{
    public static ValueTask<IMessage> Handle(RequestContext context, IRequest request)
    {
        var asked = (DescribeConfigsRequest)request;
        bool isKnown = asked.Resources.All(r => (ConfigResourceType)r.ResourceType is ConfigResourceType.Topic or ConfigResourceType.Broker
            or ConfigResourceType.BrokerLogger or ConfigResourceType.ClientMetrics or ConfigResourceType.Group);
        return new(new DescribeConfigsResponse
        {
            Results = [.. asked.Resources.Select(r => isKnown
                ? Describe(context, asked, r)
                : Refused(r, ErrorCode.InvalidRequest, "The request names a resource of an unknown type"))],
        });
    }

    static DescribeConfigsResponseResource Describe(RequestContext context, DescribeConfigsRequest asked, DescribeConfigsRequestResource resource) =>
        (ConfigResourceType)resource.ResourceType switch
        {
            ConfigResourceType.Topic => DescribeTopic(context, asked, resource),
            ConfigResourceType.Broker => DescribeBroker(context, asked, resource),
            ConfigResourceType.BrokerLogger => DescribeLoggers(context, resource),
            ConfigResourceType.ClientMetrics => DescribeClientMetrics(context, asked, resource),
            _ => DescribeGroup(context, asked, resource),
        };

    static DescribeConfigsResponseResource DescribeTopic(
        RequestContext context, DescribeConfigsRequest asked, DescribeConfigsRequestResource resource)
    {
        if (TopicName.FindProblem(resource.ResourceName) is { } problem) return Refused(resource, ErrorCode.InvalidTopicException, problem);
        var image = context.Node.Image;
        if (image.Topics.Find(resource.ResourceName) is null) return Refused(resource, ErrorCode.UnknownTopicOrPartition, "");
        var overrides = image.Configs.Of(ConfigResource.Topic(resource.ResourceName));
        return Told(resource, asked, EffectiveConfig.DescribeTopic(context.Node.Configs.Layers, overrides, resource.ConfigurationKeys));
    }

    static DescribeConfigsResponseResource DescribeBroker(
        RequestContext context, DescribeConfigsRequest asked, DescribeConfigsRequestResource resource)
    {
        var layers = context.Node.Configs.Layers;
        if (resource.ResourceName.Length == 0)
            return Told(resource, asked, EffectiveConfig.DescribeBrokerDefault(layers, resource.ConfigurationKeys));
        return NotThisBroker(context, resource.ResourceName, " or empty string") is { } problem
            ? Refused(resource, ErrorCode.InvalidRequest, problem)
            : Told(resource, asked, EffectiveConfig.DescribeBroker(layers, resource.ConfigurationKeys));
    }

    // Levels of loggers cannot be set while the broker runs, so there are none to tell.
    static DescribeConfigsResponseResource DescribeLoggers(RequestContext context, DescribeConfigsRequestResource resource)
    {
        string? problem = resource.ResourceName.Length == 0 ? "Broker id must not be empty" : NotThisBroker(context, resource.ResourceName, "");
        return problem is null
            ? new DescribeConfigsResponseResource { ResourceType = resource.ResourceType, ResourceName = resource.ResourceName }
            : Refused(resource, ErrorCode.InvalidRequest, problem);
    }

    static DescribeConfigsResponseResource DescribeClientMetrics(
        RequestContext context, DescribeConfigsRequest asked, DescribeConfigsRequestResource resource)
    {
        if (resource.ResourceName.Length == 0)
            return Refused(resource, ErrorCode.InvalidRequest, "Client metrics subscription name must not be empty");
        var values = context.Node.Image.Configs.Of(new ConfigResource(ConfigResourceType.ClientMetrics, resource.ResourceName));
        return Told(resource, asked, EffectiveConfig.DescribeClientMetrics(values, resource.ConfigurationKeys));
    }

    static DescribeConfigsResponseResource DescribeGroup(
        RequestContext context, DescribeConfigsRequest asked, DescribeConfigsRequestResource resource)
    {
        if (resource.ResourceName.Length == 0) return Refused(resource, ErrorCode.InvalidRequest, "Group name must not be empty");
        var overrides = context.Node.Image.Configs.Of(new ConfigResource(ConfigResourceType.Group, resource.ResourceName));
        return Told(resource, asked, EffectiveConfig.DescribeGroup(context.Node.Configs.Layers, overrides, resource.ConfigurationKeys));
    }

    static string? NotThisBroker(RequestContext context, string name, string alternative)
    {
        if (!int.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int id))
            return $"Broker id must be an integer, but it is: {name}";
        return id == context.Node.Id.Value ? null : $"Unexpected broker id, expected {context.Node.Id}{alternative}, but received {name}";
    }

    /// <summary>As they were asked for; all of them by name.</summary>
    static IEnumerable<ConfigEntry> InOrderOf(string[]? keys, List<ConfigEntry> entries) => keys is null or { Length: 0 }
        ? entries
        : entries.OrderBy(e => Array.IndexOf(keys, e.Name));

    static DescribeConfigsResponseResource Refused(DescribeConfigsRequestResource resource, ErrorCode error, string message) => new()
    {
        ErrorCode = error,
        ErrorMessage = message,
        ResourceType = resource.ResourceType,
        ResourceName = resource.ResourceName,
    };

    static DescribeConfigsResponseResource Told(
        DescribeConfigsRequestResource resource, DescribeConfigsRequest asked, List<ConfigEntry> entries) => new()
    {
        ResourceType = resource.ResourceType,
        ResourceName = resource.ResourceName,
        Configs = [.. InOrderOf(resource.ConfigurationKeys, entries).Select(e => new DescribeConfigsResponseConfig
        {
            Name = e.Name,
            Value = e.Value,
            ReadOnly = e.IsReadOnly,
            ConfigSource = (sbyte)e.Source,
            IsSensitive = e.IsSensitive,
            ConfigType = (sbyte)e.Type,
            Documentation = asked.IncludeDocumentation ? e.Words : null,
            Synonyms = !asked.IncludeSynonyms ? [] : [.. e.Synonyms.Select(s => new DescribeConfigsResponseSynonym
            {
                Name = s.Name,
                Value = s.Value,
                Source = (sbyte)s.Source,
            })],
        })],
    };
}
