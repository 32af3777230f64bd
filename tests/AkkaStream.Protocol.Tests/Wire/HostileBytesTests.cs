using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Messages.Hot;
using AkkaStream.Protocol.Tests.Support;
using AkkaStream.Protocol.Wire;
using AkkaStream.TestKit.Messages;

namespace AkkaStream.Protocol.Tests.Wire;

/// <summary>
/// Whatever bytes a stranger sends: the answer is a message or a WireFormatException, and what it costs in memory is
/// bounded by the number of bytes.
/// </summary>
public class HostileBytesTests
{
    const int PerVersion = 100;

    /// <summary>
    /// Bytes allocated for each byte received, at worst. The densest message is a Metadata request for many topics with
    /// empty names: two bytes each on the wire, 56 as object and reference. The rest is for arrays that are set aside
    /// and then turn out not to be filled, once for each level of nesting.
    /// </summary>
    const int MemoryPerByte = 48;

    /// <summary>For the message itself, and for the exception with its text and stack.</summary>
    const int MemoryForAll = 24 * 1024;

    [Fact]
    public void Damaged_messages_are_read_or_refused_and_cost_little()
    {
        int refused = 0;
        ForEachVersion((entry, version, run) =>
        {
            Random random = Seeds.For(entry.Name, version, run);
            byte[] bytes = Damage.Some(Bytes.Of(new MessageSamples(random).Next(entry, version), version), random);
            if (!IsRead(entry, bytes, version, $"damaged, {Told(entry, version, run)}")) refused++;
        });
        Assert.True(refused > 1000);
    }

    [Fact]
    public void Random_bytes_are_read_or_refused_and_cost_little()
    {
        ForEachVersion((entry, version, run) =>
        {
            Random random = Seeds.For(entry.Name, version, run + 1_000_000);
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);

            // Zeros and small numbers lead further in than chance does.
            for (int i = 0; i < bytes.Length; i++)
                if (random.Next(2) == 0) bytes[i] = (byte)random.Next(4);
            IsRead(entry, bytes, version, $"random, {Told(entry, version, run)}");
        });
    }

    /// <summary>
    /// The worst that lengths can ask for: counts as large as the limits allow at every place where one may stand.
    /// </summary>
    [Fact]
    public void Frames_that_are_all_one_byte_cost_little()
    {
        foreach (byte fill in new byte[] { 0x00, 0x01, 0x02, 0x03, 0x7f, 0x80, 0xff })
        {
            var bytes = new byte[200_000];
            Array.Fill(bytes, fill);
            foreach (MessageEntry entry in MessageCatalog.All)
                IsRead(entry, bytes, (short)entry.Versions.High, $"{bytes.Length} times {fill:x2}, {entry.Name}");
        }
    }

    [Fact]
    public void The_densest_message_costs_little()
    {
        var empty = new MetadataRequestTopic { Name = "" };
        var dense = new MetadataRequest { Topics = [.. Enumerable.Repeat(empty, 50_000)] };
        Assert.True(IsRead(MessageCatalog.Named("MetadataRequest"), Bytes.Of(dense, 9), 9, "dense"));
    }

    [Fact]
    public void A_count_is_refused_before_memory_is_set_aside()
    {
        byte[] bytes = [0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 0];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<WireFormatException>(() => new WireReader(bytes.AsSpan()).ReadInt32Array(false, "x"));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < MemoryForAll);
    }

    [Fact]
    public void Views_refuse_random_bytes_with_the_same_exception()
    {
        for (int run = 0; run < 20_000 * Seeds.Runs; run++)
        {
            Random random = Seeds.For("views", 0, run);
            var bytes = new byte[random.Next(120)];
            random.NextBytes(bytes);
            for (int i = 0; i < bytes.Length; i++)
                if (random.Next(2) == 0) bytes[i] = (byte)random.Next(4);
            try
            {
                _ = random.Next(3) switch
                {
                    0 => new ProduceRequestView(bytes, (short)random.Next(3, 14)).Length,
                    1 => new FetchRequestView(bytes, (short)random.Next(4, 19)).Length,
                    _ => new RequestHeaderView(bytes).Length,
                };
            }
            catch (WireFormatException)
            {
                // What most of them deserve.
            }
            catch (Exception e)
            {
                Assert.Fail($"run {run}; {Seeds.Told}\n{e}");
            }
        }
    }

    static bool IsRead(MessageEntry entry, byte[] bytes, short version, string told)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool isRead;
        try
        {
            isRead = Bytes.TryRead(entry, bytes, version) is not null;
        }
        catch (Exception e)
        {
            throw new Xunit.Sdk.XunitException(
                $"{told}: {Convert.ToHexStringLower(bytes.AsSpan(0, Math.Min(bytes.Length, 300)))}\n{e}");
        }

        long cost = GC.GetAllocatedBytesForCurrentThread() - before;
        long allowed = MemoryForAll + ((long)MemoryPerByte * bytes.Length);
        if (cost > allowed) Assert.Fail($"{told}: {cost} bytes allocated for {bytes.Length}, {allowed} are allowed");
        return isRead;
    }

    static void ForEachVersion(Action<MessageEntry, short, int> check)
    {
        foreach (MessageEntry entry in MessageCatalog.All)
            foreach (short version in entry.EachVersion)
                for (int run = 0; run < PerVersion * Seeds.Runs; run++)
                    check(entry, version, run);
    }

    static string Told(MessageEntry entry, short version, int run) =>
        $"{entry.Name} v{version}, run {run}; {Seeds.Told}";
}
