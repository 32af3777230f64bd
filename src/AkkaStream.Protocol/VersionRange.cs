namespace AkkaStream.Protocol;

/// <summary>Versions from lowest to highest, both included. Empty if highest is below lowest.</summary>
public readonly record struct VersionRange(short Lowest, short Highest)
{
    public static readonly VersionRange None = new(0, -1);

    public bool IsEmpty => Highest < Lowest;

    public bool Contains(short version) => version >= Lowest && version <= Highest;

    /// <summary>The newest version that both sides know, or null if there is none.</summary>
    public short? NewestCommon(VersionRange other)
    {
        short newest = Math.Min(Highest, other.Highest);
        return newest >= Math.Max(Lowest, other.Lowest) ? newest : null;
    }

    public override string ToString() => IsEmpty ? "none" : Lowest == Highest ? $"{Lowest}" : $"{Lowest}-{Highest}";
}
