using System.Buffers.Binary;
using AkkaStream.Actors.Timers;
using AkkaStream.Log;
using AkkaStream.Log.Files;
using AkkaStream.Log.Indexes;
using AkkaStream.Net;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Messages.Hot;
using AkkaStream.Replication;

namespace AkkaStream.Broker.Handlers;

/// <summary>
/// One fetch request from its frame to its answer: looks at its partitions, and when there is not enough to tell, waits for news of
/// any of them or for its deadline, then looks again. On its loop's thread, but for news and deadline, which only hand it over.
/// </summary>
sealed class FetchRequestState : LoopWork
{
    /// <summary>Up to here records are read into the reply itself; above, they go from the file to the socket.</summary>
    const int ReadIntoReply = 64 * 1024;

    /// <summary>From this version on an answer names the leader where the client has an old one.</summary>
    const short NamesLeaders = 16;

    /// <summary>In a large reply one byte is looked at every so often, to see whether the disk would be waited for.</summary>
    const int ProbeEvery = 128 * 1024;

    /// <summary>How long a log may take to open before clients are sent to ask for metadata; checking one after a crash may take long.</summary>
    const int OpeningPatienceMs = 5_000;

    const int Idle = 0, Parked = 1, HandedOver = 2;

    readonly FetchDesk _desk;
    readonly Deadline _deadline;
    readonly List<FetchEntry> _own = [];
    readonly List<FetchEntry> _told = [];
    readonly List<int> _gaps = [];
    ReplySlot _slot = null!;
    FetchSession? _session;
    int _correlationId, _maxBytes, _minBytes, _maxWaitMs;
    ErrorCode _refusal;
    FetchResponseNodeEndpoint[] _endpoints = [];
    bool _waitsForOpening;
    bool _committedOnly, _incremental, _expired, _warmed, _isParked, _armed;
    long _bytes;
    int _state;

    public FetchRequestState(FetchDesk desk)
    {
        _desk = desk;
        _deadline = new Deadline(this);
    }

    public short Version { get; private set; }

    /// <summary>The partitions to look at: the request's own, or those of its session.</summary>
    public List<FetchEntry> Entries { get; private set; } = [];
    public Connection Connection => _slot.Connection;

    /// <summary>Somebody may still call it: it must not be used for another request.</summary>
    public bool IsRetired { get; private set; }

    public void Begin(ReplySlot slot, in RequestHeaderView header, in FetchRequestView body, int fetchMaxBytes)
    {
        _slot = slot;
        Version = header.ApiVersion;
        _correlationId = header.CorrelationId;
        _maxBytes = Math.Min(body.MaxBytes, fetchMaxBytes);
        _minBytes = body.MinBytes;
        _maxWaitMs = body.MaxWaitMs;
        _committedOnly = body.IsolationLevel == 1;
        _refusal = RefusalOf(body);
        _expired = _incremental = _warmed = _isParked = _armed = _waitsForOpening = IsRetired = false;
        _session = null;
        _state = Idle;
        Entries = _own;
    }

    // No broker follows this one, so whoever says that it is a replica is none of ours.
    static ErrorCode RefusalOf(in FetchRequestView body) =>
        body.IsolationLevel is not (0 or 1) ? ErrorCode.InvalidRequest
        : body.ReplicaId >= 0 ? ErrorCode.NotLeaderOrFollower
        : ErrorCode.None;

    public void UseSession(FetchSession session, bool incremental)
    {
        _session = session;
        _incremental = incremental;
        Entries = session.Entries;
    }

    /// <summary>An entry of the request's own, used again from request to request.</summary>
    public FetchEntry OwnEntry(int index)
    {
        if (index == _own.Count) _own.Add(new FetchEntry());
        return _own[index];
    }

    public void TrimOwn(int count)
    {
        if (count < _own.Count) _own.RemoveRange(count, _own.Count - count);
    }

