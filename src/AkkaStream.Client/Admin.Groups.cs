using System.Collections.Concurrent;
using AkkaStream.Client.Administration;
using AkkaStream.Client.Groups;
using AkkaStream.Net.Links;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Client;

public sealed partial class Admin
{
    const string ClassicType = "Classic", ConsumerType = "Consumer";

    readonly ConcurrentDictionary<string, Coordinator> _coordinators = new();

    Coordinator CoordinatorOf(string group) => _coordinators.GetOrAdd(group, g => new Coordinator(Cluster, CoordinatorKind.Group, g));

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
            foreach (var g in response.Groups) groups[g.GroupId] = new GroupListing(g.GroupId, g.ProtocolType, g.GroupState, TypeOf(g.GroupType));
        }
        return [.. groups.Values.OrderBy(g => g.GroupId, StringComparer.Ordinal)];
    }

    // On the wire types are written small; before version 5 there was only one.
    static string TypeOf(string told) => told.Length == 0 ? ClassicType : char.ToUpperInvariant(told[0]) + told[1..];

    ValueTask<TResponse> AskCoordinator<TResponse>(
        string group, ApiKey api, Func<short, IRequest<TResponse>> build, Func<TResponse, ErrorCode> errorOf, CancellationToken cancel,
        VersionRange? versions = null)
        where TResponse : IMessage =>
        CoordinatorOf(group).AskAsync(
            api, versions ?? ApiTable.Advertised(api), build, errorOf, null, Cluster.Deadline(Settings.Client.ApiTimeout), cancel);

    /// <summary>State, members and assignments of groups, of the newer protocol and of the classic one.</summary>
    public async ValueTask<IReadOnlyDictionary<string, Outcome<GroupDescription>>> DescribeGroupsAsync(
        IReadOnlyCollection<string> groups, CancellationToken cancel = default)
    {
        var result = new Dictionary<string, Outcome<GroupDescription>>();
        foreach (string group in groups.Distinct())
        {
            try
            {
                result[group] = await DescribeNewAsync(group, cancel).ConfigureAwait(false)
                    ?? await DescribeClassicAsync(group, cancel).ConfigureAwait(false);
            }
            catch (KafkaException e)
            {
                result[group] = Outcome.Failed<GroupDescription>(e);
            }
        }
        return result;
    }

    /// <summary>Null if the group is none of the newer protocol, or the broker does not know that.</summary>
    async ValueTask<Outcome<GroupDescription>?> DescribeNewAsync(string group, CancellationToken cancel)
    {
        var link = await CoordinatorOf(group).FindAsync(Cluster.Deadline(Settings.Client.ApiTimeout), cancel).ConfigureAwait(false);
        var ranges = await link.ConnectAsync(null, cancel).ConfigureAwait(false);
        if (!ranges.Serves(ApiKey.ConsumerGroupDescribe)) return null;
        var response = await AskCoordinator(
            group, ApiKey.ConsumerGroupDescribe, _ => new ConsumerGroupDescribeRequest { GroupIds = [group] },
            r => Passing(r.Groups.Select(g => g.ErrorCode)), cancel).ConfigureAwait(false);
        if (response.Groups is not [var g, ..] || g.ErrorCode is ErrorCode.GroupIdNotFound or ErrorCode.UnsupportedVersion) return null;
        return Outcome.Of(g.ErrorCode, $"Group {group}", g.ErrorMessage, () => new GroupDescription(
            group, g.GroupState, ConsumerType, "consumer", g.AssignorName, CoordinatorOf(group).Node, [.. g.Members.Select(MemberOf)])
        {
            Epoch = g.GroupEpoch,
            TargetEpoch = g.AssignmentEpoch,
        });
    }

    static GroupMemberDescription MemberOf(ConsumerGroupDescribeResponseMember m) => new(
        m.MemberId, m.InstanceId, m.ClientId, m.ClientHost, PartitionsOf(m.Assignment))
    {
        Target = PartitionsOf(m.TargetAssignment),
        Epoch = m.MemberEpoch,
        IsUpgraded = m.MemberType < 0 ? null : m.MemberType == 1,
    };

    static List<TopicPartition> PartitionsOf(ConsumerGroupDescribeResponseAssignment assignment) =>
        [.. assignment.TopicPartitions.SelectMany(t => t.Partitions.Select(p => new TopicPartition(t.TopicName, p)))];

    async ValueTask<Outcome<GroupDescription>> DescribeClassicAsync(string group, CancellationToken cancel)
    {
        var response = await AskCoordinator(
            group, ApiKey.DescribeGroups, _ => new DescribeGroupsRequest { Groups = [group] },
            r => Passing(r.Groups.Select(g => g.ErrorCode)), cancel).ConfigureAwait(false);
        var g = response.Groups[0];
        // Before version 6 a group that does not exist was told as a dead one.
        var error = g.ErrorCode == ErrorCode.None && g.GroupState == "Dead" ? ErrorCode.GroupIdNotFound : g.ErrorCode;
        return Outcome.Of(error, $"Group {group}", g.ErrorMessage ?? $"Group {group} not found.", () => new GroupDescription(
            group, g.GroupState, ClassicType, g.ProtocolType, g.ProtocolData, CoordinatorOf(group).Node,
            [.. g.Members.Select(m => new GroupMemberDescription(
                m.MemberId, m.GroupInstanceId, m.ClientId, m.ClientHost,
                g.ProtocolType == "consumer" ? GroupProtocol.ReadAssignment(m.MemberAssignment) : []))]));
    }

    /// <summary>Deletes groups that have no members, and their offsets.</summary>
    public async ValueTask<IReadOnlyDictionary<string, Outcome<Done>>> DeleteGroupsAsync(IReadOnlyCollection<string> groups,
        CancellationToken cancel = default)
    {
        var result = new Dictionary<string, Outcome<Done>>();
        foreach (string group in groups.Distinct())
        {
            var response = await AskCoordinator(
                group, ApiKey.DeleteGroups, _ => new DeleteGroupsRequest { GroupsNames = [group] },
                r => Passing(r.Results.Select(g => g.ErrorCode)), cancel).ConfigureAwait(false);
            result[group] = Outcome.Of(response.Results[0].ErrorCode, $"Group {group} was not deleted", null, () => default(Done));
        }
        return result;
    }

    /// <summary>What a group has committed; of all its partitions if none is named.</summary>
    public async ValueTask<IReadOnlyDictionary<TopicPartition, OffsetAndMetadata>> ListGroupOffsetsAsync(
        string group, IReadOnlyCollection<TopicPartition>? partitions = null, CancellationToken cancel = default) =>
        await new OffsetStore(Cluster, CoordinatorOf(group), group)
            .FetchAsync(partitions, stable: false, Settings.Client.ApiTimeout, cancel).ConfigureAwait(false);

    /// <summary>Sets committed offsets of a group that has no members. Partitions that could not be set are in the answer with the reason.</summary>
    public async ValueTask<IReadOnlyDictionary<TopicPartition, KafkaException>> AlterGroupOffsetsAsync(
        string group, IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets, CancellationToken cancel = default)
    {
        var errors = await new OffsetStore(Cluster, CoordinatorOf(group), group)
            .CommitAsync(offsets, new GroupIdentity("", -1, null), Settings.Client.ApiTimeout, cancel).ConfigureAwait(false);
        return errors.ToDictionary(e => e.Key, e => KafkaException.Of(e.Value, $"The offset of group {group} in {e.Key} was not set"));
    }

    /// <summary>Forgets committed offsets of a group.</summary>
    public async ValueTask<IReadOnlyDictionary<TopicPartition, Outcome<Done>>> DeleteGroupOffsetsAsync(
        string group, IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancel = default)
    {
        var response = await AskCoordinator(
            group, ApiKey.OffsetDelete, _ => new OffsetDeleteRequest
            {
                GroupId = group,
                Topics = [.. partitions.GroupBy(p => p.Topic).Select(t => new OffsetDeleteRequestTopic
                {
                    Name = t.Key, Partitions = [.. t.Select(p => new OffsetDeleteRequestPartition { PartitionIndex = p.Partition })],
                })],
            },
            r => r.ErrorCode, cancel).ConfigureAwait(false);
        if (response.ErrorCode != ErrorCode.None) throw KafkaException.Of(response.ErrorCode, $"Offsets of group {group} were not deleted");
        return response.Topics
            .SelectMany(t => t.Partitions.Select(p => (Partition: new TopicPartition(t.Name, p.PartitionIndex), p.ErrorCode)))
            .ToDictionary(p => p.Partition,
                p => Outcome.Of(p.ErrorCode, $"The offset of group {group} in {p.Partition} was not deleted", null, () => default(Done)));
    }
}
