using AkkaStream.Net.Links;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Client.Groups;

// Heartbeats: the broker learns that this member lives, and this member learns that the group shares anew.
sealed partial class GroupMember
{
    async Task BeatAsync()
    {
        try
        {
            while (!_closing.IsCancellationRequested)
            {
                await Task.Delay(_settings.HeartbeatInterval, _settings.Client.Time, _closing.Token).ConfigureAwait(false);
                // While it joins, JoinGroup itself is the sign of life.
                if (IsJoining || !Identity.IsMember) continue;
                if (Polls.HasStopped)
                {
                    string cause = Polls.Cause;
                    await LeaveAsync(cause, _settings.Client.RequestTimeout).ConfigureAwait(false);
                    Lose(cause, forgetsMember: _settings.GroupInstanceId is null);
                    continue;
                }
                await BeatOnceAsync().ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The consumer is closed.
        }
        catch (KafkaException e)
        {
            lock (_lock) _beats = false;
            Fail(e);
        }
    }

    async ValueTask BeatOnceAsync()
    {
        var identity = Identity;
        BrokerLink link;
        try
        {
            link = await Coordinator.FindAsync(_cluster.Deadline(_settings.SessionTimeout), _closing.Token).ConfigureAwait(false);
        }
        catch (KafkaException e) when (e.IsRetriable || e.Error == ErrorCode.CoordinatorNotAvailable)
        {
            return;
        }
        ErrorCode error;
        try
        {
            var response = await link.Ask(
                ApiKey.Heartbeat, ApiTable.Advertised(ApiKey.Heartbeat), v => new HeartbeatRequest
                {
                    GroupId = _group,
                    GenerationId = identity.Generation,
                    MemberId = identity.MemberId,
                    GroupInstanceId = v >= 3 ? identity.InstanceId : null,
                },
                null, _closing.Token).ConfigureAwait(false);
            error = response.ErrorCode;
        }
        catch (LinkException e) when (e.Failure.Kind != LinkFailureKind.Unsupported)
        {
            Coordinator.Forget(link);
            return;
        }
        // An answer to an earlier membership says nothing about the present one.
        if (Identity != identity) return;
        OnBeat(error, link);
    }

    void OnBeat(ErrorCode error, BrokerLink link)
    {
        switch (error)
        {
            case ErrorCode.None:
                break;
            case ErrorCode.RebalanceInProgress:
                if (!IsJoining) RequestRejoin("group is already rebalancing");
                break;
            case ErrorCode.NotCoordinator or ErrorCode.CoordinatorNotAvailable or ErrorCode.CoordinatorLoadInProgress:
                Coordinator.Forget(link);
                break;
            case ErrorCode.UnknownMemberId:
                Lose("encountered UNKNOWN_MEMBER_ID from HEARTBEAT response", forgetsMember: true);
                break;
            case ErrorCode.IllegalGeneration:
                Lose("encountered ILLEGAL_GENERATION from HEARTBEAT response", forgetsMember: false);
                break;
            case ErrorCode.FencedInstanceId:
                throw KafkaException.Of(error,
                    $"Another consumer has taken the place of static member {_settings.GroupInstanceId} in group {_group}");
            default:
                if (!ErrorCodes.IsRetriable(error)) throw KafkaException.Of(error, $"Heartbeat in group {_group}");
                break;
        }
    }
}
