using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using AkkaStream.Net.Linux;

namespace AkkaStream.Benchmarks.Bare;

/// <summary>
/// The least that can be asked for what a row asks, on one thread over epoll, in a process of its own: see <see cref="BareService"/>. What a
/// load suffers beside it comes from the machine and the client, not from a broker.
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

    public int Pid => _process.Id;

    /// <summary>Answers each request with so many bytes.</summary>
    /// <param name="requestBytes">Of each request; where it is not told, each receive is one.</param>
    public static BareServer Answering(int answerBytes, int requestBytes = 0) => Start("answer", answerBytes, requestBytes);

    /// <summary>Keeps each request in a file of its connection: receives it, takes its checksum, writes it, answers.</summary>
    public static BareServer Keeping(int requestBytes, long fileBytes, int answerBytes) => Start("keep", requestBytes, fileBytes, answerBytes);

    /// <summary>Answers each request from a file in the page cache that was written in pieces of so many bytes.</summary>
    public static BareServer Sending(int requestBytes, int answerBytes, int writtenIn) => Start("send", requestBytes, answerBytes, writtenIn);

    static BareServer Start(string service, params long[] numbers)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Add(typeof(BareServer).Assembly.Location);
        start.ArgumentList.Add("bare");
        start.ArgumentList.Add(service);
        foreach (long number in numbers) start.ArgumentList.Add(number.ToString(CultureInfo.InvariantCulture));
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
        var service = BareService.Of(args[0], [.. args[1..].Select(a => long.Parse(a, CultureInfo.InvariantCulture))]);
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(50);
        listener.Blocking = false;
        int epoll = Libc.epoll_create1(0);
        Watch(epoll, (int)listener.Handle, Libc.EPOLLIN, Listener);
        Console.WriteLine(((IPEndPoint)listener.LocalEndPoint!).Port);
        byte* events = stackalloc byte[256 * 16];
        while (true)
        {
            int count = Libc.epoll_wait(epoll, events, 256, 1_000);
            for (int i = 0; i < count; i++)
            {
                long token = *(long*)(events + i * Stride + Stride - 8);
                if (token == Listener) Accept(epoll, (int)listener.Handle, service);
                else if (!service.OnReady((int)token))
                {
                    Libc.close((int)token);
                    service.OnClosed((int)token);
                }
            }
        }
    }

    static int Stride => RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    static void Accept(int epoll, int listener, BareService service)
    {
        int fd, flags = Libc.SOCK_CLOEXEC | (service.Waits ? 0 : Libc.SOCK_NONBLOCK);
        while ((fd = Libc.accept4(listener, null, null, flags)) >= 0)
        {
            Libc.SetOption(fd, Libc.IPPROTO_TCP, Libc.TCP_NODELAY, 1);
            Watch(epoll, fd, service.Events, fd);
        }
    }

    static void Watch(int epoll, int fd, uint events, long token)
    {
        byte* one = stackalloc byte[16];
        *(uint*)one = events;
        *(long*)(one + Stride - 8) = token;
        Libc.epoll_ctl(epoll, Libc.EPOLL_CTL_ADD, fd, one);
    }
}
