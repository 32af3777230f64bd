using AkkaStream.Actors;
using AkkaStream.Log;
using AkkaStream.Protocol;

namespace AkkaStream.Replication;

/// <summary>
/// What a failure of the replica itself leaves: nobody waits for an answer that does not come, the log is let go of, and the next object
/// begins offline, to be verified and brought back by the keeper like one whose disk failed.
/// </summary>
sealed partial class PartitionReplica
{
    /// <summary>What is being appended: not answered if the turn ends here.</summary>
    AppendBatches? _inHand;

    /// <summary>Who asked last, and waits if the turn ends here.</summary>
    IActorRef? _asker;

    protected override void PreRestart(Exception reason, object? message)
    {
        GoOffline($"an error of its own: {reason.Message}", comesBack: true);
        _inHand?.TakeBack(_offline, BatchFault.DiskFailed);
        foreach (var append in _waitingAppends) append.Refuse(_offline, BatchFault.LogOffline);
        foreach (var waiting in _waitingOpens) waiting.Tell(new ReplicaOpened(null, _offline));
        foreach (var (waiting, sender) in _waitingOthers) Refuse(waiting, sender);
        TellChecker();
        if (message is not null && _asker is not null) Refuse(message, _asker);
    }

    protected override void PostRestart(Exception reason)
    {
        _offline = ErrorCode.KafkaStorageError;
        _comesBack = true;
        if (self.Closing is { } close) OnClose(close.Delete, close.Sender);
    }

    void Refuse(object message, IActorRef sender)
    {
        switch (message)
        {
            case OpenReplica: sender.Tell(new ReplicaOpened(null, _offline)); break;
            case TrimLog: sender.Tell(new LogTrimmed(_offline, Offset.Unknown)); break;
            case GetProducers: sender.Tell(Array.Empty<ProducerDescription>()); break;
        }
    }
}
