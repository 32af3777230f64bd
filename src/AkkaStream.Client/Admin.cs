using AkkaStream.Client.Administration;
using AkkaStream.Client.Settings;
using AkkaStream.Net.Links;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Client;

/// <summary>
/// Looks at a cluster and changes it: topics, configs, offsets, groups. Every call repeats what fails for a passing reason until
/// default.api.timeout.ms is over. What names several things answers for each of them. Any thread.
/// </summary>
public sealed partial class Admin : IAsyncDisposable
{
    /// <exception cref="KafkaConfigException">A setting cannot be used.</exception>
    public Admin(AdminSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        Settings = settings;
        Cluster = new ClusterView(settings.Client);
    }

    /// <summary>What it was made with.</summary>
    public AdminSettings Settings { get; }

    /// <summary>What it knows of the cluster.</summary>
    public ClusterView Cluster { get; }

    /// <summary>Closes the connections.</summary>
    public ValueTask DisposeAsync()
    {
        Cluster.Dispose();
        return default;
    }

    int TimeoutMs => (int)Settings.Client.RequestTimeout.TotalMilliseconds;

    /// <summary>Asks any broker; <paramref name="errorOf"/> says what stands in the answer, and what may pass is asked again.</summary>
    internal ValueTask<TResponse> AskAny<TResponse>(
        ApiKey api, Func<short, IRequest<TResponse>> build, Func<TResponse, ErrorCode> errorOf, CancellationToken cancel,
        VersionRange? versions = null)
        where TResponse : IMessage =>
        AskAgain(() => Cluster.LinksToAny(), api, versions ?? ApiTable.Advertised(api), build, errorOf, cancel);

    /// <summary>Asks one broker.</summary>
    internal ValueTask<TResponse> AskBroker<TResponse>(
        int broker, ApiKey api, Func<short, IRequest<TResponse>> build, Func<TResponse, ErrorCode> errorOf, CancellationToken cancel)
        where TResponse : IMessage =>
        AskAgain(() => Cluster.LinkTo(broker) is { } link ? [link] : [], api, ApiTable.Advertised(api), build, errorOf, cancel);

    async ValueTask<TResponse> AskAgain<TResponse>(
        Func<List<BrokerLink>> links, ApiKey api, VersionRange versions, Func<short, IRequest<TResponse>> build,
        Func<TResponse, ErrorCode> errorOf, CancellationToken cancel)
        where TResponse : IMessage
    {
        long deadline = Cluster.Deadline(Settings.Client.ApiTimeout);
        string failure = "no broker is known";
        for (int failures = 1; ; failures++)
        {
            bool anyResolved = false;
            foreach (var link in links())
            {
                try
                {
                    var response = await link.Ask(api, versions, build, null, cancel).ConfigureAwait(false);
                    var error = errorOf(response);
                    if (error == ErrorCode.None || !MayPass(error)) return response;
                    anyResolved = true;
                    failure = $"{link.Peer} answered {ErrorCodes.NameOf(error)}";
                }
                catch (LinkException e) when (e.Failure.IsTransient)
                {
                    failure = e.Failure.Text;
                    anyResolved |= e.Failure.Kind != LinkFailureKind.UnknownHost;
                }
                catch (LinkException e)
                {
                    throw new KafkaException(e.Failure.Kind == LinkFailureKind.NotAuthenticated ? ErrorCode.SaslAuthenticationFailed
                        : ErrorCode.UnsupportedVersion, $"{e.Failure.Text}.", e);
                }
            }
            // A name that nobody knows is a mistake in the configuration as long as nothing was ever reached.
            if (!anyResolved && Cluster.Snapshot.Brokers.Count == 0)
                throw new KafkaConfigException("bootstrap.servers", $"No resolvable bootstrap urls given in bootstrap.servers: {failure}.");
            ClientTrace.AskedAgain(Settings.Client.Log, api.ToString(), failure);
            if (Settings.Client.Time.GetTimestamp() >= deadline)
                throw new KafkaException(ErrorCode.RequestTimedOut,
                    $"{api} was not answered within {Settings.Client.ApiTimeout.TotalMilliseconds:0} ms: {failure}.");
            if (Cluster.Snapshot.Brokers.Count > 0) Cluster.RefreshSoon();
            var wait = Settings.Client.Retry.After(failures, Cluster.Chance.NextDouble());
            await Task.Delay(wait, Settings.Client.Time, cancel).ConfigureAwait(false);
        }
    }

    static bool MayPass(ErrorCode error) => ErrorCodes.IsRetriable(error) || error == ErrorCode.NotController;

    /// <summary>The worst of several errors: one that may pass, so that all are asked again, else none.</summary>
    static ErrorCode Passing(IEnumerable<ErrorCode> errors)
    {
        foreach (var error in errors)
            if (error is ErrorCode.NotController or ErrorCode.CoordinatorLoadInProgress or ErrorCode.CoordinatorNotAvailable) return error;
        return ErrorCode.None;
    }

    /// <summary>The cluster's id, controller and brokers.</summary>
    public async ValueTask<ClusterDescription> DescribeClusterAsync(bool includeFenced = false, CancellationToken cancel = default)
    {
        var response = await AskAny(
            ApiKey.DescribeCluster, v => new DescribeClusterRequest { IncludeFencedBrokers = includeFenced && v >= 2 }, r => r.ErrorCode, cancel)
                .ConfigureAwait(false);
        if (response.ErrorCode != ErrorCode.None)
            throw KafkaException.Of(response.ErrorCode, "The cluster cannot be described", response.ErrorMessage);
        return new ClusterDescription(
            response.ClusterId, response.ControllerId,
            [.. response.Brokers.OrderBy(b => b.BrokerId).Select(b => new BrokerDescription(b.BrokerId, b.Host, b.Port, b.Rack, b.IsFenced))]);
    }

    /// <summary>What one broker serves: APIs with versions, and features.</summary>
    public async ValueTask<ApiVersionsResponse> DescribeApisAsync(int broker, CancellationToken cancel = default)
    {
        if (Cluster.LinkTo(broker) is null) await Cluster.RefreshAsync(cancel).ConfigureAwait(false);
        return await AskBroker(
            broker, ApiKey.ApiVersions, _ => new ApiVersionsRequest { ClientSoftwareName = "akkastream", ClientSoftwareVersion = "0.1.0" },
            r => r.ErrorCode, cancel).ConfigureAwait(false);
    }

    /// <summary>What any broker serves.</summary>
    public ValueTask<ApiVersionsResponse> DescribeApisAsync(CancellationToken cancel = default) => AskAny(
        ApiKey.ApiVersions, _ => new ApiVersionsRequest { ClientSoftwareName = "akkastream", ClientSoftwareVersion = "0.1.0" },
        r => r.ErrorCode, cancel);
}
