using System.Buffers.Binary;
using AkkaStream.Actors.Dispatch;
using AkkaStream.Actors.Timers;
using AkkaStream.Net;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages.Hot;
using AkkaStream.Replication;
using Microsoft.Extensions.Logging;

namespace AkkaStream.Broker.Handlers;

// Fetch, versions 4-18.
//
// Sessions from v7 (KIP-227): epoch 0 asks for a new one, -1 for none (and ends the one named), anything else goes on with it.
// Leader epochs from v9 (KIP-320), diverging epochs from v12 (KIP-595), topic ids from v13 (KIP-516).
// The answer waits for min bytes or the time; an error, or a log whose bytes must come from the disk, ends the waiting. The
// first batch is sent whole even where it is larger than asked for (KIP-74), so that a consumer always gets on.

/// <summary>Takes fetch requests of one loop and wakes those that wait.</summary>
sealed class FetchDesk
{
    /// <summary>At the end of a round so many waiting requests are answered at once; the rest in the rounds that follow.</summary>
    const int WokenAtOnce = 16;

    readonly BrokerNode _node;
    readonly EventLoop _loop;
    readonly NewsOfRound _news = new();
    readonly Stack<FetchRequestState> _resting = new();
    readonly Queue<FetchRequestState> _ready = new();
    readonly HashSet<FetchRequestState> _parked = [];
    bool _collecting;

    /// <summary>The broker stops: requests that would wait for news are answered with what there is.</summary>
    public bool IsStopping { get; private set; }

    public FetchDesk(BrokerNode node, EventLoop loop)
    {
        _node = node;
        _loop = loop;
    }

    public BrokerNode Node => _node;
    public ReplicaTable Replicas => _node.Replicas;
    public FetchSessions Sessions => _node.FetchSessions;
    public TimerWheel Timers => _node.Timers;
    public Dispatcher DiskLane => _node.DiskLane;
    public ILogger Log => _node.Log;

    public void Offer(in RequestHeaderView header, Frame frame, ReplySlot slot)
    {
        if (!_collecting)
        {
            _news.CollectHere();
            _collecting = true;
        }
        var body = new FetchRequestView(frame.Bytes[header.Length..], header.ApiVersion);
        var request = _resting.TryPop(out var rested) ? rested : new FetchRequestState(this);
        request.Begin(slot, header, body, _node.Settings.FetchMaxBytes);
        var error = SetUp(ref body, request);
        if (error == ErrorCode.None)
        {
            request.Start();
            return;
        }
        WriteError(slot, header, error, body.SessionId);
        Rest(request);
    }

    ErrorCode SetUp(ref FetchRequestView body, FetchRequestState request)
    {
        const int NoSession = -1, NewSession = 0;
        if (body.SessionEpoch is NoSession or NewSession)
        {
            if (body.SessionId != 0) _node.FetchSessions.Remove(body.SessionId);
            var session = body.SessionEpoch == NewSession && body.PartitionCountOfAll > 0
                ? _node.FetchSessions.TryCreate(body.PartitionCountOfAll, ById(request))
                : null;
            FillAnew(ref body, request, session);
            if (session is not null) request.UseSession(session, incremental: false);
            return ErrorCode.None;
        }
        var error = _node.FetchSessions.TryContinue(body.SessionId, body.SessionEpoch, ById(request), out var known);
        if (error != ErrorCode.None) return error;
        Update(ref body, request, known!);
        if (known!.Entries.Count > 0)
        {
            request.UseSession(known, incremental: true);
            return ErrorCode.None;
        }
        // Nothing left to fetch: the session ends, and the answer says so.
        _node.FetchSessions.Remove(known.Id);
        request.TrimOwn(0);
        return ErrorCode.None;
    }

    static bool ById(FetchRequestState request) => request.Version >= 13;

