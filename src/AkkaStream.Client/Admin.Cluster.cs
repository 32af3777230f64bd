using AkkaStream.Client.Administration;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Client;

public sealed partial class Admin
{
    /// <summary>Forgets a broker that will not come back.</summary>
    /// <exception cref="KafkaException">It is not registered, or still lives.</exception>
    public async ValueTask UnregisterBrokerAsync(int broker, CancellationToken cancel = default)
    {
        var response = await AskAny(
            ApiKey.UnregisterBroker, _ => new UnregisterBrokerRequest { BrokerId = broker }, r => r.ErrorCode, cancel).ConfigureAwait(false);
        if (response.ErrorCode != ErrorCode.None)
            throw KafkaException.Of(response.ErrorCode, $"Broker {broker} was not unregistered", response.ErrorMessage);
    }

    /// <summary>The features that brokers know, with the levels that the cluster has settled on.</summary>
    public async ValueTask<ClusterFeatures> DescribeFeaturesAsync(int? broker = null, CancellationToken cancel = default)
    {
        var told = broker is { } id
            ? await DescribeApisAsync(id, cancel).ConfigureAwait(false) : await DescribeApisAsync(cancel).ConfigureAwait(false);
        var levels = told.FinalizedFeatures.ToDictionary(f => f.Name, f => f.MaxVersionLevel);
        return new ClusterFeatures(
            told.FinalizedFeaturesEpoch, [.. told.SupportedFeatures.OrderBy(f => f.Name, StringComparer.Ordinal)
                .Select(f => new FeatureDescription(f.Name, f.MinVersion, f.MaxVersion, levels.GetValueOrDefault(f.Name)))]);
    }
}
