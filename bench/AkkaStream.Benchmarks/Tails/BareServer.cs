using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using AkkaStream.Net.Linux;

namespace AkkaStream.Benchmarks.Tails;

/// <summary>
/// The least that can be asked: accepts, reads a request, answers with so many bytes, on one thread over epoll, in a process of its own.
/// What a load suffers beside it comes from the machine and the client, not from a broker.
/// </summary>
sealed unsafe class BareServer : IDisposable
{
    const int Listener = -1;
    readonly Process _process;

    BareServer(Process process, IPEndPoint address)
    {
        _process = process;
        Address = address;
    }

    public IPEndPoint Address { get; }

    /// <param name="requestBytes">Of each request; where it is not told, each receive is one.</param>
    public static BareServer Start(int answerBytes, int requestBytes = 0)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Add(typeof(BareServer).Assembly.Location);
        start.ArgumentList.Add("bare");
        start.ArgumentList.Add(answerBytes.ToString(CultureInfo.InvariantCulture));
        start.ArgumentList.Add(requestBytes.ToString(CultureInfo.InvariantCulture));
        var process = Process.Start(start) ?? throw new InvalidOperationException("the bare server does not start");
        int port = int.Parse(process.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
        return new BareServer(process, new IPEndPoint(IPAddress.Loopback, port));
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>The other process: prints its port, then serves until it is killed.</summary>
    public static int Serve(string[] args)
    {
        int answerBytes = int.Parse(args[0], CultureInfo.InvariantCulture), requestBytes = int.Parse(args[1], CultureInfo.InvariantCulture);
        var have = new Dictionary<long, long>();
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(50);
        listener.Blocking = false;
        var answer = (byte*)NativeMemory.AllocZeroed((nuint)answerBytes);
        BinaryPrimitives.WriteInt32BigEndian(new Span<byte>(answer, 4), answerBytes - 4);
        var request = (byte*)NativeMemory.Alloc(64 * 1024);
        int epoll = Libc.epoll_create1(0);
        Watch(epoll, (int)listener.Handle, Listener);
        Console.WriteLine(((IPEndPoint)listener.LocalEndPoint!).Port);
        byte* events = stackalloc byte[256 * 16];
        while (true)
        {
            int count = Libc.epoll_wait(epoll, events, 256, 1_000);
            for (int i = 0; i < count; i++)
            {
                long token = *(long*)(events + i * Stride + Stride - 8);
                if (token == Listener) Accept(epoll, (int)listener.Handle);
                else Answer((int)token, Libc.recv((int)token, request, 64 * 1024, 0));
            }
        }

        void Answer(int fd, nint got)
        {
            if (got <= 0)
            {
                Libc.close(fd);
                have.Remove(fd);
                return;
            }
            if (requestBytes == 0)
            {
                SendAll(fd, answer, answerBytes);
                return;
            }
            long left = have.GetValueOrDefault(fd) + got;
            for (; left >= requestBytes; left -= requestBytes) SendAll(fd, answer, answerBytes);
            have[fd] = left;
        }
    }

    static int Stride => RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    static void Accept(int epoll, int listener)
    {
        int fd;
        while ((fd = Libc.accept4(listener, null, null, Libc.SOCK_CLOEXEC)) >= 0)
        {
            Libc.SetOption(fd, Libc.IPPROTO_TCP, Libc.TCP_NODELAY, 1);
            Watch(epoll, fd, fd);
        }
    }

    static void Watch(int epoll, int fd, long token)
    {
        byte* one = stackalloc byte[16];
        *(uint*)one = Libc.EPOLLIN;
        *(long*)(one + Stride - 8) = token;
        Libc.epoll_ctl(epoll, Libc.EPOLL_CTL_ADD, fd, one);
    }

    static void SendAll(int fd, byte* bytes, int count)
    {
        for (int sent = 0; sent < count;)
        {
            nint here = Libc.send(fd, bytes + sent, count - sent, Libc.MSG_NOSIGNAL);
            if (here <= 0) return; // it has gone; the next receive says so
            sent += (int)here;
        }
    }
}
