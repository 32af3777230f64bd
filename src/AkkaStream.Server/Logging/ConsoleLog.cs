using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace AkkaStream.Server.Logging;

/// <summary>
/// The log of the command line's broker: one line for each event with time, level, room and text. Implements the factory of
/// Microsoft.Extensions.Logging itself, because that package's own one costs more to start than the broker.
/// </summary>
sealed class ConsoleLog(Stream output, LogLevels levels, TimeProvider time) : ILoggerFactory
{
    const string RoomPrefix = "AkkaStream.";

    readonly LogWriter _writer = new(output, (count, lines) => lines.Append(
        CultureInfo.InvariantCulture, $"{Stamp(time)} WARN  server       {count} lines were dropped: they came faster than they were written\n"));

    public ILogger CreateLogger(string categoryName)
    {
        string room = categoryName.StartsWith(RoomPrefix, StringComparison.Ordinal)
            ? categoryName[RoomPrefix.Length..].Split('.')[0].ToLowerInvariant() : categoryName;
        return new RoomLog(this, room, levels.Of(room));
    }

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("the console is the only place the log goes to");

    public void Dispose() => _writer.Dispose();

    /// <summary>In UTC: unambiguous between machines, and no time zone data to load at the start.</summary>
    static string Stamp(TimeProvider time) => time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    static string WordOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "TRACE",
        LogLevel.Debug => "DEBUG",
        LogLevel.Warning => "WARN ",
        LogLevel.Error => "ERROR",
        LogLevel.Critical => "CRIT ",
        _ => "INFO ",
    };

    void Write(LogLevel level, string room, string text, Exception? exception)
    {
        var line = new StringBuilder(text.Length + 48);
        line.Append(Stamp(time)).Append(' ').Append(WordOf(level)).Append(' ').Append(room.PadRight(12)).Append(' ').Append(text);
        if (exception is not null) line.Append(": ").Append(exception);
        // One event, one line, whatever a name or a message holds.
        line.Replace("\r", "").Replace("\n", " | ");
        _writer.Write(line.ToString());
        // What follows may be the end of the process.
        if (level == LogLevel.Critical) _writer.Flush();
    }

    sealed class RoomLog(ConsoleLog log, string room, LogLevel from) : ILogger
    {
        public bool IsEnabled(LogLevel logLevel) => logLevel >= from && logLevel != LogLevel.None;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) log.Write(logLevel, room, formatter(state, exception), exception);
        }
    }
}
