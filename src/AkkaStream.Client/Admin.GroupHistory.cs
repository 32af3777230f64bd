using AkkaStream.Client.Administration;
using AkkaStream.Client.Groups;
using AkkaStream.Net.Links;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages.Private;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Client;

// What only AkkaStream's coordinators know. A broker of Kafka closes the connection when it is asked.
public sealed partial class Admin
{
    /// <summary>What happened to a group lately, oldest first: rebalances with their cause, resets and expiry of offsets.</summary>
    /// <exception cref="KafkaException">There is no such group, or the broker is none of AkkaStream.</exception>
    public async ValueTask<IReadOnlyList<GroupHistoryEvent>> GroupHistoryAsync(string group, CancellationToken cancel = default)
    {
        var response = await AskOwn(
            group, PrivateApis.GroupHistory, new GroupHistoryRequest { Groups = [group] },
            r => r.Groups is [var g, ..] ? g.ErrorCode : ErrorCode.GroupIdNotFound, cancel).ConfigureAwait(false);
        var told = response.Groups[0];
        if (told.ErrorCode != ErrorCode.None) throw KafkaException.Of(told.ErrorCode, $"No history of group {group}", told.ErrorMessage);
        return [.. told.Events.Select(e => new GroupHistoryEvent(
            e.Kind, DateTimeOffset.FromUnixTimeMilliseconds(e.TimestampMs), e.Generation, e.Members, e.MemberId, e.ClientId, e.Reason,
            TimeSpan.FromMilliseconds(e.DurationMs), e.Count, [.. e.Offsets.Select(o => MoveOf(o.Topic, o.Partition, o.Before, o.After))]))];
    }

    /// <summary>Puts back what a group had committed before the last reset, deletion or expiry of its offsets; it must have no members.</summary>
    /// <returns>What was moved, or what would be.</returns>
    /// <exception cref="KafkaException">There is nothing to put back, the group has members, or the broker is none of AkkaStream.</exception>
    public async ValueTask<IReadOnlyList<OffsetMove>> UndoGroupResetAsync(string group, bool dryRun = false, CancellationToken cancel = default)
    {
        var response = await AskOwn(
            group, PrivateApis.UndoGroupReset, new UndoGroupResetRequest { GroupId = group, DryRun = dryRun }, r => r.ErrorCode, cancel)
            .ConfigureAwait(false);
        if (response.ErrorCode != ErrorCode.None)
            throw KafkaException.Of(response.ErrorCode, $"The offsets of group {group} were not put back", response.ErrorMessage);
        return [.. response.Offsets.Select(o => MoveOf(o.Topic, o.Partition, o.Before, o.After))];
    }

    static OffsetMove MoveOf(string topic, int partition, long before, long after) =>
        new(new TopicPartition(topic, partition), before < 0 ? null : before, after < 0 ? null : after);

    async ValueTask<TResponse> AskOwn<TResponse>(
        string group, ApiKey api, IRequest<TResponse> request, Func<TResponse, ErrorCode> errorOf, CancellationToken cancel)
        where TResponse : IMessage
    {
        long deadline = Cluster.Deadline(Settings.Client.ApiTimeout);
        for (int failures = 1; ; failures++)
        {
            var link = await CoordinatorOf(group).FindAsync(deadline, cancel).ConfigureAwait(false);
            try
            {
                var response = await link.Ask(api, ApiTable.Versions(api), _ => request, null, cancel).ConfigureAwait(false);
                var error = errorOf(response);
                if (error is not (ErrorCode.NotCoordinator or ErrorCode.CoordinatorNotAvailable or ErrorCode.CoordinatorLoadInProgress)
                    || Settings.Client.Time.GetTimestamp() >= deadline)
                    return response;
                CoordinatorOf(group).Forget(link);
            }
            catch (LinkException e)
            {
                // Asking again would find the connection closed again.
                throw new KafkaException(ErrorCode.UnsupportedVersion,
                    $"{link.Peer} does not tell the history of groups, which only brokers of AkkaStream know: {e.Failure.Text}.", e);
            }
            await Task.Delay(Settings.Client.Retry.After(failures, Cluster.Chance.NextDouble()), Settings.Client.Time, cancel)
                .ConfigureAwait(false);
        }
    }
}
