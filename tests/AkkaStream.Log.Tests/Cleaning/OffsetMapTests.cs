using System.Buffers.Binary;
using AkkaStream.Log.Cleaning;

namespace AkkaStream.Log.Tests.Cleaning;

/// <summary>The memory of compaction: its hash is SipHash, its size is what was asked for, and what it says is right.</summary>
public sealed class OffsetMapTests
{
    static readonly KeyHash Hash = new(0x0706050403020100, 0x0f0e0d0c0b0a0908);

    [Theory]
    [InlineData("", "a3817f04ba25a8e66df67214c7550293")]
    [InlineData("00", "da87c1d86b99af44347659119b22fc45")]
    public void Keys_are_hashed_as_the_inventors_of_the_hash_publish_it(string key, string published)
    {
        var hashed = Hash.Of(Convert.FromHexString(key));
        byte[] bytes = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, hashed.Low);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8), hashed.High);
        Assert.Equal(published, Convert.ToHexStringLower(bytes));
    }

    [Theory]
    [InlineData(24 * 1000)]
    [InlineData(8 * 1024 * 1024)]
    public void It_holds_as_many_keys_as_its_memory_allows_and_then_says_so(int bytes)
    {
        using var map = new OffsetMap(Hash, bytes, loadFactor: 0.9);
        byte[] key = new byte[8];
        long count = 0;
        while (map.TryPut(KeyOf(count, key), count)) count++;

        Assert.InRange(count, bytes / OffsetMap.SlotBytes * 85 / 100, bytes / OffsetMap.SlotBytes);
        Assert.InRange(map.MemoryBytes, 0, bytes);
        Assert.Equal(count - 1, map.Latest);
        for (long i = 0; i < count; i++) Assert.Equal(i, map.Find(KeyOf(i, key)));
        Assert.Equal(-1, map.Find(KeyOf(count, key)));
    }

    [Fact]
    public void Few_keys_take_little_whatever_it_may_take()
    {
        using var map = new OffsetMap(Hash, 128 * 1024 * 1024, loadFactor: 0.9);
        byte[] key = new byte[8];
        for (long i = 0; i < 1000; i++) Assert.True(map.TryPut(KeyOf(i % 10, key), i));

        Assert.Equal(10, map.Count);
        Assert.Equal(999, map.Find(KeyOf(9, key)));
        Assert.InRange(map.MemoryBytes, 0, 64 * 1024);
    }

    static byte[] KeyOf(long number, byte[] key)
    {
        BinaryPrimitives.WriteInt64LittleEndian(key, number);
        return key;
    }
}
