namespace AkkaStream.TestKit.Messages;

/// <summary>Versions as the attributes write them: "3-13", "9+", "4", "none".</summary>
public readonly record struct VersionSet(int Low, int High)
{
    public static readonly VersionSet All = new(0, short.MaxValue);

    public static readonly VersionSet None = new(0, -1);

    public bool Contains(int version) => version >= Low && version <= High;

    public static VersionSet Parse(string text)
    {
        if (text == "none") return None;
        if (text.EndsWith('+')) return new VersionSet(int.Parse(text[..^1]), short.MaxValue);
        string[] ends = text.Split('-');
        return new VersionSet(int.Parse(ends[0]), int.Parse(ends[^1]));
    }
}
