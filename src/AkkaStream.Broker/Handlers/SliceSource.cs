using AkkaStream.Log.Files;
using AkkaStream.Net;
using Microsoft.Win32.SafeHandles;

namespace AkkaStream.Broker.Handlers;

/// <summary>Stands between a segment file, which the log may want to delete, and the connection that still sends from it.</summary>
sealed class SliceSource(FileLease lease) : IFileSource
{
    FileLease _lease = lease;

    public SafeFileHandle? Handle => _lease.File.Handle;
    public int Read(Span<byte> target, long offset) => _lease.File.Read(target, offset);
    public void Release() => _lease.Dispose();
}