    void FillAnew(ref FetchRequestView body, FetchRequestState request, FetchSession? session)
    {
        int count = 0;
        while (body.MoveToTopic())
        {
            var topic = FindTopic(body, request);
            int first = session?.Entries.Count ?? count, highest = -1;
            while (body.MoveToPartition())
            {
                var asked = body.Partition;
                if (asked.Index <= highest && FindAsked(request, session, first, count, asked.Index) is { } twice)
                {
                    // What is asked last counts.
                    twice.Asked = asked;
                    continue;
                }
                highest = Math.Max(highest, asked.Index);
                var entry = session is null ? request.OwnEntry(count++) : new FetchEntry();
                entry.Begin(topic, body.TopicName, body.TopicId, ById(request), asked);
                session?.Entries.Add(entry);
            }
        }
        request.TrimOwn(count);
    }

    static FetchEntry? FindAsked(FetchRequestState request, FetchSession? session, int first, int count, int partition)
    {
        for (int i = first; i < (session?.Entries.Count ?? count); i++)
        {
            var entry = session is null ? request.OwnEntry(i) : session.Entries[i];
            if (entry.Asked.Index == partition) return entry;
        }
        return null;
    }

    void Update(ref FetchRequestView body, FetchRequestState request, FetchSession session)
    {
        while (body.MoveToTopic())
        {
            var topic = FindTopic(body, request);
            while (body.MoveToPartition())
            {
                var entry = Find(session, body);
                if (entry is not null)
                {
                    entry.Asked = body.Partition;
                    continue;
                }
                entry = new FetchEntry();
                entry.Begin(topic, body.TopicName, body.TopicId, ById(request), body.Partition);
                session.Entries.Add(entry);
            }
        }
        while (body.MoveToForgottenTopic()) session.Forget(body);
    }

    static FetchEntry? Find(FetchSession session, in FetchRequestView body)
    {
        foreach (var entry in session.Entries)
        {
            if (entry.IsFor(body)) return entry;
        }
        return null;
    }

    TopicReplicas? FindTopic(in FetchRequestView body, FetchRequestState request)
    {
        bool known = ById(request) ? Replicas.TryFind(body.TopicId, out var topic) : Replicas.TryFind(body.TopicName, out topic);
        return known ? topic : null;
    }

    static void WriteError(ReplySlot slot, in RequestHeaderView header, ErrorCode error, int sessionId)
    {
        short version = header.ApiVersion;
        int start = version >= 12 ? 5 : 4;
        var reply = slot.Reserve(start + FetchResponseWriter.SizeOfResponse(version, 0));
        BinaryPrimitives.WriteInt32BigEndian(reply, header.CorrelationId);
        if (start == 5) reply[4] = 0;
        new FetchResponseWriter(reply[start..], version, 0, error, sessionId: 0, topics: 0).End();
        slot.Complete();
    }

    public void OnParked(FetchRequestState request) => _parked.Add(request);
    public void OnUnparked(FetchRequestState request) => _parked.Remove(request);

    public void Rest(FetchRequestState request)
    {
        if (!request.IsRetired && _resting.Count < 1024) _resting.Push(request);
    }

    /// <summary>A request that may have an answer now; from any thread, once for each time that it waits.</summary>
    public void HandOver(FetchRequestState request)
    {
        if (_loop.IsCurrent) _ready.Enqueue(request);
        else _loop.Post(request);
    }

    /// <summary>The round's replies are out: now those who wait for what was appended.</summary>
    public void WakeWaiting()
    {
        _news.TellAll();
        for (int i = 0; i < WokenAtOnce && _ready.TryDequeue(out var request); i++) request.Continue();
        while (_ready.TryDequeue(out var later)) _loop.Post(later);
    }

    public void StopWaiting()
    {
        IsStopping = true;
        foreach (var request in _parked) request.OnNews();
    }

    public void OnClosed(Connection connection)
    {
        if (_parked.Count == 0) return;
        foreach (var request in _parked.Where(r => r.Connection == connection).ToList()) request.OnConnectionEnded();
    }
}