    /// <summary>First look; answers, or parks.</summary>
    public void Start()
    {
        if (Look()) Answer();
        else Park();
    }

    /// <summary>True when the answer can go out now.</summary>
    bool Look()
    {
        _bytes = 0;
        bool isOver = _expired || _desk.IsStopping;
        bool urgent = isOver || _maxWaitMs <= 0 || _waitsForOpening || Entries.Count == 0, opening = false;
        foreach (var entry in Entries)
        {
            int room = (int)Math.Max(0, _maxBytes - _bytes);
            var mode = _warmed ? ReadMode.MayWait : ReadMode.CachedOnly;
            entry.Read(_desk.Node, _committedOnly, room, atLeastOneBatch: _bytes == 0, mode, _refusal);
            if (entry.Result.ErrorCode != ErrorCode.None && Version >= NamesLeaders) entry.NameLeader(_desk.Node);
            _bytes += entry.Result.RecordsLength;
            urgent |= entry.IsError || entry.MustWaitForDisk || entry.IsBehind;
            opening |= entry.IsOpening;
        }
        // A log that is being opened has an answer soon; until then none would be true.
        if (!opening) return urgent || _bytes >= _minBytes;
        _waitsForOpening = true;
        if (!isOver) return false;
        foreach (var entry in Entries)
        {
            if (entry.IsOpening) entry.GiveUpOpening();
        }
        return true;
    }

    void Park()
    {
        _slot.FixOrder();
        _warmed = false;
        _isParked = true;
        foreach (var entry in Entries)
        {
            entry.Waiting = this;
            entry.Tie();
        }
        _desk.OnParked(this);
        int patience = _waitsForOpening ? Math.Max(_maxWaitMs, OpeningPatienceMs) : _maxWaitMs;
        if (!_expired && !_armed && patience > 0)
        {
            _armed = true;
            _desk.Timers.Schedule(_deadline, TimeSpan.FromMilliseconds(patience));
        }
        Rest();
    }

    /// <summary>Waits again; what happened between the look and now is noticed here, because all ties are knotted.</summary>
    void Rest()
    {
        Volatile.Write(ref _state, Parked);
        foreach (var entry in Entries)
        {
            if (!entry.HasChanged) continue;
            OnNews();
            return;
        }
    }

    /// <summary>On any thread. Whoever comes first hands the request back to its loop; the others need not.</summary>
    public void OnNews()
    {
        if (Interlocked.CompareExchange(ref _state, HandedOver, Parked) == Parked) _desk.HandOver(this);
    }

    void OnDeadline()
    {
        Volatile.Write(ref _expired, true);
        OnNews();
    }

    protected override void RunOnLoop() => Continue();

    public void Continue()
    {
        if (Connection.IsEnded) Drop();
        else if (Look())
        {
            Unpark();
            Answer();
        }
        else if (_isParked)
        {
            foreach (var entry in Entries) entry.Tie(); // a topic may have come, or come back
            Rest();
        }
        else
        {
            Park();
        }
    }

    /// <summary>The connection is gone. If somebody has handed the request over already, that is when it ends.</summary>
    public void OnConnectionEnded()
    {
        if (Interlocked.CompareExchange(ref _state, Idle, Parked) == Parked) Drop();
    }

    void Drop()
    {
        Unpark();
        End();
    }

    void End()
    {
        if (_session is not null) _desk.Sessions.Release(_session);
        _session = null;
        _slot.Complete();
        _desk.Rest(this);
    }

    void Unpark()
    {
        if (_isParked) _desk.OnUnparked(this);
        _isParked = false;
        // A deadline that is being called at this moment may come late: this object is then not used again.
        if (_armed && !_desk.Timers.Cancel(_deadline) && !_expired) IsRetired = true;
        _armed = false;
        foreach (var entry in Entries)
        {
            entry.Waiting = null;
            if (_session is null) entry.Untie();
        }
        _state = Idle;
    }

