using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Broker;

/// <summary>
/// Requests that are large and not Produce: decoding one takes a multiple of its bytes, and time that a network loop does not have.
/// They are decoded on the work lane, and only so many at once that the bytes under way stay within a budget; the others wait in
/// order, each holding its own frame and nothing else. Any thread.
/// </summary>
sealed class LargeRequests(BrokerNode node)
{
    /// <summary>From here on a request is large.</summary>
    public const int From = 64 * 1024;

    /// <summary>From here on a request names so many things that they are looked up elsewhere than on a network loop.</summary>
    const int TakesLongFrom = 8 * 1024;

    /// <summary>Bytes of frames that are decoded at the same time; a single larger one goes alone.</summary>
    const long Budget = 8L * 1024 * 1024;

    readonly Lock _lock = new();
    readonly Queue<(IThreadPoolWorkItem Work, int Length)> _waiting = new();
    long _underWay;

    /// <summary>Whether what is quick as a rule is not so this time: hundreds of partitions are named, or all that there are are asked for.</summary>
    public static bool TakesLong(IRequest request, int frameLength) => frameLength >= TakesLongFrom || request switch
    {
        OffsetFetchRequest { Groups.Length: > 0 } asked => asked.Groups.Length > 1 || asked.Groups[0].Topics is null,
        OffsetFetchRequest asked => asked.Topics is null,
        _ => false,
    };

    /// <summary>The work ends with <see cref="Done"/>, whatever becomes of it.</summary>
    public void Offer(IThreadPoolWorkItem work, int length)
    {
        lock (_lock) _waiting.Enqueue((work, length));
        StartNext();
    }

    public void Done(int length)
    {
        lock (_lock) _underWay -= length;
        StartNext();
    }

    void StartNext()
    {
        while (true)
        {
            IThreadPoolWorkItem next;
            lock (_lock)
            {
                if (!_waiting.TryPeek(out var first) || (_underWay > 0 && _underWay + first.Length > Budget)) return;
                _waiting.Dequeue();
                _underWay += first.Length;
                next = first.Work;
            }
            node.WorkLane.Schedule(next);
        }
    }
}
