namespace AkkaStream.Protocol;

// Ids and measures of the protocol, one type each, so that two bare longs never stand side by side. Messages carry
// plain wire numbers; they become these types at the border (handlers, log, replication) and go back to numbers when a
// message is written. The named values are the sentinels of the wire: inside the house they are compared by name only.

/// <summary>Where a record stands in its partition.</summary>
public readonly record struct Offset(long Value) : IComparable<Offset>
{
    public static readonly Offset Zero = new(0);

    /// <summary>-1 on the wire: no such offset, or not known yet.</summary>
    public static readonly Offset Unknown = new(-1);

    public bool IsKnown => Value >= 0;

    public Offset Next => new(Value + 1);

    public int CompareTo(Offset other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString();

    public static Offset Min(Offset a, Offset b) => a.Value <= b.Value ? a : b;

    public static Offset Max(Offset a, Offset b) => a.Value >= b.Value ? a : b;

    public static Offset operator +(Offset offset, long records) => new(offset.Value + records);

    public static Offset operator -(Offset offset, long records) => new(offset.Value - records);

    /// <summary>How many offsets lie between the two.</summary>
    public static long operator -(Offset end, Offset start) => end.Value - start.Value;

    public static bool operator <(Offset a, Offset b) => a.Value < b.Value;

    public static bool operator >(Offset a, Offset b) => a.Value > b.Value;

    public static bool operator <=(Offset a, Offset b) => a.Value <= b.Value;

    public static bool operator >=(Offset a, Offset b) => a.Value >= b.Value;
}

/// <summary>Counts the leaders of one partition. Never goes back.</summary>
public readonly record struct LeaderEpoch(int Value) : IComparable<LeaderEpoch>
{
    public static readonly LeaderEpoch Zero = new(0);

    /// <summary>-1 on the wire: the sender does not know, or does not ask for, an epoch.</summary>
    public static readonly LeaderEpoch Unknown = new(-1);

    public bool IsKnown => Value >= 0;

    public LeaderEpoch Next => new(Value + 1);

    public int CompareTo(LeaderEpoch other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString();

    public static bool operator <(LeaderEpoch a, LeaderEpoch b) => a.Value < b.Value;

    public static bool operator >(LeaderEpoch a, LeaderEpoch b) => a.Value > b.Value;

    public static bool operator <=(LeaderEpoch a, LeaderEpoch b) => a.Value <= b.Value;

    public static bool operator >=(LeaderEpoch a, LeaderEpoch b) => a.Value >= b.Value;
}

/// <summary>
/// Counts all changes of one partition's registration, of leader or not. Guards changes of the in-sync set.
/// </summary>
public readonly record struct PartitionEpoch(int Value)
{
    public static readonly PartitionEpoch Unknown = new(-1);

    public PartitionEpoch Next => new(Value + 1);

    public override string ToString() => Value.ToString();
}

/// <summary>The number of a broker, <c>broker.id</c> or <c>node.id</c> in its settings.</summary>
public readonly record struct BrokerId(int Value) : IComparable<BrokerId>
{
    /// <summary>-1: a consumer where a replica is asked for, or no leader where a leader is told.</summary>
    public static readonly BrokerId None = new(-1);

    /// <summary>-2: the replica id of a tool that looks at a log for debugging.</summary>
    public static readonly BrokerId Debugging = new(-2);

    public bool IsBroker => Value >= 0;

    public int CompareTo(BrokerId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString();
}

/// <summary>One life of a broker in the cluster: a later registration has a larger epoch.</summary>
public readonly record struct BrokerEpoch(long Value) : IComparable<BrokerEpoch>
{
    public static readonly BrokerEpoch Unknown = new(-1);

    public int CompareTo(BrokerEpoch other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString();
}

/// <summary>The number of a partition within its topic.</summary>
public readonly record struct PartitionId(int Value) : IComparable<PartitionId>
{
    public static readonly PartitionId Zero = new(0);

    public int CompareTo(PartitionId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString();
}

/// <summary>An idempotent or transactional producer, as the broker numbered it.</summary>
public readonly record struct ProducerId(long Value)
{
    public static readonly ProducerId None = new(-1);

    public bool IsSome => Value >= 0;

    public override string ToString() => Value.ToString();
}

/// <summary>One life of a producer id: a larger epoch fences a smaller one.</summary>
public readonly record struct ProducerEpoch(short Value) : IComparable<ProducerEpoch>
{
    public static readonly ProducerEpoch None = new(-1);

    /// <summary>The last epoch of a producer id; after it comes a new id.</summary>
    public static readonly ProducerEpoch Last = new(short.MaxValue);

    public int CompareTo(ProducerEpoch other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString();
}