    void Answer()
    {
        if (_warmed || !NeedsDisk()) Write();
        else ReadOnDiskLane();
    }

    bool NeedsDisk()
    {
        foreach (var entry in Entries)
        {
            if (entry.MustWaitForDisk || (_bytes > ReadIntoReply && IsCold(entry))) return true;
        }
        return false;
    }

    static bool IsCold(FetchEntry entry)
    {
        if (entry.Slice.Length == 0 || !entry.Slice.TryLease(out var lease)) return false;
        using (lease)
        {
            Span<byte> one = stackalloc byte[1];
            long end = entry.Slice.Position + (long)entry.Slice.Length;
            for (long at = entry.Slice.Position; at < end; at += ProbeEvery)
            {
                if (lease.File.TryReadCached(one, at) < 0) return true;
            }
            return lease.File.TryReadCached(one, end - 1) < 0;
        }
    }

    /// <summary>What lies on the disk is read there once, into the page cache; then the loop answers from it as usual.</summary>
    void ReadOnDiskLane()
    {
        _slot.FixOrder();
        _state = HandedOver;
        _desk.DiskLane.Schedule(new DiskRead(this));
    }

    void WarmUp()
    {
        try
        {
            _warmed = true;
            Look();
            var buffer = _slot.Loop.Buffers.Rent(ProbeEvery);
            foreach (var entry in Entries)
            {
                if (entry.Slice.Length > 0 && entry.Slice.TryLease(out var lease)) WarmUp(entry, lease, buffer.Span);
            }
            buffer.Release();
        }
        catch (IOException e)
        {
            // The look on the loop meets it again, and says so in the answer.
            BrokerTrace.DiskReadFailed(_desk.Log, e.Message);
        }
        _desk.HandOver(this);
    }

    static void WarmUp(FetchEntry entry, FileLease lease, Span<byte> buffer)
    {
        try
        {
            long end = entry.Slice.Position + (long)entry.Slice.Length;
            for (long at = entry.Slice.Position; at < end; at += ProbeEvery)
                lease.File.Read(buffer[..(int)Math.Min(ProbeEvery, end - at)], at);
        }
        catch (IOException e)
        {
            entry.NoteUnreadable(e.Message);
        }
        finally
        {
            lease.Dispose();
        }
    }

    void Write()
    {
        _told.Clear();
        foreach (var entry in Entries)
        {
            if (!_incremental || entry.HasNewsForSession) _told.Add(entry);
        }
        _endpoints = Version >= NamesLeaders ? EndpointsOfLeaders() : [];
        int header = Version >= 12 ? 5 : 4;
        int size = header + SizeOfTold(out int topics);
        if (_bytes <= ReadIntoReply ? !TryWriteWithRecords(header, size, topics) : !TryWriteWithSlices(header, size, topics))
        {
            ReadOnDiskLane();
            return;
        }
        foreach (var entry in _told) entry.NoteTold();
        _session?.OnTold(_told);
        End();
    }

    int SizeOfTold(out int topics)
    {
        topics = 0;
        int size = 0;
        for (int i = 0; i < _told.Count;)
        {
            int end = EndOfTopic(i);
            topics++;
            size += FetchResponseWriter.SizeOfTopic(Version, _told[i].TopicName.Length, end - i);
            for (; i < end; i++) size += FetchResponseWriter.SizeOfPartition(Version, _told[i].Result);
        }
        return size + FetchResponseWriter.SizeOfResponse(Version, topics, _endpoints);
    }

    /// <summary>Of the leaders that partitions of this answer name; mostly none.</summary>
    FetchResponseNodeEndpoint[] EndpointsOfLeaders()
    {
        // A replica knows the brokers.
        if (_refusal == ErrorCode.NotLeaderOrFollower) return [];
        List<int>? leaders = null;
        foreach (var entry in _told)
        {
            if (entry.Result.CurrentLeader is { } leader) (leaders ??= []).Add(leader.Id);
        }
        if (leaders is null) return [];
        return [.. LeaderView.EndpointsOf(_desk.Node, leaders, Connection.Listener.Name).Select(e => new FetchResponseNodeEndpoint
        {
            NodeId = e.Broker.Id.Value,
            Host = e.Endpoint.Host,
            Port = e.Endpoint.Port,
            Rack = e.Broker.Rack,
        })];
    }

