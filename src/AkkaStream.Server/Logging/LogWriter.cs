using System.Text;

namespace AkkaStream.Server.Logging;

/// <summary>
/// Writes lines on a thread of its own: whoever logs may be a network loop, and a reader of the output that is slow must not
/// slow it. When too many lines wait, new ones are dropped and counted, and the count is written once there is room.
/// </summary>
sealed class LogWriter : IDisposable
{
    const int WaitingMax = 10_000;

    readonly Stream _output;
    readonly Lock _lock = new();
    readonly AutoResetEvent _news = new(false);
    readonly Thread _thread;
    readonly Action<int, StringBuilder> _tellDropped;
    StringBuilder _waiting = new(), _writing = new();
    int _lines, _dropped;
    volatile bool _stopping;

    /// <param name="output">Where to; not disposed.</param>
    /// <param name="tellDropped">Writes the line that says how many are missing.</param>
    public LogWriter(Stream output, Action<int, StringBuilder> tellDropped)
    {
        _output = output;
        _tellDropped = tellDropped;
        _thread = new Thread(Run, maxStackSize: 128 * 1024) { Name = "akkastream-log", IsBackground = true };
        _thread.Start();
    }

    /// <summary>One line, without its end; any thread.</summary>
    public void Write(ReadOnlySpan<char> line)
    {
        lock (_lock)
        {
            if (_lines >= WaitingMax)
            {
                _dropped++;
                return;
            }
            _waiting.Append(line).Append('\n');
            _lines++;
        }
        _news.Set();
    }

    void Run()
    {
        while (!_stopping)
        {
            _news.WaitOne();
            WriteWaiting();
        }
    }

    void WriteWaiting()
    {
        lock (_output)
        {
            lock (_lock)
            {
                if (_dropped > 0) _tellDropped(_dropped, _waiting);
                (_waiting, _writing) = (_writing, _waiting);
                _lines = _dropped = 0;
            }
            try
            {
                if (_writing.Length > 0) _output.Write(Encoding.UTF8.GetBytes(_writing.ToString()));
            }
            catch (IOException)
            {
                // The reader is gone. A broker goes on without its log.
            }
            _writing.Clear();
        }
    }

    /// <summary>What was logged before is written when it returns.</summary>
    public void Flush() => WriteWaiting();

    public void Dispose()
    {
        if (_stopping) return;
        _stopping = true;
        _news.Set();
        _thread.Join();
        WriteWaiting();
        _news.Dispose();
    }
}
