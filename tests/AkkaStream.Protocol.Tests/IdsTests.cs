namespace AkkaStream.Protocol.Tests;

public class IdsTests
{
    [Fact]
    public void An_id_has_kafkas_text_and_wire_form()
    {
        Uuid id = Uuid.Parse("ernmjjEecu1M3tBnF9xrTA");
        var bytes = new byte[16];
        id.Write(bytes);
        Assert.Equal("7ab9e68e311e72ed4cded06717dc6b4c", Convert.ToHexStringLower(bytes));
        Assert.Equal("ernmjjEecu1M3tBnF9xrTA", Uuid.Read(bytes).ToString());
        Assert.Equal((0x7ab9e68e311e72ed, 0x4cded06717dc6b4c), (id.High, id.Low));
        Assert.Equal("AAAAAAAAAAAAAAAAAAAAAA", TopicId.Zero.ToString());
        Assert.Equal("AAAAAAAAAAAAAAAAAAAAAQ", TopicId.ClusterMetadata.ToString());
        Assert.Equal(new TopicId(id), TopicId.Parse("ernmjjEecu1M3tBnF9xrTA"));
        Assert.Equal(new TopicId(id), TopicId.Read(bytes));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ernmjjEecu1M3tBnF9xrT")]
    [InlineData("ernmjjEecu1M3tBnF9xrTAAA")]
    [InlineData("ernmjjEecu1M3tBnF9xrT+")]
    [InlineData("ernmjjEecu1 M3tBnF9xrTA")]
    [InlineData("7ab9e68e-311e-72ed-4cde-d06717dc6b4c")]
    [InlineData(null)]
    public void What_is_no_id_is_refused(string? text)
    {
        Assert.False(Uuid.TryParse(text, out _));
        Assert.False(TopicId.TryParse(text, out _));
        if (text is not null)
            Assert.Contains($"'{text}' is no id", Assert.Throws<FormatException>(() => Uuid.Parse(text)).Message);
    }

    [Fact]
    public void Padding_is_accepted() =>
        Assert.Equal(Uuid.Parse("ernmjjEecu1M3tBnF9xrTA"), Uuid.Parse("ernmjjEecu1M3tBnF9xrTA=="));

    [Fact]
    public void A_random_id_is_version_4_never_reserved_and_never_begins_with_a_dash()
    {
        var random = new Random(7);
        var bytes = new byte[16];
        for (int i = 0; i < 2_000; i++)
        {
            random.NextBytes(bytes);
            if (i < 256) bytes[0] = (byte)i;
            Uuid id = Uuid.FromRandom(bytes);
            Assert.NotEqual('-', id.ToString()[0]);
            Assert.Equal(4, (id.High >> 12) & 0xf);
            Assert.True(id.Low < 0, "variant 2 sets the highest bit");
            Assert.False(new DirectoryId(id).IsReserved);
            Assert.Equal(id, Uuid.FromRandom(bytes));
        }
    }

    [Fact]
    public void Ids_are_ordered_as_kafka_orders_them()
    {
        Uuid[] rising = [new(-1, 0), new(0, -5), new(0, 5), new(1, -9)];
        Assert.Equal(rising, rising.Reverse().Order());
    }

    [Fact]
    public void Offsets_and_epochs_count_and_compare()
    {
        Assert.Equal(new Offset(8), new Offset(5) + 3);
        Assert.Equal(3, new Offset(8) - new Offset(5));
        Assert.True(Offset.Unknown < Offset.Zero && Offset.Zero < Offset.Zero.Next);
        Assert.Equal(new Offset(2), Offset.Min(new Offset(9), new Offset(2)));
        Assert.Equal(new Offset(9), Offset.Max(new Offset(9), new Offset(2)));
        Assert.True(LeaderEpoch.Unknown < LeaderEpoch.Zero && !LeaderEpoch.Unknown.IsKnown);
        Assert.False(BrokerId.None.IsBroker || BrokerId.Debugging.IsBroker);
        Assert.False(ProducerId.None.IsSome);
    }

    [Fact]
    public void The_newest_common_version_is_found()
    {
        Assert.Equal((short)5, new VersionRange(3, 9).NewestCommon(new VersionRange(0, 5)));
        Assert.Null(new VersionRange(3, 9).NewestCommon(new VersionRange(0, 2)));
        Assert.Null(new VersionRange(0, 9).NewestCommon(VersionRange.None));
        Assert.Equal(
            ("3-9", "4", "none"), ($"{new VersionRange(3, 9)}", $"{new VersionRange(4, 4)}", $"{VersionRange.None}"));
    }
}
