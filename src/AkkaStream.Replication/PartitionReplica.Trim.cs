using AkkaStream.Actors;
using AkkaStream.Log;
using AkkaStream.Protocol;

namespace AkkaStream.Replication;

/// <summary>
/// DeleteRecords: the new start of the log is made durable on the disk lane, then taken over in a turn, then answered. One at a time,
/// so that an earlier one never overwrites a later one on the disk; appends go on meanwhile.
/// </summary>
sealed partial class PartitionReplica
{
    readonly Queue<(Offset Target, IActorRef Sender)> _trims = new();

    void OnTrim(Offset upTo)
    {
        var refusal = _offline != ErrorCode.None ? _offline : self.Standing.Refusal;
        if (refusal != ErrorCode.None)
        {
            Sender.Tell(new LogTrimmed(refusal, Offset.Unknown));
            return;
        }
        var highWatermark = _log!.View.HighWatermark;
        var target = upTo == Offset.Unknown ? highWatermark : upTo;
        if (target.Value < 0 || target > highWatermark)
        {
            Sender.Tell(new LogTrimmed(ErrorCode.OffsetOutOfRange, Offset.Unknown));
            return;
        }
        _trims.Enqueue((target, Sender));
        if (_trims.Count == 1) PersistNext();
    }

    void PersistNext()
    {
        var (target, log, me) = (_trims.Peek().Target, _log!, Self);
        environment.DiskLane.Schedule(new LaneWork(() =>
        {
            string? problem = null;
            try { log.PersistLogStart(target); }
            catch (Exception e) { problem = e.Message; }
            me.Tell(new LogStartPersisted(log, problem));
        }));
    }

    void OnStartPersisted(LogStartPersisted persisted)
    {
        if (!_trims.TryDequeue(out var trim)) return;
        var (target, sender) = trim;

        // The log may have been closed, or gone offline, while the disk was busy: the caller finds out when it asks again.
        if (persisted.Problem is { } problem)
        {
            ReplicationTrace.NotTrimmed(environment.Log, self, target.Value, problem);
            sender.Tell(new LogTrimmed(ErrorCode.KafkaStorageError, Offset.Unknown));
        }
        else if (_log != persisted.Log)
        {
            sender.Tell(new LogTrimmed(_offline != ErrorCode.None ? _offline : ErrorCode.NotLeaderOrFollower, Offset.Unknown));
        }
        else
        {
            _log.FollowLogStart(target);
            self.Publish(_log.View);
            sender.Tell(new LogTrimmed(ErrorCode.None, _log.View.StartOffset));
        }
        if (_log is null) RefuseTrims();
        else if (_trims.Count > 0) PersistNext();
    }

    void RefuseTrims()
    {
        foreach (var (_, sender) in _trims) sender.Tell(new LogTrimmed(_offline, Offset.Unknown));
        _trims.Clear();
    }
}
