using System.Collections.Concurrent;
using AkkaStream.Net;

namespace AkkaStream.Net.Tests;

/// <summary>Answers each frame with its own bytes. The first byte says how: see the cases.</summary>
sealed class EchoSink : IRequestSink
{
    readonly List<(ReplySlot Slot, byte[] Bytes)> _grouped = [];

    public ConcurrentQueue<ReplySlot> Parked { get; } = new();
    public ConcurrentQueue<EndReason> Ended { get; } = new();
    public ConcurrentQueue<string> Events { get; } = new();
    public Func<ReplySlot, byte[], bool>? Custom { get; set; }

    public void OnOpened(Connection connection) => Events.Enqueue("opened");

    public void OnFrame(Connection connection, Frame frame, ReplySlot slot)
    {
        byte[] bytes = frame.Bytes.ToArray();
        if (Custom is { } custom && custom(slot, bytes)) return;
        switch (bytes.Length == 0 ? 'e' : (char)bytes[0])
        {
            case 'g': // the first stage comes when the batch ends
                Events.Enqueue($"group {bytes[1]}");
                slot.Group();
                _grouped.Add((slot, bytes));
                break;
            case 'p': // parked with the order fixed: others may overtake in work, not in answers
                Events.Enqueue($"park {bytes[1]}");
                slot.FixOrder();
                Parked.Enqueue(slot);
                break;
            case 'h': // held: nothing behind it begins
                Events.Enqueue($"hold {bytes[1]}");
                Parked.Enqueue(slot);
                break;
            case 's': // silent, as acks=0
                slot.Complete();
                break;
            case 'x':
                slot.Close(EndReason.UnsupportedVersion);
                break;
            case '!':
                throw new InvalidOperationException("a handler that throws");
            default:
                if (bytes.Length > 1) Events.Enqueue($"echo {bytes[1]}");
                Answer(slot, bytes);
                break;
        }
    }

    public bool MayJoinGroup(ReadOnlySpan<byte> frame) => frame.Length > 0 && frame[0] == 'g';

    public void OnDraining() => Events.Enqueue("draining");

    public void OnBatchEnd()
    {
        foreach (var (slot, bytes) in _grouped)
        {
            Events.Enqueue($"append {bytes[1]}");
            Answer(slot, bytes);
        }
        _grouped.Clear();
    }

    public void OnRepliesSent() { }
    public void OnClosed(Connection connection, EndReason reason) => Ended.Enqueue(reason);

    public static void Answer(ReplySlot slot, byte[] bytes)
    {
        bytes.CopyTo(slot.Reserve(bytes.Length));
        slot.Complete();
    }
}
