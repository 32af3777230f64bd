using AkkaStream.Log.Dump;
using AkkaStream.Log.Files;
using AkkaStream.Log.Tests.Support;
using AkkaStream.Protocol.Records;
using AkkaStream.TestKit;

namespace AkkaStream.Log.Tests;

/// <summary>What Kafka's dump tool printed of each file, and what ours prints of the same.</summary>
public sealed class GoldenDumps
{
    [Theory]
    [InlineData("clean")]
    [InlineData("killed")]
    public void Every_file_is_printed_as_Kafkas_tool_prints_it(string name)
    {
        using var scratch = ScratchDirectory.WithGoldenLogs(name);
        var disk = new OsFiles();
        int compared = 0;
        foreach (string golden in Directory.GetFiles(Path.Combine(GoldenFiles.Root, "logdirs", "dump", name)))
        {
            string partition = Path.GetFileNameWithoutExtension(golden);
            if (partition.StartsWith("__", StringComparison.Ordinal)) continue; // printed with the decoders of internal topics
            if (partition is "codecs-0" or "recompressed-0" && !Enum.GetValues<CompressionCodec>().All(RecordCodecs.IsHere)) continue;
            foreach (var (file, expected) in Sections(golden))
            {
                var text = new StringWriter { NewLine = "\n" };
                var dump = new DumpLog(disk, new DumpOptions { PrintsData = true }, text);
                dump.Dump(scratch.Below(Path.Combine(name, file)));
                string printed = text.ToString().Replace(scratch.Below(name) + "/", "", StringComparison.Ordinal);
                Assert.Equal(expected, printed);
                compared++;
            }
        }
        Assert.True(compared > 100);
    }

    [Fact]
    public void Damage_is_listed_at_the_end_and_stops_nothing()
    {
        using var scratch = ScratchDirectory.WithGoldenLogs("torn");
        var text = new StringWriter();
        var dump = new DumpLog(new OsFiles(), new DumpOptions { PrintsData = true }, text);
        foreach (string file in Directory.GetFiles(scratch.Below("torn"), "*", SearchOption.AllDirectories).Order()) dump.Dump(file);
        Assert.Contains("invalid bytes at the end", text.ToString());
        Assert.Contains("isvalid: false", text.ToString());
        Assert.Contains(dump.Findings, finding => finding.Contains(".snapshot", StringComparison.Ordinal));
    }

    /// <summary>The text behind each "Dumping ..." line, with it, by file.</summary>
    static IEnumerable<(string File, string Text)> Sections(string golden)
    {
        const string Start = "Dumping ";
        foreach (string section in ("\n" + File.ReadAllText(golden)).Split("\n" + Start).Skip(1))
            yield return (section.Split('\n')[0], Start + section.TrimEnd('\n') + "\n");
    }
}
