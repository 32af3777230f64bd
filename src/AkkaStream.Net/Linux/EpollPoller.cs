using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace AkkaStream.Net.Linux;

/// <summary>Level-triggered epoll: a loop that did not read everything is told again, so no readiness is ever lost.</summary>
sealed unsafe class EpollPoller : IPoller
{
    const long WakeToken = -1;
    const int MaxEvents = 256;

    // The kernel packs its event to 12 bytes on x86-64 and nowhere else.
    static readonly int Stride = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    static readonly int DataOffset = Stride - 8;

    readonly int _epoll;
    readonly int _wake;
    readonly byte[] _events = GC.AllocateArray<byte>(MaxEvents * 16, pinned: true);
    bool _disposed;

    public EpollPoller()
    {
        _epoll = Check(Libc.epoll_create1(Libc.EPOLL_CLOEXEC), "epoll_create1");
        _wake = Check(Libc.eventfd(0, Libc.EFD_NONBLOCK | Libc.EFD_CLOEXEC), "eventfd");
        Control(Libc.EPOLL_CTL_ADD, _wake, WakeToken, Libc.EPOLLIN);
    }

    public int Wait(Span<Readiness> ready, int timeoutMs)
    {
        fixed (byte* events = _events)
        {
            int count = Libc.epoll_wait(_epoll, events, Math.Min(MaxEvents, ready.Length), timeoutMs);
            int used = 0;
            for (int i = 0; i < count; i++)
            {
                byte* one = events + i * Stride;
                uint what = *(uint*)one;
                long token = *(long*)(one + DataOffset);
                if (token == WakeToken) { DrainWake(); continue; }
                // Errors and hang-ups show as readable: the receive tells what happened.
                bool read = (what & (Libc.EPOLLIN | Libc.EPOLLERR | Libc.EPOLLHUP | Libc.EPOLLRDHUP)) != 0;
                ready[used++] = new Readiness(token, read, (what & Libc.EPOLLOUT) != 0);
            }
            return used;
        }
    }

    public void Wake()
    {
        ulong one = 1;
        if (!_disposed) Libc.write(_wake, &one, 8);
    }

    public void Add(INetSocket socket, long token) => Control(Libc.EPOLL_CTL_ADD, Of(socket), token, Libc.EPOLLIN);

    public void Watch(INetSocket socket, long token, bool read, bool write) =>
        Control(Libc.EPOLL_CTL_MOD, Of(socket), token, (read ? Libc.EPOLLIN : 0) | (write ? Libc.EPOLLOUT : 0));

    public void Remove(INetSocket socket)
    {
        long nothing = 0;
        Libc.epoll_ctl(_epoll, Libc.EPOLL_CTL_DEL, Of(socket), &nothing);
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        Libc.close(_epoll);
        Libc.close(_wake);
    }

    void DrainWake()
    {
        ulong count;
        Libc.read(_wake, &count, 8);
    }

    void Control(int operation, int descriptor, long token, uint events)
    {
        byte* one = stackalloc byte[16];
        *(uint*)one = events;
        *(long*)(one + DataOffset) = token;
        Check(Libc.epoll_ctl(_epoll, operation, descriptor, one), "epoll_ctl");
    }

    static int Of(INetSocket socket) => socket is LinuxSocket stream ? stream.Descriptor : ((LinuxAcceptor)socket).Descriptor;

    static int Check(int result, string call) =>
        result >= 0 ? result : throw new IOException($"{call} failed: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
}
