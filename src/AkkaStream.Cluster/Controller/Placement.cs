using AkkaStream.Metadata;
using AkkaStream.Protocol;

namespace AkkaStream.Cluster.Controller;

/// <summary>
/// Racks and turns to replica lists. Pure and without chance: brokers stand in a row in which racks alternate; partition
/// n is led by the broker n places on from the start, and its followers are the next ones in the row that bring in the
/// racks it has least of. So leaders differ by one at most, no broker holds a partition twice, and a partition spans as
/// many racks as there are. Brokers that are not alive hold replicas only where the living do not suffice, and lead none.
/// </summary>
static class Placement
{
    /// <summary>A broker that may get replicas.</summary>
    public readonly record struct Candidate(BrokerId Broker, string? Rack, bool IsAlive);

    /// <summary>Replica lists of so many partitions, or the reason why there are none, in Kafka's words.</summary>
    /// <param name="start">How far along the row the first partition's leader stands; partitions before it, if they were placed in turn.</param>
    public static (ReplicaList[] Replicas, string? Problem) Place(
        IReadOnlyList<Candidate> brokers, int start, int partitions, int replicationFactor)
    {
        if (brokers.Count < replicationFactor)
            return ([], $"The target replication factor of {replicationFactor} cannot be reached because only {brokers.Count} " +
                "broker(s) are registered or some brokers have all their log directories cordoned.");
        Candidate[] living = Row(brokers.Where(b => b.IsAlive));
        if (living.Length == 0) return ([], "All brokers are currently fenced or in controlled shutdown.");
        Candidate[] away = Row(brokers.Where(b => !b.IsAlive));

        var replicas = new ReplicaList[partitions];
        var known = new Dictionary<(int, int), ReplicaList>();
        for (int p = 0; p < partitions; p++)
        {
            // Partitions that come to the same place get the same list, and share it.
            (int, int) place = ((start + p) % living.Length, away.Length == 0 ? 0 : (start + p) % away.Length);
            if (!known.TryGetValue(place, out replicas[p]))
                known[place] = replicas[p] = PlaceOne(living, away, place, replicationFactor);
        }

        return (replicas, null);
    }

    static ReplicaList PlaceOne(Candidate[] living, Candidate[] away, (int Living, int Away) place, int replicationFactor)
    {
        var chosen = new List<Candidate>(replicationFactor) { living[place.Living] };
        while (chosen.Count < replicationFactor && chosen.Count < living.Length) chosen.Add(Next(living, place.Living, chosen));
        while (chosen.Count < replicationFactor) chosen.Add(Next(away, place.Away, chosen));
        return new ReplicaList([.. chosen.Select(c => c.Broker.Value)]);
    }

    /// <summary>The first one in the row from here that was not chosen and whose rack has fewest of the chosen ones.</summary>
    static Candidate Next(Candidate[] row, int from, List<Candidate> chosen)
    {
        Candidate? best = null;
        int fewest = int.MaxValue;
        for (int i = 0; i < row.Length; i++)
        {
            Candidate candidate = row[(from + i) % row.Length];
            if (chosen.Exists(c => c.Broker == candidate.Broker)) continue;
            int ofItsRack = chosen.Count(c => c.Rack == candidate.Rack);
            if (ofItsRack >= fewest) continue;
            (best, fewest) = (candidate, ofItsRack);
        }

        return best ?? throw new InvalidOperationException("Placement ran out of brokers that it had counted");
    }

    /// <summary>One of each rack in turn: racks by name, brokers of a rack by id.</summary>
    static Candidate[] Row(IEnumerable<Candidate> brokers)
    {
        Candidate[][] racks = [.. brokers
            .GroupBy(b => b.Rack ?? "")
            .OrderBy(rack => rack.Key, StringComparer.Ordinal)
            .Select(rack => rack.OrderBy(b => b.Broker).ToArray())];
        int longest = racks.Length == 0 ? 0 : racks.Max(r => r.Length);
        return [.. Enumerable.Range(0, longest).SelectMany(turn => racks.Where(r => turn < r.Length).Select(r => r[turn]))];
    }
}
