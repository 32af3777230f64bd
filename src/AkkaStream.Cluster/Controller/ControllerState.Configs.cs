using AkkaStream.Metadata;
using AkkaStream.Metadata.Configs;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Stored;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Cluster.Controller;

/// <summary>Configs: checked here, stored as overrides, understood by Metadata's rules.</summary>
public sealed partial class ControllerState
{
    const string MinInSyncReplicasName = "min.insync.replicas";

    BrokerLayers? _layers;

    /// <summary>What topics inherit, as this node sees it. Made anew when a broker's overrides change.</summary>
    BrokerLayers Layers
    {
        get
        {
            var shared = Image.Configs.Of(ConfigResource.BrokerDefault);
            var own = Image.Configs.Of(ConfigResource.Broker(_settings.NodeId));
            if (_layers is null || !ReferenceEquals(_layers.ClusterDefault, shared) || !ReferenceEquals(_layers.Broker, own))
                _layers = new BrokerLayers(_settings.StaticConfigs, shared, own);
            return _layers;
        }
    }

    ConfigValue? TopicValue(string topic, string name) => ConfigTable.Topic.Find(name) is { } key
        ? EffectiveConfig.ValueOf(key, Layers, Image.Configs.Of(ConfigResource.Topic(topic)))
        : null;

    int MinInSyncReplicas(string topic, int replicas) => (int)Math.Min(replicas, TopicValue(topic, MinInSyncReplicasName)?.Number ?? 1);

    bool AllowsUncleanElection(string topic) => TopicValue(topic, "unclean.leader.election.enable")?.Flag ?? false;

    string MinInSyncReplicasAtStart() => Layers.ValueOf(MinInSyncReplicasName)?.Text ?? "1";

    ApiError CheckCreationConfigs(CreateTopicsRequestTopic topic)
    {
        string[] withoutValue = [.. topic.Configs.Where(c => c.Value is null).Select(c => c.Name)];
        if (withoutValue.Length > 0)
            return new ApiError(ErrorCode.InvalidConfig, $"Null value not supported for topic configs: {string.Join(',', withoutValue)}");
        return TopicRules.Check(Layers, ConfigsImage.NoOverrides, OverridesOf(topic)) is { } problem
            ? new ApiError(ErrorCode.InvalidConfig, problem)
            : ApiError.None;
    }

    /// <summary>A name that comes twice counts as it came last.</summary>
    static Dictionary<string, string> OverridesOf(CreateTopicsRequestTopic topic)
    {
        var overrides = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var config in topic.Configs) overrides[config.Name] = config.Value ?? "";
        return overrides;
    }

    CreateTopicsResponseConfig[] CreationConfigs(CreateTopicsRequestTopic topic) =>
    [
        .. EffectiveConfig.DescribeTopic(Layers, OverridesOf(topic)).Select(entry => new CreateTopicsResponseConfig
        {
            Name = entry.Name,
            Value = entry.Value,
            ReadOnly = entry.IsReadOnly,
            ConfigSource = (sbyte)entry.Source,
            IsSensitive = entry.IsSensitive,
        }),
    ];

    Decision IncrementalAlterConfigs(IncrementalAlterConfigsRequest request)
    {
        var records = new List<IStoredMessage>();
        var twice = NamedTwice(request.Resources.Select(r => (r.ResourceType, r.ResourceName)));
        var answers = new List<IncrementalAlterConfigsResponseResource>();
        foreach (var resource in request.Resources.DistinctBy(r => (r.ResourceType, r.ResourceName)))
        {
            ApiError error = twice.Contains((resource.ResourceType, resource.ResourceName))
                ? TwiceInRequest
                : Alter(resource.ResourceType, resource.ResourceName, records, (type, current) => AlterConfigs.Incremental(
                    type, resource.ResourceName, current,
                    [.. resource.Configs.Select(c => new ConfigChange(c.Name, (ConfigOperation)c.ConfigOperation, c.Value))], Checked));
            answers.Add(new IncrementalAlterConfigsResponseResource
            {
                ErrorCode = error.Code,
                ErrorMessage = error.Message,
                ResourceType = resource.ResourceType,
                ResourceName = resource.ResourceName,
            });
        }
        var response = new IncrementalAlterConfigsResponse { Responses = [.. answers] };
        return request.ValidateOnly ? Decision.Of(response) : new Decision(response, records);
    }

    Decision ReplaceConfigs(AlterConfigsRequest request)
    {
        var records = new List<IStoredMessage>();
        var twice = NamedTwice(request.Resources.Select(r => (r.ResourceType, r.ResourceName)));
        var answers = new List<AlterConfigsResponseResource>();
        foreach (var resource in request.Resources.DistinctBy(r => (r.ResourceType, r.ResourceName)))
        {
            ApiError error = twice.Contains((resource.ResourceType, resource.ResourceName))
                ? TwiceInRequest
                : Alter(resource.ResourceType, resource.ResourceName, records, (type, current) => AlterConfigs.Replace(
                    type, resource.ResourceName, current, [.. resource.Configs.Select(c => (c.Name, c.Value))], Checked));
            answers.Add(new AlterConfigsResponseResource
            {
                ErrorCode = error.Code,
                ErrorMessage = error.Message,
                ResourceType = resource.ResourceType,
                ResourceName = resource.ResourceName,
            });
        }
        var response = new AlterConfigsResponse { Responses = [.. answers] };
        return request.ValidateOnly ? Decision.Of(response) : new Decision(response, records);
    }

    static readonly ApiError TwiceInRequest = new(ErrorCode.InvalidRequest, "Each resource must appear at most once.");

    static HashSet<(sbyte, string)> NamedTwice(IEnumerable<(sbyte Type, string Name)> resources) =>
        [.. resources.GroupBy(r => r).Where(g => g.Count() > 1).Select(g => g.Key)];

    AlterContext Checked => new(Layers, EligibleLeaderReplicas: EligibleLeadersEnabled);

    ApiError Alter(sbyte resourceType, string name, List<IStoredMessage> records,
        Func<ConfigResourceType, IReadOnlyDictionary<string, string>, ConfigAlteration> alter)
    {
        var type = (ConfigResourceType)resourceType;
        if (FindMissing(type, name) is { } missing) return missing;
        var resource = new ConfigResource(type, name);
        var before = Image.Configs.Of(resource);
        var alteration = alter(type, before);
        if (alteration.IsRefused) return new ApiError(alteration.Error, alteration.Message);
        foreach (var (config, value) in alteration.Overrides)
            if (before.GetValueOrDefault(config) != value) records.Add(Record(resource, config, value));
        foreach (string config in before.Keys)
            if (!alteration.Overrides.ContainsKey(config)) records.Add(Record(resource, config, null));
        return ApiError.None;
    }

    ApiError? FindMissing(ConfigResourceType type, string name) => type switch
    {
        ConfigResourceType.Topic when name.Length > 0 && Image.Topics.Find(name) is null =>
            new ApiError(ErrorCode.UnknownTopicOrPartition, "The topic '" + name + "' does not exist."),
        ConfigResourceType.Broker when name.Length > 0 && !(int.TryParse(name, out int id) && Image.Brokers.Find(new BrokerId(id)) is not null) =>
            new ApiError(ErrorCode.BrokerIdNotRegistered, $"No broker with id {name} found."),
        _ => null,
    };

    static ConfigRecord Record(ConfigResource resource, string name, string? value) =>
        new() { ResourceType = (sbyte)resource.Type, ResourceName = resource.Name, Name = name, Value = value };
}
