using System.Buffers;
using System.IO.Compression;

namespace AkkaStream.Protocol.Records.Compression.Gzip;

/// <summary>
/// Writes gzip with the runtime's own deflate. The runtime gives no way to use a compressor twice, so each call costs its
/// few small objects; the options of each level and the adapter to the target are kept.
/// </summary>
static class GzipEncoder
{
    public const int DefaultLevel = 6;

    static readonly ZLibCompressionOptions[] Levels =
        [.. Enumerable.Range(0, 10).Select(level => new ZLibCompressionOptions { CompressionLevel = level })];

    [ThreadStatic]
    static TargetStream? _target;

    // The runtime writes nothing at all for no input; a member must be there to be read.
    static ReadOnlySpan<byte> EmptyMember =>
        [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    public static int Encode(int level, ReadOnlySpan<byte> source, IBufferWriter<byte> target)
    {
        if (source.IsEmpty)
        {
            target.Write(EmptyMember);
            return EmptyMember.Length;
        }
        TargetStream stream = _target ??= new TargetStream();
        stream.Begin(target);
        using (var gzip = new GZipStream(stream, Levels[level < 0 ? DefaultLevel : level], leaveOpen: true))
        {
            gzip.Write(source);
        }
        return stream.End();
    }

    sealed class TargetStream : Stream
    {
        IBufferWriter<byte>? _to;
        int _written;

        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public void Begin(IBufferWriter<byte> target)
        {
            _to = target;
            _written = 0;
        }

        public int End()
        {
            _to = null;
            return _written;
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            _to?.Write(buffer);
            _written += buffer.Length;
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
