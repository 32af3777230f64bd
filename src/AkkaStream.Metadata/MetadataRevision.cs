namespace AkkaStream.Metadata;

/// <summary>
/// How far the metadata store had come when something was true: the position of the last record that counts. Only grows,
/// over restarts too, so it also serves as the epoch of the finalised features: clients ignore older ones.
/// </summary>
public readonly record struct MetadataRevision(long Value) : IComparable<MetadataRevision>
{
    /// <summary>Before the first record.</summary>
    public static readonly MetadataRevision None = new(-1);

    public int CompareTo(MetadataRevision other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString();

    public static MetadataRevision operator +(MetadataRevision revision, long records) => new(revision.Value + records);

    public static bool operator <(MetadataRevision a, MetadataRevision b) => a.Value < b.Value;

    public static bool operator >(MetadataRevision a, MetadataRevision b) => a.Value > b.Value;

    public static bool operator <=(MetadataRevision a, MetadataRevision b) => a.Value <= b.Value;

    public static bool operator >=(MetadataRevision a, MetadataRevision b) => a.Value >= b.Value;
}
