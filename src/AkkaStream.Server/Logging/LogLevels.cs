using Microsoft.Extensions.Logging;

namespace AkkaStream.Server.Logging;

/// <summary>From which level on events are shown: one for all rooms, and exceptions by a room's short name.</summary>
sealed record LogLevels(LogLevel All, IReadOnlyDictionary<string, LogLevel> Rooms)
{
    public static readonly LogLevels Default = new(LogLevel.Information, new Dictionary<string, LogLevel>());

    public LogLevel Of(string room) => Rooms.TryGetValue(room, out var level) ? level : All;
}
