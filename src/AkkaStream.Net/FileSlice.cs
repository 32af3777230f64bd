using Microsoft.Win32.SafeHandles;

namespace AkkaStream.Net;

/// <summary>
/// Bytes of a file that are part of a reply. The source keeps the file open and undeleted until it is released, which
/// happens once, when the last byte is sent or the connection ends.
/// </summary>
public readonly record struct FileSlice(IFileSource Source, long Offset, int Length);

/// <summary>What Net must know of a file. Log does not know Net, so the broker stands between.</summary>
public interface IFileSource
{
    /// <summary>Null when the bytes are not in a file of the system (a broker in memory, the simulator).</summary>
    SafeFileHandle? Handle { get; }
    int Read(Span<byte> target, long offset);
    void Release();
}
