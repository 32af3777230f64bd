namespace AkkaStream.Cluster.Store;

/// <summary>Counts the controllers of one cluster. Each write to the store carries it, and an older one is refused.</summary>
public readonly record struct ControllerEpoch(int Value) : IComparable<ControllerEpoch>
{
    /// <summary>Before the first controller.</summary>
    public static readonly ControllerEpoch None = new(-1);

    public int CompareTo(ControllerEpoch other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString();
}
