using AkkaStream.Net.Links;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Client.Groups;

/// <summary>What a coordinator is asked for. The numbers are Kafka's.</summary>
enum CoordinatorKind : sbyte
{
    Group = 0,
    Transaction = 1,
}

/// <summary>
/// The broker that coordinates one group (or transactional id): found when needed, forgotten when it says that it is not the one or cannot be
/// reached. Any thread.
/// </summary>
sealed class Coordinator(ClusterView cluster, CoordinatorKind kind, string key)
{
    static readonly TimeSpan LeastWait = TimeSpan.FromMilliseconds(200);

    BrokerLink? _link;

    /// <summary>The coordinator as it was found last; null before.</summary>
    public BrokerView? Node { get; private set; }

    /// <summary>The coordinator, waiting for one for as long as the caller is patient.</summary>
    /// <exception cref="KafkaException">None was found in time, or the group may not be used.</exception>
    public async ValueTask<BrokerLink> FindAsync(long deadline, CancellationToken cancel)
    {
        if (Volatile.Read(ref _link) is { } known) return known;
        string failure = "no broker is known";
        for (int failures = 1; ; failures++)
        {
            foreach (var link in cluster.LinksToAny())
            {
                try
                {
                    var found = Read(await link.Ask(ApiKey.FindCoordinator, Versions, RequestFor, Until(deadline), cancel).ConfigureAwait(false));
                    if (found.Error == ErrorCode.None)
                    {
                        Node = new BrokerView(found.NodeId, found.Host, found.Port, null);
                        var coordinator = cluster.LinkAt(found.Host, found.Port, LinkUse.Coordinator);
                        Volatile.Write(ref _link, coordinator);
                        return coordinator;
                    }
                    if (!ErrorCodes.IsRetriable(found.Error)) throw KafkaException.Of(found.Error, $"No coordinator of {key}", found.Text);
                    failure = found.Text ?? ErrorCodes.NameOf(found.Error);
                    break;
                }
                catch (LinkException e) when (e.Failure.IsTransient)
                {
                    failure = e.Failure.Text;
                }
                catch (LinkException e)
                {
                    throw new KafkaException(ErrorCode.UnsupportedVersion, $"No coordinator of {key}: {e.Failure.Text}.", e);
                }
            }
            if (cluster.Settings.Time.GetTimestamp() >= deadline)
                throw new KafkaException(ErrorCode.CoordinatorNotAvailable, $"No coordinator of {key} was found in time: {failure.TrimEnd('.')}.");
            await Task.Delay(cluster.Settings.Retry.After(failures, cluster.Chance.NextDouble()), cluster.Settings.Time, cancel)
                .ConfigureAwait(false);
        }
    }

    // No request waits for longer than its caller; each has a moment, or the caller would never hear an answer that is there at once.
    TimeSpan Until(long deadline)
    {
        var left = cluster.Settings.Time.GetElapsedTime(cluster.Settings.Time.GetTimestamp(), deadline);
        return left > cluster.Settings.RequestTimeout ? cluster.Settings.RequestTimeout : left > LeastWait ? left : LeastWait;
    }

    static readonly VersionRange Versions = new(1, ApiTable.Advertised(ApiKey.FindCoordinator).Highest);

    FindCoordinatorRequest RequestFor(short version) => new()
    {
        Key = version < 4 ? key : "",
        KeyType = (sbyte)kind,
        CoordinatorKeys = version >= 4 ? [key] : [],
    };

    static (ErrorCode Error, string? Text, int NodeId, string Host, int Port) Read(FindCoordinatorResponse response) =>
        response.Coordinators is [var one, ..]
            ? (one.ErrorCode, one.ErrorMessage, one.NodeId, one.Host, one.Port)
            : (response.ErrorCode, response.ErrorMessage, response.NodeId, response.Host, response.Port);

    /// <summary>It is not the coordinator, or cannot be reached: the next one to ask finds out anew.</summary>
    public void Forget(BrokerLink link) => Interlocked.CompareExchange(ref _link, null, link);

    /// <summary>
    /// Asks the coordinator until it answers something else than that it is not the one or not ready; <paramref name="errorOf"/> says what
    /// stands in an answer.
    /// </summary>
    public async ValueTask<TResponse> AskAsync<TResponse>(
        ApiKey api, VersionRange versions, Func<short, IRequest<TResponse>> build, Func<TResponse, ErrorCode> errorOf, TimeSpan? timeout,
        long deadline, CancellationToken cancel)
        where TResponse : IMessage
    {
        for (int failures = 1; ; failures++)
        {
            var link = await FindAsync(deadline, cancel).ConfigureAwait(false);
            string failure;
            try
            {
                var response = await link.Ask(api, versions, build, timeout ?? Until(deadline), cancel).ConfigureAwait(false);
                var error = errorOf(response);
                if (error is ErrorCode.NotCoordinator or ErrorCode.CoordinatorNotAvailable) Forget(link);
                else if (error is not (ErrorCode.CoordinatorLoadInProgress or ErrorCode.UnstableOffsetCommit)) return response;
                failure = ErrorCodes.NameOf(error);
            }
            catch (LinkException e) when (e.Failure.IsTransient)
            {
                Forget(link);
                failure = e.Failure.Text;
            }
            catch (LinkException e) when (e.Failure.Kind is LinkFailureKind.Unsupported)
            {
                throw new KafkaException(ErrorCode.UnsupportedVersion, $"{e.Failure.Text}.", e);
            }
            if (cluster.Settings.Time.GetTimestamp() >= deadline)
                throw new KafkaException(ErrorCode.RequestTimedOut, $"{api} of {key} was not answered in time: {failure}.");
            await Task.Delay(cluster.Settings.Retry.After(failures, cluster.Chance.NextDouble()), cluster.Settings.Time, cancel)
                .ConfigureAwait(false);
        }
    }
}
