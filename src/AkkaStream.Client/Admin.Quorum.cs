using AkkaStream.Client.Administration;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Client;

public sealed partial class Admin
{
    const string MetadataTopic = "__cluster_metadata";

    /// <summary>Who keeps the metadata of the cluster, and how far each has come.</summary>
    /// <exception cref="KafkaException">The brokers do not tell.</exception>
    public async ValueTask<QuorumDescription> DescribeQuorumAsync(CancellationToken cancel = default)
    {
        var response = await AskAny(
            ApiKey.DescribeQuorum, _ => new DescribeQuorumRequest
            {
                Topics = [new DescribeQuorumRequestTopic { TopicName = MetadataTopic, Partitions = [new DescribeQuorumRequestPartition()] }],
            },
            r => r.ErrorCode, cancel).ConfigureAwait(false);
        var error = response.ErrorCode;
        string? told = response.ErrorMessage;
        var partition = response.Topics is [{ Partitions: [var only] }] ? only : null;
        if (error == ErrorCode.None && partition is not null) (error, told) = (partition.ErrorCode, partition.ErrorMessage);
        if (error == ErrorCode.None && partition is null) error = ErrorCode.UnknownServerError;
        if (error != ErrorCode.None || partition is null) throw KafkaException.Of(error, "The quorum cannot be described", told);
        var nodes = response.Nodes.ToDictionary(n => n.NodeId, n => n.Listeners);
        return new QuorumDescription(
            partition.LeaderId, partition.LeaderEpoch, partition.HighWatermark,
            [.. partition.CurrentVoters.Select(Replica)], [.. partition.Observers.Select(Replica)]);

        QuorumReplica Replica(DescribeQuorumResponseReplica r) => new(
            r.ReplicaId, r.ReplicaDirectoryId, r.LogEndOffset, r.LastFetchTimestamp, r.LastCaughtUpTimestamp,
            [.. nodes.GetValueOrDefault(r.ReplicaId, []).Select(l => $"{l.Name}://{(l.Host.Contains(':') ? $"[{l.Host}]" : l.Host)}:{l.Port}")]);
    }

    /// <summary>Raises or lowers levels of features: all of them or none.</summary>
    public async ValueTask<IReadOnlyDictionary<string, Outcome<Done>>> UpdateFeaturesAsync(
        IReadOnlyDictionary<string, FeatureUpdate> updates, bool validateOnly = false, CancellationToken cancel = default)
    {
        var response = await AskAny(
            ApiKey.UpdateFeatures, v => RequestFor(updates, validateOnly, v), r => r.ErrorCode, cancel,
            new VersionRange((short)(validateOnly ? 1 : 0), ApiTable.Advertised(ApiKey.UpdateFeatures).Highest)).ConfigureAwait(false);
        var each = response.Results.ToDictionary(r => r.Feature);
        return updates.Keys.ToDictionary(name => name, name =>
            response.ErrorCode == ErrorCode.None && each.TryGetValue(name, out var own)
                ? Outcome.Of(own.ErrorCode, $"Feature {name}", own.ErrorMessage, () => default(Done))
                : Outcome.Of(response.ErrorCode, $"Feature {name}", response.ErrorMessage, () => default(Done)));
    }

    UpdateFeaturesRequest RequestFor(IReadOnlyDictionary<string, FeatureUpdate> updates, bool validateOnly, short version) => new()
    {
        TimeoutMs = TimeoutMs,
        ValidateOnly = validateOnly,
        FeatureUpdates = [.. updates.Select(u => new UpdateFeaturesRequestFeature
        {
            Feature = u.Key,
            MaxVersionLevel = u.Value.Level,
            AllowDowngrade = version == 0 && u.Value.Change != FeatureChange.Upgrade,
            UpgradeType = version == 0 ? (sbyte)FeatureChange.Upgrade : (sbyte)u.Value.Change,
        })],
    };
}
