using System.Globalization;
using System.Text;
using AkkaStream.Log.Files;

namespace AkkaStream.Log.Recovery;

/// <summary>
/// Why a log could not be opened, left in its folder for whoever decides: the records from an offset on, and the place where reading them failed.
/// </summary>
sealed record DamageVerdict(long From, string File, long Position, string Problem)
{
    public const string Name = ".damaged";

    /// <summary>As well as it can be done: without it the line in the log is all there is.</summary>
    public void TryLeave(ILogFiles disk, string folder)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"{From}\n{Path.GetFileName(File)}\n{Position}\n{Problem}\n");
        try
        {
            disk.WriteAtomically(Path.Combine(folder, Name), Encoding.UTF8.GetBytes(text), durable: false);
        }
        catch (IOException)
        {
            // Its disk is full, or failing.
        }
    }

    /// <summary>Null when there is none.</summary>
    public static DamageVerdict? Find(ILogFiles disk, string folder)
    {
        if (disk.ReadAll(Path.Combine(folder, Name)) is not { } content) return null;
        string[] lines = Encoding.UTF8.GetString(content).Split('\n');
        return lines.Length >= 4 && TryNumber(lines[0], out long from) && TryNumber(lines[2], out long position)
            ? new DamageVerdict(from, Path.Combine(folder, lines[1]), position, lines[3])
            : null;
    }

    /// <summary>From which offset on an operator gives up what cannot be read: all of it without a number.</summary>
    public static long GivenUpFrom(ILogFiles disk, string path) =>
        disk.ReadAll(path) is { } content && TryNumber(Encoding.UTF8.GetString(content).Trim(), out long from) ? from : 0;

    static bool TryNumber(string text, out long value) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
