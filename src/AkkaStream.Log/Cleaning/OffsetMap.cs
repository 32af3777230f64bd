namespace AkkaStream.Log.Cleaning;

/// <summary>
/// The newest offset of each key, in bounded memory: 24 bytes a slot, keys by their hash. Grows with what comes in, in shards, so that
/// growing never doubles it; says when it is full. One thread; pure but for its memory, which goes back with Dispose.
/// </summary>
sealed class OffsetMap : IDisposable
{
    public const int SlotBytes = 24;
    const int SmallestShardSlots = 16;
    const int ShardsFrom = 64 * 1024;
    const int MostShards = 64;

    readonly KeyHash _hash;
    readonly Shard[] _shards;
    readonly long _mostKeys;

    public OffsetMap(KeyHash hash, long mostBytes, double loadFactor)
    {
        _hash = hash;
        long slots = Math.Max(SmallestShardSlots, mostBytes / SlotBytes);
        _shards = new Shard[slots >= ShardsFrom ? MostShards : 1];
        int mostInShard = (int)Math.Min(slots / _shards.Length, int.MaxValue / 4);
        for (int i = 0; i < _shards.Length; i++) _shards[i] = new Shard(mostInShard);
        _mostKeys = Math.Max(1, (long)(slots * Math.Clamp(loadFactor, 0.01, 0.95)));
    }

    public long Count { get; private set; }

    /// <summary>The largest offset that was looked at; everything above is unknown here. -1 at first.</summary>
    public long Latest { get; private set; } = -1;

    public long MemoryBytes => _shards.Sum(shard => shard.Bytes);

    public void Saw(long offset) => Latest = Math.Max(Latest, offset);

    /// <summary>False when it is full: the key was not taken, and nothing behind it may be.</summary>
    public bool TryPut(ReadOnlySpan<byte> key, long offset)
    {
        if (Count >= _mostKeys) return false;
        var hashed = _hash.Of(key);
        int put = ShardOf(hashed).Put(hashed, offset);
        if (put < 0) return false;
        Count += put;
        Saw(offset);
        return true;
    }

    /// <summary>-1 when the key is not here.</summary>
    public long Find(ReadOnlySpan<byte> key)
    {
        var hashed = _hash.Of(key);
        return ShardOf(hashed).Find(hashed);
    }

    public void Dispose()
    {
        foreach (var shard in _shards) shard.Clear();
    }

    Shard ShardOf(HashedKey key) => _shards.Length == 1 ? _shards[0] : _shards[(int)(key.High & (MostShards - 1))];

    /// <summary>Linear probing; a slot is two words of hash and the offset plus one, 0 for an empty one.</summary>
    sealed class Shard(int mostSlots)
    {
        const int Words = 3;

        /// <summary>A shard at its largest takes what chance deals to it; before that it grows early enough to stay quick.</summary>
        const double FullFrom = 0.75;

        ulong[] _slots = [];
        int _count;

        public long Bytes => (long)_slots.Length * sizeof(ulong);

        public long Find(HashedKey key)
        {
            if (_slots.Length == 0) return -1;
            int at = SlotOf(_slots, key);
            return (long)_slots[at + 2] - 1;
        }

        /// <summary>1 for a new key, 0 for a known one, -1 when there is no room.</summary>
        public int Put(HashedKey key, long offset)
        {
            int slots = _slots.Length / Words;
            if (_count >= slots * FullFrom && slots < mostSlots) Grow(Math.Min(Math.Max(SmallestShardSlots, slots * 2), mostSlots));
            int at = SlotOf(_slots, key);
            bool isNew = _slots[at + 2] == 0;
            if (isNew && _count >= _slots.Length / Words - 1) return -1;
            Set(_slots, at, key, (ulong)offset + 1);
            if (!isNew) return 0;
            _count++;
            return 1;
        }

        public void Clear() => _slots = [];

        void Grow(int slots)
        {
            var old = _slots;
            ulong[] grown = new ulong[slots * Words];
            for (int i = 0; i < old.Length; i += Words)
            {
                if (old[i + 2] == 0) continue;
                var key = new HashedKey(old[i], old[i + 1]);
                Set(grown, SlotOf(grown, key), key, old[i + 2]);
            }
            _slots = grown;
        }

        static void Set(ulong[] slots, int at, HashedKey key, ulong value)
        {
            slots[at] = key.Low;
            slots[at + 1] = key.High;
            slots[at + 2] = value;
        }

        /// <summary>Where the key is, or the empty slot that would be its.</summary>
        static int SlotOf(ulong[] slots, HashedKey key)
        {
            uint count = (uint)(slots.Length / Words);
            uint at = (uint)(((key.Low & uint.MaxValue) * count) >> 32);
            while (true)
            {
                int word = (int)at * Words;
                if (slots[word + 2] == 0 || (slots[word] == key.Low && slots[word + 1] == key.High)) return word;
                if (++at == count) at = 0;
            }
        }
    }
}
