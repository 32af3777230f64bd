namespace AkkaStream.Tidy.Tests;

/// <summary>
/// Old sins that may stay but not grow: <c>ratchet.txt</c> lists what is too long or too wide, with the number it has. A
/// line that is no longer needed must go, so that nothing grows back.
/// </summary>
sealed class Ratchet
{
    readonly Dictionary<string, int> _allowed = [];

    /// <param name="text">
    /// <c>path 650</c> for the lines of a file, <c>path#declaration 80</c> for those of a function, <c>path@wide 3</c> for
    /// the number of wide lines in a file.
    /// </param>
    public Ratchet(string text)
    {
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith('#')) continue;
            var blank = line.LastIndexOf(' ');
            _allowed[line[..blank].Trim()] = int.Parse(line[(blank + 1)..]);
        }
    }

    public static Ratchet OfRepository { get; } = new(File.ReadAllText(
        Path.Combine(Repository.Root, "tests", "AkkaStream.Tidy.Tests", "ratchet.txt")));

    /// <summary>The largest number allowed for this place.</summary>
    public int Limit(string place, int limit) => Math.Max(limit, _allowed.GetValueOrDefault(place));

    /// <summary>Lines whose place is within the ordinary limit now, or gone.</summary>
    public IEnumerable<string> NotNeeded(IReadOnlyDictionary<string, int> numbers, Func<string, int> ordinary) =>
        _allowed.Keys.Where(place => numbers.GetValueOrDefault(place) <= ordinary(place));
}
