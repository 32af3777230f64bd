namespace AkkaStream.TestKit.Disk;

/// <summary>The names of one simulated directory: as programs see them, and as the disk has them. Guarded by the disk's lock.</summary>
sealed class DirectoryNode
{
    readonly List<(string Name, object? Node)> _unsynced = [];

    /// <summary>Where in the list the two halves of a rename begin.</summary>
    readonly HashSet<int> _pairs = [];
    Dictionary<string, object> _seen = new(StringComparer.Ordinal);
    Dictionary<string, object> _durable = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, object> Names => _seen;

    public object? Find(string name) => _seen.GetValueOrDefault(name);

    public void Put(string name, object node)
    {
        _seen[name] = node;
        _unsynced.Add((name, node));
    }

    public void Remove(string name)
    {
        _seen.Remove(name);
        _unsynced.Add((name, null));
    }

    /// <summary>One change: at no time are both names there, or neither.</summary>
    public void Rename(string from, string to)
    {
        _seen.Remove(from, out object? node);
        _seen[to] = node ?? throw new FileNotFoundException(from, from);
        _unsynced.Add((from, null));
        _unsynced.Add((to, node));
        _pairs.Add(_unsynced.Count - 2);
    }

    public void Sync()
    {
        ApplyFirst(_unsynced.Count);
        _unsynced.Clear();
        _pairs.Clear();
    }

    /// <summary>Names go back to a moment between the last sync and now, in this directory and, each on its own, in those below.</summary>
    public void LosePower(Random random, bool losesPages)
    {
        int kept = random.Next(_unsynced.Count + 1);
        if (_pairs.Contains(kept - 1)) kept++;
        ApplyFirst(kept);
        _unsynced.Clear();
        _pairs.Clear();
        _seen = new Dictionary<string, object>(_durable, StringComparer.Ordinal);
        foreach (object node in _seen.Values)
        {
            if (node is DirectoryNode directory) directory.LosePower(random, losesPages);
            if (node is FileNode file) file.LosePower(random, losesPages);
        }
    }

    public long TotalBytes()
    {
        long total = 0;
        foreach (object node in _seen.Values) total += node is DirectoryNode directory ? directory.TotalBytes() : ((FileNode)node).Length;
        return total;
    }

    void ApplyFirst(int count)
    {
        foreach (var (name, node) in _unsynced.Take(count))
        {
            if (node == null) _durable.Remove(name);
            else _durable[name] = node;
        }
    }
}
