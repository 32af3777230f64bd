using System.Net.Sockets;

namespace AkkaStream.Net.Portable;

/// <summary>
/// Readiness out of completions: a receive of no bytes completes when there is something to read (or to accept, for a
/// listening socket: an ordinary look every few milliseconds). It is started again when the loop comes back and still
/// wants to read, which makes it level-triggered as epoll is.
/// </summary>
sealed class PortablePoller : IPoller
{
    /// <summary>What has no completion to wait for (accepting, a full send buffer) is looked at this often.</summary>
    const int LookEveryMs = 2;

    readonly Lock _lock = new();
    readonly SemaphoreSlim _something = new(0);
    readonly Dictionary<PortableSocket, Interest> _interests = [];
    readonly Queue<Interest> _completed = [];
    bool _woken, _disposed;

    public int Wait(Span<Readiness> ready, int timeoutMs)
    {
        int count = Look(ready);
        if (count > 0 || timeoutMs == 0) return count;
        bool looking = _interests.Values.Any(i => i.Write || i.Accepting && i.Read);
        int wait = !looking ? timeoutMs : timeoutMs < 0 ? LookEveryMs : Math.Min(timeoutMs, LookEveryMs);
#pragma warning disable RS0030 // This is the seam itself: the loop's one wait.
        _something.Wait(wait);
#pragma warning restore RS0030
        return Look(ready);
    }

    int Look(Span<Readiness> ready)
    {
        int count = 0;
        lock (_lock)
        {
            if (_woken)
            {
                _woken = false;
                while (_something.CurrentCount > 0 && _something.Wait(0)) { }
            }
            while (count < ready.Length && _completed.TryDequeue(out var interest))
            {
                interest.Pending = false;
                if (interest.Read && !interest.Gone) ready[count++] = new Readiness(interest.Token, true, false);
            }
        }
        foreach (var interest in _interests.Values)
        {
            if (count == ready.Length) break;
            if (interest.Write && interest.Socket.Socket.Poll(0, SelectMode.SelectWrite))
                ready[count++] = new Readiness(interest.Token, false, true);
            else if (interest.Accepting && interest.Read && interest.Socket.Socket.Poll(0, SelectMode.SelectRead))
                ready[count++] = new Readiness(interest.Token, true, false);
        }
        if (count == 0)
        {
            foreach (var interest in _interests.Values) Arm(interest);
        }
        return count;
    }

    void Arm(Interest interest)
    {
        if (interest.Pending || !interest.Read || interest.Accepting) return;
        interest.Pending = true;
        try
        {
            if (!interest.Socket.Socket.ReceiveAsync(interest.Completion)) Completed(interest);
        }
        catch (ObjectDisposedException)
        {
            Completed(interest);
        }
    }

    void Completed(Interest interest)
    {
        lock (_lock)
        {
            _completed.Enqueue(interest);
            if (_woken || _disposed) return;
            _woken = true;
            _something.Release();
        }
    }

    public void Wake()
    {
        lock (_lock)
        {
            if (_woken || _disposed) return;
            _woken = true;
            _something.Release();
        }
    }

    public void Add(INetSocket socket, long token)
    {
        var portable = (PortableSocket)socket;
        var interest = new Interest { Socket = portable, Token = token, Read = true, Accepting = portable.RemoteAddress is null };
        interest.Completion.SetBuffer(Array.Empty<byte>());
        interest.Completion.Completed += (_, _) => Completed(interest);
        _interests[portable] = interest;
    }

    public void Watch(INetSocket socket, long token, bool read, bool write)
    {
        if (!_interests.TryGetValue((PortableSocket)socket, out var interest)) return;
        interest.Read = read;
        interest.Write = write;
    }

    public void Remove(INetSocket socket)
    {
        if (_interests.Remove((PortableSocket)socket, out var interest)) interest.Gone = true;
    }

    public void Dispose()
    {
        lock (_lock) _disposed = true;
        _something.Dispose();
    }

    sealed class Interest
    {
        public required PortableSocket Socket { get; init; }
        public long Token { get; init; }
        public bool Accepting { get; init; }
        public SocketAsyncEventArgs Completion { get; } = new();
        public bool Read, Write, Pending, Gone;
    }
}
