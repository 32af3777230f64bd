using System.Buffers.Binary;
using System.Runtime.InteropServices;
using AkkaStream.Net.Linux;

namespace AkkaStream.Benchmarks.Bare;

/// <summary>What a bare server does with a connection: the system calls that nobody can do without, and nothing else.</summary>
abstract unsafe class BareService
{
    /// <summary>What epoll is asked for.</summary>
    public virtual uint Events => Libc.EPOLLIN;

    /// <summary>Whether a call waits until its socket can do it.</summary>
    public virtual bool Waits => true;

    /// <summary>False once the other side has gone.</summary>
    public abstract bool OnReady(int fd);

    public abstract void OnClosed(int fd);

    public static BareService Of(string name, long[] numbers) => name switch
    {
        "answer" => new AnsweringService((int)numbers[0], (int)numbers[1]),
        "keep" => new KeepingService((int)numbers[0], numbers[1], (int)numbers[2]),
        "send" => new SendingService((int)numbers[0], (int)numbers[1], (int)numbers[2]),
        _ => throw new ArgumentException($"there is no bare service {name}", nameof(name)),
    };

    /// <summary>Zeros, but for the length that stands before an answer.</summary>
    protected static byte* AnswerOf(int bytes)
    {
        var answer = (byte*)NativeMemory.AllocZeroed((nuint)bytes);
        BinaryPrimitives.WriteInt32BigEndian(new Span<byte>(answer, 4), bytes - 4);
        return answer;
    }

    protected static void SendAll(int fd, byte* bytes, int count)
    {
        for (int sent = 0; sent < count;)
        {
            nint here = Libc.send(fd, bytes + sent, count - sent, Libc.MSG_NOSIGNAL);
            if (here <= 0) return; // it has gone; the next receive says so
            sent += (int)here;
        }
    }
}

sealed unsafe class AnsweringService(int answerBytes, int requestBytes) : BareService
{
    const int ReceiveSize = 64 * 1024;

    readonly byte* _answer = AnswerOf(answerBytes), _request = (byte*)NativeMemory.Alloc(ReceiveSize);
    readonly Dictionary<int, long> _have = [];

    public override bool OnReady(int fd)
    {
        nint got = Libc.recv(fd, _request, ReceiveSize, 0);
        if (got <= 0) return false;
        if (requestBytes == 0)
        {
            SendAll(fd, _answer, answerBytes);
            return true;
        }
        long left = _have.GetValueOrDefault(fd) + got;
        for (; left >= requestBytes; left -= requestBytes) SendAll(fd, _answer, answerBytes);
        _have[fd] = left;
        return true;
    }

    public override void OnClosed(int fd) => _have.Remove(fd);
}
