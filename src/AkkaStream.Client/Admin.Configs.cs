using System.Globalization;
using AkkaStream.Client.Administration;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Client;

public sealed partial class Admin
{
    /// <summary>The configs in force. Brokers and their loggers answer for themselves.</summary>
    public async ValueTask<IReadOnlyDictionary<ConfigResource, Outcome<IReadOnlyList<ConfigEntry>>>> DescribeConfigsAsync(
        IReadOnlyCollection<ConfigResource> resources, bool includeSynonyms = false, bool includeDocumentation = false,
        CancellationToken cancel = default)
    {
        var result = new Dictionary<ConfigResource, Outcome<IReadOnlyList<ConfigEntry>>>();
        foreach (var group in resources.Distinct().GroupBy(BrokerOf))
        {
            var response = await AskFor(
                group.Key, ApiKey.DescribeConfigs, v => new DescribeConfigsRequest
                {
                    Resources = [.. group.Select(r => new DescribeConfigsRequestResource
                    {
                        ResourceType = (sbyte)r.Type, ResourceName = r.Name, ConfigurationKeys = null,
                    })],
                    IncludeSynonyms = includeSynonyms,
                    IncludeDocumentation = includeDocumentation && v >= 3,
                },
                r => Passing(r.Results.Select(t => t.ErrorCode)), cancel).ConfigureAwait(false);
            foreach (var r in response.Results)
            {
                result[new ConfigResource((ConfigResourceType)r.ResourceType, r.ResourceName)] = Outcome.Of<IReadOnlyList<ConfigEntry>>(
                    r.ErrorCode, $"Configs of {(ConfigResourceType)r.ResourceType} {r.ResourceName}", r.ErrorMessage,
                    () => [.. r.Configs.Select(EntryOf)]);
            }
        }
        return result;
    }

    static ConfigEntry EntryOf(DescribeConfigsResponseConfig c) => new(
        c.Name, c.Value, (ConfigSource)Math.Max((sbyte)0, c.ConfigSource), c.ReadOnly, c.IsSensitive,
        [.. c.Synonyms.Select(s => new ConfigSynonym(s.Name, s.Value, (ConfigSource)s.Source))])
    {
        Type = c.ConfigType,
        Documentation = c.Documentation,
    };

    /// <summary>Changes configs one by one; what is not named stays as it is.</summary>
    public async ValueTask<IReadOnlyDictionary<ConfigResource, Outcome<Done>>> AlterConfigsAsync(
        IReadOnlyDictionary<ConfigResource, IReadOnlyList<ConfigAlteration>> changes, bool validateOnly = false, CancellationToken cancel = default)
    {
        var result = new Dictionary<ConfigResource, Outcome<Done>>();
        foreach (var group in changes.GroupBy(c => BrokerOf(c.Key)))
        {
            var response = await AskFor(
                group.Key, ApiKey.IncrementalAlterConfigs, _ => new IncrementalAlterConfigsRequest
                {
                    Resources = [.. group.Select(r => new IncrementalAlterConfigsRequestResource
                    {
                        ResourceType = (sbyte)r.Key.Type,
                        ResourceName = r.Key.Name,
                        Configs = [.. r.Value.Select(a => new IncrementalAlterConfigsRequestConfig
                        {
                            Name = a.Name, ConfigOperation = (sbyte)a.Change, Value = a.Change == ConfigChange.Delete ? null : a.Value,
                        })],
                    })],
                    ValidateOnly = validateOnly,
                },
                r => Passing(r.Responses.Select(t => t.ErrorCode)), cancel).ConfigureAwait(false);
            foreach (var r in response.Responses)
            {
                var resource = new ConfigResource((ConfigResourceType)r.ResourceType, r.ResourceName);
                result[resource] = Outcome.Of(r.ErrorCode, $"Configs of {resource.Type} {resource.Name} were not changed", r.ErrorMessage,
                    () => default(Done));
            }
        }
        return result;
    }

    /// <summary>The names of everything that has configs of its own, by type.</summary>
    public async ValueTask<IReadOnlyList<ConfigResource>> ListConfigResourcesAsync(ConfigResourceType type, CancellationToken cancel = default)
    {
        var response = await AskAny(
            ApiKey.ListConfigResources, v => new ListConfigResourcesRequest { ResourceTypes = v >= 1 ? [(sbyte)type] : [] },
            r => r.ErrorCode, cancel).ConfigureAwait(false);
        if (response.ErrorCode != ErrorCode.None) throw KafkaException.Of(response.ErrorCode, "Config resources cannot be listed");
        return [.. response.ConfigResources.Select(r => new ConfigResource((ConfigResourceType)r.ResourceType, r.ResourceName))];
    }

    // A broker's own values are known to that broker alone; the rest to all.
    static int? BrokerOf(ConfigResource resource) =>
        resource.Type is ConfigResourceType.Broker or ConfigResourceType.BrokerLogger
            && int.TryParse(resource.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? id : null;

    async ValueTask<TResponse> AskFor<TResponse>(
        int? broker, ApiKey api, Func<short, IRequest<TResponse>> build, Func<TResponse, ErrorCode> errorOf, CancellationToken cancel)
        where TResponse : IMessage
    {
        if (broker is not { } id) return await AskAny(api, build, errorOf, cancel).ConfigureAwait(false);
        if (Cluster.Snapshot.BrokerOf(id) is null) await Cluster.RefreshAsync(cancel).ConfigureAwait(false);
        if (Cluster.Snapshot.BrokerOf(id) is null) throw new KafkaException(ErrorCode.BrokerNotAvailable, $"There is no broker {id} in the cluster.");
        return await AskBroker(id, api, build, errorOf, cancel).ConfigureAwait(false);
    }
}
