using AkkaStream.Client.Administration;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Client;

public sealed partial class Admin
{
    /// <summary>All groups of the cluster: each broker knows those that it coordinates.</summary>
    public async ValueTask<IReadOnlyList<GroupListing>> ListGroupsAsync(
        IReadOnlyCollection<string>? states = null, IReadOnlyCollection<string>? types = null, CancellationToken cancel = default)
    {
        var brokers = (await Cluster.RefreshAsync(cancel).ConfigureAwait(false)).Brokers;
        var groups = new Dictionary<string, GroupListing>();
        foreach (var broker in brokers)
        {
            var response = await AskBroker(
                broker.Id, ApiKey.ListGroups, v => new ListGroupsRequest
                {
                    StatesFilter = v >= 4 ? [.. states ?? []] : [],
                    TypesFilter = v >= 5 ? [.. types ?? []] : [],
                },
                r => r.ErrorCode, cancel).ConfigureAwait(false);
            if (response.ErrorCode != ErrorCode.None) throw KafkaException.Of(response.ErrorCode, $"Broker {broker.Id} does not list its groups");
            foreach (var g in response.Groups) groups[g.GroupId] = new GroupListing(g.GroupId, g.ProtocolType, g.GroupState, g.GroupType);
        }
        return [.. groups.Values.OrderBy(g => g.GroupId, StringComparer.Ordinal)];
    }
}
