namespace AkkaStream.Coordinators;

/// <summary>Which partition of its internal topic looks after a group or a transactional id. Kafka's own way: it must never change.</summary>
public static class CoordinatorKeys
{
    /// <param name="key">Group id or transactional id.</param>
    /// <param name="partitions">As many as the topic really has, whatever the setting says by now.</param>
    public static int PartitionOf(string key, int partitions)
    {
        int hash = 0;
        foreach (char c in key) hash = unchecked(31 * hash + c);
        return (hash == int.MinValue ? 0 : Math.Abs(hash)) % partitions;
    }
}
