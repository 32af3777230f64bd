using System.Runtime.InteropServices;
using AkkaStream.Net.Linux;
using AkkaStream.Protocol.Records;
using Microsoft.Win32.SafeHandles;

namespace AkkaStream.Benchmarks.Bare;

/// <summary>
/// Receives a request, takes its checksum, writes it to a new file, answers: in pieces that were found to cost least, the file set aside
/// beforehand.
/// </summary>
sealed unsafe class KeepingService(int requestBytes, long fileBytes, int answerBytes) : BareService
{
    public const int Piece = 256 * 1024;

    readonly byte* _answer = AnswerOf(answerBytes);
    readonly Dictionary<int, Kept> _kept = [];

    public override bool OnReady(int fd)
    {
        if (!_kept.TryGetValue(fd, out var kept)) _kept[fd] = kept = new Kept(requestBytes, BareFile.New(fileBytes));
        nint got = Libc.recv(fd, kept.Frame + kept.Have, Math.Min(Piece, requestBytes - kept.Have), 0);
        if (got <= 0) return false;
        kept.Have += (int)got;
        if (kept.Have < requestBytes) return true;
        Keep(kept.File, new ReadOnlySpan<byte>(kept.Frame, requestBytes), kept.End);
        kept.End += requestBytes;
        if (kept.End > fileBytes - requestBytes) throw new InvalidOperationException("the bare server was asked to keep more than it was told");
        kept.Have = 0;
        SendAll(fd, _answer, answerBytes);
        return true;
    }

    public static void Keep(SafeFileHandle file, ReadOnlySpan<byte> frame, long offset)
    {
        s_checksum = Crc32C.Compute(frame);
        for (int at = 0, part; at < frame.Length; at += part)
        {
            part = (int)Math.Min(frame.Length - at, Piece - (offset + at) % Piece);
            RandomAccess.Write(file, frame.Slice(at, part), offset + at);
        }
    }

    static uint s_checksum; // so that it is not left out

    public override void OnClosed(int fd)
    {
        if (!_kept.Remove(fd, out var kept)) return;
        kept.File.Dispose();
        NativeMemory.Free(kept.Frame);
    }

    sealed class Kept(int requestBytes, SafeFileHandle file)
    {
        public readonly byte* Frame = (byte*)NativeMemory.AllocZeroed((nuint)requestBytes);
        public readonly SafeFileHandle File = file;
        public int Have;
        public long End;
    }
}