    int EndOfTopic(int from)
    {
        int end = from + 1;
        while (end < _told.Count && SameTopic(_told[from], _told[end])) end++;
        return end;
    }

    static bool SameTopic(FetchEntry a, FetchEntry b) =>
        a.ById ? a.TopicId == b.TopicId : ReferenceEquals(a.TopicName, b.TopicName) || a.TopicName.AsSpan().SequenceEqual(b.TopicName);

    /// <summary>Everything but the records, and where each partition's records belong.</summary>
    void WriteBody(Span<byte> to, int header, int topics)
    {
        BinaryPrimitives.WriteInt32BigEndian(to, _correlationId);
        if (header == 5) to[4] = 0;
        _gaps.Clear();
        var writer = new FetchResponseWriter(to[header..], Version, 0, ErrorCode.None, _session?.Id ?? 0, topics);
        for (int i = 0; i < _told.Count;)
        {
            int end = EndOfTopic(i);
            writer.Topic(_told[i].TopicName, _told[i].TopicId, end - i);
            for (; i < end; i++) _gaps.Add(header + writer.Partition(_told[i].Result));
        }
        writer.End(_endpoints);
    }

    /// <summary>False when a segment was deleted meanwhile: look again.</summary>
    bool TryWriteWithSlices(int header, int size, int topics)
    {
        WriteBody(_slot.Reserve(size), header, topics);
        for (int i = 0; i < _told.Count; i++)
        {
            var slice = _told[i].Slice;
            if (slice.Length == 0) continue;
            if (!slice.TryLease(out var lease))
            {
                _slot.Abandon();
                return false;
            }
            _slot.Insert(_gaps[i], new FileSlice(new SliceSource(lease), slice.Position, slice.Length));
        }
        return true;
    }

    /// <summary>False when the disk would have to be waited for, or a segment was deleted meanwhile.</summary>
    bool TryWriteWithRecords(int header, int size, int topics)
    {
        var reply = _slot.Reserve(size + (int)_bytes);
        if (_bytes == 0)
        {
            WriteBody(reply, header, topics);
            return true;
        }
        // The body is written to the end of the reply; then its pieces and the records move into place from the front.
        var body = reply[(int)_bytes..];
        WriteBody(body, header, topics);
        int from = 0, to = 0;
        for (int i = 0; i < _told.Count; i++)
        {
            var slice = _told[i].Slice;
            if (slice.Length == 0) continue;
            body[from.._gaps[i]].CopyTo(reply[to..]);
            to += _gaps[i] - from;
            from = _gaps[i];
            if (!TryRead(slice, reply.Slice(to, slice.Length))) return false;
            to += slice.Length;
        }
        body[from..].CopyTo(reply[to..]);
        return true;
    }

    bool TryRead(in LogSlice slice, Span<byte> to)
    {
        if (!slice.TryLease(out var lease)) return false;
        using (lease)
        {
            int got = _warmed ? lease.File.Read(to, slice.Position) : lease.File.TryReadCached(to, slice.Position);
            if (got == to.Length) return true;
            return _warmed ? throw new IOException($"{slice.File.Path} ended at {slice.Position + got}, {to.Length - got} bytes too early.") : false;
        }
    }

    sealed class Deadline(FetchRequestState request) : TimerNode
    {
        protected override void OnDue() => request.OnDeadline();
    }

    sealed class DiskRead(FetchRequestState request) : IThreadPoolWorkItem
    {
        public void Execute() => request.WarmUp();
    }
}
