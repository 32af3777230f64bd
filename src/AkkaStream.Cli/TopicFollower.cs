using AkkaStream.Client;
using AkkaStream.Client.Settings;
using AkkaStream.Protocol;

namespace AkkaStream.Cli;

/// <summary>
/// Reads all partitions of some topics without a group: no waiting for a coordinator and nothing left behind. Partitions and topics that
/// come later are read from their beginning.
/// </summary>
sealed class TopicFollower(Consumer consumer, string? topic, string? pattern, bool fromBeginning)
{
    readonly TopicFilter? _filter = pattern is null ? null : new TopicFilter(pattern);
    readonly HashSet<TopicPartition> _known = [];
    long _seen = -1;

    /// <summary>Takes in what has changed since the last time; cheap when nothing has.</summary>
    public async ValueTask FollowAsync(CancellationToken stop)
    {
        if (_seen < 0)
        {
            if (topic is not null) await consumer.TopicAsync(topic, stop).ConfigureAwait(false);
            else await consumer.FollowAllTopicsAsync(stop).ConfigureAwait(false);
        }
        var snapshot = consumer.Cluster.Snapshot;
        if (snapshot.Version == _seen) return;
        bool first = _seen < 0;
        _seen = snapshot.Version;
        var added = new List<TopicPartition>();
        foreach (var view in snapshot.Topics.Values)
        {
            bool wanted = topic is not null ? view.Name == topic : _filter?.Matches(view.Name) == true && !view.IsInternal;
            if (!wanted || view.Error != ErrorCode.None) continue;
            foreach (var partition in view.Partitions)
                if (_known.Add(new TopicPartition(view.Name, partition.Index))) added.Add(new TopicPartition(view.Name, partition.Index));
        }
        if (added.Count == 0) return;
        consumer.Assign(_known);
        if (!first || fromBeginning) consumer.SeekToBeginning(added);
        else if (consumer.Settings.OffsetReset == OffsetReset.Latest) consumer.SeekToEnd(added);
    }
}
