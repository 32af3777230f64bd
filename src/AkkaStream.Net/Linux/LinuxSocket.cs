using System.Net;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AkkaStream.Net.Linux;

sealed unsafe class LinuxSocket(int descriptor, IPEndPoint? remote) : INetSocket
{
    /// <summary>One gathered send takes at most this many pieces.</summary>
    const int MaxPieces = 64;

    public int Descriptor { get; private set; } = descriptor;
    public IPEndPoint? RemoteAddress => remote;

    public int Receive(byte* first, int firstLength, byte* second, int secondLength)
    {
        nint got;
        if (secondLength > 0)
        {
            var vec = stackalloc Libc.IoVec[2];
            vec[0] = new Libc.IoVec { Pointer = first, Length = firstLength };
            vec[1] = new Libc.IoVec { Pointer = second, Length = secondLength };
            do got = Libc.readv(Descriptor, vec, 2);
            while (got < 0 && Marshal.GetLastPInvokeError() == Libc.EINTR);
        }
        else
        {
            do got = Libc.recv(Descriptor, first, firstLength, 0);
            while (got < 0 && Marshal.GetLastPInvokeError() == Libc.EINTR);
        }
        return Result(got);
    }

    public int Send(ReadOnlySpan<SendPiece> pieces, bool moreComes)
    {
        int flags = Libc.MSG_NOSIGNAL | (moreComes ? Libc.MSG_MORE : 0);
        nint sent;
        if (pieces.Length == 1)
        {
            do sent = Libc.send(Descriptor, pieces[0].Pointer, pieces[0].Length, flags);
            while (sent < 0 && Marshal.GetLastPInvokeError() == Libc.EINTR);
            return Result(sent);
        }
        int count = Math.Min(pieces.Length, MaxPieces);
        if (count < pieces.Length) flags |= Libc.MSG_MORE;
        var vec = stackalloc Libc.IoVec[count];
        for (int i = 0; i < count; i++) vec[i] = new Libc.IoVec { Pointer = pieces[i].Pointer, Length = pieces[i].Length };
        var message = new Libc.MsgHdr { Vec = vec, VecCount = count };
        do sent = Libc.sendmsg(Descriptor, &message, flags);
        while (sent < 0 && Marshal.GetLastPInvokeError() == Libc.EINTR);
        return Result(sent);
    }

    public int SendFile(SafeFileHandle file, long offset, int length)
    {
        nint sent;
        do sent = Libc.sendfile(Descriptor, (int)file.DangerousGetHandle(), &offset, length);
        while (sent < 0 && Marshal.GetLastPInvokeError() == Libc.EINTR);
        return Result(sent);
    }

    public void Close()
    {
        if (Descriptor < 0) return;
        Libc.close(Descriptor);
        Descriptor = -1;
    }

    static int Result(nint result)
    {
        if (result >= 0) return (int)result;
        return Marshal.GetLastPInvokeError() == Libc.EAGAIN ? NetResult.WouldBlock : NetResult.Failed;
    }
}
