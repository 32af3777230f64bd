using System.Runtime.InteropServices;
using AkkaStream.Net.Linux;
using Microsoft.Win32.SafeHandles;

namespace AkkaStream.Benchmarks.Bare;

/// <summary>
/// Answers each request with the next bytes of its connection's file, which the page cache holds, by sendfile. A full socket does not hold the
/// others up.
/// </summary>
sealed unsafe class SendingService(int requestBytes, int answerBytes, int writtenIn) : BareService
{
    const long FileBytes = 64 << 20;
    const int Files = 4, LengthBytes = 4, RequestRoom = 4096;
    const uint EdgeTriggered = 1u << 31;

    readonly byte* _length = AnswerOf(answerBytes), _request = (byte*)NativeMemory.Alloc(RequestRoom);
    readonly SafeFileHandle[] _files = BareFile.Written(Files, FileBytes, writtenIn);
    readonly Dictionary<int, Answers> _answers = [];
    int _taken;

    public override bool Waits => false;

    public override uint Events => Libc.EPOLLIN | Libc.EPOLLOUT | EdgeTriggered;

    public override bool OnReady(int fd)
    {
        if (!_answers.TryGetValue(fd, out var answers)) _answers[fd] = answers = new Answers(_files[_taken++ % Files]);
        while (true)
        {
            nint got = Libc.recv(fd, _request, RequestRoom, 0);
            if (got == 0) return false;
            if (got < 0) break;
            answers.Asked += (int)got;
        }
        while (answers.Left > 0 || answers.Asked >= requestBytes)
        {
            if (answers.Left == 0)
            {
                if (Libc.send(fd, _length, LengthBytes, Libc.MSG_NOSIGNAL | Libc.MSG_MORE) <= 0) return true;
                answers.Asked -= requestBytes;
                answers.Left = answerBytes - LengthBytes;
                if (answers.Offset > FileBytes - answers.Left) answers.Offset = 0;
            }
            long offset = answers.Offset;
            nint sent = Libc.sendfile(fd, (int)answers.File.DangerousGetHandle(), &offset, answers.Left);
            if (sent <= 0) return true; // full, or gone; epoll tells
            answers.Offset = offset;
            answers.Left -= (int)sent;
        }
        return true;
    }

    public override void OnClosed(int fd) => _answers.Remove(fd);

    sealed class Answers(SafeFileHandle file)
    {
        public readonly SafeFileHandle File = file;
        public int Asked, Left;
        public long Offset;
    }
}
