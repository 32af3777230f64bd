using System.Runtime.InteropServices;

namespace AkkaStream.Net.Linux;

/// <summary>
/// The few calls of Linux that the loop is made of. .NET's own Socket wakes a pool thread for each completion; a loop
/// that waits for readiness itself costs a third of that on small frames (docs/performance.md).
/// </summary>
static unsafe partial class Libc
{
    public const int AF_INET = 2, AF_INET6 = 10;
    public const int SOCK_STREAM = 1, SOCK_NONBLOCK = 0x800, SOCK_CLOEXEC = 0x80000;
    public const int SOL_SOCKET = 1, SO_REUSEADDR = 2, SO_ERROR = 4, SO_SNDBUF = 7, SO_RCVBUF = 8, SO_KEEPALIVE = 9;
    public const int IPPROTO_TCP = 6, TCP_NODELAY = 1, IPPROTO_IPV6 = 41, IPV6_V6ONLY = 26;
    public const int MSG_NOSIGNAL = 0x4000, MSG_MORE = 0x8000;
    public const int EPOLL_CLOEXEC = 0x80000, EPOLL_CTL_ADD = 1, EPOLL_CTL_DEL = 2, EPOLL_CTL_MOD = 3;
    public const uint EPOLLIN = 1, EPOLLOUT = 4, EPOLLERR = 8, EPOLLHUP = 16, EPOLLRDHUP = 0x2000;
    public const int EFD_NONBLOCK = 0x800, EFD_CLOEXEC = 0x80000;
    public const int EADDRINUSE = 98, EADDRNOTAVAIL = 99;
    public const int EINTR = 4, EAGAIN = 11, ECONNABORTED = 103, EMFILE = 24, ENFILE = 23, EACCES = 13, EPROTO = 71;

    [LibraryImport("libc", SetLastError = true)] public static partial int epoll_create1(int flags);
    [LibraryImport("libc", SetLastError = true)] public static partial int epoll_ctl(int epfd, int op, int fd, void* ev);
    [LibraryImport("libc", SetLastError = true)] public static partial int epoll_wait(int epfd, void* events, int max, int timeout);
    [LibraryImport("libc", SetLastError = true)] public static partial int eventfd(uint initial, int flags);
    [LibraryImport("libc", SetLastError = true)] public static partial nint read(int fd, void* buffer, nint count);
    [LibraryImport("libc", SetLastError = true)] public static partial nint write(int fd, void* buffer, nint count);
    [LibraryImport("libc", SetLastError = true)] public static partial nint recv(int fd, void* buffer, nint count, int flags);
    [LibraryImport("libc", SetLastError = true)] public static partial nint readv(int fd, IoVec* vec, int count);
    [LibraryImport("libc", SetLastError = true)] public static partial nint send(int fd, void* buffer, nint count, int flags);
    [LibraryImport("libc", SetLastError = true)] public static partial nint sendmsg(int fd, MsgHdr* message, int flags);
    [LibraryImport("libc", SetLastError = true)] public static partial nint sendfile(int to, int from, long* offset, nint count);
    [LibraryImport("libc", SetLastError = true)] public static partial int socket(int domain, int type, int protocol);
    [LibraryImport("libc", SetLastError = true)] public static partial int bind(int fd, void* address, int length);
    [LibraryImport("libc", SetLastError = true)] public static partial int listen(int fd, int backlog);
    [LibraryImport("libc", SetLastError = true)] public static partial int accept4(int fd, void* address, int* length, int flags);
    [LibraryImport("libc", SetLastError = true)] public static partial int getsockname(int fd, void* address, int* length);
    [LibraryImport("libc", SetLastError = true)] public static partial int setsockopt(int fd, int level, int name, void* value, int length);
    [LibraryImport("libc", SetLastError = true)] public static partial int shutdown(int fd, int how);
    [LibraryImport("libc", SetLastError = true)] public static partial int close(int fd);

    public static void SetOption(int fd, int level, int name, int value) => setsockopt(fd, level, name, &value, sizeof(int));

    [StructLayout(LayoutKind.Sequential)]
    public struct IoVec
    {
        public byte* Pointer;
        public nint Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct MsgHdr
    {
        public void* Name;
        public uint NameLength;
        public IoVec* Vec;
        public nint VecCount;
        public void* Control;
        public nint ControlLength;
        public int Flags;
    }
}
