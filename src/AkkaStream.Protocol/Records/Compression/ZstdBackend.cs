using AkkaStream.Protocol.Records.Compression.Zstd;

namespace AkkaStream.Protocol.Records.Compression;

/// <summary>
/// Which zstd is at work: the system's libzstd where there is one, else our own. Both read and write the same format, so
/// the choice may change at any time; streams under way go on as they began. Process-wide.
/// </summary>
public static class ZstdBackend
{
    /// <summary>Set to "managed" to leave an installed library alone.</summary>
    public const string Variable = "AKKASTREAM_ZSTD";

    static volatile bool _allowed = Environment.GetEnvironmentVariable(Variable) != "managed";

    public static bool IsLibraryPresent => ZstdLibrary.IsPresent;

    /// <summary>False keeps to the managed code even where the library is present.</summary>
    public static bool IsLibraryAllowed
    {
        get => _allowed;
        set => _allowed = value;
    }

    public static bool UsesLibrary => _allowed && ZstdLibrary.IsPresent;
}
