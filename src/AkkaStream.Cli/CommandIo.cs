using System.Runtime.InteropServices;
using System.Text;

namespace AkkaStream.Cli;

/// <summary>
/// What a command reads and writes. A console in production; strings in tests. Output is buffered: <see cref="Flush"/> when somebody
/// may be waiting for it.
/// </summary>
public sealed class CommandIo : IDisposable
{
    const int BufferBytes = 64 * 1024;

    readonly List<IDisposable> _owned = [];
    readonly CancellationTokenSource _stop = new();

    CommandIo(Stream input, Stream output, TextWriter text, TextWriter error)
    {
        Input = input;
        RawOutput = output;
        Output = text;
        Error = error;
    }

    /// <summary>Bytes from the user.</summary>
    public Stream Input { get; }

    /// <summary>Bytes to the user, in order with <see cref="Output"/> as long as that is flushed before.</summary>
    public Stream RawOutput { get; }

    /// <summary>Text to the user.</summary>
    public TextWriter Output { get; }

    /// <summary>Complaints.</summary>
    public TextWriter Error { get; }

    /// <summary>Set when the user wants the command to end (Ctrl-C, SIGTERM).</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>Somebody sits before it, so prompts make sense.</summary>
    public bool IsInteractive { get; private init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The process's own streams; the first Ctrl-C ends the command cleanly.</summary>
    public static CommandIo OfConsole()
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var output = Console.OpenStandardOutput();
        var io = new CommandIo(
            Console.OpenStandardInput(), output, new StreamWriter(output, utf8, BufferBytes) { AutoFlush = false, NewLine = "\n" },
            new StreamWriter(Console.OpenStandardError(), utf8) { AutoFlush = true, NewLine = "\n" })
        {
            IsInteractive = !Console.IsInputRedirected,
        };
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM])
        {
            io._owned.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = !io._stop.IsCancellationRequested;
                io.RequestStop();
            }));
        }
        return io;
    }

    /// <summary>Streams that a test brings; text is written as UTF-8 to the output stream.</summary>
    public static CommandIo Of(Stream input, Stream output, TextWriter error)
    {
        var text = new StreamWriter(output, new UTF8Encoding(false), BufferBytes, leaveOpen: true) { AutoFlush = false, NewLine = "\n" };
        return new CommandIo(input, output, text, error);
    }

    /// <summary>Readers and writers in place of streams; bytes that are no text cannot pass.</summary>
    public static CommandIo Of(TextReader input, TextWriter output, TextWriter error) =>
        new(new TextStream(input, null), new TextStream(null, output), output, error);

    /// <summary>As if the user had pressed Ctrl-C.</summary>
    public void RequestStop() => _stop.Cancel();

    /// <summary>What was written becomes visible.</summary>
    public void Flush()
    {
        Output.Flush();
        RawOutput.Flush();
    }

    /// <summary>Writes out what is left.</summary>
    public void Dispose()
    {
        Flush();
        foreach (var owned in _owned) owned.Dispose();
        _stop.Dispose();
    }

    /// <summary>A reader or writer as a stream of UTF-8.</summary>
    sealed class TextStream(TextReader? reader, TextWriter? writer) : Stream
    {
        readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
        byte[] _pending = [];
        int _at;

        public override bool CanRead => reader is not null;
        public override bool CanSeek => false;
        public override bool CanWrite => writer is not null;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (_at == _pending.Length)
            {
                var chars = new char[4096];
                int got = reader?.Read(chars, 0, chars.Length) ?? 0;
                _pending = Encoding.UTF8.GetBytes(chars, 0, got);
                _at = 0;
            }
            int take = Math.Min(count, _pending.Length - _at);
            _pending.AsSpan(_at, take).CopyTo(buffer.AsSpan(offset));
            _at += take;
            return take;
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
            var chars = new char[Encoding.UTF8.GetMaxCharCount(count)];
            int used = _decoder.GetChars(buffer, offset, count, chars, 0);
            writer?.Write(chars, 0, used);
        }

        public override void Flush() => writer?.Flush();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
