using System.Text;
using AkkaStream.Protocol.Records.Compression;

namespace AkkaStream.Protocol.Tests.Compression;

public sealed class XxHashTests
{
    [Theory]
    [InlineData("", 0x02CC5D05u, 0xEF46DB3751D8E999ul)]
    [InlineData("a", 0x550D7456u, 0xD24EC4F1A98C6E5Bul)]
    [InlineData("abc", 0x32D153FFu, 0x44BC2CF5AD770999ul)]
    [InlineData("123456789", 0x937BAD67u, 0x8CB841DB40E6AE83ul)]
    [InlineData("0123456789abcdef0123456789abcdef", 0xEB888D30u, 0x642A94958E71E6C5ul)]
    [InlineData("a text that is a little longer than one stripe of either", 0x8369092Au, 0x80147BE1116FAEBEul)]
    public void Known_values_come_out(string text, uint hash32, ulong hash64)
    {
        Assert.Equal(hash32, XxHash32.Compute(Encoding.ASCII.GetBytes(text)));
        Assert.Equal(hash64, XxHash64.Compute(Encoding.ASCII.GetBytes(text)));
    }

    [Fact]
    public void Pieces_give_the_checksum_of_the_whole() => Seeds.Each(300, seed =>
    {
        var random = new Random(seed);
        byte[] bytes = Samples.Make("random", random.Next(500), seed);
        var hash32 = new XxHash32();
        var hash64 = new XxHash64();
        for (int at = 0; at < bytes.Length;)
        {
            int n = Math.Min(random.Next(60), bytes.Length - at);
            hash32.Append(bytes.AsSpan(at, n));
            hash64.Append(bytes.AsSpan(at, n));
            at += n;
        }
        Assert.Equal(XxHash32.Compute(bytes), hash32.Finish());
        Assert.Equal(XxHash64.Compute(bytes), hash64.Finish());
    });
}
