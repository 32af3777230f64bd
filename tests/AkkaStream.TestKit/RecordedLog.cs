using Microsoft.Extensions.Logging;

namespace AkkaStream.TestKit;

/// <summary>Keeps the log lines of a system under test, so that a test can ask for them.</summary>
public sealed class RecordedLog : ILoggerFactory
{
    readonly Lock _gate = new();
    readonly List<LogLine> _lines = [];

    public IReadOnlyList<LogLine> Lines
    {
        get
        {
            lock (_gate) return [.. _lines];
        }
    }

    public IReadOnlyList<LogLine> AtLeast(LogLevel level) => [.. Lines.Where(line => line.Level >= level)];

    public ILogger CreateLogger(string categoryName) => new Recorder(this, categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("the log is recorded only");

    public void Dispose()
    {
    }

    sealed class Recorder(RecordedLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            var line = new LogLine(logLevel, eventId.Id, category, formatter(state, exception), exception);
            lock (log._gate) log._lines.Add(line);
        }
    }
}

/// <summary>One line of a <see cref="RecordedLog"/>.</summary>
public sealed record LogLine(LogLevel Level, int EventId, string Category, string Text, Exception? Exception);
