using Microsoft.Extensions.Logging;

namespace AkkaStream.Cli;

/// <summary>What the client warns of, as lines for the user; the same line is told once.</summary>
sealed class StderrLog(TextWriter to) : ILogger
{
    readonly Lock _lock = new();
    readonly HashSet<string> _told = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel)) return;
        string line = $"{(logLevel == LogLevel.Warning ? "WARN" : "ERROR")} {formatter(state, exception)}";
        lock (_lock)
        {
            if (_told.Add(line)) to.WriteLine(line);
        }
    }
}
