using System.Collections.Concurrent;
using AkkaStream.Actors;
using AkkaStream.Actors.Mailboxes;

namespace AkkaStream.Benchmarks.Actors;

/// <summary>
/// The queue alone: ours beside those that were weighed against it. On one core: the same thread puts 64 messages in
/// and takes them out. Across two: one thread puts in while another takes out, without scheduling.
/// </summary>
static class MailboxBench
{
    const int Messages = 2_000_000;
    const int Burst = 64;

    static readonly object Message = new();

    public static void Run(Bench bench)
    {
        Bench.Title("Mailbox: one message in and out");
        Both(bench, "ours: spin gate, ring, batch", () => new Ours());
        Both(bench, "lock and swap of two arrays", () => new Swap());
        Both(bench, "linked list without locks (MPSC)", () => new Linked());
        Both(bench, "ConcurrentQueue", () => new Concurrent());
    }

    static void Both(Bench bench, string name, Func<IBox> make)
    {
        var box = make();
        bench.Measure($"one core, {name}", Messages, n => OneCore(box, n));
        bench.Measure($"two cores, {name}", Messages, n => TwoCores(make(), n));
    }

    static void OneCore(IBox box, int messages)
    {
        for (var i = 0; i < messages / Burst; i++)
        {
            for (var j = 0; j < Burst; j++) box.Put(Message);
            var taken = 0;
            while (taken < Burst) taken += box.Take();
        }
    }

    static void TwoCores(IBox box, int messages)
    {
        var taker = new Thread(() =>
        {
            var spin = new SpinWait();
            for (var taken = 0; taken < messages;)
            {
                var got = box.Take();
                taken += got;
                if (got == 0) spin.SpinOnce(-1);
                else spin.Reset();
            }
        });
        taker.Start();
        for (var i = 0; i < messages; i++) box.Put(Message);
        taker.Join();
    }

    interface IBox
    {
        void Put(object message);

        int Take();
    }

    sealed class Ours : IBox
    {
        readonly Envelope[] _batch = new Envelope[32];
        Mailbox _mailbox = new(int.MaxValue);

        public void Put(object message) => _mailbox.Offer(message, null, false);

        public int Take()
        {
            var taken = _mailbox.Take(_batch, null);
            _batch.AsSpan(0, taken).Clear();
            return taken;
        }
    }

    sealed class Swap : IBox
    {
        readonly Lock _gate = new();
        (object?, IActorRef?)[] _in = new (object?, IActorRef?)[64];
        (object?, IActorRef?)[] _out = new (object?, IActorRef?)[64];
        int _count;

        public void Put(object message)
        {
            lock (_gate)
            {
                if (_count == _in.Length) Array.Resize(ref _in, _count * 2);
                _in[_count++] = (message, null);
            }
        }

        public int Take()
        {
            int count;
            lock (_gate)
            {
                (_in, _out, count, _count) = (_out, _in, _count, 0);
            }

            _out.AsSpan(0, count).Clear();
            return count;
        }
    }

    sealed class Linked : IBox
    {
        Node _tail;
        Node _head;

        public Linked() => _tail = _head = new Node();

        public void Put(object message)
        {
            var node = new Node { Message = message };
            var before = Interlocked.Exchange(ref _head, node);
            Volatile.Write(ref before.Next, node);
        }

        public int Take()
        {
            var next = Volatile.Read(ref _tail.Next);
            if (next is null) return 0;
            _tail = next;
            next.Message = null;
            return 1;
        }

        sealed class Node
        {
            public object? Message;
            public IActorRef? Sender = null;
            public Node? Next;
        }
    }

    sealed class Concurrent : IBox
    {
        readonly ConcurrentQueue<(object, IActorRef?)> _queue = new();

        public void Put(object message) => _queue.Enqueue((message, null));

        public int Take() => _queue.TryDequeue(out _) ? 1 : 0;
    }
}
