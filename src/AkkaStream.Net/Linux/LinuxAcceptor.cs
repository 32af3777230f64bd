using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AkkaStream.Net.Linux;

sealed unsafe class LinuxAcceptor : IAcceptor
{
    const int AddressLength = 28;

    LinuxAcceptor(int descriptor, IPEndPoint local)
    {
        Descriptor = descriptor;
        LocalAddress = local;
    }

    public int Descriptor { get; private set; }
    public IPEndPoint LocalAddress { get; }
    public IPEndPoint? RemoteAddress => null;

    public static LinuxAcceptor Listen(IPEndPoint address, int backlog)
    {
        bool six = address.AddressFamily == AddressFamily.InterNetworkV6;
        int fd = Libc.socket(six ? Libc.AF_INET6 : Libc.AF_INET, Libc.SOCK_STREAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0);
        if (fd < 0) throw Failure("cannot open a socket for", address);
        Libc.SetOption(fd, Libc.SOL_SOCKET, Libc.SO_REUSEADDR, 1);
        // "::" takes IPv4 clients too, as Java's wildcard address does.
        if (six) Libc.SetOption(fd, Libc.IPPROTO_IPV6, Libc.IPV6_V6ONLY, 0);
        byte* raw = stackalloc byte[AddressLength];
        int length = SocketAddressCodec.Write(address, raw);
        if (Libc.bind(fd, raw, length) < 0 || Libc.listen(fd, backlog) < 0)
        {
            var failure = Failure("cannot listen on", address);
            Libc.close(fd);
            throw failure;
        }
        length = AddressLength;
        Libc.getsockname(fd, raw, &length);
        return new LinuxAcceptor(fd, SocketAddressCodec.Read(raw));
    }

    public INetSocket? Accept(SocketBuffers buffers)
    {
        byte* raw = stackalloc byte[AddressLength];
        while (true)
        {
            int length = AddressLength;
            int fd = Libc.accept4(Descriptor, raw, &length, Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC);
            if (fd < 0)
            {
                int error = Marshal.GetLastPInvokeError();
                if (error is Libc.EINTR or Libc.ECONNABORTED or Libc.EPROTO) continue;
                if (error is Libc.EAGAIN) return null;
                throw new IOException($"accept failed: {Marshal.GetPInvokeErrorMessage(error)}");
            }
            Libc.SetOption(fd, Libc.IPPROTO_TCP, Libc.TCP_NODELAY, 1);
            Libc.SetOption(fd, Libc.SOL_SOCKET, Libc.SO_KEEPALIVE, 1);
            if (buffers.Send > 0) Libc.SetOption(fd, Libc.SOL_SOCKET, Libc.SO_SNDBUF, buffers.Send);
            if (buffers.Receive > 0) Libc.SetOption(fd, Libc.SOL_SOCKET, Libc.SO_RCVBUF, buffers.Receive);
            return new LinuxSocket(fd, SocketAddressCodec.Read(raw));
        }
    }

    public int Receive(byte* first, int firstLength, byte* second, int secondLength) => NetResult.Unsupported;
    public int Send(ReadOnlySpan<SendPiece> pieces, bool moreComes) => NetResult.Unsupported;
    public int SendFile(SafeFileHandle file, long offset, int length) => NetResult.Unsupported;

    public void Close()
    {
        if (Descriptor < 0) return;
        Libc.close(Descriptor);
        Descriptor = -1;
    }

    static IOException Failure(string what, IPEndPoint address)
    {
        int error = Marshal.GetLastPInvokeError();
        string cure = error switch
        {
            Libc.EADDRINUSE => "another process listens there; stop it or choose another port in 'listeners'",
            Libc.EADDRNOTAVAIL => "no network interface of this machine has that address; name one that has in 'listeners', or 0.0.0.0 for all",
            Libc.EACCES => "ports below 1024 need a privilege; choose a higher one",
            _ => Marshal.GetPInvokeErrorMessage(error),
        };
        return new IOException($"{what} {address}: {cure}");
    }
}

/// <summary>sockaddr_in and sockaddr_in6 as Linux lays them out.</summary>
static unsafe class SocketAddressCodec
{
    public static int Write(IPEndPoint address, byte* raw)
    {
        bool six = address.AddressFamily == AddressFamily.InterNetworkV6;
        var bytes = new Span<byte>(raw, 28);
        bytes.Clear();
        *(ushort*)raw = (ushort)(six ? Libc.AF_INET6 : Libc.AF_INET);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], (ushort)address.Port);
        address.Address.TryWriteBytes(bytes[(six ? 8 : 4)..], out _);
        return six ? 28 : 16;
    }

    public static IPEndPoint Read(byte* raw)
    {
        var bytes = new ReadOnlySpan<byte>(raw, 28);
        bool six = *(ushort*)raw == Libc.AF_INET6;
        var address = new IPAddress(six ? bytes.Slice(8, 16) : bytes.Slice(4, 4));
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return new IPEndPoint(address, BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]));
    }
}
