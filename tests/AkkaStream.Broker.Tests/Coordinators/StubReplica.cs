using AkkaStream.Actors;
using AkkaStream.Log;
using AkkaStream.Protocol;
using AkkaStream.Replication;

namespace AkkaStream.Broker.Tests.Coordinators;

/// <summary>A replica of the offsets topic that answers when the test wants it to, and as it wants. What it takes is in a real log.</summary>
sealed class StubReplica(PartitionLog log) : UntypedActor
{
    readonly Queue<AppendBatches> _held = new();
    readonly List<IActorRef> _opening = [];

    public bool HoldsOpening { get; set; }

    /// <summary>What is appended stays uncommitted.</summary>
    public bool HoldsCommits { get; set; }

    /// <summary>What comes is refused, although it seemed welcome.</summary>
    public ErrorCode Refuses { get; set; }

    public int Batches { get; private set; }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case OpenReplica when HoldsOpening:
                _opening.Add(Sender);
                break;
            case OpenReplica:
                Sender.Tell(new ReplicaOpened(log.View, ErrorCode.None));
                break;
            case AppendBatches append when Refuses != ErrorCode.None:
                append.Refuse(Refuses);
                break;
            case AppendBatches append:
                Batches += append.Count;
                log.AppendAsLeader(append.Batches, append.OnlyIn, nowMs: 0, isCommitted: true);
                _held.Enqueue(append);
                if (!HoldsCommits) Commit();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    public void Commit()
    {
        while (_held.TryDequeue(out var append)) append.Answer(log.View.StartOffset);
    }

    public void Open()
    {
        HoldsOpening = false;
        foreach (var waiting in _opening) waiting.Tell(new ReplicaOpened(log.View, ErrorCode.None));
        _opening.Clear();
    }
}
