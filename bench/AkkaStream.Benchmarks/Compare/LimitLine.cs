using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using AkkaStream.Benchmarks.Bare;
using AkkaStream.Net.Linux;
using Microsoft.Win32.SafeHandles;

namespace AkkaStream.Benchmarks.Compare;

/// <summary>
/// What a frame costs at the very least on this machine: a bare loop of system calls that receives it, takes its checksum and writes it
/// over pages that the page cache holds already; or sends as much from the page cache. Measured once per frame size and run, as processor
/// time of the one thread that serves; no protocol, no index.
/// </summary>
static unsafe partial class LimitLine
{
    const long Bytes = 2_000_000_000, FileBytes = 256 << 20;
    const int AnswerBytes = 50, InFlight = 4;

    static readonly ConcurrentDictionary<(bool Fetch, int Bytes), double> s_known = new();

    public static double ProduceSecondsPerGb(double frameBytes) => Known(false, (int)frameBytes);

    public static double FetchSecondsPerGb(double responseBytes) => Known(true, (int)responseBytes);

    /// <summary>
    /// The same loop, writing a new file of so many bytes in the best way that is known (set aside beforehand, in pieces): nothing that takes
    /// these frames and caches what it wrote costs less, as the memory is at this moment. Not kept: the memory changes.
    /// </summary>
    public static double FreshPagesSecondsPerGb(double frameBytes, long bytes) => Measure(false, (int)frameBytes, bytes, isFresh: true);

    static double Known(bool fetch, int bytes) => s_known.GetOrAdd((fetch, bytes), key => Measure(key.Fetch, key.Bytes, Bytes, isFresh: false));

    static double Measure(bool fetch, int bytes, long total, bool isFresh)
    {
        long count = Math.Max(100, total / bytes), warm = count / 10;
        long fileBytes = isFresh ? (count + warm + 1) * bytes : FileBytes;
        using var file = isFresh ? BareFile.New(fileBytes) : BareFile.Written(1, fileBytes, 1 << 20)[0];
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.Connect(listener.LocalEndPoint!);
        using var server = listener.Accept();
        server.NoDelay = true;
        double seconds = 0;
        var serving = new Thread(() =>
        {
            byte* buffer = (byte*)NativeMemory.AllocZeroed((nuint)Math.Max(bytes, KeepingService.Piece));
            for (long i = 0; i < count + warm; i++)
            {
                if (i == warm) seconds = ThreadSeconds();
                if (fetch) Answer((int)server.Handle, (int)file.DangerousGetHandle(), buffer, bytes, i);
                else Take((int)server.Handle, file, buffer, bytes, i * bytes % (fileBytes - bytes));
            }
            seconds = ThreadSeconds() - seconds;
            NativeMemory.Free(buffer);
        });
        serving.Start();
        Ask(client, fetch, bytes, count + warm);
        serving.Join();
        return seconds / (count * (double)bytes) * 1e9;
    }

    static void Take(int socket, SafeFileHandle file, byte* buffer, int bytes, long offset)
    {
        for (int at = 0; at < bytes;)
        {
            nint got = Libc.recv(socket, buffer + at, Math.Min(KeepingService.Piece, bytes - at), 0);
            if (got <= 0) return;
            at += (int)got;
        }
        KeepingService.Keep(file, new ReadOnlySpan<byte>(buffer, bytes), offset);
        Libc.send(socket, buffer, AnswerBytes, Libc.MSG_NOSIGNAL);
    }

    static void Answer(int socket, int file, byte* buffer, int bytes, long i)
    {
        if (Libc.recv(socket, buffer, AnswerBytes, 0x100 /* MSG_WAITALL */) <= 0) return;
        long offset = i * bytes % (FileBytes - bytes), end = offset + bytes;
        while (offset < end && Libc.sendfile(socket, file, &offset, (nint)(end - offset)) > 0) { }
    }

    /// <summary>The other side: so many requests ahead of the answers.</summary>
    static void Ask(Socket client, bool fetch, int bytes, long count)
    {
        byte[] request = new byte[fetch ? AnswerBytes : bytes], answer = new byte[fetch ? bytes : AnswerBytes];
        var reading = new Thread(() =>
        {
            for (long i = 0; i < count * answer.Length;)
            {
                int got = client.Receive(answer);
                if (got <= 0) return;
                Interlocked.Add(ref s_answered, got);
                i += got;
            }
        });
        s_answered = 0;
        reading.Start();
        for (long i = 0; i < count; i++)
        {
            while (i - Interlocked.Read(ref s_answered) / answer.Length >= InFlight) Thread.Yield();
            for (int sent = 0; sent < request.Length;) sent += client.Send(request, sent, request.Length - sent, SocketFlags.None);
        }
        reading.Join();
    }

    static long s_answered;

    public static double ThreadSeconds()
    {
        TimeSpec time;
        clock_gettime(3 /* CLOCK_THREAD_CPUTIME_ID */, &time);
        return time.Seconds + time.Nanoseconds / 1e9;
    }

    [LibraryImport("libc")]
    private static partial int clock_gettime(int clock, TimeSpec* time);

    [StructLayout(LayoutKind.Sequential)]
    struct TimeSpec
    {
        public long Seconds, Nanoseconds;
    }
}
